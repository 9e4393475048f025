"""Widths of columns and shares of the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain.columns import LONGEST_CODE, fair_share, plan, text_width

PAGE = 63.4
TIME = "2026-05-21 10:14"
UUID = "4f9b0c1e-7a55-4d0e-9d5b-0a7be1c2d3e4"

tables = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.text("abc ", max_size=12), min_size=n, max_size=n),
        st.lists(st.lists(st.text("abc ", max_size=80), min_size=n, max_size=n), max_size=5),
        st.lists(st.booleans(), min_size=n, max_size=n),
    )
)


@given(tables)
def test_the_widths_fill_the_page(table: tuple[list[str], list[list[str]], list[bool]]) -> None:
    widths = plan(*table, PAGE)
    assert widths is None or sum(widths) == pytest.approx(100)


def test_a_time_and_an_identifier_stay_on_one_line() -> None:
    rows = [[TIME, "word " * 400, UUID]]
    widths = plan(["Time", "Text", "Id"], rows, [True, False, True], PAGE)
    assert widths is not None
    assert widths[0] * PAGE / 100 >= text_width(TIME)
    assert widths[2] * PAGE / 100 >= text_width(UUID)
    assert text_width(UUID) < LONGEST_CODE


def test_short_words_stay_on_one_line() -> None:
    widths = plan(["Event", "Text"], [["Signed in", "word " * 400]], [False, False], PAGE)
    assert widths is not None
    assert widths[0] * PAGE / 100 >= text_width("Signed in")


def test_room_to_spare_goes_to_texts() -> None:
    widths = plan(["Time", "Text"], [[TIME, "short"]], [True, False], PAGE)
    assert widths is not None
    assert widths[0] * PAGE / 100 < text_width(TIME) + 3


def test_too_many_columns_do_not_fit() -> None:
    assert plan(["Column"] * 20, [["value value value"] * 20], [False] * 20, PAGE) is None


def test_an_endless_text_leaves_room_for_the_others() -> None:
    widths = plan(["A", "B"], [["word " * 20, "word " * 400]], [False, False], PAGE)
    assert widths is not None
    assert widths[0] > 20


def test_a_table_without_columns_has_no_widths() -> None:
    assert plan([], [], [], PAGE) is None


@pytest.mark.parametrize(
    "weights, limit, expected",
    [
        ([[1] * 3, [1] * 4], 10, (3, 4)),
        ([[1] * 3, [1] * 100], 10, (3, 7)),
        ([[1] * 100, [1] * 100], 10, (5, 5)),
        ([[6, 6, 6], [1]], 13, (2, 1)),
        ([[99]], 10, (0,)),
        ([], 10, ()),
        ([[], [1]], 10, (0, 1)),
    ],
)
def test_small_groups_are_whole_and_large_ones_share(
    weights: list[list[int]], limit: int, expected: tuple[int, ...]
) -> None:
    assert fair_share(weights, limit) == expected


@given(st.lists(st.lists(st.integers(1, 9), max_size=30), max_size=8), st.integers(0, 100))
def test_a_share_is_never_more_than_the_limit(weights: list[list[int]], limit: int) -> None:
    shares = fair_share(weights, limit)
    assert sum(sum(group[:share]) for group, share in zip(weights, shares, strict=True)) <= limit


@given(st.lists(st.lists(st.integers(1, 9), max_size=30), max_size=8))
def test_what_fits_is_drawn_whole(weights: list[list[int]]) -> None:
    assert fair_share(weights, sum(map(sum, weights))) == tuple(map(len, weights))
