"""How the answer writes texts, numbers and times, in the language that is active (`translation.override`)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from exports.domain.answer import AccessAnswer
from exports.domain.printable import clipped, printable, runs_right_to_left

LONGEST_LINE = 200  # characters of a name or a heading
_LONG_DAY = {"nb": "j. F Y", "en": "j F Y"}
_SHORT_DAY = {"nb": "%d.%m.%Y", "en": "%Y-%m-%d"}


@dataclass(frozen=True, slots=True)
class Text:
    """One printed text; `note` stands behind it in grey."""

    text: str
    note: str = ""
    rtl: bool = False


def text(value: str) -> Text:
    """Return a stranger's text as it is printed: cut where it is endless, with a word on where the rest is."""
    short, cut = clipped(value)
    note = _("… %(number)s characters in all, see data.json") % {"number": number(len(value))} if cut else ""
    return Text(printable(short), note, runs_right_to_left(short))


def line(value: str) -> str:
    """Return a name or heading on one line, with an ellipsis where it is endless."""
    one = " ".join(value[: 2 * LONGEST_LINE].split())
    return printable(one if len(one) <= LONGEST_LINE else f"{one[:LONGEST_LINE]}…")


def number(value: int) -> str:
    """Return a whole number with its thousands apart: 1,249 in English, 1 249 in Norwegian."""
    grouped = f"{value:,}"
    return grouped if get_language() == "en" else grouped.replace(",", "\xa0")


def entries(count: int) -> str:
    """Return "1 entry", "42 entries"."""
    return ngettext("%(number)s entry", "%(number)s entries", count) % {"number": number(count)}


def uses(count: int) -> str:
    """Return "1 use", "4 uses" of data."""
    return ngettext("%(number)s use", "%(number)s uses", count) % {"number": number(count)}


def long_day(day: date, language: str) -> str:
    """Return a date as a letter writes it, on one line."""
    return dateformat.format(day, _LONG_DAY[language]).replace(" ", "\xa0")


def long_moment(time: datetime, answer: AccessAnswer) -> str:
    """Return an aware time as a letter writes it, in the zone of the answer, on one line."""
    local = time.astimezone(ZoneInfo(answer.time_zone))
    parts = {"day": long_day(local, answer.language), "time": local.strftime("%H:%M")}
    return (_("%(day)s at %(time)s") % parts).replace(" ", "\xa0")


def short_moment(time: date, answer: AccessAnswer, clock: str = "%H:%M") -> str:
    """Return a date or a time as tables write it, in the zone of the answer; a naive time stays as it is."""
    day = _SHORT_DAY[answer.language]
    if not isinstance(time, datetime):
        return time.strftime(day)
    local = time.astimezone(ZoneInfo(answer.time_zone)) if time.tzinfo else time
    return local.strftime(f"{day}\xa0{clock}")
