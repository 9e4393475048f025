"""The order of the form's pages and what each shows when the answers are checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.domain.enums import Requester

from .forms import NOT_SURE, ContactForm, DetailsForm, RightForm, WhoForm

ORDER = ("right", "who", "details", "contact")
FORMS: dict[str, type[forms.Form]] = {
    "right": RightForm,
    "who": WhoForm,
    "details": DetailsForm,
    "contact": ContactForm,
}
Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One line of the page on which the answers are checked."""

    label: str
    values: list[str]
    change_url: str


def first_missing(answers: Answers) -> str | None:
    """Return the first page that has not been answered, None when all have."""
    return next((step for step in ORDER if step not in answers), None)


def after(step: str) -> str | None:
    """Return the page after `step`, None after the last."""
    following = ORDER[ORDER.index(step) + 1 :]
    return following[0] if following else None


def before(step: str) -> str | None:
    """Return the page before `step`, None before the first."""
    at = ORDER.index(step)
    return ORDER[at - 1] if at else None


def make_form(step: str, answers: Answers, data: Any = None, *, language: str) -> forms.Form:
    """Return the form of a page, filled with earlier answers or bound to `data`."""
    initial = dict(answers.get(step, {}))
    if step == "details":
        described = NOT_SURE in answers.get("right", {}).get("rights", ())
        return DetailsForm(data, initial=initial, must_describe=described)
    if step == "contact":
        initial.setdefault("language", language)
    return FORMS[step](data, initial=initial)


def rows(answers: Answers, language: str) -> list[Row]:
    """Return the given answers in words, each with the link that changes it."""
    found = []
    for step in ORDER:
        form = make_form(step, answers, language=language)
        url = reverse("requests:portal:step", args=[language, step]) + "?change=1"
        for name, field in form.fields.items():
            if name.startswith("concerned_") and answers[step].get("requester") == Requester.SELF:
                continue
            found.append(Row(str(field.label), _words(field, answers[step].get(name)), url))
    return found


def _words(field: forms.Field, value: Any) -> list[str]:
    if isinstance(field, forms.ChoiceField):
        names = {str(key): str(label) for key, label in field.choices}  # type: ignore[misc, union-attr]
        chosen = value if isinstance(value, list) else [value]
        return [names.get(str(one), "") for one in chosen]
    return [str(value)] if value else [_("Not filled in")]
