"""How rows come out: every value faithful and fit for JSON, every row once, a cap that says so."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from exports.connectors.sql.values import to_moment, to_scalar
from exports.domain.records import (
    FieldValue,
    Label,
    Origin,
    ReadResult,
    Scalar,
    Subject,
    ValueNote,
    Withheld,
)
from exports.domain.records_json import from_json, to_json

from .foreign import EMAIL, KEY, Foreign, column, dataset, leads_from

OLA = Subject(emails=("ola@example.com",))
OSLO = ZoneInfo("Europe/Oslo")


def values(result: ReadResult) -> dict[str, FieldValue]:
    """The fields of the one record by name."""
    (record,) = result.records
    return {value.name: value for value in record.fields}


def plain(result: ReadResult) -> dict[str, Scalar]:
    """The bare values of the one record by name."""
    return {name: value.value for name, value in values(result).items()}


def test_values_that_both_databases_have(foreign: Foreign) -> None:
    described = dataset(
        {"t": {"email": EMAIL, "n": "", "price": "", "day": "", "at": "", "yes": "", "missing": "", "blank": ""}},
        timezone="Europe/Oslo",
    )
    foreign.fill(
        "CREATE TABLE t (email TEXT, n BIGINT, price DOUBLE PRECISION, day DATE, at TIMESTAMP, yes BOOLEAN,"
        " missing TEXT, blank TEXT)",
        "INSERT INTO t VALUES ('ola@example.com', 9007199254740993, 0.1, '2026-02-28', '2026-07-01 12:30:00', true,"
        " NULL, '')",
    )
    result = foreign.connector(described).read(OLA)
    assert plain(result) == {
        "email": "ola@example.com",
        "n": 9007199254740993,
        "price": 0.1,
        "day": "2026-02-28",
        "at": "2026-07-01T12:30:00+02:00",
        "yes": True,
        "missing": None,
        "blank": "",
    }
    assert values(result)["at"].note is ValueNote.ZONE_ASSUMED
    assert result.assumed_zone == "Europe/Oslo"
    assert from_json(to_json(result)) == result


@pytest.mark.services
def test_values_that_only_postgresql_has(on_postgresql: Foreign) -> None:
    columns = {
        "tz": ("timestamptz", "'2026-07-01 12:30:00+02'", "2026-07-01T10:30:00+00:00"),
        "forever": ("timestamptz", "'infinity'", "infinity"),
        "antique": ("date", "'0044-03-15 BC'", "0044-03-15 BC"),
        "future": ("timestamp", "'12026-01-01 00:00:00'", "12026-01-01 00:00:00"),
        "hour": ("time", "'23:59:59'", "23:59:59"),
        "span": ("interval", "'1 month 2 hours'", "1 mon 02:00:00"),
        "money": ("numeric(12,2)", "1234567890.10", "1234567890.10"),
        "no_number": ("numeric", "'NaN'", "NaN"),
        "no_float": ("float8", "'-infinity'", "-inf"),
        "id": ("uuid", "'00000000-0000-4000-8000-000000000001'", "00000000-0000-4000-8000-000000000001"),
        "doc": ("jsonb", """'{"navn": "Åse", "n": [1, null]}'""", '{"n": [1, null], "navn": "Åse"}'),
        "tags": ("text[]", "'{blå,grønn}'", '["blå", "grønn"]'),
        "bytes": ("bytea", r"'\x00ff10'", "<3 bytes>"),
        "host": ("inet", "'192.0.2.7'", "192.0.2.7"),
        "range": ("int4range", "'[1,5)'", "[1, 5)"),
        "mood": ("mood", "'glad'", "glad"),
        "padded": ("char(5)", "'ab'", "ab   "),
    }
    described = dataset({"t": {"email": EMAIL, **dict.fromkeys(columns, "")}})
    made = ", ".join(f"{name} {kind}" for name, (kind, _, _) in columns.items())
    given_values = ", ".join(value for _, value, _ in columns.values())
    on_postgresql.fill(
        "CREATE TYPE mood AS ENUM ('glad', 'trist')",
        f"CREATE TABLE t (email TEXT, {made})",
        f"INSERT INTO t VALUES ('ola@example.com', {given_values})",  # noqa: S608
    )
    result = on_postgresql.connector(described).read(OLA)
    expected = {name: value for name, (_, _, value) in columns.items()}
    assert plain(result) == {"email": "ola@example.com", **expected}
    notes = {name: value.note for name, value in values(result).items() if value.note}
    assert notes == {"bytes": ValueNote.BINARY}
    assert from_json(to_json(result)) == result


@pytest.mark.services
def test_times_do_not_depend_on_how_the_server_is_set_up(on_postgresql: Foreign) -> None:
    url = sa.make_url(on_postgresql.url)
    set_up = f"{url.query['options']} -ctimezone=Asia/Tokyo -cdatestyle=German"
    abroad = Foreign(
        url.update_query_dict({"options": set_up}).render_as_string(hide_password=False),
        on_postgresql.folder,
        is_postgresql=True,
    )
    abroad.fill(
        "CREATE TABLE t (email TEXT, at TIMESTAMPTZ, day DATE)",
        "INSERT INTO t VALUES ('ola@example.com', '2026-07-01 12:30:00+02', '2026-02-03')",
    )
    result = abroad.connector(dataset({"t": {"email": EMAIL, "at": "", "day": ""}})).read(OLA)
    assert plain(result) == {"email": "ola@example.com", "at": "2026-07-01T10:30:00+00:00", "day": "2026-02-03"}


def test_values_that_only_sqlite_has(on_sqlite: Foreign) -> None:
    described = dataset({"t": {"email": EMAIL, "broken": "", "blob": "", "at": "", "day": "", "epoch": "", "flag": ""}})
    on_sqlite.fill(
        "CREATE TABLE t (email TEXT, broken TEXT, blob BLOB, at DATETIME, day DATETIME, epoch DATETIME, flag BOOLEAN)",
        "INSERT INTO t VALUES ('ola@example.com', CAST(x'c35f' AS TEXT), x'0001', 'in spring', '2026-05-17',"
        " 1751365800, 'maybe')",
    )
    result = on_sqlite.connector(described).read(OLA)
    assert plain(result) == {
        "email": "ola@example.com",
        "broken": "\ufffd_",
        "blob": "<2 bytes>",
        "at": "in spring",
        "day": "2026-05-17",
        "epoch": 1751365800,
        "flag": "maybe",
    }
    assert values(result)["blob"].note is ValueNote.BINARY


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.decimals(),
    st.datetimes(timezones=st.none() | st.just(UTC)),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.ip_addresses(),
    st.lists(st.integers() | st.dates() | st.decimals()),
    st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)),
)
KINDS = st.sampled_from([sa.Text(), sa.DateTime(), sa.Date(), sa.Boolean(), sa.LargeBinary(), sa.Numeric(), None])


@given(raw=ANYTHING, kind=KINDS, data_type=st.sampled_from([None, "boolean", "string"]))
def test_whatever_a_driver_returns_becomes_something_json_can_hold(
    raw: object, kind: object, data_type: str | None
) -> None:
    value, note = to_scalar(raw, kind, data_type, OSLO)
    FieldValue("x", label=Label("x", "x"), value=value, note=note)  # refuses what JSON cannot hold
    assert (value is None) == (raw is None)
    if isinstance(raw, str) and not isinstance(kind, sa.DateTime):
        assert value == raw
    if isinstance(raw, float) and math.isfinite(raw) and data_type != "boolean" and not isinstance(kind, sa.Boolean):
        assert value == raw


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-07-01 12:30:00", datetime(2026, 7, 1, 10, 30, tzinfo=UTC)),
        ("2026-01-01T12:30:00Z", datetime(2026, 1, 1, 12, 30, tzinfo=UTC)),
        ("2026-01-01", datetime(2025, 12, 31, 23, 0, tzinfo=UTC)),
        ("0001-01-01 00:00:00", None),
        ("soon", None),
        ("", None),
        (None, None),
        (1751365800, None),
    ],
)
def test_since_when(raw: object, moment: datetime | None) -> None:
    assert to_moment(raw, OSLO) == moment


def test_rows_alike_are_all_there_and_none_twice(foreign: Foreign) -> None:
    described = dataset({"visits": {"email": EMAIL, "second": EMAIL, "page": "data_categories: [user.behavior]"}})
    same = {"email": "ola@example.com", "second": "ola.n@example.com", "page": "/"}
    foreign.fill(
        "CREATE TABLE visits (email TEXT, second TEXT, page TEXT)", visits=[same, same, {**same, "page": "/kontakt"}]
    )
    result = foreign.connector(described).read(Subject(emails=("ola@example.com", "ola.n@example.com")))
    assert column(result, "visits", "page") == ["/", "/", "/kontakt"]
    assert len({record.key for record in result.records}) == 3


def test_a_wrong_primary_key_loses_no_rows(foreign: Foreign) -> None:
    described = dataset({"visits": {"email": EMAIL, "page": KEY}})
    foreign.fill(
        "CREATE TABLE visits (email TEXT, page TEXT)",
        visits=[{"email": "ola@example.com", "page": "/"}, {"email": "OLA@example.com", "page": "/"}],
    )
    assert column(foreign.connector(described).read(OLA), "visits", "email") == ["OLA@example.com", "ola@example.com"]


def test_keys_of_rows(foreign: Foreign) -> None:
    part = leads_from("people.id").replace("fides_meta: {", "fides_meta: {primary_key: true, ")
    described = dataset({"people": {"id": KEY, "email": EMAIL}, "lines": {"person": part, "n": KEY}})
    foreign.fill(
        "CREATE TABLE people (id INTEGER, email TEXT)",
        "CREATE TABLE lines (person INTEGER, n TEXT)",
        people=[{"id": 1, "email": "ola@example.com"}],
        lines=[{"person": 1, "n": "a,b"}, {"person": 1, "n": "å"}],
    )
    result = foreign.connector(described).read(OLA)
    assert sorted(record.key for record in result.records) == ["1", '[1, "a,b"]', '[1, "å"]']


@pytest.mark.parametrize(("rows", "truncated"), [(2, False), (3, False), (4, True), (9, True)])
def test_the_cap_says_when_it_cuts(foreign: Foreign, rows: int, truncated: bool) -> None:
    described = dataset(
        {"people": {"id": KEY, "email": EMAIL}, "orders": {"id": KEY, "person": leads_from("people.id")}}
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER, email TEXT)",
        "CREATE TABLE orders (id INTEGER, person INTEGER)",
        people=[{"id": 1, "email": "ola@example.com"}],
        orders=[{"id": i, "person": 1} for i in range(rows)],
    )
    result = foreign.connector(described, row_limit=3).read(OLA)
    assert column(result, "orders", "id") == list(range(min(rows, 3)))
    assert [(e.collection, e.rows, e.truncated) for e in result.query_log] == [
        ("people", 1, False),
        ("orders", min(rows, 3), truncated),
    ]
    assert result.truncated is truncated
    assert from_json(to_json(result)).truncated is truncated


def test_the_cap_holds_over_several_queries(foreign: Foreign) -> None:
    described = dataset({"people": {"id": KEY, "email": EMAIL, "number": "fides_meta: {identity: customer_number}"}})
    people = [{"id": i, "email": "ola@example.com", "number": "K-1" if i == 0 else None} for i in range(3)]
    people += [{"id": i, "email": None, "number": "K-1"} for i in range(3, 5)]
    foreign.fill("CREATE TABLE people (id INTEGER, email TEXT, number TEXT)", people=people)
    subject = Subject(emails=("ola@example.com",), customer_numbers=("K-1",))
    assert foreign.connector(described, row_limit=4).read(subject).truncated
    complete = foreign.connector(described, row_limit=5).read(subject)
    assert (complete.truncated, len(complete.records)) == (False, 5)


def test_a_withheld_value_is_never_fetched(foreign: Foreign) -> None:
    explodes = "CAST(1 / (id - id) AS TEXT)" if foreign.is_postgresql else "abs(-9223372036854775807 - id)"
    described = dataset({"people": {"id": KEY, "email": EMAIL, "secret": "meta: {withhold: security}"}})
    foreign.fill(
        "CREATE TABLE base (id INTEGER, email TEXT)",
        "INSERT INTO base VALUES (1, 'ola@example.com')",
        f"CREATE VIEW people AS SELECT id, email, {explodes} AS secret FROM base",  # noqa: S608
    )
    secret = values(foreign.connector(described).read(OLA))["secret"]
    assert (secret.value, secret.note, secret.withheld) == (None, ValueNote.WITHHELD, Withheld.SECURITY)


def test_a_record_tells_what_the_dataset_tells(foreign: Foreign) -> None:
    described = """
