"""The organisation: what it says of itself, the form that changes it, and what a change does to open requests."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from requests_app import selectors
from requests_app.domain import calendars
from requests_app.domain import organisation as domain
from requests_app.domain.errors import ActionRefused
from requests_app.models import Organisation
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import clock, organisation_dates
from requests_app.services import organisation as service

from . import organisation_page
from .organisation_form import OrganisationForm, initial_of

INVALID = 422


@require_safe
@requires(Permission.VIEW_REGISTER)
def organisation(request: HttpRequest) -> HttpResponse:
    """Show the settings in force, and who changed what, when and why."""
    row = selectors.organisation()
    groups = organisation_page.groups(service.as_json(row))
    context = {
        "number": row.version,
        "groups": groups,
        "contents": [{"label": group.title, "url": f"#{group.anchor}"} for group in groups]
        + [{"label": _("Versions"), "url": "#versions"}],
        "history": organisation_page.history(),
        "edits": may(staff(request), Permission.EDIT_ORGANISATION),
    }
    return render(request, "requests_app/desk/organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_ORGANISATION)
def edit(request: HttpRequest) -> HttpResponse:
    """Change the settings. What moves dates is saved only after its effect was shown."""
    row = selectors.organisation()
    if request.method != "POST":
        initial = {**initial_of(service.as_json(row)), "version": row.version}
        return _page(request, OrganisationForm(initial=initial))
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, code=INVALID)
    if (effect := _unseen_effect(row, form)) is not None:
        return _page(request, form, effect=effect)
    try:
        number = service.change(
            form.given(),
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            actor=staff(request).as_actor(),
        )
    except ActionRefused as refused:
        form.add_error(None, str(sentence(refused.reason)))
        _retype(form, version=str(selectors.organisation().version))  # what was typed stays for the next try
        return _page(request, form, code=INVALID)
    messages.success(request, _("Saved as version %(number)s of the settings.") % {"number": number})
    return redirect("requests:desk:organisation")


def _unseen_effect(row: Organisation, form: OrganisationForm) -> organisation_dates.Effect | None:
    """What the settings would do to the open requests, unless nothing or the reader has seen it; notes that it is."""
    wanted = domain.to_json(domain.from_json(form.given()))
    shown = " ".join(str(wanted[key]) for key in ("country", "time_zone", "policy_days"))
    if not domain.moves_dates(service.as_json(row), wanted) or form.cleaned_data["seen"] == shown:
        return None
    _retype(form, seen=shown)
    calendar = calendars.for_country(str(wanted["country"]), tz=str(wanted["time_zone"]))
    return organisation_dates.effect_of(clock.Rule(calendar, int(str(wanted["policy_days"]))))


def _retype(form: OrganisationForm, **values: str) -> None:
    """Let the form hold other values in its hidden fields."""
    form.data = {name: form.data[name] for name in form.data} | values


def _page(
    request: HttpRequest, form: OrganisationForm, *, effect: organisation_dates.Effect | None = None, code: int = 200
) -> HttpResponse:
    context = {"form": form, "effect": effect}
    return render(request, "requests_app/desk/organisation_edit.html", context, status=code)
