"""What an answer to an access request says (GDPR Art. 15), frozen before it is drawn or packed.

Whoever prepares the answer fills these classes in the language of the answer; the PDF and the
machine-readable twin are made of nothing else. Texts of the law and of the layout belong to the templates.
What holds data of the person hides it from `repr()`, so that no traceback and no log line tells it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from requests_app.domain.enums import Outcome

LANGUAGES = ("nb", "en")
OUTCOMES = (Outcome.FULFILLED, Outcome.PARTLY_FULFILLED, Outcome.NO_DATA)

Cell = str | int | float | bool | date | datetime | None


class SearchOutcome(StrEnum):
    """How the search in one system ended."""

    FOUND = "found"
    NOTHING_FOUND = "nothing_found"
    CANNOT_IDENTIFY = "cannot_identify"  # Art. 11: nothing in the system can be tied to the person
    STILL_MISSING = "still_missing"  # the system has not answered; `AccessAnswer.missing` says until when


class ColumnKind(StrEnum):
    """What a column holds; decides alignment, width and whether a value may be broken."""

    TEXT = "text"
    TIME = "time"  # a datetime, a date, or an ISO 8601 text
    NUMBER = "number"
    CODE = "code"  # identifiers, addresses of machines: never broken


class Layout(StrEnum):
    """How a collection is drawn: one key-value block a row, or a table."""

    RECORDS = "records"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a collection: `key` for machines, `label` for people."""

    key: str
    label: str
    kind: ColumnKind = ColumnKind.TEXT


