"""One search sees one state of a database that others go on writing to."""

import pytest
import sqlalchemy as sa

from exports.connectors.base import ConnectorError
from exports.connectors.sql.database import Database

from .foreign import Foreign


def test_what_is_written_meanwhile_is_not_seen(foreign: Foreign) -> None:
    if not foreign.is_postgresql:
        with foreign.writer().connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")  # lets others write while somebody reads
    foreign.fill("CREATE TABLE people (id INTEGER)", people=[{"id": 1}])
    database = Database("shop", foreign.url, timeout=10)
    statement = sa.select(sa.func.count()).select_from(sa.table("people"))

    def work(connection: sa.Connection) -> tuple[int, int]:
        before = database.query(connection, statement, place="people")[0][0]
        foreign.fill(people=[{"id": 2}])
        after = database.query(connection, statement, place="people")[0][0]
        return before, after

    assert database.run(work) == (1, 1)
    assert foreign.count("people") == 2


def test_the_connection_itself_refuses_to_write(foreign: Foreign) -> None:
    foreign.fill("CREATE TABLE people (id INTEGER)")
    database = Database("shop", foreign.url, timeout=10)

    def work(connection: sa.Connection) -> None:
        connection.exec_driver_sql("INSERT INTO people VALUES (1)")

    with pytest.raises(ConnectorError, match="would have to be written to"):
        database.run(work)
    assert foreign.count("people") == 0


def test_a_database_shows_no_credentials(foreign: Foreign) -> None:
    assert repr(Database("shop", foreign.url, timeout=1)) == "<Database of shop>"
