"""Whatever hangs together how, and whatever is asked for: no row of anybody else changes, and no half is done."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from exports.connectors.base import ConnectorError
from exports.connectors.sql import SqlConnector
from exports.domain.changes import ChangeResult, Measures
from exports.domain.enums import Measure
from exports.domain.records import Outcome, Subject

from .foreign import EMAIL, KEY, Foreign, belongs_to, dataset, with_activities

TABLES = (
    "CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, company_id INTEGER REFERENCES companies (id),"
    " manager_id INTEGER REFERENCES people (id), held BOOLEAN)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, email TEXT, person_id INTEGER REFERENCES people (id), held BOOLEAN)",
    "CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id) ON DELETE CASCADE, what TEXT)",
)
PERSONAL = "data_categories: [user]"
HELD = "data_categories: [user], meta: {restrict: true, withdraw: true}"
DATASET = with_activities(
    dataset(
        {
            "companies": {"id": KEY, "name": PERSONAL},
            "people": {
                "id": KEY,
                "email": EMAIL,
                "company_id": belongs_to("companies.id"),
                "manager_id": belongs_to("people.id"),
                "held": HELD,
            },
            "orders": {"id": KEY, "email": EMAIL, "person_id": belongs_to("people.id"), "held": HELD},
            "lines": {"id": KEY, "order_id": belongs_to("orders.id"), "what": PERSONAL},
        }
    ),
    companies="PA01",
    people="PA02",
    orders="PA03",
    lines="PA04",
)
ADDRESSES = st.sampled_from(["åse@example.com", "ÅSE@example.com", "bjørn@example.com", "", None])


@st.composite
def databases(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """A few rows in every table that refer to each other in any way the database allows."""

    def ids(most: int) -> list[int]:
        return list(range(1, draw(st.integers(1, most)) + 1))

    companies, people, orders, lines = ids(2), ids(5), ids(4), ids(3)

    def one_of(some: list[int]) -> int | None:
        return draw(st.none() | st.sampled_from(some))

    return {
        "companies": [{"id": i, "name": f"Firma {i}"} for i in companies],
        "people": [
            {
                "id": i,
                "email": draw(ADDRESSES),
                "company_id": one_of(companies),
                "manager_id": one_of(list(range(1, i + 1))),
                "held": None,
            }
            for i in people
        ],
        "orders": [{"id": i, "email": draw(ADDRESSES), "person_id": one_of(people), "held": None} for i in orders],
        "lines": [{"id": i, "order_id": one_of(orders), "what": f"Vare {i}"} for i in lines],
    }


GOES = [Measure.DELETE, Measure.DELETE, Measure.ANONYMISE, Measure.KEEP]
MEASURES = st.fixed_dictionaries(
    {
        "PA01": st.sampled_from(GOES),
        "PA02": st.sampled_from([*GOES, Measure.RESTRICT]),
        "PA03": st.sampled_from([*GOES, Measure.RESTRICT]),
        "PA04": st.sampled_from(GOES),
    }
)
ÅSE = Subject(emails=("åse@example.com",))


def content(foreign: Foreign, rows: dict[str, list[dict[str, Any]]]) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Every row by table and id."""
    return {(table, row[0]): row for table, some in rows.items() for row in foreign.rows(table, *some[0])}


def theirs(connector: SqlConnector) -> set[tuple[str, int]]:
    """The rows that a reading hands over to Åse."""
    return {(record.collection, int(record.key)) for record in connector.read(ÅSE).records}


def erased(connector: SqlConnector, measures: Measures) -> ChangeResult | None:
    """What erasing did, or None when it was refused for good."""
    try:
        return connector.erase(ÅSE, measures)
    except ConnectorError as error:
        if not error.permanent:
            raise
        return None


@settings(max_examples=60)
@given(rows=databases(), measures=MEASURES)
def test_no_row_of_a_stranger_ever_changes(rows: dict[str, list[dict[str, Any]]], measures: Measures) -> None:
    with tempfile.TemporaryDirectory() as folder:
        foreign = Foreign(f"sqlite:///{folder}/shop.sqlite3", Path(folder), is_postgresql=False)
        foreign.fill(*TABLES, **rows)
        connector = foreign.connector(DATASET, writable=True)
        before, own = content(foreign, rows), theirs(connector)
        colleagues = [row for (table, i), row in before.items() if table == "people" and (table, i) not in own]
        shared = {("companies", row[2]) for row in colleagues}
        strangers = {place: row for place, row in before.items() if place not in own - shared}
        result = erased(connector, measures)
        after = content(foreign, rows)
        if result is None:
            assert after == before
        else:
            deleted = sum(one.rows for one in result.affected if one.measure is Measure.DELETE)
            assert len(before) - len(after) == deleted
            assert connector.verify(ÅSE, measures).outcome in (Outcome.DONE, Outcome.KEPT)
            again = erased(connector, measures)
            assert again is not None
            assert again.rows == 0
            assert content(foreign, rows) == after
        connector.withdraw(ÅSE)
        connector.restrict(ÅSE, ["PA02", "PA03"], list)
        after = content(foreign, rows)
        assert {place: after.get(place) for place in strangers} == strangers
