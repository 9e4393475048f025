"""Withdrawing and restricting: a mark in the person's rows, once, and looked at once more."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import time_machine

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.sql import SqlConnector
from exports.domain.changes import Affected, FieldChange
from exports.domain.enums import Measure
from exports.domain.records import Outcome, Subject

from .foreign import EMAIL, KEY, Foreign, dataset, with_activities

ÅSE = Subject(emails=("ÅSE@example.com",))
NOON = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
COLLECTIONS = {
    "people": {"id": KEY, "email": EMAIL, "news": "meta: {withdraw: false}", "held": "meta: {restrict: true}"},
    "consents": {"email": EMAIL, "ended_at": "fides_meta: {read_only: true}, meta: {withdraw: now}"},
    "letters": {"id": KEY, "email": EMAIL, "text": "data_categories: [user]"},
}


def forget(marks: Sequence[FieldChange]) -> None:
    """Keep nothing."""


@pytest.fixture
def shop(foreign: Foreign) -> SqlConnector:
    """Åse, who has two consents, one of them ended; and Bjørn."""
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, news BOOLEAN NOT NULL, held BOOLEAN)",
        "CREATE TABLE consents (email TEXT, ended_at TIMESTAMP)",
        "CREATE TABLE letters (id INTEGER PRIMARY KEY, email TEXT, text TEXT)",
        people=[
            {"id": 1, "email": "åse@example.com", "news": True, "held": None},
            {"id": 2, "email": "bjørn@example.com", "news": True, "held": None},
        ],
        consents=[
            {"email": "Åse@example.com", "ended_at": None},
            {"email": "åse@example.com", "ended_at": "2025-01-01 09:00:00"},
            {"email": "bjørn@example.com", "ended_at": None},
        ],
        letters=[{"id": 1, "email": "åse@example.com", "text": "Hei"}],
    )
    described = dataset(COLLECTIONS, timezone="Europe/Oslo")
    described = with_activities(described, people="PA03, PA08", consents="PA08", letters="PA04")
    return foreign.connector(described, writable=True)


def test_withdrawing_stops_what_is_not_stopped_yet(foreign: Foreign, shop: SqlConnector) -> None:
    with time_machine.travel(NOON, tick=False):
        result = shop.withdraw(ÅSE)
    assert (result.outcome, result.verified, result.at) == (Outcome.DONE, True, NOON)
    assert result.affected == (Affected("people", None, 1), Affected("consents", None, 1))
    ended = {email: str(at) for email, at in foreign.rows("consents", "email", "ended_at")}
    assert ended == {
        "Åse@example.com": "2026-07-01 12:00:00",  # as the website writes its times
        "åse@example.com": "2025-01-01 09:00:00",
        "bjørn@example.com": "None",
    }
    assert [bool(news) for _, news in foreign.rows("people", "id", "news")] == [False, True]


def test_whoever_has_stopped_already_is_done_and_the_first_time_stays(foreign: Foreign, shop: SqlConnector) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        shop.withdraw(ÅSE)
        clock.shift(3600)
        again = shop.withdraw(ÅSE)
    assert (again.outcome, again.verified, again.affected) == (Outcome.DONE, True, ())
    assert "2026-07-01 13:00:00" not in {str(at) for (at,) in foreign.rows("consents", "ended_at")}


def test_whoever_is_not_there_has_nothing_to_withdraw(shop: SqlConnector) -> None:
    assert shop.withdraw(Subject(emails=("kari@example.com",))).outcome is Outcome.NOT_FOUND
    assert shop.withdraw(Subject(phones=("10000101",))).outcome is Outcome.MANUAL


def test_restricting_marks_the_rows_of_the_activity(foreign: Foreign, shop: SqlConnector) -> None:
    result = shop.restrict(ÅSE, ["PA03"], forget)
    assert (result.outcome, result.verified) == (Outcome.DONE, True)
    assert result.affected == (Affected("people", Measure.RESTRICT, 1),)
    assert [bool(held) for _, held in foreign.rows("people", "id", "held")] == [True, False]
    assert shop.restrict(ÅSE, ["PA03"], forget).affected == ()


def test_rows_without_a_mark_of_their_own_are_told(shop: SqlConnector) -> None:
    result = shop.restrict(ÅSE, ["PA08", "PA04"], forget)
    assert result.outcome is Outcome.DONE
    assert set(result.affected) == {
        Affected("people", Measure.RESTRICT, 1),
        Affected("consents", Measure.KEEP, 2),
        Affected("letters", Measure.KEEP, 1),
    }
    alone = shop.restrict(ÅSE, ["PA04"], forget)
    assert (alone.outcome, alone.rows) == (Outcome.MANUAL, 0)
    assert alone.instruction is not None
    assert "Letters" in alone.instruction.text.nb
    assert shop.restrict(ÅSE, ["PA09"], forget).outcome is Outcome.NOT_FOUND


def test_a_mark_that_the_column_does_not_take_is_a_fault_of_the_dataset(foreign: Foreign) -> None:
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, level INTEGER)",
        people=[{"id": 1, "email": "åse@example.com", "level": 3}],
    )
    described = dataset({"people": {"id": KEY, "email": EMAIL, "level": "meta: {withdraw: none}"}})
    with pytest.raises(ConnectorError, match=r"shop: what the dataset wants written into people\.level") as caught:
        foreign.connector(described, writable=True).withdraw(ÅSE)
    assert (caught.value.fault, caught.value.place, caught.value.permanent) == (Fault.NO_WAY, "people.level", True)
    assert foreign.rows("people", "level") == [(3,)]


def test_lifting_puts_back_what_stood_there_and_leaves_the_marks_of_others(
    foreign: Foreign, shop: SqlConnector
) -> None:
    foreign.fill(people=[{"id": 3, "email": "åse@example.com", "news": True, "held": True}])
    marks: list[FieldChange] = []
    shop.restrict(ÅSE, ["PA03"], marks.extend)
    assert [(mark.collection, mark.key, mark.name, mark.after) for mark in marks] == [("people", "1", "held", True)]
    assert [bool(held) for _, held in foreign.rows("people", "id", "held")] == [True, False, True]
    lifted = shop.unrestrict(ÅSE, marks)
    assert (lifted.outcome, lifted.verified, lifted.affected) == (Outcome.DONE, True, (Affected("people", None, 1),))
    assert foreign.rows("people", "id", "held")[:2] == [(1, None), (2, None)]
    assert [bool(held) for _, held in foreign.rows("people", "id", "held")] == [False, False, True]
    again = shop.unrestrict(ÅSE, marks)
    assert (again.outcome, again.affected) == (Outcome.DONE, ())


def test_a_field_that_holds_something_else_by_now_stays(foreign: Foreign) -> None:
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, state TEXT, held_at TIMESTAMP)",
        people=[
            {"id": 1, "email": "åse@example.com", "state": "active", "held_at": None},
            {"id": 2, "email": "åse@example.com", "state": "trial", "held_at": None},
        ],
    )
    described = dataset(
        {"people": {"id": KEY, "email": EMAIL, "state": "meta: {restrict: held}", "held_at": "meta: {restrict: now}"}},
        timezone="Europe/Oslo",
    )
    shop = foreign.connector(with_activities(described, people="PA03"), writable=True)
    marks: list[FieldChange] = []
    shop.restrict(ÅSE, ["PA03"], marks.extend)
    with foreign.writer().begin() as connection:
        connection.exec_driver_sql("UPDATE people SET state = 'closed' WHERE id = 2")
    lifted = shop.unrestrict(ÅSE, marks)
    assert (lifted.outcome, lifted.rows) == (Outcome.DONE, 2)
    assert foreign.rows("people", "id", "state", "held_at") == [(1, "active", None), (2, "closed", None)]


def test_rows_without_a_key_are_known_by_what_they_held_or_left_to_a_person(foreign: Foreign) -> None:
    foreign.fill(
        "CREATE TABLE visits (email TEXT, page TEXT, held BOOLEAN, held_by TEXT)",
        visits=[{"email": "åse@example.com", "page": page, "held": None, "held_by": None} for page in ("home", "shop")],
    )
    described = dataset(
        {
            "visits": {
                "email": EMAIL, "page": "data_categories: [user]", "held": "meta: {restrict: true}",
                "held_by": "meta: {restrict: us}",
            }
        }
    )  # fmt: skip
    shop = foreign.connector(with_activities(described, visits="PA03"), writable=True)
    marks: list[FieldChange] = []
    shop.restrict(ÅSE, ["PA03"], marks.extend)
    assert len(marks) == 4
    with foreign.writer().begin() as connection:
        connection.exec_driver_sql("UPDATE visits SET page = 'basket' WHERE page = 'shop'")
    lifted = shop.unrestrict(ÅSE, marks)
    assert (lifted.outcome, lifted.rows) == (Outcome.FAILED, 1)
    standing = {page: (bool(held), by) for page, held, by in foreign.rows("visits", "page", "held", "held_by")}
    assert standing == {"home": (False, None), "basket": (True, "us")}


def test_what_cannot_be_remembered_is_not_marked(foreign: Foreign, shop: SqlConnector) -> None:
    def fail(marks: Sequence[FieldChange]) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        shop.restrict(ÅSE, ["PA03"], fail)
    assert foreign.rows("people", "id", "held") == [(1, None), (2, None)]


def test_a_mark_in_a_field_that_the_dataset_has_lost_is_for_a_person(shop: SqlConnector) -> None:
    gone = FieldChange("people", "1", "frozen", None, True)
    with pytest.raises(ConnectorError) as caught:
        shop.unrestrict(ÅSE, [gone])
    assert (caught.value.fault, caught.value.place) == (Fault.MISSING_FIELD, "people.frozen")
    assert shop.unrestrict(ÅSE, []).outcome is Outcome.NOT_FOUND
