"""The form in which a member of staff says what a mandate covers, and what they looked at."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import MandateCheck, MandateKind, Requester, Right
from requests_app.domain.mandates import NEEDED
from requests_app.domain.outcomes import AT_ONCE
from requests_app.labels import MANDATE_CHECKS, MANDATE_KINDS, RIGHTS
from requests_app.models import Case
from requests_app.services import clock

from .day_field import day_field
from .refusable_form import RefusableForm


class MandateForm(RefusableForm):
    """`version` is that of the case that the page showed."""

    field_of: ClassVar[dict[str, str]] = {
        "mandate_unchecked": "checks",
        "mandate_other_kind": "kind",
        "mandate_ends_first": "valid_until",
    }

    kind = forms.ChoiceField(
        label=_("Who asks for the person?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who asks."), "invalid_choice": _("Choose who asks.")},
    )
    checks = forms.MultipleChoiceField(
        label=_("What did you look at?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what you looked at."), "invalid_choice": _("There is no such check.")},
    )
    rights = forms.MultipleChoiceField(
        label=_("What does it cover?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one right."),
            "invalid_choice": _("There is no such right."),
        },
    )
    valid_from = day_field(_("It holds from"), required=True)
    valid_until = day_field(_("It holds until"), _("The last day. Empty means that it has no end."))
    to_agent = forms.TypedChoiceField(
        label=_("Who gets the answer?"),
        choices=[("no", _("The person")), ("yes", _("Whoever writes: the mandate, or the law, says so"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who gets the answer."),
            "invalid_choice": _("Choose who gets the answer."),
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        asked = list(case.dsrs.open().exclude(right="").values_list("right", flat=True))
        guardian = case.requester == Requester.GUARDIAN
        kinds = [MandateKind.GUARDIAN] if guardian else [MandateKind.AGENT, MandateKind.LAWYER]
        given: dict[str, Any] = {
            "version": case.version,
            "kind": MandateKind.GUARDIAN.value if guardian else None,
            "rights": asked,
            "valid_from": clock.calendar().local_date(case.received_at),
            "to_agent": "yes" if guardian else "no",
        }
        super().__init__(*args, **{"auto_id": "mandate-%s", "initial": given} | kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(kind.value, MANDATE_KINDS[kind]) for kind in kinds]
        fitting = {check for kind in kinds for check in NEEDED[kind]} | {MandateCheck.CONFIRMED}
        fields["checks"].choices = [(one.value, MANDATE_CHECKS[one]) for one in MandateCheck if one in fitting]
        fields["checks"].help_text = (
            _("All but the last is needed; the last stands in place of the others.")
            if guardian
            else _(
                "Of an agent the first five are needed, of a lawyer the two about lawyers. That the person confirmed it"
                " stands in place of all others."
            )
        )
        fields["rights"].choices = [(right.value, RIGHTS[right]) for right in Right if right not in AT_ONCE]

    def given(self) -> dict[str, Any]:
        """Return the arguments of `mandate_record.record` that a valid form names."""
        data = self.cleaned_data
        return {
            "kind": MandateKind(data["kind"]),
            "checks": [MandateCheck(code) for code in data["checks"]],
            "rights": [Right(code) for code in data["rights"]],
            **{name: data[name] for name in ("valid_from", "valid_until", "to_agent", "version")},
        }
