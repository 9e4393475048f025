"""The forms of a lifting: why and from when, and how a person whom no mail reaches was told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.services import lifting
from requests_app.desk.text_errors import text_errors
from requests_app.domain.enums import DeliveryWay
from requests_app.domain.errors import ActionRefused
from requests_app.labels import DELIVERY_WAYS
from requests_app.models import DataSubjectRequest
from requests_app.reasons import sentence

_FIELD_OF = {
    "lifting_reason_missing": "reason",
    "lifting_reason_too_long": "reason",
    "lifting_too_soon": "lifted_on",
    "lifting_too_late": "lifted_on",
    "delivery_day": "on",
}
_WAYS = (DeliveryWay.POST, DeliveryWay.IN_PERSON, DeliveryWay.PHONE)


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"required": _("Give the day."), "invalid": _("Write the day like 2.12.2026.")},
    )


class _LiftingForm(forms.Form):
    """A form that shows a refusal of the service beside the field it is about."""

    def refuse(self, error: ActionRefused) -> None:
        """Show why the service said no."""
        field = _FIELD_OF.get(error.reason.code)
        self.add_error(field if field in self.fields else None, sentence(error.reason))


class ProposeForm(_LiftingForm):
    """Why the restriction ends, and from when data is used again."""

    reason = forms.CharField(
        label=_("Why the restriction is lifted"),
        help_text=_(
            "The person reads this in the letter, so write it in the language of the case, without data from systems."
        ),
        max_length=lifting.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(_("Say why the restriction is lifted. The person has a right to know.")),
    )
    lifted_on = _day(_("The data is used again from"), _("At least a week ahead: the person has to be told first."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        given = {"version": dsr.case.version, "lifted_on": lifting.earliest()}
        super().__init__(*args, **{"auto_id": f"lifting-{dsr.pk}-%s", "initial": given} | kwargs)
        self.fields["reason"].widget.attrs["lang"] = dsr.case.language


class ToldForm(_LiftingForm):
    """How and when the person was told."""

    way = forms.ChoiceField(
        label=_("How the person was told"),
        widget=forms.RadioSelect,
        choices=[(way, DELIVERY_WAYS[way]) for way in _WAYS],
        error_messages={"required": _("Choose one of the ways."), "invalid_choice": _("Choose one of the ways.")},
    )
    on = _day(_("The day on which the person was told"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        given = {"version": dsr.case.version}
        super().__init__(*args, **{"auto_id": f"lifting-told-{dsr.pk}-%s", "initial": given} | kwargs)
