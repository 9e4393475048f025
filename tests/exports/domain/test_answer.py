"""What an answer may say, and the facts that are counted from it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from exports.domain.answer import (
    Cell,
    Collection,
    Column,
    ColumnKind,
    SearchOutcome,
    counts,
    history,
    missing_information,
    moment,
)
from requests_app.domain.enums import Outcome
from tests.exports.answers import an_answer, with_cells, without_data

TEXT = Column("a", "A")


def test_the_facts_in_numbers() -> None:
    found = counts(an_answer(rows=60))
    assert (found.systems_searched, found.entries, found.activities) == (4, 64, 2)
    assert (found.years, found.years_covered) == ((2024, 2026), 3)


def test_nothing_found_is_counted_too() -> None:
    found = counts(without_data())
    assert (found.systems_searched, found.entries, found.years, found.years_covered) == (4, 0, None, 0)


def test_a_system_that_has_not_answered_was_not_searched() -> None:
    answer = an_answer()
    waiting = replace(answer.systems[3], outcome=SearchOutcome.STILL_MISSING, searched_at=None)
    answer = replace(answer, systems=(*answer.systems[:3], waiting))
    assert counts(answer).systems_searched == 3


@pytest.mark.parametrize(
    "value, years",
    [
        (datetime(2019, 1, 1, tzinfo=UTC), [2019]),
        ("2019-06-01T12:00:00Z", [2019]),
        ("2019-06-01 12:00:00", [2019]),
        (date(1984, 3, 17), []),  # a birthday is no history
        ("1984-03-17", []),
        ("0001-01-01T00:00:00", []),  # what vendors write for "never"
        ("1970-01-01T00:00:00Z", []),
        ("2099-01-01T00:00:00Z", []),
        ("soon", []),
        (None, []),
    ],
)
def test_years_come_from_points_in_time(value: Cell, years: list[int]) -> None:
    answer = with_cells(value, kind=ColumnKind.TIME)
    assert [time.year for time in history(answer, answer.systems[0])] == years


@pytest.mark.parametrize(
    "value, expected",
    [
        ("2026-05-21", date(2026, 5, 21)),
        ("2026-05-21T10:14:00+00:00", datetime(2026, 5, 21, 10, 14, tzinfo=UTC)),
        ("2026-05-21T10:14", datetime(2026, 5, 21, 10, 14)),  # noqa: DTZ001 - nobody knows its zone
        ("21.05.2026 10:14", None),
        (20260521, None),
        ("x" * 1000, None),
    ],
)
def test_what_counts_as_a_time(value: Cell, expected: date | None) -> None:
    assert moment(value) == expected


def test_what_art_15_still_wants() -> None:
    answer = an_answer()
    assert missing_information(answer) == ()
    gap = replace(answer.activities[0], retention=" ", recipients=())
    assert missing_information(replace(answer, activities=(gap, answer.activities[1]))) == (
        ("marketing", "recipients"),
        ("marketing", "retention"),
    )


def test_nothing_personal_shows_in_repr() -> None:
    answer = an_answer()
    assert "Kåre" not in f"{answer!r} {answer.systems!r} {answer.systems[0].collections!r}"


@pytest.mark.parametrize(
    "columns, row, message",
    [
        ((TEXT, TEXT), ("1", "2"), "share a key"),
        ((TEXT,), ("1", "2"), "number of cells"),
        ((TEXT,), (datetime(2026, 1, 1),), "no time zone"),  # noqa: DTZ001 - the error is the subject
    ],
)
def test_a_collection_that_makes_no_sense_is_refused(
    columns: tuple[Column, ...], row: tuple[Cell, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Collection("A", columns, (row,))


def test_an_answer_that_makes_no_sense_is_refused() -> None:
    answer = an_answer()
    with pytest.raises(ValueError, match="language"):
        replace(answer, language="sv")
    with pytest.raises(ValueError, match="outcome"):
        replace(answer, outcome=Outcome.REFUSED)
    with pytest.raises(ValueError, match="no time zone"):
        replace(answer, cut_off=answer.cut_off.replace(tzinfo=None))
    with pytest.raises(ValueError, match="has data"):
        replace(answer, outcome=Outcome.NO_DATA)
    with pytest.raises(ValueError, match="does not explain"):
        replace(answer, activities=answer.activities[:1])
    with pytest.raises(ValueError, match="no such field: reception"):
        replace(answer.activities[0], example=frozenset({"reception"}))
