"""What goes wrong with a foreign database: told plainly, classed rightly, without a word of what it holds."""

import hashlib
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.sql import SqlConnector
from exports.domain.records import Subject

from .foreign import EMAIL, KEY, SYSTEM, Foreign, assert_discreet, dataset, leads_from

ADDRESS = "ola.hemmelig@example.com"
OLA = Subject(emails=(ADDRESS,))
PEOPLE = dataset({"people": {"id": KEY, "email": EMAIL}})
TABLE = "CREATE TABLE people (id INTEGER, email TEXT)"


def fails(connector: SqlConnector, *told: str) -> ConnectorError:
    """The error of reading, discreet, with all of `told` in its message."""
    with pytest.raises(ConnectorError) as caught:
        connector.read(OLA)
    assert_discreet(caught, ADDRESS, "hemmelig")
    for words in told:
        assert words in str(caught.value)
    assert not connector.probe().ok
    return caught.value


def test_a_table_that_is_not_there(foreign: Foreign) -> None:
    foreign.fill("CREATE TABLE persons (id INTEGER, email TEXT)")
    error = fails(foreign.connector(PEOPLE), "no table for collection people of dataset shop")
    assert (error.permanent, error.fault, error.place) == (True, Fault.MISSING_COLLECTION, "people")


def test_a_column_that_is_not_there(foreign: Foreign) -> None:
    foreign.fill("CREATE TABLE people (id INTEGER, e_mail TEXT)")
    error = fails(
        foreign.connector(PEOPLE), "collection people of dataset shop has no column email (did you mean e_mail?)"
    )
    assert (error.permanent, error.fault, error.place) == (True, Fault.MISSING_FIELD, "people.email")


def test_probing_tells_everything_at_once(foreign: Foreign) -> None:
    described = dataset(
        {
            "people": {"id": KEY, "email": EMAIL, "name": ""},
            "orders": {"person": leads_from("people.id")},
            "visits": {"person": leads_from("people.id"), "page": ""},
        }
    )
    foreign.fill(TABLE, "CREATE TABLE visits (person INTEGER)")
    probed = foreign.connector(described).probe()
    assert (probed.ok, len(probed.problems)) == (False, 3)
    foreign.fill(
        "ALTER TABLE people ADD name TEXT",
        "ALTER TABLE visits ADD page TEXT",
        "CREATE TABLE orders (person INTEGER)",
    )
    assert foreign.connector(described).probe().ok


def test_a_query_without_end_is_stopped(foreign: Foreign) -> None:
    endless = (
        "SELECT 1 AS id, CAST(pg_sleep(600) AS TEXT) AS email"
        if foreign.is_postgresql
        else "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT i AS id, CAST(i AS TEXT) AS email FROM n"
    )
    foreign.fill(f"CREATE VIEW people AS {endless}")
    connector = foreign.connector(PEOPLE, timeout=0.2)
    with pytest.raises(ConnectorError) as caught:
        connector.read(OLA)
    assert_discreet(caught, ADDRESS)
    assert (caught.value.permanent, caught.value.fault, caught.value.place) == (False, Fault.TIMEOUT, "people")
    assert caught.value.retry_after is not None


def test_a_missing_file_is_away_and_is_not_made(on_sqlite: Foreign) -> None:
    error = fails(on_sqlite.connector(PEOPLE), "the file is missing or not readable")
    assert (error.permanent, error.fault) == (False, Fault.UNREACHABLE)
    assert list(on_sqlite.folder.glob("*.sqlite3*")) == []
    on_sqlite.fill(TABLE, people=[{"id": 1, "email": ADDRESS}])
    assert len(on_sqlite.connector(PEOPLE).read(OLA).records) == 1


