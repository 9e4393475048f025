"""The forms that change the text of a letter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.domain.letters import StandardLetter
from requests_app.domain.letters.language import LONGEST
from requests_app.services import letter_texts

from .letter_words import said
from .text_errors import text_errors


class _Reasoned(forms.Form):
    """A change with its reason; `version` is the one the writer saw."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Stays beside this version of the text."),
        max_length=letter_texts.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=text_errors(_("Write why.")),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RestoreForm(_Reasoned):
    """Puts the delivered text in force again."""


class TextForm(_Reasoned):
    """Subject and body of a letter, tried out before they are taken."""

    subject = forms.CharField(
        label=_("Subject"), max_length=LONGEST["subject"], error_messages=text_errors(_("Write a subject."))
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST["body"],
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
        error_messages=text_errors(_("Write a text.")),
    )
    field_order = ["subject", "body", "reason"]

    def __init__(self, *args: Any, letter: StandardLetter, language: str, **kwargs: Any) -> None:
        """A letter that is no mail has a title in its text and no subject."""
        super().__init__(*args, **kwargs)
        self.letter, self.language = letter, language
        for name in ("subject", "body"):
            self.fields[name].widget.attrs["lang"] = language
        if not letter.is_mail:
            del self.fields["subject"]
            self.fields["body"].help_text = _("The first paragraph is the title.")

    def clean(self) -> dict[str, Any]:
        """Try the text out on every sample and say all that is wrong with it."""
        cleaned = super().clean() or {}
        cleaned["subject"] = letter_texts.tidy(cleaned.get("subject", ""))
        cleaned["body"] = letter_texts.tidy(cleaned.get("body", ""))
        if "body" not in self.errors and "subject" not in self.errors:
            for one in letter_texts.check(self.letter, self.language, cleaned["subject"], cleaned["body"]):
                self.add_error(one.part, said(one.fault))
        return cleaned
