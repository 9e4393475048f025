"""Any SQL database that a dataset file describes: the website's own, a shop, a warehouse of events."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self, TypeVar

import sqlalchemy as sa

from exports.connectors import clock
from exports.connectors.base import (
    Announce,
    ConnectorError,
    Fault,
    Remember,
    bad_settings,
    check_keys,
    number_setting,
    text_setting,
)
from exports.connectors.dataset import Dataset, DatasetError, load
from exports.domain.changes import Affected, ChangeResult, Emptied, FieldChange, Measures
from exports.domain.enums import Measure
from exports.domain.records import Instruction, Outcome, Subject, Verb

from . import erasing, instructions, marking, person_rows, rectifying, unmarking
from .correctable import correctable
from .database import Database
from .erasure import to_empty, treatment
from .person_rows import PersonRows
from .plan import Plan
from .reader import SqlReader
from .results import public_name

_T = TypeVar("_T")

_SETTINGS = ("url", "dataset", "writable", "row_limit", "timeout", "calling_code")
DEFAULT_ROW_LIMIT = 20_000
DEFAULT_TIMEOUT = 30.0


class SqlConnector(SqlReader):
    """A database behind a dataset file; it is only ever read, unless the settings say `writable: true`.

    Settings: `url` (`sqlite:////folder/file.sqlite3` or `postgresql://user:password@host/database`),
    `dataset` (path of the file), `writable` (false), `row_limit` (rows of one collection, 20 000), `timeout`
    (seconds of one query, 30), `calling_code` (of phone numbers without a prefix, "47").

    Each writing verb is one transaction that finds the person's rows anew and writes to nothing else, then a second
    one that looks whether it held. Where the dataset does not say how, the verb is not among the `abilities`: erasing
    needs `activities` of collections, withdrawing and restricting need fields with those keys.
    """

    def __init__(
        self,
        key: str,
        *,
        database: Database,
        dataset: Dataset,
        writable: bool = False,
        row_limit: int = DEFAULT_ROW_LIMIT,
        calling_code: str = "47",
    ) -> None:
        super().__init__(key, database=database, dataset=dataset, row_limit=row_limit, calling_code=calling_code)
        self.abilities = frozenset({Verb.PROBE, Verb.LOCATE, Verb.READ, *(_writing(dataset) if writable else ())})

    def __repr__(self) -> str:
        return f"<SqlConnector {self.key}>"

    @classmethod
    def from_settings(cls, system_id: str, settings: Mapping[str, object]) -> Self:
        """The connector of one system; reads the dataset file, opens no connection.

        Raises ConnectorError: BAD_SETTINGS names the setting, BAD_DATASET file, line and key.
        """
        check_keys(system_id, settings, _SETTINGS)
        calling_code = str(settings.get("calling_code", "47")).removeprefix("+")  # 47 in a YAML file is a number
        if not (calling_code.isascii() and calling_code.isdecimal()):
            raise bad_settings(system_id, "setting 'calling_code' must be digits, as in 47")
        timeout = number_setting(system_id, settings, "timeout", DEFAULT_TIMEOUT, least=0.01, most=3600)
        row_limit = number_setting(system_id, settings, "row_limit", DEFAULT_ROW_LIMIT, least=1, most=10_000_000)
        writable = settings.get("writable", False)
        if not isinstance(writable, bool):
            raise bad_settings(system_id, "setting 'writable' must be true or false")
        database = Database(system_id, text_setting(system_id, settings, "url"), timeout=timeout)
        path = settings.get("dataset")
        try:
            return cls(
                system_id,
                database=database,
                dataset=load(path if isinstance(path, Path) else Path(text_setting(system_id, settings, "dataset"))),
                writable=writable,
                row_limit=int(row_limit),
                calling_code=calling_code,
            )
        except DatasetError as error:
            raise ConnectorError(f"{system_id}: {error}", permanent=True, fault=Fault.BAD_DATASET) from error

    def correctable(self, collection: str) -> frozenset[str]:
        """The fields of a collection that may be corrected; none where the dataset has no such collection."""
        return correctable(self.dataset, collection)

    def emptied(self, measures: Measures) -> tuple[Emptied, ...]:
        """What rows that stay under these measures do without, whoever's they are; collections without it left out."""
        return tuple(
            Emptied(public_name(self.dataset, one), one.label, tuple(field.label for field in fields))
            for one in self.dataset.collections
            if (fields := to_empty(one, measures))
        )

    def rectify(self, subject: Subject, changes: Sequence[FieldChange]) -> ChangeResult:
        """Write the right values into the person's rows, all or none, and look again.

        A row that holds the new value already is right, also if it can only be found by the new value. Raises
        ConnectorError: NOT_THEIRS, READ_ONLY, WRONG_TYPE, CHANGED_MEANWHILE (`place` names the field), INCOMPLETE.
        """
        self._require(Verb.RECTIFY)
        wanted = rectifying.plan_changes(self.key, self.dataset, changes)
        names = [row.collection.name for row in wanted.rows]
        if not names:
            return self._changed(Outcome.NOT_FOUND)
        plan, later = self._plan.towards(names), wanted.with_new_identities(subject)
        if not self._searched_by(plan, subject):
            return self._by_hand(plan)
        affected: tuple[Affected, ...] = ()
        if not self._look(plan, later, wanted.is_right):
            affected = self._write(plan, subject, wanted.write)
        is_right = self._look(plan, later, wanted.is_right)
        return self._changed(Outcome.DONE if is_right else Outcome.FAILED, affected, verified=is_right)

    def erase(self, subject: Subject, measures: Measures, announce: Announce | None = None) -> ChangeResult:
        """Delete, anonymise and restrict as the measures say, and look again; `erasure` decides over each row.

        `not_found` when there is nothing of the person, `kept` when nothing here is to change. Raises ConnectorError:
        STILL_NEEDED names the collection that another table needs, NO_WAY what the dataset gives no way to do.
        """
        self._require(Verb.ERASE)
        if not self._searched_by(self._plan, subject):
            return self._by_hand(self._plan)
        places: dict[str, list[tuple[object, ...]]] = {}

        def work(rows: PersonRows) -> tuple[tuple[Affected, ...], tuple[Emptied, ...]] | None:
            fates = erasing.decide(rows, measures)
            places.clear()
            places.update(erasing.deleted_places(rows, fates))
            if rows.is_empty:
                return None
            affected = erasing.carry_out(rows, fates, measures)
            if announce and any(one.measure is not Measure.KEEP for one in affected):
                announce(affected)
            return affected, erasing.emptied(rows, fates, measures)

        done = self._write(self._plan, subject, work)
        if done is None:
            return self._changed(Outcome.NOT_FOUND)
        check = self._verify(subject, measures, places)
        return check if check.outcome is Outcome.FAILED else replace(check, affected=done[0], emptied=done[1])

    def verify(self, subject: Subject, measures: Measures) -> ChangeResult:
        """Search once more: `done` when nothing is left that should be gone, with what is kept."""
        self._require(Verb.VERIFY)
        if not self._searched_by(self._plan, subject):
            return self._by_hand(self._plan)
        return self._verify(subject, measures, {})

    def withdraw(self, subject: Subject) -> ChangeResult:
        """Write down that consents are withdrawn as of now, where the dataset says `withdraw`, and look again."""
        self._require(Verb.WITHDRAW)
        names = [c.name for c in self.dataset.collections if not c.skip and any(f.withdraw for f in c.fields)]
        return self._mark(subject, names, marking.withdrawing)

    def restrict(self, subject: Subject, activities: Sequence[str], remember: Remember) -> ChangeResult:
        """Mark the rows of these activities that have a field with `restrict`, and look again.

        `remember` gets what is written before it is committed: what was not kept is not marked either. Rows of the
        activities without such a field are counted as kept: the mark of another row speaks for them. If the person has
        only such rows, a person has to do it.
        """
        self._require(Verb.RESTRICT)
        names = [c.name for c in self.dataset.collections if not c.skip and set(c.activities) & set(activities)]
        return self._mark(subject, names, marking.restricting, Measure.RESTRICT, remember)

    def unrestrict(self, subject: Subject, marks: Sequence[FieldChange]) -> ChangeResult:
        """Put back what stood where a restriction left these marks, and look again; other marks stay.

        Raises ConnectorError: MISSING_COLLECTION, MISSING_FIELD, WRONG_TYPE (`place` names it), INCOMPLETE.
        """
        self._require(Verb.UNRESTRICT)
        wanted = unmarking.plan_unmarking(self.key, self.dataset, marks)
        if not wanted.marks:
            return self._changed(Outcome.NOT_FOUND)
        plan = self._plan.towards(wanted.names)
        if not self._searched_by(plan, subject):
            return self._by_hand(plan)
        affected = self._write(plan, subject, wanted.write)
        verified = self._look(plan, subject, wanted.is_lifted)
        return self._changed(Outcome.DONE if verified else Outcome.FAILED, affected, verified=verified)

    def _mark(
        self,
        subject: Subject,
        names: list[str],
        marks: marking.Marks,
        measure: Measure | None = None,
        remember: Remember | None = None,
    ) -> ChangeResult:
        if not names:
            return self._changed(Outcome.NOT_FOUND)
        plan = self._plan.towards(names)
        if not self._searched_by(plan, subject):
            return self._by_hand(plan)

        def work(rows: PersonRows) -> tuple[dict[str, int], dict[str, int]]:
            theirs = {name: rows.writable(name) for name in names if rows.writable(name)}
            written = {n: marking.mark_rows(rows, n, some, marks) for n, some in theirs.items() if marks(rows, n)}
            if remember:
                remember([change for changes in written.values() for change in changes])
            marked = {name: marking.rows_of(changes) for name, changes in written.items()}
            return marked, {name: len(some) for name, some in theirs.items() if name not in marked}

        def holds(rows: PersonRows) -> bool:
            return all(
                marking.is_marked(rows, name, identity, marks(rows, name))
                for name in names
                for identity in rows.writable(name)
            )

        marked, unmarked = self._write(plan, subject, work)
        if not (marked or unmarked):
            return self._changed(Outcome.NOT_FOUND)
        affected = [Affected(self._public(name), measure, n) for name, n in marked.items() if n]
        affected += [Affected(self._public(name), Measure.KEEP, n) for name, n in unmarked.items()]
        if not marked:
            return self._changed(Outcome.MANUAL, affected, instruction=instructions.cannot_mark(self.dataset, unmarked))
        verified = self._look(plan, subject, holds)
        return self._changed(Outcome.DONE if verified else Outcome.FAILED, affected, verified=verified)

    def _verify(
        self, subject: Subject, measures: Measures, places: Mapping[str, list[tuple[object, ...]]]
    ) -> ChangeResult:
        """Look for the person again, and at the places of the rows that were deleted."""

        def work(rows: PersonRows) -> tuple[tuple[Affected, ...], tuple[Affected, ...], tuple[Emptied, ...]]:
            fates = erasing.decide(rows, measures)
            left = erasing.left_over(rows, fates, measures) or erasing.still_there(rows, places)
            return left, erasing.kept(rows, fates), erasing.emptied(rows, fates, measures)

        left, kept, emptied = self._look(self._plan, subject, work)
        if left:
            return self._changed(Outcome.FAILED, left)
        searched = map(self.dataset.collection, self._plan.collections)
        all_kept = all(treatment(collection, measures) is Measure.KEEP for collection in searched)
        result = self._changed(Outcome.KEPT if kept and all_kept else Outcome.DONE, kept, verified=True)
        return replace(result, emptied=emptied)

    def _write(self, plan: Plan, subject: Subject, work: Callable[[PersonRows], _T]) -> _T:
        return self._database.write(lambda connection: work(self._rows(connection, plan, subject)))

    def _look(self, plan: Plan, subject: Subject, work: Callable[[PersonRows], _T]) -> _T:
        return self._database.run(lambda connection: work(self._rows(connection, plan, subject)))

    def _rows(self, connection: sa.Connection, plan: Plan, subject: Subject) -> PersonRows:
        tables, matcher = self._tables(connection, plan), self._matcher(connection)
        return person_rows.find(
            self._database, connection, self.dataset, tables, matcher, self._row_limit, plan, subject
        )

    def _require(self, verb: Verb) -> None:
        if verb not in self.abilities:
            raise ConnectorError(f"{self.key}: is not set up to {verb}", permanent=True, fault=Fault.NO_WAY)

    def _changed(
        self,
        outcome: Outcome,
        affected: Sequence[Affected] = (),
        *,
        verified: bool = False,
        instruction: Instruction | None = None,
    ) -> ChangeResult:
        return ChangeResult(
            system=self.key,
            outcome=outcome,
            at=clock.now(),
            affected=tuple(affected),
            verified=verified,
            instruction=instruction,
        )

    def _by_hand(self, plan: Plan) -> ChangeResult:
        return self._changed(Outcome.MANUAL, instruction=instructions.cannot_search(self.dataset, plan))

    def _public(self, name: str) -> str:
        return public_name(self.dataset, self.dataset.collection(name))


def _writing(dataset: Dataset) -> Iterator[Verb]:
    """The verbs for which the dataset says how."""
    collections = [collection for collection in dataset.collections if not collection.skip]
    fields = [field for collection in collections for field in collection.fields]
    if any(rectifying.can_be_corrected(field) for field in fields):
        yield Verb.RECTIFY
    if any(collection.activities for collection in collections):
        yield from (Verb.ERASE, Verb.ANONYMISE, Verb.VERIFY)
    if any(field.withdraw for field in fields):
        yield Verb.WITHDRAW
    if any(field.restrict for field in fields):
        yield from (Verb.RESTRICT, Verb.UNRESTRICT)
