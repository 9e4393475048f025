"""The forms of an extension: why and what comes when, and how a person whom no mail reaches was told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import DeliveryWay
from requests_app.domain.errors import ActionRefused
from requests_app.labels import DELIVERY_WAYS, EXTENSION_REASONS
from requests_app.models import DataSubjectRequest
from requests_app.reasons import sentence
from requests_app.services import extension

from .text_errors import text_errors

_FIELD_OF = {"extension_words_missing": "explanation", "extension_told_day": "on"}
_WAYS = (DeliveryWay.POST, DeliveryWay.IN_PERSON)


class _ExtensionForm(forms.Form):
    """A form that shows a refusal of the service beside the field it is about."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def refuse(self, error: ActionRefused) -> None:
        """Show why the service said no."""
        field = _FIELD_OF.get(error.reason.code)
        self.add_error(field if field in self.fields else None, sentence(error.reason))


class ProposeForm(_ExtensionForm):
    """Why the time is extended, and what the person gets when.

    What people would like to give as a reason, and what is none, is offered as well: whoever chooses it reads why.
    """

    reasons = forms.MultipleChoiceField(
        label=_("Why it takes longer than a month"),
        help_text=_("Not everything here is a reason in law. You are told if one does not count."),
        widget=forms.CheckboxSelectMultiple,
        choices=list(EXTENSION_REASONS.items()),
        error_messages={
            "required": _("Choose at least one reason that the law counts."),
            "invalid_choice": _("Choose reasons from the list."),
        },
    )
    explanation = forms.CharField(
        label=_("The reasons in this case"),
        help_text=_(
            "The person reads this in the letter, so write it in the language of the case: how much, where, what makes"
            " it complex. No data from systems."
        ),
        max_length=extension.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(_("Say why it takes longer. The person has a right to know.")),
    )
    what_comes = forms.CharField(
        label=_("What the person gets, and when"),
        help_text=_("For instance what comes first, and what follows by the new day. Stands in the letter."),
        max_length=extension.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Say what the person gets, and when.")),
    )

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        given = {"version": dsr.case.version}
        super().__init__(*args, **{"auto_id": f"extension-{dsr.pk}-%s", "initial": given} | kwargs)
        for name in ("explanation", "what_comes"):
            self.fields[name].widget.attrs["lang"] = dsr.case.language

    def clean_reasons(self) -> list[str]:
        """Tell of each choice that is no reason why it is none."""
        reasons: list[str] = self.cleaned_data["reasons"]
        if wrong := extension.why_not_these(reasons):
            raise forms.ValidationError([sentence(reason) for reason in wrong])
        return reasons


class ToldForm(_ExtensionForm):
    """How and when the letter reached the person."""

    way = forms.ChoiceField(
        label=_("How the letter was given"),
        widget=forms.RadioSelect,
        choices=[(way, DELIVERY_WAYS[way]) for way in _WAYS],
        error_messages={"required": _("Choose one of the ways."), "invalid_choice": _("Choose one of the ways.")},
    )
    on = forms.DateField(
        label=_("The day on which it was posted or handed over"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"required": _("Give the day."), "invalid": _("Write the day like 2.12.2026.")},
    )

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        given = {"version": dsr.case.version}
        super().__init__(*args, **{"auto_id": f"extension-told-{dsr.pk}-%s", "initial": given} | kwargs)