def test_a_file_that_somebody_writes_to_is_locked(on_sqlite: Foreign) -> None:
    on_sqlite.fill(TABLE)
    connector = on_sqlite.connector(PEOPLE, timeout=0.1)
    with on_sqlite.writer().connect() as writer:
        writer.exec_driver_sql("BEGIN EXCLUSIVE")
        error = fails(connector, "is locked")
        assert (error.permanent, error.fault) == (False, Fault.LOCKED)
        writer.exec_driver_sql("ROLLBACK")
    assert connector.probe().ok


@pytest.mark.parametrize("content", [b"This is no database, " * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_that_is_no_database(on_sqlite: Foreign, content: bytes) -> None:
    (on_sqlite.folder / "shop.sqlite3").write_bytes(content)
    assert fails(on_sqlite.connector(PEOPLE)).permanent


def test_reading_leaves_the_file_as_it_was(on_sqlite: Foreign) -> None:
    on_sqlite.fill(TABLE, people=[{"id": 1, "email": ADDRESS}])
    file = on_sqlite.folder / "shop.sqlite3"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    file.chmod(0o444)
    assert len(on_sqlite.connector(PEOPLE).read(OLA).records) == 1
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert [path.name for path in on_sqlite.folder.iterdir() if path.name.startswith("shop.sqlite3")] == [file.name]


def test_a_path_with_signs_that_mean_something_in_a_url(tmp_path: Path) -> None:
    odd = tmp_path / "kunde?mode=rwc #1 æøå 100%"
    odd.mkdir()
    url = sa.URL.create("sqlite", database=str(odd / "shop.sqlite3")).render_as_string()
    foreign = Foreign(url, odd, is_postgresql=False)
    with sa.create_engine(f"sqlite:///{tmp_path / 'plain.sqlite3'}", poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(TABLE)
    (tmp_path / "plain.sqlite3").rename(odd / "shop.sqlite3")
    described = odd / "shop.dataset.yaml"
    described.write_text(PEOPLE, encoding="utf-8")
    assert foreign.connector(PEOPLE).probe().problems == ()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nobody listens: bound, so that nobody else takes it meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_server_that_does_not_answer_is_away(tmp_path: Path, closed_port: int, scheme: str) -> None:
    away = Foreign(f"{scheme}://shop:hemmelig@127.0.0.1:{closed_port}/shop", tmp_path, is_postgresql=True)
    error = fails(away.connector(PEOPLE, timeout=2), "shop: the database cannot be reached")
    assert (error.permanent, error.fault) == (False, Fault.UNREACHABLE)
    assert error.retry_after is not None


@pytest.mark.services
def test_a_wrong_password_is_not_told(on_postgresql: Foreign) -> None:
    wrong = sa.make_url(on_postgresql.url).set(password="hemmelig", username="nobody_here")
    foreign = Foreign(wrong.render_as_string(hide_password=False), on_postgresql.folder, is_postgresql=True)
    error = fails(foreign.connector(PEOPLE), "refuses the login")
    assert "nobody_here" not in str(error)


@pytest.mark.services
def test_a_table_that_may_not_be_read(on_postgresql: Foreign) -> None:
    role = f"reader_{secrets.token_hex(6)}"
    options = sa.make_url(on_postgresql.url).query["options"]
    assert isinstance(options, str)
    schema = options.removeprefix("-csearch_path=")
    on_postgresql.fill(TABLE, f"CREATE ROLE {role}", f"GRANT USAGE ON SCHEMA {schema} TO {role}")
    try:
        limited = sa.make_url(on_postgresql.url).update_query_dict({"options": f"{options} -crole={role}"})
        foreign = Foreign(limited.render_as_string(hide_password=False), on_postgresql.folder, is_postgresql=True)
        error = fails(foreign.connector(PEOPLE), "does not allow to read", "people")
        assert (error.permanent, error.fault, error.place) == (True, Fault.DENIED, "people")
        on_postgresql.fill(f"GRANT SELECT ON people TO {role}")
        assert foreign.connector(PEOPLE).probe().ok
    finally:
        on_postgresql.fill(f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@pytest.mark.services
def test_a_table_that_is_being_rebuilt_is_locked(on_postgresql: Foreign) -> None:
    on_postgresql.fill(TABLE)
    connector = on_postgresql.connector(PEOPLE, timeout=0.2)
    with on_postgresql.writer().begin() as writer:
        writer.exec_driver_sql("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
        error = fails(connector)
        assert (error.permanent, error.place) == (False, "people")
        assert error.fault in (Fault.LOCKED, Fault.TIMEOUT)  # both limits are the same
    assert connector.probe().ok


@pytest.mark.services
def test_nothing_can_be_written_by_reading(on_postgresql: Foreign) -> None:
    on_postgresql.fill(
        "CREATE TABLE trace (id INTEGER)",
        "CREATE FUNCTION tracing() RETURNS INTEGER LANGUAGE sql AS 'INSERT INTO trace VALUES (1) RETURNING id'",
        f"CREATE VIEW people AS SELECT tracing() AS id, '{ADDRESS}'::text AS email",
    )
    with pytest.raises(ConnectorError, match="would have to be written to") as caught:
        on_postgresql.connector(PEOPLE).read(OLA)
    assert_discreet(caught, ADDRESS)
    assert caught.value.permanent
    assert on_postgresql.count("trace") == 0


@pytest.mark.services
def test_an_error_of_the_database_does_not_quote_its_rows(on_postgresql: Foreign) -> None:
    on_postgresql.fill(
        "CREATE TABLE base (id INTEGER, email TEXT)",
        "CREATE VIEW people AS SELECT CAST(email AS INTEGER) AS id, email FROM base",
        base=[{"id": 1, "email": ADDRESS}],
    )
    with pytest.raises(ConnectorError) as caught:
        on_postgresql.connector(PEOPLE).read(OLA)
    assert_discreet(caught, ADDRESS, "hemmelig")
    assert (caught.value.fault, caught.value.permanent, caught.value.place) == (Fault.REFUSED, True, "people")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "setting 'url' is missing"),
        ({"url": ""}, "setting 'url' must be a text"),
        ({"url": 7}, "setting 'url' must be a text"),
        ({"url": "hemmelig words"}, "setting 'url' is no database URL"),
        ({"url": "postgresql://u:hemmelig@h:port/d"}, "setting 'url' is no database URL"),
        ({"url": "mysql://u:hemmelig@h/d"}, "must begin with sqlite:/// or postgresql://"),
        ({"url": "sqlite://"}, "must name a file"),
        ({"url": "sqlite:///:memory:"}, "must name a file"),
        ({"ulr": "hemmelig"}, "unknown setting 'ulr' (did you mean url?)"),
        ({"row_limit": 0}, "'row_limit' must be a number from 1"),
        ({"row_limit": "many"}, "'row_limit' must be a number from 1"),
        ({"row_limit": True}, "'row_limit' must be a number from 1"),
        ({"timeout": float("nan")}, "'timeout' must be a number from 0.01"),
        ({"calling_code": "norge"}, "'calling_code' must be digits"),
        ({"url": "sqlite:///x"}, "setting 'dataset' is missing"),
        ({"url": "sqlite:///x", "dataset": "missing.yaml"}, "missing.yaml: the file cannot be read"),
    ],
)
def test_settings_that_cannot_be_used(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        SqlConnector.from_settings(SYSTEM, settings)
    assert told in str(caught.value)
    assert str(caught.value).startswith("shop: ")
    assert "hemmelig" not in str(caught.value)
    assert caught.value.permanent
    assert caught.value.fault in (Fault.BAD_SETTINGS, Fault.BAD_DATASET)


def test_a_dataset_with_a_slip_is_refused_with_its_line(on_sqlite: Foreign) -> None:
    with pytest.raises(ConnectorError) as caught:
        on_sqlite.connector(PEOPLE.replace("identity", "identty"))
    assert "shop.dataset.yaml:7: shop.people.email.fides_meta.identty" in str(caught.value)
    assert caught.value.fault is Fault.BAD_DATASET
