"""The box of the case page that says who of the staff may see the case, and the forms that change it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from requests_app import selectors
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import break_glass, colleagues, readers
from requests_app.services import shield as service

from . import case_page, form_again
from .case_forms import LONGEST_NOTE
from .text_errors import text_errors

ANCHOR = "shield"


class WhyForm(forms.Form):
    """Why; `version` guards against writing on top of news."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Is kept as an internal note on the case."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=text_errors(gettext_lazy("Write why.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class _PeopleForm(WhyForm):
    """Some of the staff, and why."""

    people = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
    )
    field_order = ("people", "why", "version")


class ReadersForm(_PeopleForm):
    """Who may see a case; whoever shields it and whoever has it are proposed."""

    def __init__(self, case: Case, user_id: int, data: QueryDict | None = None) -> None:
        named = set(case.reader_rows.values_list("user", flat=True))
        chosen = named or {pk for pk in (user_id, case.assignee_id) if pk is not None}
        super().__init__(data, initial={"people": sorted(chosen), "version": case.version}, auto_id="readers-%s")
        able = selectors.handlers()
        out = readers.parties(case, able)
        field = self.fields["people"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for the type checker
        field.label = _("Readers")
        field.choices = [(one.pk, one.name or one.email) for one in able if one.pk not in out]


class PartiesForm(_PeopleForm):
    """Whom of the staff a case is about."""

    def __init__(self, case: Case, data: QueryDict | None = None) -> None:
        named = sorted(case.party_rows.values_list("user", flat=True))
        super().__init__(data, initial={"people": named, "version": case.version}, auto_id="parties-%s")
        field = self.fields["people"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for the type checker
        field.label = _("Parties")
        field.help_text = _(
            "Whom the case is about, and who is close to one. They do not see it and cannot work on it."
        )
        field.choices = [(one.pk, one.name or one.email) for one in selectors.active_staff()]


class LiftForm(WhyForm):
    """Why everybody may see the case again."""

    def __init__(self, case: Case, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"version": case.version}, auto_id="lift-shield-%s")


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty where everybody sees the case and the reader cannot change that."""
    user = staff(request)
    changes = may(user, Permission.SHIELD) and service.why_not_change(case, user) is None
    if case.shielded_at is None and not changes:
        return ""
    shielded = case.shielded_at is not None
    context = {
        "case": case,
        "readers": [one.name or one.email for one in readers.named(case)] if shielded else [],
        "lacks_approver": shielded and service.lacks_approver(case),
        "emergency": break_glass.standing(case, user),
        "proposed": not shielded and colleagues.is_about_one(case, selectors.organisation()),
        "changes": changes,
        "readers_form": ReadersForm(case, user.pk) if changes else None,
        "parties_form": PartiesForm(case) if changes else None,
        "lift_form": LiftForm(case) if changes and shielded else None,
    }
    return render_to_string("requests_app/desk/shield.html", context, request=request)


@require_POST
@requires(Permission.SHIELD)
def shield(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Leave the case to named readers, or change them."""
    case, user = case_page.find(reference), staff(request)
    form = ReadersForm(case, user.pk, request.POST)

    def act(given: dict[str, Any]) -> Case:
        return service.shield(
            case.pk, given["people"], given["why"], actor=user.as_actor(), user=user, version=given["version"]
        )

    return _step(request, case, form, act, _("Only the readers see the case now."), _("Who sees the case"))


@require_POST
@requires(Permission.SHIELD)
def lift(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Let everybody see the case again."""
    case, user = case_page.find(reference), staff(request)

    def act(given: dict[str, Any]) -> Case:
        return service.lift(case.pk, given["why"], actor=user.as_actor(), user=user, version=given["version"])

    form = LiftForm(case, request.POST)
    return _step(request, case, form, act, _("The case is not shielded any more."), _("Who sees the case"))


@require_POST
@requires(Permission.SHIELD)
def parties(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Say whom of the staff the case is about."""
    case, user = case_page.find(reference), staff(request)

    def act(given: dict[str, Any]) -> Case:
        return service.set_parties(
            case.pk, given["people"], given["why"], actor=user.as_actor(), user=user, version=given["version"]
        )

    return _step(request, case, PartiesForm(case, request.POST), act, _("Saved."), _("Parties to the case"))


def _step(
    request: HttpRequest,
    case: Case,
    form: WhyForm,
    act: Callable[[dict[str, Any]], Case],
    said: str,
    title: str | Promise,
) -> HttpResponse:
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except ActionRefused as refused:
            form.add_error("people" if "people" in form.fields else "why", str(sentence(refused.reason)))
        else:
            messages.success(request, said)
            if not Case.objects.visible_to(staff(request)).filter(pk=case.pk).exists():
                return redirect("requests:desk:queue")
            return redirect("requests:desk:case", case.reference)
    return form_again.show(request, case, form, title=str(title), button=_("Save"), anchor=ANCHOR)
