"""The forms of a fee: how much, why, until when the person can take the request back, and how they were told."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import DeliveryWay, FeeKind
from requests_app.domain.errors import ActionRefused
from requests_app.labels import DELIVERY_WAYS, FEE_KINDS
from requests_app.models import DataSubjectRequest
from requests_app.reasons import sentence
from requests_app.services import fee

from .text_errors import text_errors

_FIELD_OF = {
    "fee_amount": "amount", "fee_words_missing": "reasons", "reasoning_no_proof": "reasons",
    "fee_too_soon": "withdraw_by", "fee_told_day": "on",
}  # fmt: skip
_DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
_DAY_ERRORS = {"required": _("Give the day."), "invalid": _("Write the day like 2.12.2026.")}


class _AmountField(forms.DecimalField):
    """An amount as people write it: comma or point before the decimals, blanks between the thousands.

    What could mean two things ("1,250.50") is refused, whatever the language of the page.
    """

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs give it an int
        """Return the amount; ValidationError for what is none."""
        return super().to_python("".join(str(value or "").split()).replace(",", "."))


class _FeeForm(forms.Form):
    """A form that shows a refusal of the service beside the field it is about."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def refuse(self, error: ActionRefused) -> None:
        """Show why the service said no."""
        field = _FIELD_OF.get(error.reason.code)
        self.add_error(field if field in self.fields else None, sentence(error.reason))


class ProposeForm(_FeeForm):
    """What the answer would cost, and why."""

    kind = forms.ChoiceField(
        label=_("Why the answer may cost something"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
    amount = _AmountField(
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
        error_messages={
            "required": _("Give the amount."),
            "invalid": _("Write the amount in figures, like 250 or 250,50."),
            "max_digits": _("The amount is too large."),
            "max_whole_digits": _("The amount is too large."),
            "max_decimal_places": _("Write the amount with two decimals at most."),
        },
    )
    cost_basis = forms.CharField(
        label=_("What the amount is made of"),
        help_text=_("Only what this answer costs us, such as paper, postage or hours. Stands in the letter."),
        max_length=fee.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Say what the amount is made of.")),
    )
    reasons = forms.CharField(
        label=_("Why in this case"),
        help_text=_(
            "Stands in the letter. That a request is excessive has to be proved: how often, what was answered before,"
            " what shows the intent. Work, rudeness or a dispute prove nothing."
        ),
        max_length=fee.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(_("Say why. The burden of proof is ours.")),
    )
    withdraw_by = forms.DateField(
        label=_("Until when the person can take the request back"),
        help_text=_("At least a week. The time for the answer runs on meanwhile."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=_DAY_FORMATS,
        error_messages=_DAY_ERRORS,
    )

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        given = {"version": dsr.case.version}
        super().__init__(*args, **{"auto_id": f"fee-{dsr.pk}-%s", "initial": given} | kwargs)
        choice: Any = self.fields["kind"]
        choice.choices = [(kind.value, FEE_KINDS[kind]) for kind in fee.kinds(dsr)]
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": fee.currency()}
        for name in ("cost_basis", "reasons"):
            self.fields[name].widget.attrs["lang"] = dsr.case.language

    def clean_kind(self) -> FeeKind:
        """Return the choice as what it is."""
        return FeeKind(self.cleaned_data["kind"])


class ToldForm(_FeeForm):
    """How and when the letter reached the person."""

    way = forms.ChoiceField(
        label=_("How the letter was given"),
        widget=forms.RadioSelect,
        choices=[(way, DELIVERY_WAYS[way]) for way in (DeliveryWay.POST, DeliveryWay.IN_PERSON)],
        error_messages={"required": _("Choose one of the ways."), "invalid_choice": _("Choose one of the ways.")},
    )
    on = forms.DateField(
        label=_("The day on which it was posted or handed over"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=_DAY_FORMATS,
        error_messages=_DAY_ERRORS,
    )

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        given = {"version": dsr.case.version}
        super().__init__(*args, **{"auto_id": f"fee-told-{dsr.pk}-%s", "initial": given} | kwargs)
