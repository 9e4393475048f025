"""The form in which answers about own data are typed, by the person or by whoever has called them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.domain.knowledge import ENOUGH, LONGEST_ANSWER, MONTHS, OwnData
from identity.labels import MONTH_HELP, QUESTIONS


class AnswerForm(forms.Form):
    """One field a question. Fewer answers than could be enough are sent back unlooked at, and cost no try."""

    def __init__(self, *args: Any, questions: Sequence[OwnData], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.value] = _field(question)

    def clean(self) -> dict[str, Any]:
        """Ask for as many answers as have to be right."""
        typed = super().clean() or {}
        if not self.errors and sum(bool(typed.get(question.value)) for question in self.questions) < ENOUGH:
            raise forms.ValidationError(_("Answer at least two of the questions."), code="too_few")
        return typed

    def given(self) -> dict[OwnData, str]:
        """Return what was answered, by question."""
        return {question: self.cleaned_data[question.value] for question in self.questions}


def _field(question: OwnData) -> forms.CharField:
    return forms.CharField(
        label=str(QUESTIONS[question]),
        help_text=str(MONTH_HELP) if question in MONTHS else "",
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "max_length": _("Answer in a few words."),
            "null_characters_not_allowed": _("Answer in a few words."),
        },
    )