dataset:
  - fides_key: shop
    data_categories: [user.account]
    collections:
      - name: people
        fides_meta: {redact: name}
        meta: {label: {en: Customer, nb: Kunde}, activities: [PA03, PA08], origin: given}
        fields:
          - name: email
            data_categories: [user.contact.email, user.account]
            fides_meta: {identity: email}
            meta: {label: {en: E-mail, nb: E-post}}
          - name: lead_score
            fides_meta: {redact: name}
            meta: {origin: inferred}
          - name: opened_at
            meta: {since: true}
"""
    foreign.fill(
        "CREATE TABLE people (email TEXT, lead_score INTEGER, opened_at TIMESTAMP)",
        "INSERT INTO people VALUES ('ola@example.com', 7, '2026-01-01 12:00:00')",
    )
    result = foreign.connector(described).read(OLA)
    (record,) = result.records
    assert (record.system, record.collection, record.label.nb) == ("shop", "collection_1", "Kunde")
    assert (record.activities, record.since) == (("PA03", "PA08"), datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert [(f.name, f.label.en, f.value, f.category, f.origin) for f in record.fields] == [
        ("email", "E-mail", "ola@example.com", "user.contact.email", Origin.GIVEN),
        ("field_2", "Lead score", 7, "user.account", Origin.INFERRED),
        ("opened_at", "Opened at", "2026-01-01T12:00:00+00:00", "user.account", Origin.GIVEN),
    ]
    assert [entry.collection for entry in result.query_log] == ["collection_1"]


def test_odd_names_are_only_names(foreign: Foreign) -> None:
    described = """
