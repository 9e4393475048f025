"""Which registers a case is about: shown among the work in the systems, and added there."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exports.services import registers
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence

from .register_page import all_registers


@dataclass(frozen=True)
class Shown:
    """The names of the registers of a case, and key and name of those that can be added; `barred`: why none can."""

    case_id: int
    version: int
    chosen: list[str]
    addable: list[tuple[str, str]]
    barred: str


def shown(case: Case) -> Shown | None:
    """Return what the panel shows; None where the installation has one register only."""
    every = _named()
    if len(every) < 2:
        return None
    keys, reason = registers.keys_of(case), registers.why_not(case)
    return Shown(
        case_id=case.pk,
        version=case.version,
        chosen=[name for _key, name in of_case(case)],
        addable=[(key, name) for key, name in every if key not in keys],
        barred=str(sentence(reason)) if reason else "",
    )


def of_case(case: Case) -> list[tuple[str, str]]:
    """Return key and name of each register that a case is about."""
    keys = registers.keys_of(case)
    return [(key, name) for key, name in _named() if key in keys]


@requires(Permission.WORK_TASKS)
@require_POST
def add(request: HttpRequest, case_id: int) -> HttpResponse:
    """Add the register that was chosen."""
    case, version = get_object_or_404(Case, pk=case_id), request.POST.get("version", "")
    try:
        registers.add(
            case.pk, request.POST.get("register", ""), staff(request).as_actor(),
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1,
        )  # fmt: skip
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    else:
        messages.success(request, _("Added. The systems of that register are searched too."))
    return redirect(f"{reverse('requests:desk:case', args=[case.reference])}#tasks")


def _named() -> list[tuple[str, str]]:
    return all_registers("nb" if (get_language() or "nb").startswith("nb") else "en")
