"""Reading any SQL database that a dataset file describes: who is in it, where, and everything about them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import sqlalchemy as sa

from exports.connectors import clock
from exports.connectors.base import ConnectorError, ProbeResult
from exports.connectors.dataset import Dataset
from exports.domain.identifiers import email_variants, phone_variants
from exports.domain.records import LocateResult, Outcome, QueryLogEntry, ReadResult, Subject

from . import instructions
from .database import Database
from .matching import Matcher, lower_collation
from .plan import Plan, make_plan
from .results import hits, public_name, records
from .search import Found, Search
from .tables import Table, compare


class SqlReader:
    """The reading half of `connector.SqlConnector`."""

    def __init__(self, key: str, *, database: Database, dataset: Dataset, row_limit: int, calling_code: str) -> None:
        self.key = key
        self.dataset = dataset
        self._database = database
        self._plan = make_plan(dataset)
        self._row_limit = row_limit
        self._calling_code = calling_code

    def probe(self) -> ProbeResult:
        """Look whether the database answers, has every table and column of the dataset and lets us read them."""
        try:
            problems = self._database.run(self._misfits)
        except ConnectorError as error:
            problems = [str(error)]
        return ProbeResult(ok=not problems, problems=tuple(problems))

    def locate(self, subject: Subject) -> LocateResult:
        """The contact points in the person's rows, where the dataset says that they may be trusted."""
        wanted = [c.name for c in self.dataset.collections if c.has_contact_points]
        if not wanted:
            return LocateResult(system=self.key, outcome=Outcome.NOT_FOUND)
        plan = self._plan.towards(wanted)
        searched_by = self._searched_by(plan, subject)
        if not searched_by:
            return LocateResult(
                system=self.key, outcome=Outcome.MANUAL, instruction=instructions.cannot_search(self.dataset, plan)
            )
        _, found, _ = self._search(plan, subject)
        points = tuple(hits(self.key, self.dataset, found))
        return LocateResult(
            system=self.key,
            outcome=Outcome.DONE if points else Outcome.NOT_FOUND,
            hits=points,
            searched_by=searched_by,
            truncated=any(rows.truncated for rows in found.values()),
        )

    def read(self, subject: Subject) -> ReadResult:
        """Every row about the person, as of one moment; MANUAL if the subject has nothing to search by."""
        searched_by = self._searched_by(self._plan, subject)
        if not searched_by:
            return ReadResult(
                system=self.key,
                outcome=Outcome.MANUAL,
                extracted_at=clock.now(),
                instruction=instructions.cannot_search(self.dataset, self._plan),
            )
        tables, found, extracted_at = self._search(self._plan, subject)
        rows = tuple(records(self.key, self.dataset, tables, found))
        return ReadResult(
            system=self.key,
            outcome=Outcome.DONE if rows else Outcome.NOT_FOUND,
            extracted_at=extracted_at,
            records=rows,
            query_log=tuple(self._log(found)),
            searched_by=searched_by,
            assumed_zone=self.dataset.zone.key,
        )

    def _searched_by(self, plan: Plan, subject: Subject) -> tuple[str, ...]:
        """The kinds of identifier by which the plan can begin, as far as the subject has one that can be looked for."""
        kinds = {"phone" if s.identity == "phone_number" else s.identity for s in plan.starts}
        return tuple(
            kind
            for kind in subject.kinds
            if kind in kinds
            and any(_can_be_looked_for(kind, value, self._calling_code) for value in subject.values_of(kind))
        )

    def _search(self, plan: Plan, subject: Subject) -> tuple[Mapping[str, Table], Mapping[str, Found], datetime]:
        """The rows by collection, and the moment they are as of."""

        def work(connection: sa.Connection) -> tuple[Mapping[str, Table], Mapping[str, Found], datetime]:
            extracted_at = clock.now()
            tables = self._tables(connection, plan)
            search = Search(
                self._database, connection, self.dataset, tables, self._matcher(connection), self._row_limit
            )
            return tables, search.run(plan, subject), extracted_at

        return self._database.run(work)

    def _tables(self, connection: sa.Connection, plan: Plan) -> Mapping[str, Table]:
        tables, wrong = compare(connection, self.dataset, plan.collections)
        if wrong:
            raise ConnectorError(
                f"{self.key}: {wrong[0].message}", permanent=True, fault=wrong[0].fault, place=wrong[0].place
            )
        return tables

    def _matcher(self, connection: sa.Connection) -> Matcher:
        postgresql = self._database.is_postgresql
        return Matcher(postgresql, self._calling_code, lower_collation(connection) if postgresql else None)

    def _misfits(self, connection: sa.Connection) -> list[str]:
        tables, wrong = compare(connection, self.dataset, self._plan.collections)
        for table in tables.values() if not wrong else ():
            allowed = sa.select(*table.columns.values()).select_from(table.source).limit(0)
            self._database.query(connection, allowed, place=table.collection.name)
        return [f"{self.key}: {misfit.message}" for misfit in wrong]

    def _log(self, found: Mapping[str, Found]) -> Iterator[QueryLogEntry]:
        for collection in self.dataset.collections:
            if collection.name in found:
                rows = found[collection.name]
                yield QueryLogEntry(public_name(self.dataset, collection), len(rows.rows), rows.truncated)


def _can_be_looked_for(kind: str, value: str, calling_code: str) -> bool:
    if kind == "email":
        return bool(email_variants(value))
    return kind != "phone" or bool(phone_variants(value, calling_code))
