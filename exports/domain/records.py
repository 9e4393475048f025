"""What is asked of a system and what it hands over: identifiers, records, outcomes.

Everything that can hold personal data hides it from `repr()`, so that no traceback and no log line tells it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
"""A value that JSON can hold; times are ISO 8601 texts, decimals and everything else texts."""


class Verb(StrEnum):
    """What a connector may be asked to do; which of them it can do are its `abilities`."""

    PROBE = "probe"
    LOCATE = "locate"
    READ = "read"
    RECTIFY = "rectify"
    ERASE = "erase"
    ANONYMISE = "anonymise"
    RESTRICT = "restrict"
    UNRESTRICT = "unrestrict"
    WITHDRAW = "withdraw"
    VERIFY = "verify"


class Outcome(StrEnum):
    """How a verb ended in one system. `accepted` is only ordered: nobody may say that it is done."""

    DONE = "done"
    ACCEPTED = "accepted"
    NOT_FOUND = "not_found"
    MANUAL = "manual"  # a person has to do it; the result carries the instruction
    FAILED = "failed"
    KEPT = "kept"


class Origin(StrEnum):
    """Where a value came from. Portability covers only the first two (GDPR Art. 20(1); WP 242 rev.01)."""

    GIVEN = "given"
    OBSERVED = "observed"
    INFERRED = "inferred"
    THIRD_PARTY = "third_party"


class ContactChannel(StrEnum):
    """By which way a contact point reaches the person."""

    EMAIL = "email"
    PHONE = "phone"


class ValueNote(StrEnum):
    """What the reader of a value must know about it."""

    ZONE_ASSUMED = "zone_assumed"  # the system keeps no zone; `ReadResult.assumed_zone` was taken
    BINARY = "binary"  # only the size in bytes is given
    WITHHELD = "withheld"  # never fetched; `FieldValue.withheld` says why


class Withheld(StrEnum):
    """Why a field is never fetched: what Art. 15(4) and recital 63 let a controller keep back."""

    SECURITY = "security"
    TRADE_SECRET = "trade_secret"  # noqa: S105 - a ground, not a password
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class Label:
    """A plain name or text in English and bokmål."""

    en: str
    nb: str

    def in_language(self, language: str) -> str:
        """The text in `en` or `nb`; ValueError for any other code."""
        if language not in ("en", "nb"):
            raise ValueError(f"labels speak en and nb, not {language}")
        return self.nb if language == "nb" else self.en


@dataclass(frozen=True, slots=True, repr=False)
class Subject:
    """The identifiers to look for, each without blanks around it and once; blank ones are dropped.

    Put in only what the case has good reason to believe is the person's own: every row that matches any
    of them is handed over. `others` are (kind, value) pairs for the kinds of identity that a dataset
    names itself, for instance ("ga_client_id", "123.456").
    """

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    customer_numbers: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name in ("emails", "phones", "customer_numbers"):
            object.__setattr__(self, name, _distinct(getattr(self, name)))
        pairs = [(kind.strip(), value.strip()) for kind, value in self.others]
        object.__setattr__(self, "others", tuple(dict.fromkeys(p for p in pairs if all(p))))

    def __repr__(self) -> str:
        counted = ", ".join(f"{kind}: {len(self.values_of(kind))}" for kind in self.kinds)
        return f"<Subject {counted or 'without identifiers'}>"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of identifier there are values for: email, phone, customer_number and those of `others`."""
        known = {"email": self.emails, "phone": self.phones, "customer_number": self.customer_numbers}
        return tuple(dict.fromkeys([*(k for k, v in known.items() if v), *(k for k, _ in self.others)]))

    def values_of(self, kind: str) -> tuple[str, ...]:
        """The values of one kind; `phone_number`, as datasets of Fides say, is `phone`."""
        known = {
            "email": self.emails,
            "phone": self.phones,
            "phone_number": self.phones,
            "customer_number": self.customer_numbers,
        }
        return known[kind] if kind in known else tuple(value for k, value in self.others if k == kind)


@dataclass(frozen=True, slots=True)
class Hit:
    """A contact point in a row of the person; `since` (UTC) is when the system first had the row, if known."""

    system: str
    collection: str
    key: str = field(repr=False)
    identity_channel: ContactChannel
    identity_value: str = field(repr=False)
    since: datetime | None = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", _in_utc(self.since))


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of a record. `category` is a data category of fideslang (`user.contact.email`), "" if none."""

    name: str
    label: Label
    value: Scalar = field(repr=False)
    category: str = ""
    origin: Origin | None = None
    note: ValueNote | None = None
    withheld: Withheld | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.value, str | int | float | bool | None):
            raise ValueError(f"a {type(self.value).__name__} is no value that JSON can hold")
        if isinstance(self.value, float) and not math.isfinite(self.value):
            raise ValueError("JSON knows neither infinity nor NaN")


@dataclass(frozen=True, slots=True)
class Record:
    """One row about the person. `activities` are ids of the processing register; `since` is in UTC."""

    system: str
    collection: str
    key: str = field(repr=False)
    label: Label
    fields: tuple[FieldValue, ...]
    activities: tuple[str, ...] = ()
    since: datetime | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", _in_utc(self.since))


@dataclass(frozen=True, slots=True)
class QueryLogEntry:
    """How many rows of one collection were found; `truncated` when the row cap cut the search short."""

    collection: str
    rows: int
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a person has to do where no connector can.

    Due `due_working_days` working days after the day of receipt, so that the search is complete in time.
    """

    text: Label
    due_working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateResult:
    """The contact points found by `locate`; iterates over the hits."""

    system: str
    outcome: Outcome
    hits: tuple[Hit, ...] = ()
    searched_by: tuple[str, ...] = ()
    truncated: bool = False
    instruction: Instruction | None = None

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """Everything `read` found, as of `extracted_at` (any zone, kept in UTC).

    `searched_by` are the kinds of identifier the system could be searched by; `query_log` has a line for
    every collection searched, also the empty ones. A result with `truncated` is not complete.
    """

    system: str
    outcome: Outcome
    extracted_at: datetime
    records: tuple[Record, ...] = ()
    query_log: tuple[QueryLogEntry, ...] = ()
    searched_by: tuple[str, ...] = ()
    assumed_zone: str = ""
    instruction: Instruction | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "extracted_at", _in_utc(self.extracted_at))

    @property
    def truncated(self) -> bool:
        """True when the row cap cut the search of any collection short."""
        return any(entry.truncated for entry in self.query_log)


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for v in values if (value := v.strip())))


def _in_utc(moment: datetime | None) -> datetime | None:
    """The time in UTC, where comparing is safe: an hour of an autumn night exists twice in a local zone."""
    if moment is not None and moment.utcoffset() is None:
        raise ValueError("a time has no time zone")
    return None if moment is None else moment.astimezone(UTC)