@dataclass(frozen=True, slots=True, repr=False)
class Collection:
    """Rows of one sort in one system, newest first where they have a time.

    A cell is None where the row has no such field and "" where the field is empty. A datetime is aware.
    Raises ValueError for two columns with one key, a row of another length and a naive datetime.
    """

    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    layout: Layout = Layout.TABLE

    def __post_init__(self) -> None:
        if len({column.key for column in self.columns}) != len(self.columns):
            raise ValueError("two columns share a key")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has another number of cells than the collection has columns")
        for value in (cell for row in self.rows for cell in row):
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError("a datetime has no time zone")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SystemData:
    """One system that was searched, and what lay in it.

    `activity_ids` name the activities of the answer that explain why the system holds data. `note` is a
    plain sentence about this search, for instance why nobody could be recognised there.
    """

    id: str
    name: str
    outcome: SearchOutcome
    how_searched: str
    searched_at: datetime | None
    note: str = ""
    activity_ids: tuple[str, ...] = ()
    collections: tuple[Collection, ...] = ()

    @property
    def entries(self) -> int:
        """Number of rows in all collections."""
        return sum(len(collection.rows) for collection in self.collections)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityInfo:
    """What Art. 15(1)(a)-(h) and 15(2) ask for about one activity; `example` names fields with trial values.

    Safeguards stay empty where nothing is transferred. Every other text is due before release
    (`missing_information`); the drawing says plainly that an empty one is missing.
    """

    id: str
    name: str
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    legal_basis: str
    recipients: tuple[str, ...]
    retention: str
    sources: tuple[str, ...]
    transfers: str
    automated_decisions: str
    rights: tuple[str, ...]
    safeguards: str = ""
    example: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if unknown := self.example - set(self.__slots__):
            raise ValueError(f"no such field: {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The controller that answers; `place` stands before the date of the letter."""

    name: str
    postal_address: tuple[str, ...]
    contact_mail: str
    place: str = ""
    dpo_contact: str = ""


@dataclass(frozen=True, slots=True)
class MissingPart:
    """What the answer still lacks when it is sent all the same, and the day it follows at the latest."""

    what: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Counts:
    """The answer in numbers; `years` is the first and last calendar year that the data tells of."""

    systems_searched: int
    entries: int
    years: tuple[int, int] | None
    activities: int

    @property
    def years_covered(self) -> int:
        """Calendar years from the first to the last time in the data, both counted; 0 without a time."""
        return self.years[1] - self.years[0] + 1 if self.years else 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AccessAnswer:
    """One answer, as of `cut_off` (aware). Dates are those of `time_zone`, in which times are also drawn.

    `reasoning` says why something is left out (Art. 12(4)); `missing` what follows later. `authority` is the
    supervisory authority with its address, as the sentence on complaints goes on; `outside_norway` adds that of the
    person's own country. `trial` marks every page.
    Raises ValueError for a language, outcome or activity that does not exist, for an outcome that the data
    contradict, and for a naive time.
    """

    language: str
    organisation: Organisation
    reference: str
    received_on: date
    answered_on: date
    cut_off: datetime
    due_on: date
    outcome: Outcome
    authority: str
    concerned_name: str = field(default="", repr=False)
    recipient_name: str = ""
    recipient_address: tuple[str, ...] = ()
    reasoning: str = ""
    missing: tuple[MissingPart, ...] = ()
    activities: tuple[ActivityInfo, ...] = ()
    systems: tuple[SystemData, ...] = ()
    outside_norway: bool = False
    trial: bool = False
    time_zone: str = "Europe/Oslo"
    schema: str = field(default="datarett-access-answer/1", init=False)

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError("no answer is written in this language")
        if self.outcome not in OUTCOMES:
            raise ValueError("no answer to an access request has this outcome")
        if any(t is not None and t.tzinfo is None for t in (self.cut_off, *(s.searched_at for s in self.systems))):
            raise ValueError("a time has no time zone")
        if self.outcome is Outcome.NO_DATA and any(system.entries for system in self.systems):
            raise ValueError("an answer without data has data")
        known = {activity.id for activity in self.activities}
        if any(set(system.activity_ids) - known for system in self.systems):
            raise ValueError("a system names an activity that the answer does not explain")

    def activities_of(self, system: SystemData) -> tuple[ActivityInfo, ...]:
        """Return the activities that explain a system, in the order of the answer."""
        return tuple(a for a in self.activities if a.id in system.activity_ids)


def counts(answer: AccessAnswer) -> Counts:
    """Return the facts in numbers that stand first in the letter; a system still missing is not counted."""
    years = [time.year for system in answer.systems for time in history(answer, system)]
    return Counts(
        systems_searched=sum(s.outcome is not SearchOutcome.STILL_MISSING for s in answer.systems),
        entries=sum(system.entries for system in answer.systems),
        years=(min(years), max(years)) if years else None,
        activities=len(answer.activities),
    )


def missing_information(answer: AccessAnswer) -> tuple[tuple[str, str], ...]:
    """Return (activity id, field) for every empty text of Art. 15(1)-(2); an answer with any is not ready."""
    due = ("purposes", "categories", "legal_basis", "recipients", "retention", "sources", "transfers")
    return tuple(
        (activity.id, name)
        for activity in answer.activities
        for name in (*due, "automated_decisions", "rights")
        if not any(part.strip() for part in as_lines(getattr(activity, name)))
    )


def as_lines(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return one text or several as several."""
    return (text,) if isinstance(text, str) else text


def moment(value: Cell) -> datetime | date | None:
    """Return a cell as a time: itself, or what an ISO 8601 text with a date says; None for anything else.

    A text without an offset stays naive: nobody knows its zone, and it is drawn as it was found.
    """
    if isinstance(value, date):  # a datetime is a date
        return value
    if not isinstance(value, str) or not 10 <= len(value) <= 35:
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return None


def history(answer: AccessAnswer, system: SystemData) -> Iterator[datetime]:
    """Yield every point in time that a system's rows tell of, naive where nobody knows the zone.

    Left out are mere dates (they may be birthdays) and what vendors write for "never": 1970 and before, and
    years after the answer.
    """
    for collection in system.collections:
        times = [i for i, column in enumerate(collection.columns) if column.kind is ColumnKind.TIME]
        for time in (moment(row[i]) for row in collection.rows for i in times):
            if isinstance(time, datetime) and 1970 < time.year <= answer.cut_off.year:
                yield time
