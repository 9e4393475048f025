"""A foreign database: SQLite or PostgreSQL, one snapshot, one time limit; reading opens it so that it cannot write.

Errors of SQLAlchemy and of the drivers quote statements, values and addresses. They are translated here and
dropped, never chained.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from exports.connectors.base import ConnectorError, Fault, bad_settings

from .matching import digits, fold

_T = TypeVar("_T")

BUSY_RETRY_SECONDS = 30.0
_STEPS_BETWEEN_LOOKS_AT_THE_TIME = 10_000

# By class or code of SQLSTATE (ISO 9075; PostgreSQL manual, appendix A).
_FAULT_OF_SQLSTATE = {
    "28": (Fault.DENIED, True, "refuses the login"),
    "3D": (Fault.BAD_SETTINGS, True, "has no such database"),
    "3F": (Fault.BAD_SETTINGS, True, "has no such schema"),
    "42501": (Fault.DENIED, True, "does not allow to read"),
    "42P01": (Fault.MISSING_COLLECTION, True, "has no such table"),
    "42703": (Fault.MISSING_FIELD, True, "has no such column"),
    "25006": (Fault.REFUSED, True, "would have to be written to, which is never done"),
    "57014": (Fault.TIMEOUT, False, "did not answer in time"),
    "55P03": (Fault.LOCKED, False, "is locked"),
    "40": (Fault.LOCKED, False, "is busy"),
    "53": (Fault.UNREACHABLE, False, "has no room for another connection"),
    "57": (Fault.UNREACHABLE, False, "is shutting down or starting"),
    "08": (Fault.UNREACHABLE, False, "broke off the connection"),
}
# The same while writing, where it means something else.
_WRITING_FAULT_OF_SQLSTATE = {
    "42501": (Fault.DENIED, True, "does not allow to write"),
    "25006": (Fault.DENIED, True, "does not allow to write"),
    "22": (Fault.WRONG_TYPE, True, "does not take the value"),
    "23503": (Fault.STILL_NEEDED, True, "keeps the rows: another table still needs them"),
    "23": (Fault.REFUSED, True, "does not take the value: a rule of the table forbids it"),
}
_WRITING_FAULT_OF_SQLITE = {
    sqlite3.SQLITE_READONLY: (Fault.DENIED, True, "does not allow to write"),
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: (Fault.STILL_NEEDED, True, "keeps the rows: another table still needs them"),
    sqlite3.SQLITE_CONSTRAINT: (Fault.REFUSED, True, "does not take the value: a rule of the table forbids it"),
}
# By primary result code of SQLite (sqlite.org/rescode.html).
_FAULT_OF_SQLITE = {
    sqlite3.SQLITE_CANTOPEN: (Fault.UNREACHABLE, False, "cannot be opened: the file is missing or not readable"),
    sqlite3.SQLITE_BUSY: (Fault.LOCKED, False, "is locked"),
    sqlite3.SQLITE_LOCKED: (Fault.LOCKED, False, "is locked"),
    sqlite3.SQLITE_INTERRUPT: (Fault.TIMEOUT, False, "did not answer in time"),
    sqlite3.SQLITE_IOERR: (Fault.UNREACHABLE, False, "cannot be read from its disk"),
    sqlite3.SQLITE_NOTADB: (Fault.REFUSED, True, "is no SQLite file"),
    sqlite3.SQLITE_CORRUPT: (Fault.REFUSED, True, "is damaged"),
    sqlite3.SQLITE_PERM: (Fault.DENIED, True, "does not allow to read"),
    sqlite3.SQLITE_AUTH: (Fault.DENIED, True, "does not allow to read"),
    sqlite3.SQLITE_READONLY: (Fault.REFUSED, True, "would have to be written to, which is never done"),
}


class Database:
    """A database by URL. `timeout` is the number of seconds that one query may take, waiting for locks included."""

    def __init__(self, system: str, url: str, *, timeout: float) -> None:
        self.system = system
        self._timeout = timeout
        address = _parse(system, url)
        self.is_postgresql = address.get_backend_name() == "postgresql"
        if self.is_postgresql:
            self._reading = self._writing = self._postgresql(address)
        elif address.get_backend_name() == "sqlite":
            self._reading = self._sqlite(address, "ro")
            self._writing = self._sqlite(address, "rw")
        else:
            raise bad_settings(system, "setting 'url' must begin with sqlite:/// or postgresql://")

    def __repr__(self) -> str:
        return f"<Database of {self.system}>"

    def run(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Do the work in one read-only transaction that sees one state of the data.

        Raises ConnectorError for everything the database says.
        """
        try:
            with self._reading.connect() as connection:
                self._begin_reading(connection)
                return work(connection)
        except SQLAlchemyError as error:
            problem = self.translate(error, place="")
        raise problem  # outside the handler: the original must not travel with it

    def write(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Do the work in one transaction that may write: all of it, or nothing after any error.

        Nobody else changes the same rows meanwhile: SQLite waits for its turn, PostgreSQL says that it is busy.
        Raises ConnectorError. After one that is not permanent the work may have been done all the same: the
        connection can break off while it is committed. So the work must bear to be done twice.
        """
        try:
            with self._writing.connect() as connection:
                self._begin_writing(connection)
                done = work(connection)
                connection.commit()
                return done
        except SQLAlchemyError as error:
            problem = self.translate(error, place="", writing=True)
        raise problem

    def query(self, connection: sa.Connection, statement: sa.Executable, *, place: str) -> list[sa.Row[Any]]:
        """All rows of a statement. Raises ConnectorError that names the place."""
        try:
            return list(connection.execute(statement))
        except SQLAlchemyError as error:
            problem = self.translate(error, place)
        raise problem

    def execute(
        self,
        connection: sa.Connection,
        statement: sa.Executable,
        values: dict[str, Any] | None = None,
        *,
        place: str,
    ) -> int:
        """Write, and return how many rows were changed. Raises ConnectorError that names the place."""
        try:
            return connection.execute(statement, values).rowcount
        except SQLAlchemyError as error:
            problem = self.translate(error, place, writing=True)
        raise problem

    def translate(self, error: SQLAlchemyError, place: str, *, writing: bool = False) -> ConnectorError:
        """What an error of the driver means, without a word of what it says."""
        states = _FAULT_OF_SQLSTATE | (_WRITING_FAULT_OF_SQLSTATE if writing else {})
        codes = _FAULT_OF_SQLITE | (_WRITING_FAULT_OF_SQLITE if writing else {})
        cause = getattr(error, "orig", None)
        code = getattr(cause, "sqlstate", None) or ""
        known = states.get(code) or states.get(code[:2])
        if isinstance(cause, sqlite3.Error):
            number = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            code = getattr(cause, "sqlite_errorname", "")
            known = codes.get(number) or codes.get(number & 0xFF)  # the high bits of an extended code are detail
        elif not known and not code and isinstance(error, OperationalError | InterfaceError):
            known = (Fault.UNREACHABLE, False, "cannot be reached or refuses the login")  # libpq gives no code
        fault, permanent, words = known or (Fault.REFUSED, True, "refuses the query")
        detail = ", ".join(filter(None, (place and f"collection {place}", code)))
        return ConnectorError(
            f"{self.system}: the database {words}" + (f" ({detail})" if detail else ""),
            permanent=permanent,
            retry_after=None if permanent else BUSY_RETRY_SECONDS,
            fault=fault,
            place=place,
        )

    def _postgresql(self, address: sa.URL) -> sa.Engine:
        return sa.create_engine(
            address.set(drivername="postgresql+psycopg"),
            poolclass=sa.NullPool,
            hide_parameters=True,
            connect_args={
                "connect_timeout": max(2, round(self._timeout)),  # libpq takes whole seconds, 2 at least
                # A time limit is kept by the server; a server that is gone must be noticed by us.
                "keepalives_idle": 30,
                "keepalives_interval": 10,
                "keepalives_count": 3,
                "client_encoding": "utf8",
                "application_name": "datarett",
                "prepare_threshold": None,  # a pooler in between may not know our prepared statements
            },
        )

    def _sqlite(self, address: sa.URL, mode: str) -> sa.Engine:
        if not address.database or address.database == ":memory:":
            raise bad_settings(self.system, "setting 'url' must name a file: sqlite:////folder/file.sqlite3")
        file = f"{Path(address.database).absolute().as_uri()}?mode={mode}"

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(file, uri=True, timeout=self._timeout, isolation_level=None)

        engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool, hide_parameters=True)
        sa.event.listen(engine, "connect", self._equip)
        sa.event.listen(engine, "before_cursor_execute", _restart_watch)
        return engine

    def _equip(self, connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        """Give SQLite what it lacks: æøå in lower case, digits of a number, a time limit."""
        watch = _Watch(self._timeout)
        record.info["watch"] = watch
        connection.text_factory = _readable
        connection.create_function("datarett_fold", 1, fold, deterministic=True)
        connection.create_function("datarett_digits", 1, digits, deterministic=True)
        connection.set_progress_handler(watch.is_over, _STEPS_BETWEEN_LOOKS_AT_THE_TIME)

    def _begin_reading(self, connection: sa.Connection) -> None:
        """Begin a transaction that cannot write and sees one state of the data."""
        if not self.is_postgresql:
            connection.exec_driver_sql("BEGIN")  # the file is open for reading only
            return
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        self._settle(connection)

    def _begin_writing(self, connection: sa.Connection) -> None:
        """Begin a transaction that may write, sees one state of the data and keeps the rules of the tables."""
        if not self.is_postgresql:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
            connection.exec_driver_sql("PRAGMA secure_delete = ON")  # else what is deleted stays in the file
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE")
        self._settle(connection)

    def _settle(self, connection: sa.Connection) -> None:
        """Time limits and spellings of PostgreSQL, for this transaction."""
        milliseconds = str(max(1, round(self._timeout * 1000)))
        for name, value in (
            ("statement_timeout", milliseconds),
            ("lock_timeout", milliseconds),
            ("timezone", "UTC"),
            ("datestyle", "ISO, YMD"),
        ):
            connection.execute(sa.select(sa.func.set_config(name, value, True)))


class _Watch:
    """Stops a query of SQLite, which has no time limit of its own."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = float("inf")

    def start(self) -> None:
        """Begin to count anew."""
        self._end = time.monotonic() + self._seconds

    def is_over(self) -> bool:
        """True stops the query."""
        return time.monotonic() > self._end


def _restart_watch(connection: sa.Connection, *_: object) -> None:
    connection.info["watch"].start()


def _parse(system: str, url: str) -> sa.URL:
    try:
        return sa.make_url(f"postgresql://{rest}" if (rest := url.removeprefix("postgres://")) != url else url)
    except (SQLAlchemyError, ValueError):
        pass
    raise bad_settings(system, "setting 'url' is no database URL")


def _readable(raw: bytes) -> str:
    """Text of SQLite, where one broken byte must not hide the whole row."""
    return raw.decode("utf-8", "replace")
