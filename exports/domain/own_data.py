"""What a person can be asked about their own data, from what a system holds; no name, address of mail or employer.

Which data answers a question follows from its data category (fideslang) and, where that does not tell, its name.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from .records import FieldValue, Hit, Record


class Question(StrEnum):
    """What is asked."""

    FIRST_CONTACT = "first_contact"
    LAST_EVENT = "last_event"
    LAST_ORDER = "last_order"
    NEWSLETTER = "newsletter"
    CITY = "city"


_CITY = "user.contact.address.city"
_ORDERS = "user.behavior.purchase_history"
_NEWSLETTERS = frozenset({"list", "newsletter", "newsletter_list"})
_EVENTS = frozenset({"event_name", "event_title"})


def answers(hits: Iterable[Hit], records: Iterable[Record], zone: ZoneInfo) -> dict[Question, frozenset[str]]:
    """Return the expected answers of one system by question; months as YYYY-MM in the zone of the organisation.

    A question without an answer is left out. A first contact counts only with a month that the system knows.
    """
    rows = list(records)
    since = [one for one in (*(hit.since for hit in hits), *(row.since for row in rows)) if one]
    bought = [row.since for row in rows if row.since and any(f.category == _ORDERS for f in row.fields)]
    events = [(row.since, text) for row in rows if row.since for text in _texts(row, _EVENTS)]
    found = {
        Question.FIRST_CONTACT: {_month(min(since), zone)} if since else set(),
        Question.LAST_EVENT: {max(events)[1]} if events else set(),
        Question.LAST_ORDER: {_month(max(bought), zone)} if bought else set(),
        Question.NEWSLETTER: {text for row in rows for text in _texts(row, _NEWSLETTERS)},
        Question.CITY: {text for row in rows for f in row.fields if f.category == _CITY for text in _text(f)},
    }
    return {question: frozenset(texts) for question, texts in found.items() if texts}


def _texts(row: Record, names: frozenset[str]) -> Iterator[str]:
    for field in row.fields:
        if field.name in names:
            yield from _text(field)


def _text(field: FieldValue) -> Iterator[str]:
    if isinstance(field.value, str) and field.value.strip() and field.withheld is None:
        yield field.value.strip()


def _month(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m")