dataset:
  - fides_key: shop
    collections:
      - name: 'people"; DROP TABLE base; --'
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
          - {name: 'E-post 100%', data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: 'select', data_categories: [user]}
"""
    odd = '"people""; DROP TABLE base; --"'
    percent = "%%" if foreign.is_postgresql else "%"
    foreign.fill(
        "CREATE TABLE base (id INTEGER)",
        f'CREATE TABLE {odd} (id INTEGER, "E-post 100{percent}" TEXT, "select" TEXT)',
        f"INSERT INTO {odd} VALUES (1, 'ola@example.com', 'ja')",  # noqa: S608
    )
    result = foreign.connector(described).read(OLA)
    assert plain(result) == {"id": 1, "E-post 100%": "ola@example.com", "select": "ja"}
    assert foreign.count("base") == 0


@pytest.mark.services
def test_tables_in_a_schema_of_their_own(on_postgresql: Foreign) -> None:
    schema = sa.make_url(on_postgresql.url).query["options"]
    assert isinstance(schema, str)
    name = schema.removeprefix("-csearch_path=")
    on_postgresql.fill("CREATE TABLE people (id INTEGER, email TEXT)", people=[{"id": 1, "email": "ola@example.com"}])
    described = dataset({"people": {"id": KEY, "email": EMAIL}})
    described = described.replace(
        "    collections:", f"    fides_meta: {{namespace: {{schema: {name}}}}}\n    collections:"
    )
    elsewhere = Foreign(
        sa.make_url(on_postgresql.url).set(query={}).render_as_string(hide_password=False),
        on_postgresql.folder,
        is_postgresql=True,
    )
    assert column(elsewhere.connector(described).read(OLA), "people", "id") == [1]
