"""The button by which the decision-maker begins a further register with what the house delivers for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from exports.models import CUSTOMERS
from exports.services import starters
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence

_NAMES: dict[str, Promise] = {"employees": gettext_lazy("Employees and applicants")}


def offered() -> list[tuple[str, str]]:
    """Return key and name of the registers that can be begun."""
    return [(key, str(_NAMES[key])) for key in starters.offered()]


@requires(Permission.EDIT_REGISTER)
@require_POST
def begin(request: HttpRequest, key: str = CUSTOMERS) -> HttpResponse:
    """Begin it, and go on with its set-up."""
    try:
        starters.begin(key, staff(request).as_actor())
    except ActionRefused as refused:
        messages.error(request, str(sentence(refused.reason)))
        return redirect("exports:desk:register", key=CUSTOMERS)
    messages.success(request, _("The register is begun. Fill in what is different in your organisation."))
    return redirect("exports:desk:register", key=key)
