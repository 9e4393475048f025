"""The forms of an extension: why and what comes when, and how a person whom no mail reaches was told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.labels import EXTENSION_REASONS
from requests_app.models import DataSubjectRequest
from requests_app.reasons import sentence
from requests_app.services import extension

from .proposal_forms import ProposalForm, ToldForm
from .text_errors import text_errors


class ExtensionForm(ProposalForm):
    """Why the time is extended, and what the person gets when.

    What people would like to give as a reason, and what is none, is offered as well: whoever chooses it reads why.
    """

    called = "extension"
    field_of = {"extension_words_missing": "explanation"}

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
        super().__init__(dsr, *args, **kwargs)
        self.in_language_of(dsr, "explanation", "what_comes")

    def clean_reasons(self) -> list[str]:
        """Tell of each choice that is no reason why it is none."""
        reasons: list[str] = self.cleaned_data["reasons"]
        if wrong := extension.why_not_these(reasons):
            raise forms.ValidationError([sentence(reason) for reason in wrong])
        return reasons


class ExtensionToldForm(ToldForm):
    """How and when the notice reached the person."""

    called = "extension-told"
    field_of = {"extension_told_day": "on"}
