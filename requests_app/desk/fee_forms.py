"""The forms of a fee: how much, why, until when the person can take the request back, and how they were told."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import FeeKind
from requests_app.labels import FEE_KINDS
from requests_app.models import DataSubjectRequest
from requests_app.services import fee

from .day_field import day_field
from .proposal_forms import ProposalForm, ToldForm
from .text_errors import text_errors


class _AmountField(forms.DecimalField):
    """An amount as people write it: comma or point before the decimals, blanks between the thousands.

    What could mean two things ("1,250.50") is refused, whatever the language of the page.
    """

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs give it an int
        """Return the amount; ValidationError for what is none."""
        return super().to_python("".join(str(value or "").split()).replace(",", "."))


class FeeForm(ProposalForm):
    """What the answer would cost, and why."""

    called = "fee"
    field_of = {
        "fee_amount": "amount", "fee_words_missing": "reasons", "reasoning_no_proof": "reasons",
        "fee_too_soon": "withdraw_by",
    }  # fmt: skip

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
    withdraw_by = day_field(
        _("Until when the person can take the request back"),
        _("At least a week. The time for the answer runs on meanwhile."),
        required=True,
    )

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(dsr, *args, **kwargs)
        self.in_language_of(dsr, "cost_basis", "reasons")
        choice: Any = self.fields["kind"]
        choice.choices = [(kind.value, FEE_KINDS[kind]) for kind in fee.kinds(dsr)]
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": fee.currency()}

    def clean_kind(self) -> FeeKind:
        """Return the choice as what it is."""
        return FeeKind(self.cleaned_data["kind"])


class FeeToldForm(ToldForm):
    """How and when the letter reached the person."""

    called = "fee-told"
    field_of = {"fee_told_day": "on"}
