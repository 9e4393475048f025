"""Any SQL database that a dataset file describes: the website's own, a shop, a warehouse of events."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from exports.connectors.base import (
    SEARCH_COMPLETE,
    ConnectorError,
    Fault,
    ProbeResult,
    bad_settings,
    check_keys,
    number_setting,
    text_setting,
)
from exports.connectors.dataset import Dataset, DatasetError, load
from exports.domain.identifiers import email_variants, phone_variants
from exports.domain.records import (
    Instruction,
    Label,
    LocateResult,
    Outcome,
    QueryLogEntry,
    ReadResult,
    Subject,
    Verb,
)

from .correctable import correctable
from .database import Database
from .matching import Matcher, lower_collation
from .plan import Plan, make_plan
from .results import hits, public_name, records
from .search import Found, Search
from .tables import Table, compare

_KIND_IN_WORDS = {
    "email": ("e-mail address", "e-postadresse"),
    "phone": ("phone number", "telefonnummer"),
    "phone_number": ("phone number", "telefonnummer"),
    "customer_number": ("customer number", "kundenummer"),
}
_SETTINGS = ("url", "dataset", "row_limit", "timeout", "calling_code")
DEFAULT_ROW_LIMIT = 20_000
DEFAULT_TIMEOUT = 30.0


class SqlConnector:
    """A database behind a dataset file; it is only ever read.

    Settings: `url` (`sqlite:////folder/file.sqlite3` or `postgresql://user:password@host/database`),
    `dataset` (path of the file), `row_limit` (rows of one collection, 20 000), `timeout` (seconds of one
    query, 30), `calling_code` (of phone numbers without a prefix, "47").
    """

    abilities: frozenset[Verb] = frozenset({Verb.PROBE, Verb.LOCATE, Verb.READ})

    def __init__(
        self,
        key: str,
        *,
        database: Database,
        dataset: Dataset,
        row_limit: int = DEFAULT_ROW_LIMIT,
        calling_code: str = "47",
    ) -> None:
        self.key = key
        self.dataset = dataset
        self._database = database
        self._plan = make_plan(dataset)
        self._row_limit = row_limit
        self._calling_code = calling_code

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
        database = Database(system_id, text_setting(system_id, settings, "url"), timeout=timeout)
        path = settings.get("dataset")
        try:
            return cls(
                system_id,
                database=database,
                dataset=load(path if isinstance(path, Path) else Path(text_setting(system_id, settings, "dataset"))),
                row_limit=int(row_limit),
                calling_code=calling_code,
            )
        except DatasetError as error:
            raise ConnectorError(f"{system_id}: {error}", permanent=True, fault=Fault.BAD_DATASET) from error

    def correctable(self, collection: str) -> frozenset[str]:
        """The fields of a collection that may be corrected; none where the dataset has no such collection."""
        return correctable(self.dataset, collection)

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
        searched_by = _searched_by(plan, subject, self._calling_code)
        if not searched_by:
            return LocateResult(system=self.key, outcome=Outcome.MANUAL, instruction=self._cannot_search(plan))
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
        searched_by = _searched_by(self._plan, subject, self._calling_code)
        if not searched_by:
            return ReadResult(
                system=self.key,
                outcome=Outcome.MANUAL,
                extracted_at=datetime.now(UTC),
                instruction=self._cannot_search(self._plan),
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

    def _search(self, plan: Plan, subject: Subject) -> tuple[Mapping[str, Table], Mapping[str, Found], datetime]:
        """The rows by collection, and the moment they are as of."""

        def work(connection: sa.Connection) -> tuple[Mapping[str, Table], Mapping[str, Found], datetime]:
            extracted_at = datetime.now(UTC)
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

    def _cannot_search(self, plan: Plan) -> Instruction:
        """What to do about a person of whom we know nothing that this database knows."""
        kinds = dict.fromkeys(_KIND_IN_WORDS.get(s.identity, (s.identity, s.identity)) for s in plan.starts)
        en, nb = (", ".join(words) for words in zip(*kinds, strict=True)) if kinds else ("", "")
        return Instruction(
            Label(
                en=f"{self.dataset.label.en} can only be searched by: {en}. The case holds none of these."
                " Find one in the other systems or ask the person, then run the search again.",
                nb=f"{self.dataset.label.nb} kan bare gjennomsøkes med: {nb}. Saken inneholder ingen av delene."
                " Finn en opplysning i de andre systemene eller spør personen, og kjør søket på nytt.",
            ),
            due_working_days=SEARCH_COMPLETE,
        )


def _searched_by(plan: Plan, subject: Subject, calling_code: str) -> tuple[str, ...]:
    """The kinds of identifier by which the plan can begin, as far as the subject has one that can be looked for."""
    kinds = {"phone" if s.identity == "phone_number" else s.identity for s in plan.starts}
    return tuple(
        kind
        for kind in subject.kinds
        if kind in kinds and any(_can_be_looked_for(kind, value, calling_code) for value in subject.values_of(kind))
    )


def _can_be_looked_for(kind: str, value: str, calling_code: str) -> bool:
    if kind == "email":
        return bool(email_variants(value))
    return kind != "phone" or bool(phone_variants(value, calling_code))
