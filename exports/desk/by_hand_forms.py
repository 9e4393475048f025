"""The forms for answers that no mail announces."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.services.by_hand import LONGEST_ADDRESS
from requests_app.domain.enums import DeliveryWay
from requests_app.labels import DELIVERY_WAYS
from requests_app.models import DataSubjectRequest, Decision

_DAY_ERRORS = {"required": _("Give the day."), "invalid": _("Write the day like 2.12.2026.")}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages=_DAY_ERRORS,
    )


class WayForm(forms.Form):
    """How the answer reaches the person."""

    way = forms.ChoiceField(
        label=_("How the answer reaches the person"),
        widget=forms.RadioSelect,
        required=False,
        choices=[(way, DELIVERY_WAYS[way]) for way in ("", DeliveryWay.POST, DeliveryWay.IN_PERSON)],
        error_messages={"invalid_choice": _("Choose one of the ways.")},
    )
    address = forms.CharField(
        label=_("Postal address"),
        help_text=_("Only for post. The address on file, or one that the person has shown to be theirs."),
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"max_length": _("The address is too long.")},
    )
    checked = forms.BooleanField(
        label=_("I have made sure that it is the person who gets it"),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"way-{dsr.pk}-%s"} | kwargs)

    def clean(self) -> dict[str, Any] | None:
        """Ask for the check wherever the answer leaves without a one-time code."""
        given = super().clean() or self.cleaned_data
        if given.get("way") and not given.get("checked"):
            self.add_error("checked", _("Without a code it is you who makes sure. Confirm that you have."))
        return given

    @classmethod
    def blank(cls, dsr: DataSubjectRequest, decision: Decision) -> "WayForm":
        """Return the form as the draft stands."""
        given = {"way": decision.delivery_way, "address": dsr.case.person_address, "version": dsr.case.version}
        return cls(dsr, initial=given)


class DeliveredForm(forms.Form):
    """The day on which the answer was posted or handed over."""

    on = _day(_("The day on which it was posted or handed over"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"delivered-{dsr.pk}-%s"} | kwargs)


class ToldForm(forms.Form):
    """How and when the person was told of what took effect at once."""

    way = forms.ChoiceField(
        label=_("How the person was told"),
        widget=forms.RadioSelect,
        choices=[(way, DELIVERY_WAYS[way]) for way in (DeliveryWay.PHONE, DeliveryWay.IN_PERSON, DeliveryWay.POST)],
        error_messages={"required": _("Choose one of the ways."), "invalid_choice": _("Choose one of the ways.")},
    )
    on = _day(_("The day on which the person was told"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"told-{dsr.pk}-%s"} | kwargs)
