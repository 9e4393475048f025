"""How a value is read by people, in the language that is active: on the page of corrections, in letter and notice."""

from datetime import datetime

from django.utils.translation import gettext

from exports.domain import corrections as values
from exports.domain.records import Scalar
from requests_app.templatetags.ui import day, moment

_TRUTH: dict[str, Scalar] = {"true": True, "false": False}


def in_words(value: Scalar) -> str:
    """Return a value as people read it: yes and no, a day, a moment, anything else as it stands there."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    time = values.as_time(value)
    if time is None:
        return values.as_text(value)
    return moment(time) if isinstance(time, datetime) else day(time)


def written(text: str) -> str:
    """Return the value of a correction as people read it; it was written down as a form takes it (`values.as_text`)."""
    return in_words(_TRUTH.get(text, text))
