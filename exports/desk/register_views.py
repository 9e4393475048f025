"""The register: what the company says about its processing, and the form that fills what it does not say yet."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from exports import labels, registry
from exports.domain import register as domain
from exports.models import CUSTOMERS
from exports.services import register as service
from exports.services import register_setup
from requests_app import selectors
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, Staff, may, requires, staff
from requests_app.reasons import sentence

from . import register_page, register_starter, register_versions
from .register_forms import FillForm, initial_of
from .task_panel import language


@requires(Permission.VIEW_REGISTER)
@require_safe
def register(request: HttpRequest, key: str = CUSTOMERS) -> HttpResponseBase:
    """Show a register, or with `?only=missing` what answers lack in it, and which open cases wait for what."""
    (number, current), trial = _current(key), selectors.organisation().trial
    cases = register_page.waiting_cases(key, current, staff(request), trial=trial)
    parts = register_page.parts(key, current, language(), trial=trial, cases=cases)
    only_missing = request.GET.get("only") == "missing"
    context = {
        "register_key": key,
        "registers": register_page.all_registers(language()),
        "number": number,
        "parts": [part.lacking_only() for part in parts if part.lacking] if only_missing else parts,
        "only_missing": only_missing,
        "missing": sum(part.lacking for part in parts),
        "waiting": register_page.waiting(parts),
        "versions": register_versions.lines(key),
        "conflicts": [part for part in parts if part.conflict],
        "problems": registry.problems(),
        "edits": (edits := may(staff(request), Permission.EDIT_REGISTER)),
        "setup": register_setup.state(key) if edits else None,
        "starters": register_starter.offered() if edits else [],
        "contents": [
            {"label": part.title, "url": f"#{part.anchor}", "count": part.lacking or None}
            for part in parts
            if part.anchor == "controller" or part.anchor.startswith("activities.")
        ]
        + [{"label": _("Versions"), "url": "#versions"}],
    }
    return render(request, "exports/desk/register.html", context)


@requires(Permission.EDIT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, field: str, key: str = CUSTOMERS) -> HttpResponseBase:
    """Fill or change one field; the register as it was stays as the version before."""
    number, current = _current(key)
    try:
        found, value = domain.field_at(current, field), domain.value_at(current, field)
    except domain.NoSuchField:
        raise Http404 from None
    form = FillForm(
        request.POST or None, current=current, field=found, language=language(),
        initial={**initial_of(value), "version": number},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and (saved := _save(request, form, field, value, key)):
        messages.success(request, _("Saved in version %(number)s of the register.") % {"number": saved})
        return redirect("exports:desk:register", key=key)
    status = 422 if form.is_bound and form.errors else 200
    context = _context(key, current, number, field, form, staff(request))
    return render(request, "exports/desk/register_fill.html", context, status=status)


def _save(request: HttpRequest, form: FillForm, path: str, value: object, key: str) -> int | None:
    """Save a valid form as the whole value of the field; None after saying in the form why not."""
    given = form.cleaned_data["value"]
    if form.kind is domain.Kind.CATEGORIES and isinstance(value, tuple):  # wordings of its own are not in the form
        given = [*(item for item in value if isinstance(item, domain.Text)), *given]
    try:
        return service.fill(
            path,
            given,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            actor=staff(request).as_actor(),
            replace=True,
            key=key,
        )
    except ActionRefused as error:
        form.add_error(None, str(sentence(error.reason)))
        # What was typed stays; the next try is made on what the register says now.
        form.data = _with_version(request, _current(key)[0])
    except domain.FillError as error:
        form.add_error(None, str(labels.FILL_ERRORS[error.code]))
    return None


def _with_version(request: HttpRequest, number: int) -> QueryDict:
    data = request.POST.copy()
    data["version"] = str(number)
    return data


def _context(key: str, current: domain.Register, number: int, path: str, form: FillForm, user: Staff) -> dict[str, Any]:
    trial, speech = selectors.organisation().trial, language()
    cases = register_page.waiting_cases(key, current, user, trial=trial)
    parts = register_page.parts(key, current, speech, trial=trial, cases=cases)
    part = next(part for part in parts if path.startswith(f"{part.anchor}."))
    line = next(shown for shown in part.fields if shown.path == path)
    unknown = [field for field in service.lacking(key, current, trial=trial) if field.path == path]
    proposal = unknown[0].proposal if unknown else None
    return {
        "register_key": key,
        "form": form,
        "part": part,
        "line": line,
        "number": number,
        "proposal": proposal.in_language(speech) if proposal else "",
    }


def _current(key: str) -> tuple[int, domain.Register]:
    try:
        return service.current(key)
    except service.NoRegister:
        raise Http404 from None
