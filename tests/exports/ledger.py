"""A small system with a connector that reads and corrects: it keeps rows, checks like a database, and can fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar, Self

from exports.connectors.base import ConnectorError, Fault, ProbeResult
from exports.domain.changes import Affected, ChangeResult, FieldChange
from exports.domain.records import (
    ContactChannel,
    FieldValue,
    Hit,
    Label,
    LocateResult,
    Outcome,
    QueryLogEntry,
    ReadResult,
    Record,
    Scalar,
    Subject,
    Verb,
)

NAME = "ledger"
FIXED = frozenset({"id", "seen_at"})
LABELS = {
    "id": Label("Number", "Nummer"),
    "email": Label("E-mail", "E-post"),
    "name": Label("Name", "Navn"),
    "visits": Label("Visits", "Besøk"),
    "seen_at": Label("Seen", "Sett"),
    "active": Label("Active", "Aktiv"),
}
CATEGORIES = {"email": "user.contact.email", "name": "user.name"}


@dataclass
class Ledger:
    """The rows of the system by collection and key, with their uses; `calls` counts the orders to correct."""

    rows: dict[tuple[str, str], dict[str, Scalar]] = field(default_factory=dict)
    activities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    away: bool = False
    calls: int = 0


class LedgerConnector:
    """The connector of the ledger; `books` are the ledgers of a test, by system."""

    abilities: frozenset[Verb] = frozenset({Verb.PROBE, Verb.LOCATE, Verb.READ, Verb.RECTIFY})
    books: ClassVar[dict[str, Ledger]] = {}

    def __init__(self, key: str) -> None:
        self.key = key

    @classmethod
    def from_settings(cls, system_id: str, settings: Mapping[str, object]) -> Self:
        """The connector of one system; needs no settings."""
        return cls(system_id)

    def correctable(self, collection: str) -> frozenset[str]:
        """All but keys and what the system itself writes."""
        return frozenset(LABELS) - FIXED

    def probe(self) -> ProbeResult:
        """Always there."""
        return ProbeResult(ok=True)

    def locate(self, subject: Subject) -> LocateResult:
        """The addresses in the person's rows."""
        hits = [
            Hit(self.key, collection, key, ContactChannel.EMAIL, str(row["email"]), None)
            for (collection, key), row in self._mine(subject).items()
        ]
        return LocateResult(system=self.key, outcome=Outcome.DONE if hits else Outcome.NOT_FOUND, hits=tuple(hits))

    def read(self, subject: Subject) -> ReadResult:
        """The person's rows."""
        records = tuple(
            Record(
                system=self.key,
                collection=collection,
                key=key,
                label=Label(collection.title(), collection.title()),
                fields=tuple(FieldValue(n, LABELS[n], v, CATEGORIES.get(n, "")) for n, v in row.items()),
                activities=self._book.activities.get(collection, ("PA08",)),
            )
            for (collection, key), row in self._mine(subject).items()
        )
        return ReadResult(
            system=self.key,
            outcome=Outcome.DONE if records else Outcome.NOT_FOUND,
            extracted_at=datetime.now(UTC),
            records=records,
            query_log=(QueryLogEntry("users", len(records)),),
            searched_by=("email",),
        )

    def rectify(self, subject: Subject, changes: Sequence[FieldChange]) -> ChangeResult:
        """Write all or none, and look again."""
        book = self._book
        book.calls += 1
        mine = self._mine(subject)
        for change in changes:
            self._check(mine, change)
        for change in changes:
            book.rows[(change.collection, change.key)][change.name] = change.after
        return ChangeResult(
            system=self.key,
            outcome=Outcome.DONE,
            at=datetime.now(UTC),
            affected=(Affected("users", None, len(changes)),),
            verified=True,
        )

    def _check(self, mine: Mapping[tuple[str, str], dict[str, Scalar]], change: FieldChange) -> None:
        row = mine.get((change.collection, change.key))
        if row is None:
            raise self._refused(Fault.NOT_THEIRS, change.collection)
        place = f"{change.collection}.{change.name}"
        if change.name in FIXED:
            raise self._refused(Fault.READ_ONLY, place)
        if row[change.name] not in (change.before, change.after):
            raise self._refused(Fault.CHANGED_MEANWHILE, place)
        if row[change.name] is not None and type(row[change.name]) is not type(change.after):
            raise self._refused(Fault.WRONG_TYPE, place)

    def _refused(self, fault: Fault, place: str) -> ConnectorError:
        return ConnectorError(f"{self.key}: {place} {fault.value}", permanent=True, fault=fault, place=place)

    def _mine(self, subject: Subject) -> dict[tuple[str, str], dict[str, Scalar]]:
        book = self._book
        if book.away:
            raise ConnectorError(f"{self.key}: away", permanent=False, fault=Fault.UNREACHABLE)
        wanted = {email.lower() for email in subject.emails}
        return {place: row for place, row in book.rows.items() if str(row.get("email")).lower() in wanted}

    @property
    def _book(self) -> Ledger:
        return self.books[self.key]
