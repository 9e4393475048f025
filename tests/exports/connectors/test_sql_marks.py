"""Withdrawing and restricting: a mark in the person's rows, once, and looked at once more."""

from datetime import UTC, datetime

import pytest
import time_machine

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.sql import SqlConnector
from exports.domain.changes import Affected
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
    result = shop.restrict(ÅSE, ["PA03"])
    assert (result.outcome, result.verified) == (Outcome.DONE, True)
    assert result.affected == (Affected("people", Measure.RESTRICT, 1),)
    assert [bool(held) for _, held in foreign.rows("people", "id", "held")] == [True, False]
    assert shop.restrict(ÅSE, ["PA03"]).affected == ()


def test_rows_without_a_mark_of_their_own_are_told(shop: SqlConnector) -> None:
    result = shop.restrict(ÅSE, ["PA08", "PA04"])
    assert result.outcome is Outcome.DONE
    assert set(result.affected) == {
        Affected("people", Measure.RESTRICT, 1),
        Affected("consents", Measure.KEEP, 2),
        Affected("letters", Measure.KEEP, 1),
    }
    alone = shop.restrict(ÅSE, ["PA04"])
    assert (alone.outcome, alone.rows) == (Outcome.MANUAL, 0)
    assert alone.instruction is not None
    assert "Letters" in alone.instruction.text.nb
    assert shop.restrict(ÅSE, ["PA09"]).outcome is Outcome.NOT_FOUND


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
