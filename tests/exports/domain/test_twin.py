"""The machine-readable twin holds everything, and holds it the same way every time."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from exports.domain.answer import Cell, Collection, Column, MissingPart
from exports.domain.twin import tables, to_csv, to_json
from tests.exports.answers import an_answer, with_cells


def one_row(*cells: Cell) -> Collection:
    return Collection("C", tuple(Column(f"c{i}", f"C{i}") for i in range(len(cells))), (cells,))


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_json_is_the_same_every_time() -> None:
    assert to_json(an_answer()) == to_json(an_answer())


def test_the_json_holds_the_data_untouched() -> None:
    twin = json.loads(to_json(an_answer("nb")))
    contact = twin["systems"][0]["collections"][0]
    assert contact["rows"] == [
        {
            "name": "Kåre Bjørnstjerne Ødegård",
            "email": "kare.odegard@example.no",
            "mobile": "+47 912 34 567",
            "company": "Ŋuovžžer & Šáŧŧen Žirku AS",
            "address": "Øvre Slottsgate 14 B, 0157 Oslo",
            "language": "Norsk bokmål",
            "fax": "",
            "newsletter": True,
            "changed_at": "2026-05-18T07:14:33Z",
        }
    ]
    assert contact["fields"][-1] == {"key": "changed_at", "label": "Sist endret", "kind": "time"}
    assert [len(c["rows"]) for system in twin["systems"] for c in system["collections"]] == [1, 60, 3]


def test_the_json_says_what_the_letter_says() -> None:
    answer = replace(
        an_answer("en"),
        trial=True,
        reasoning="Names of others are left out.",
        missing=(MissingPart("orders", date(2026, 6, 30)),),
    )
    twin = json.loads(to_json(answer))
    assert (twin["schema"], twin["reference"], twin["outcome"]) == (
        "datarett-access-answer/1",
        "DR-2026-000418-52",
        "fulfilled",
    )
    assert (twin["trial_data"], twin["data_as_of"]) == (True, "2026-05-21T08:14:00Z")
    assert (twin["reasoning"], twin["missing"]) == (
        "Names of others are left out.",
        [{"what": "orders", "due_on": "2026-06-30"}],
    )
    assert twin["counts"] == {
        "systems_searched": 4,
        "entries": 64,
        "first_and_last_year": [2024, 2026],
        "activities": 2,
    }
    assert twin["activities"][0]["recipients"] == ["HubSpot Ireland Ltd.", "Fjordpost Utsendelse AS"]


@pytest.mark.parametrize(
    "cell, expected",
    [
        (None, {}),
        ("", {"note": ""}),
        (False, {"note": False}),
        (12, {"note": 12}),
        (1.5, {"note": 1.5}),
        (float("nan"), {"note": "nan"}),
        (float("-inf"), {"note": "-inf"}),
        (date(2026, 5, 21), {"note": "2026-05-21"}),
        (datetime(2026, 5, 21, 8, 14, tzinfo=UTC), {"note": "2026-05-21T08:14:00Z"}),
        ("\u202etxt.exe\x00\ud800", {"note": "\u202etxt.exe\x00\ud800"}),
    ],
)
def test_every_kind_of_cell_survives(cell: Cell, expected: dict[str, object]) -> None:
    twin = json.loads(to_json(with_cells(cell)))
    assert twin["systems"][0]["collections"][0]["rows"] == [expected]


def test_csv_has_labels_and_every_row() -> None:
    (_name, _system, contact), (_n, _s, events), _tickets = tables(an_answer("nb"))
    assert rows_of(to_csv(contact))[1][:2] == ["Kåre Bjørnstjerne Ødegård", "kare.odegard@example.no"]
    assert rows_of(to_csv(events))[0] == ["Tidspunkt", "Hendelse", "Detaljer", "IP-adresse", "Referanse"]
    assert len(rows_of(to_csv(events))) == 61


def test_every_table_has_a_name_of_its_own() -> None:
    assert [name for name, _system, _collection in tables(an_answer("nb"))] == [
        "tables/01_hubspot_kontaktkort.csv",
        "tables/02_hubspot_hendelser.csv",
        "tables/03_kundeservice_saker.csv",
    ]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_runs_nothing(formula: str) -> None:
    assert rows_of(to_csv(one_row(formula, "ok")))[1] == [f"'{formula}", "ok"]


def test_csv_keeps_numbers_lines_and_quotes() -> None:
    rows = rows_of(to_csv(one_row(-5, 'a "b", c\nd', None, True)))
    assert rows[1] == ["-5", 'a "b", c\nd', "", "True"]
