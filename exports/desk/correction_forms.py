"""The forms with which right values are written down."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exports.domain import corrections as values
from exports.services import corrections as service
from exports.services.holdings import Place, Wanted
from requests_app.desk.text_errors import text_errors

_LONG = 80  # characters from which a value gets a box of several lines


class RowForm(forms.Form):
    """Every field of one row that may be corrected, filled with what was entered or what stands there now."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        places: Sequence[Place],
        alike: Sequence[list[Place]],
        entered: dict[tuple[str, str, str, str], str],
        *args: Any,
        language: str,
        spoken: str,
        **kwargs: Any,
    ) -> None:
        """`alike` are the other places with the same value, for each of `places`; `entered` the right values so far.

        `language` is that of the reader, `spoken` that of the case, in which the data is.
        """
        super().__init__(*args, **kwargs)
        self._places, self._alike = places, alike
        for number, place in enumerate(places):
            wish = place.wanted("")
            text = entered.get((wish.system, wish.collection, wish.key, wish.name))
            now = values.as_text(place.value.value)
            self.fields[f"value_{number}"] = _field(place, now, text, language, spoken)
            if alike[number]:
                self.fields[f"everywhere_{number}"] = forms.BooleanField(
                    label=_everywhere(len(alike[number])), required=False, initial=False
                )

    def clean(self) -> dict[str, Any]:
        """Refuse a value of the wrong kind beside its field."""
        given = super().clean() or {}
        for number, place in enumerate(self._places):
            try:
                values.parse(given.get(f"value_{number}") or "", place.value)
            except values.WrongType:
                self.add_error(f"value_{number}", _kind(place))
        return given

    def wanted(self) -> list[Wanted]:
        """Return what was typed, for every field, and for all the other places where that was ticked."""
        found = []
        for number, place in enumerate(self._places):
            text = self.cleaned_data[f"value_{number}"] or ""
            found.append(place.wanted(text))
            if self.cleaned_data.get(f"everywhere_{number}"):
                found += [other.wanted(text) for other in self._alike[number]]
        return found


class ByHandForm(forms.Form):
    """What a person has to correct in a system that was searched by hand."""

    system = forms.ChoiceField(
        label=_("System"), error_messages={"required": _("Choose the system."), "invalid_choice": _("Choose a system.")}
    )
    name = forms.CharField(
        label=_("Which field"),
        max_length=service.LONGEST_FIELD,
        error_messages=text_errors(_("Say which field is wrong.")),
    )
    wrong = forms.CharField(
        label=_("What it says"),
        help_text=_("Empty where something is missing."),
        required=False,
        max_length=values.LONGEST_VALUE,
        error_messages=text_errors(_("Write what it says.")),
    )
    right = forms.CharField(
        label=_("What is right"),
        max_length=values.LONGEST_VALUE,
        error_messages=text_errors(_("Write the right value.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, systems: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["system"]
        choice.choices = list(systems)


def _field(place: Place, now: str, entered: str | None, language: str, spoken: str) -> forms.Field:
    label = place.value.label.in_language(language)
    initial = now if entered is None else entered
    said = gettext("It says now: %(value)s") % {"value": now or gettext("(nothing)")} if initial != now else ""
    if isinstance(place.value.value, bool):
        truths = [("true", _("Yes")), ("false", _("No")), ("", _("(nothing)"))]
        return forms.ChoiceField(label=label, help_text=said, required=False, choices=truths, initial=initial)
    is_long = len(initial) > _LONG or any(sign in initial for sign in "\r\n")  # a box of one line drops them
    attrs = {"lang": spoken, "autocomplete": "off"}
    widget = forms.Textarea(attrs=attrs | {"rows": 4}) if is_long else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label,
        help_text=said,
        required=False,
        strip=False,  # or blanks around a value could not be told from their correction
        initial=initial,
        max_length=max(values.LONGEST_VALUE, len(now)),
        widget=widget,
        error_messages=text_errors(_("Write the right value.")),
    )


def _everywhere(number: int) -> str:
    return ngettext(
        "Change it in %(n)d other place with the same value, too",
        "Change it in the %(n)d other places with the same value, too",
        number,
    ) % {"n": number}


def _kind(place: Place) -> str:
    now = place.value.value
    if values.is_email(place.value):
        return gettext("Write the e-mail address alone and in full, such as name@example.com: no name, no brackets.")
    if isinstance(now, bool):
        return gettext("Choose yes or no.")
    if isinstance(now, int | float):
        return gettext("The field holds a number. Write one.")
    return gettext("The field holds a date or a time. Write it the way it stands there now.")
