"""The forms of a lifting: why and from when, and how a person whom no mail reaches was told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.services import lifting
from requests_app.desk.day_field import day_field
from requests_app.desk.proposal_forms import ProposalForm, ToldForm
from requests_app.desk.text_errors import text_errors
from requests_app.domain.enums import DeliveryWay
from requests_app.models import DataSubjectRequest


class LiftingForm(ProposalForm):
    """Why the restriction ends, and from when data is used again."""

    called = "lifting"
    field_of = {
        "lifting_reason_missing": "reason",
        "lifting_reason_too_long": "reason",
        "lifting_too_soon": "lifted_on",
        "lifting_too_late": "lifted_on",
    }

    reason = forms.CharField(
        label=_("Why the restriction is lifted"),
        help_text=_(
            "The person reads this in the letter, so write it in the language of the case, without data from systems."
        ),
        max_length=lifting.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(_("Say why the restriction is lifted. The person has a right to know.")),
    )
    lifted_on = day_field(
        _("The data is used again from"), _("At least a week ahead: the person has to be told first."), required=True
    )

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(dsr, *args, **kwargs)
        self.in_language_of(dsr, "reason")

    def proposed_values(self) -> dict[str, Any]:
        """Return the first day that the law and we allow."""
        return {"lifted_on": lifting.earliest()}


class LiftingToldForm(ToldForm):
    """How and when the person was told; by telephone, too."""

    called = "lifting-told"
    field_of = {"delivery_day": "on"}
    ways = (DeliveryWay.POST, DeliveryWay.IN_PERSON, DeliveryWay.PHONE)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(dsr, *args, **kwargs)
        self.fields["way"].label = _("How the person was told")
        self.fields["on"].label = _("The day on which the person was told")
