"""Rows on paper: what is drawn as what, and what is left to the machine-readable twin."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from exports.domain.answer import Cell, Collection, Column, ColumnKind, Layout
from exports.services.pdf_data import WEIGHT, Data, drawn
from tests.exports.answers import an_answer


def collection(
    *rows: tuple[Cell, ...], kind: ColumnKind = ColumnKind.TEXT, layout: Layout = Layout.TABLE
) -> Collection:
    columns = tuple(Column(f"c{n}", f"Label {n}", kind) for n in range(len(rows[0])))
    return Collection("Rows", columns, rows, layout)


def draw(*collections: Collection, language: str = "en") -> list[Data]:
    with override(language):
        return drawn(collections, an_answer(language))


def cells(data: Data) -> list[list[str]]:
    return [[cell.text.replace("\xa0", " ") for _head, cell in row] for row in data.rows]


@pytest.mark.parametrize(
    "value, kind, shown",
    [
        (None, ColumnKind.TEXT, ""),
        (True, ColumnKind.TEXT, "Yes"),
        (12, ColumnKind.NUMBER, "12"),
        (1.5, ColumnKind.NUMBER, "1.5"),
        (date(1984, 3, 17), ColumnKind.TEXT, "1984-03-17"),
        ("1984-03-17", ColumnKind.TIME, "1984-03-17"),
        ("1984-03-17T00:00:00Z", ColumnKind.TEXT, "1984-03-17T00:00:00Z"),
        ("2026-05-21T08:14:00Z", ColumnKind.TIME, "2026-05-21 10:14"),
        ("2026-05-21T08:14:00", ColumnKind.TIME, "2026-05-21 08:14"),
        (datetime(2026, 5, 21, 8, 14, tzinfo=UTC), ColumnKind.TIME, "2026-05-21 10:14"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), ColumnKind.TEXT, "2027-01-01 00:30:00"),
        ("yesterday", ColumnKind.TIME, "yesterday"),
    ],
)
def test_how_a_cell_is_written(value: Cell, kind: ColumnKind, shown: str) -> None:
    (data,) = draw(collection((value, "x"), kind=kind))
    assert [text for text in cells(data)[0] if text != "x"] == ([shown] if shown else [])


def test_norwegian_writes_days_first() -> None:
    (data,) = draw(collection((datetime(2026, 5, 21, 8, 14, tzinfo=UTC), True), kind=ColumnKind.TIME), language="nb")
    assert cells(data)[0][0] == "21.05.2026 10:14"


def test_one_time_with_seconds_gives_seconds_to_the_column() -> None:
    (data,) = draw(collection(("2026-05-21T08:14:00Z",), ("2026-05-21T08:14:33Z",), kind=ColumnKind.TIME))
    assert cells(data) == [["2026-05-21 10:14:00"], ["2026-05-21 10:14:33"]]


def test_an_empty_column_is_named_instead_of_drawn() -> None:
    (data,) = draw(collection(("a", "", None), ("b", "", "")))
    assert [head.label for head in data.heads] == ["Label 0"]
    assert data.notes == ("Not filled in: Label 1, Label 2.",)


def test_a_record_shows_the_fields_it_has() -> None:
    (data,) = draw(collection(("a", ""), ("", "b"), layout=Layout.RECORDS))
    assert data.heads == ()
    assert [[(head.label, cell.text) for head, cell in row] for row in data.rows] == [
        [("Label 0", "a")],
        [("Label 1", "b")],
    ]


def test_the_widths_of_a_table_fill_the_page() -> None:
    (data,) = draw(collection(("2026-05-21", "word " * 100)))
    assert sum(float(head.width) for head in data.heads) == pytest.approx(100, abs=0.1)


def test_a_table_that_does_not_fit_becomes_records() -> None:
    (data,) = draw(collection(("value",) * 20))
    assert data.heads == ()
    assert len(data.rows[0]) == 20


def test_small_tables_are_whole_and_large_ones_give_their_first_rows() -> None:
    large, small = draw(collection(*((n,) for n in range(5000))), collection(("a",), ("b",)))
    assert cells(small) == [["a"], ["b"]]
    assert [row[0] for row in cells(large)] == [str(n) for n in range(WEIGHT - 2)]
    assert large.notes == ("The first 1,998 of 5,000 are printed here. All are in data.json.",)
    assert (large.size, small.notes) == ("5,000 entries", ())


def test_long_texts_take_their_share() -> None:
    (data,) = draw(collection(*(("word " * 400,) for _ in range(1000))))
    assert len(data.rows) == WEIGHT // 6


def test_a_record_without_end_is_left_to_the_json() -> None:
    (data,) = draw(collection(("x",) * 5000))
    assert data.rows == ()
    assert data.notes == ("Too much to print: all 1 are in data.json.",)


def test_what_is_the_same_in_every_row_is_said_once_when_the_table_is_too_wide() -> None:
    same = tuple(f"the very same long words in column {n}" for n in range(9))
    (data,) = draw(collection(*((*same, f"page {n}") for n in range(4))))
    assert cells(data) == [[f"page {n}"] for n in range(4)]
    assert [head.label for head in data.heads] == ["Label 9"]
    assert "Label 3: the very same long words in column 3" in data.notes[0]


def test_a_table_that_fits_shows_its_columns_even_if_they_are_the_same() -> None:
    (data,) = draw(collection(("a", "1"), ("a", "2"), ("a", "3")))
    assert cells(data) == [["a", "1"], ["a", "2"], ["a", "3"]]
    assert data.notes == ()


def test_too_wide_and_different_in_every_row_becomes_records() -> None:
    (data,) = draw(collection(*(tuple(f"row {r} has its own long words in {n}" for n in range(10)) for r in range(4))))
    assert data.heads == ()
    assert len(data.rows) == 4
