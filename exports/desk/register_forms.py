"""The form that fills one field of the register, in the shape its kind of value needs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exports.domain import register as domain
from exports.domain.register import Kind
from exports.labels import WORDINGS

from .register_page import name_of

LONGEST = 2000
_WITH_CHOICE = (Kind.ANSWER, Kind.YES_NO)
_OF_IDS = (Kind.CATEGORIES, Kind.SYSTEMS)
_REQUIRED = _("Write it in both languages: answers go out in both.")

_HELP = {
    Kind.LIST: _("One a line, in the same order in both languages."),
    Kind.ANSWER: _("Only for a yes."),
    Kind.YES_NO: _("Only for a yes that needs words."),
}


class FillForm(forms.Form):
    """Norwegian and English wording, or a choice, with the reason; `version` is the one the reader saw."""

    choice = forms.ChoiceField(
        label=_("The answer"), widget=forms.RadioSelect, error_messages={"required": _("Choose an answer.")}
    )
    ids = forms.MultipleChoiceField(
        label=_("Which ones"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    nb = forms.CharField(label=_("In Norwegian"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    en = forms.CharField(label=_("In English"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(
        label=_("How you know this"),
        help_text=_("Stays beside this version of the register: a contract, a decision, who said so."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how you know this.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, current: domain.Register, field: domain.Field, language: str, **kwargs: Any) -> None:
        """Keep only the inputs that this kind of field needs."""
        super().__init__(*args, **kwargs)
        self.kind = field.kind
        for name in ("nb", "en"):
            self.fields[name].widget.attrs["lang"] = name
            self.fields[name].required = field.kind in (Kind.TEXT, Kind.LIST)
            self.fields[name].error_messages["required"] = str(_REQUIRED)
            self.fields[name].help_text = str(_HELP.get(field.kind, ""))
        if field.kind in _OF_IDS:
            del self.fields["nb"], self.fields["en"]
            parts = current.systems if field.kind is Kind.SYSTEMS else current.data_categories
            self._choices("ids", [(part.id, name_of(current, part.id, language)) for part in parts])
        else:
            del self.fields["ids"]
        if field.kind in _WITH_CHOICE:
            words = (("words", str(_("Yes, namely (write it below)"))),)
            yes = (("yes", str(_("Yes"))),) if field.kind is Kind.YES_NO else ()
            self._choices("choice", [("no", str(_("No"))), *yes, *words])
        else:
            del self.fields["choice"]

    def clean(self) -> dict[str, Any]:
        """Make the value of what was written; both languages or neither, and as many lines in each."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["value"] = self._value(cleaned)
            except domain.BadWording as error:
                raise ValidationError(str(WORDINGS[error.code])) from None
        return cleaned

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def _value(self, cleaned: dict[str, Any]) -> domain.FillValue:
        if self.kind in _OF_IDS:
            return list(cleaned["ids"])
        if self.kind is Kind.LIST:
            return self._texts(cleaned)
        choice = cleaned.get("choice", "words")
        if choice != "words":
            return bool(choice == "yes")
        for name in ("nb", "en"):
            if not cleaned[name].strip():
                self.add_error(name, ValidationError(_REQUIRED))
        return self._text(cleaned["nb"], cleaned["en"]) if not self.errors else False

    def _texts(self, cleaned: dict[str, Any]) -> list[domain.Text]:
        nb, en = ([line for line in cleaned[name].splitlines() if line.strip()] for name in ("nb", "en"))
        if len(nb) != len(en):
            self.add_error("en", _("There are not as many lines as in Norwegian."))
            return []
        return [self._text(*pair) for pair in zip(nb, en, strict=True)]

    def _text(self, nb: str, en: str) -> domain.Text:
        return domain.Text(en=plain(en), nb=plain(nb))


def initial_of(value: object) -> dict[str, Any]:
    """Return what stands in a field already, as the form holds it; what is unknown or an example stays empty."""
    items = value if isinstance(value, tuple) else (value,)
    texts = [item for item in items if isinstance(item, domain.Text) and not item.example and not item.incomplete]
    return {
        "nb": "\n".join(text.nb for text in texts),
        "en": "\n".join(text.en for text in texts),
        "ids": [item for item in items if isinstance(item, str)],
        "choice": _choice(value, bool(texts)),
    }


def _choice(value: object, has_words: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "words" if has_words else ""


def plain(text: str) -> str:
    """Line ends as the register has them; a tab that slipped in becomes a blank."""
    return text.replace("\r\n", "\n").replace("\t", " ").strip()
