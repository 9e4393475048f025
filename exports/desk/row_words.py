"""How the rows of a search and their values are put in words, so that two rows of one kind can be told apart."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exports.domain import corrections as values
from exports.domain.records import FieldValue, Record
from exports.services.correction_words import in_words
from exports.services.holdings import Held

from .task_panel import language

LONGEST_MARK = 60
MOST_MARKS = 2

RowId = tuple[str, str, str]
"""System, collection and key of a row."""


@dataclass(frozen=True)
class Name:
    """What a row is called: its kind, and among several of that kind which one and by which values one tells it."""

    kind: str
    place: str = ""
    marks: str = ""

    @property
    def full(self) -> str:
        """All of it, as one text."""
        return ", ".join(part for part in (self.kind, self.place, self.marks) if part)


class Names:
    """The names of all rows that a search found, in the reader's language."""

    def __init__(self, everything: Sequence[Held]) -> None:
        alike: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for held in everything:
            for record in held.records or ():
                alike[held.task.system, record.collection].append(record)
        self._kinds = {place: rows[0].label.in_language(language()) for place, rows in alike.items()}
        self._names: Mapping[RowId, Name] = {
            (*place, record.key): name
            for place, rows in alike.items()
            for record, name in zip(rows, _names_of(rows), strict=True)
        }

    def of(self, system: str, collection: str, key: str) -> Name:
        """Return the name of a row; of one that is not there any more, only its kind, as far as that is known."""
        known = self._names.get((system, collection, key))
        return known or Name(self._kinds.get((system, collection), ""))


def _names_of(rows: Sequence[Record]) -> list[Name]:
    """The names of the rows of one kind."""
    kind = rows[0].label.in_language(language())
    if len(rows) == 1:
        return [Name(kind)]
    telling = _telling(rows)
    return [
        Name(kind, _("row %(n)d of %(all)d") % {"n": n, "all": len(rows)}, _marks(record, telling))
        for n, record in enumerate(rows, start=1)
    ]


def _telling(rows: Sequence[Record]) -> list[str]:
    """The first fields in which the rows differ; those come first in which no two are the same."""
    seen: dict[str, set[str]] = defaultdict(set)
    for record in rows:
        for value in record.fields:
            if text := _text(value):
                seen[value.name].add(text)
    differing = [name for name, texts in seen.items() if len(texts) > 1]
    return sorted(differing, key=lambda name: len(seen[name]) < len(rows))[:MOST_MARKS]


def _marks(record: Record, telling: Sequence[str]) -> str:
    shown = [value for value in record.fields if value.name in telling and _text(value)]
    return ", ".join(f"{value.label.in_language(language())}: {_text(value)}" for value in shown)


def _text(value: FieldValue) -> str:
    """A value short enough to tell a row by; nothing for one that is kept back or cannot be read."""
    text = in_words(value.value) if values.can_be_shown(value) else ""
    return text if len(text) <= LONGEST_MARK else f"{text[:LONGEST_MARK]}…"
