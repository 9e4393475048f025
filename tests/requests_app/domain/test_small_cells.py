"""Small numbers: what is told, and what an attacker can make of the rest."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain.small_cells import LEAST, Table, count, protect

CELLS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), max_size=5)


def ways(number: int, total: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many hidden cells of 1 to `most` make up a sum."""
    if number == 0:
        if total == 0:
            yield ()
        return
    for first in range(1, min(most, total) + 1):
        yield from ((first, *rest) for rest in ways(number - 1, total - first, most))


@pytest.mark.parametrize(
    "cells, total, told",
    [
        ({"a": 12, "b": 7}, 19, {"a": 12, "b": 7}),
        ({"a": 12, "b": 0}, 12, {"a": 12, "b": 0}),  # a zero concerns nobody
        ({}, 0, {}),
        ({"a": 0}, 0, {"a": 0}),
        ({"a": 3, "b": 0}, None, {"a": None, "b": None}),  # the total is the cell
        ({"a": 20, "b": 9, "c": 3}, 32, {"a": 20, "b": None, "c": None}),  # the next larger one goes, too
        ({"a": 20, "b": 4, "c": 3}, 27, {"a": 20, "b": None, "c": None}),  # 7 in two cells: nobody knows which
        ({"a": 20, "b": 1, "c": 1}, 22, {"a": None, "b": None, "c": None}),  # 2 together are few, and each is 1
        ({"a": 20, "b": 4, "c": 4}, 28, {"a": None, "b": None, "c": None}),  # 8 in two cells of at most 4 are 4 and 4
        ({"a": 4, "b": 4, "c": 0}, 8, {"a": None, "b": None, "c": None}),  # nothing else is there to be hidden
        ({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, 5, dict.fromkeys("abcde")),
    ],
)
def test_what_is_told(cells: dict[str, int], total: int | None, told: dict[str, int | None]) -> None:
    assert protect(cells) == Table(total, told)


@given(CELLS)
def test_what_is_told_is_true_and_not_small(cells: dict[str, int]) -> None:
    table = protect(cells)
    assert set(table.cells) == set(cells)
    for key, value in table.cells.items():
        assert value is None or (value == cells[key] and not 0 < value < LEAST)
    assert table.total is None or (table.total == sum(cells.values()) and not 0 < table.total < LEAST)


@given(CELLS)
def test_no_hidden_cell_can_be_computed(cells: dict[str, int]) -> None:
    """Whoever knows the rules subtracts what is told from the total: two answers at least are left for each cell."""
    table = protect(cells)
    hidden = [key for key, value in table.cells.items() if value is None]
    if not hidden:
        return
    if table.total is None:
        assert len(hidden) == len(cells)
        return
    together = table.total - sum(value for value in table.cells.values() if value is not None)
    assert together >= LEAST
    if len(hidden) == len(cells):  # zeros are hidden as well, so any split is possible
        assert len(hidden) > 1
        return
    # 1 or more in each; and, for whoever believes that only small ones are hidden, 1 to 4.
    for most in (together, LEAST - 1):
        possible = list(ways(len(hidden), together, most))
        assert most < together or possible
        for place in range(len(hidden)):
            assert len({way[place] for way in possible}) != 1


@given(CELLS)
def test_nothing_is_hidden_without_need(cells: dict[str, int]) -> None:
    table = protect(cells)
    if all(value == 0 or value >= LEAST for value in cells.values()):
        assert table.cells == cells


@given(CELLS, st.sets(st.sampled_from("abcdef")))
def test_a_sum_of_cells_tells_no_more_than_the_table(cells: dict[str, int], some: set[str]) -> None:
    table, keys = protect(cells), some & set(cells)
    found = table.sum_of(keys)
    hidden = {key for key, value in table.cells.items() if value is None}
    if found is not None:
        assert found == sum(cells[key] for key in keys)
        assert hidden <= keys or not hidden & keys
    assert (table.percent_of(keys) is None) == (found is None or not table.total)


def test_a_share_is_told_in_percent_unless_it_tells_who_was_late() -> None:
    assert protect({"in_time": 30, "late": 10}).percent_of(["in_time"]) == 75.0
    assert protect({"in_time": 40, "late": 0}).percent_of(["in_time"]) == 100.0
    assert protect({"in_time": 39, "late": 1}).percent_of(["in_time"]) is None
    assert protect({"in_time": 0, "late": 0}).percent_of(["in_time"]) is None


def test_a_number_alone_is_told_from_five_on() -> None:
    assert [count(number) for number in (0, 1, 4, 5, 6)] == [0, None, None, 5, 6]
