"""Correcting: the right value in the person's own row, all or none, and looked at once more."""

from dataclasses import replace

import pytest

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.sql import SqlConnector
from exports.domain.changes import FieldChange
from exports.domain.records import Outcome, Scalar, Subject

from .foreign import EMAIL, KEY, Foreign, assert_discreet, dataset, leads_from, leads_to

ÅSE = Subject(emails=("åse@example.com",))
NAME = "data_categories: [user.name]"
PEOPLE = {
    "id": KEY,
    "email": EMAIL,
    "name": f"{NAME}, fides_meta: {{length: 20}}",
    "floor": "data_categories: [user.contact]",
    "rate": "data_categories: [user.financial]",
    "born": "data_categories: [user.demographic]",
    "seen_at": "data_categories: [user.behavior]",
    "news": "data_categories: [user.privacy_preferences]",
    "code": "data_categories: [user], fides_meta: {data_type: integer}",
    "opened": "data_categories: [user], fides_meta: {read_only: true}",
    "secret": "data_categories: [user], meta: {withhold: security}",
    "warehouse": "",
}
TABLE = (
    "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name VARCHAR(40), floor INTEGER,"
    " rate DECIMAL(6, 2), born DATE, seen_at TIMESTAMP, news BOOLEAN, code TEXT, opened TEXT, secret TEXT,"
    " warehouse TEXT)"
)


def person(number: int, email: str) -> dict[str, object]:
    """A row in the table of people."""
    return {
        "id": number,
        "email": email,
        "name": "Aase Ærlig",
        "floor": 2,
        "rate": 12.5,
        "born": "1980-02-29",
        "seen_at": "2026-07-01 12:00:00",
        "news": True,
        "code": "7",
        "opened": "2020",
        "secret": "x",
    }


@pytest.fixture
def shop(foreign: Foreign) -> SqlConnector:
    """Two people of the same name; the times are those of Oslo."""
    foreign.fill(TABLE, people=[person(1, "Åse@example.com"), person(2, "bjørn@example.com")])
    return foreign.connector(dataset({"people": PEOPLE}, timezone="Europe/Oslo"), writable=True)


def change(name: str, before: Scalar, after: Scalar, key: str = "1") -> FieldChange:
    """A change of the row of Åse."""
    return FieldChange("people", key, name, before, after)


def refused(shop: SqlConnector, *changes: FieldChange, subject: Subject = ÅSE) -> ConnectorError:
    """The permanent error of correcting, discreet."""
    with pytest.raises(ConnectorError) as caught:
        shop.rectify(subject, changes)
    assert_discreet(caught, "Aase", "Ærlig", "åse@", "hemmelig")
    assert caught.value.permanent
    return caught.value


def test_a_name_is_corrected_and_the_same_name_of_another_stays(foreign: Foreign, shop: SqlConnector) -> None:
    right = change("name", "Aase Ærlig", "Åse Ærlig")
    result = shop.rectify(ÅSE, [right])
    assert (result.outcome, result.verified, result.rows) == (Outcome.DONE, True, 1)
    assert foreign.rows("people", "id", "name") == [(1, "Åse Ærlig"), (2, "Aase Ærlig")]
    again = shop.rectify(ÅSE, [right])
    assert (again.outcome, again.verified, again.rows) == (Outcome.DONE, True, 0)


@pytest.mark.parametrize(
    ("name", "before", "after", "read"),
    [
        ("floor", 2, 3, 3),
        ("floor", 2, "-3", -3),
        ("rate", "12.50", "13.75", 13.75),
        ("born", "1980-02-29", "1981-03-01", "1981-03-01"),
        ("seen_at", "2026-07-01T12:00:00+02:00", "2026-07-01T12:30:00+00:00", "2026-07-01T14:30:00+02:00"),
        ("seen_at", "2026-07-01T12:00:00+02:00", "2026-12-01T08:00", "2026-12-01T08:00:00+01:00"),
        ("news", True, False, False),
        ("news", True, "false", False),
        ("code", "7", 8, "8"),
        ("name", "Aase Ærlig", "", None),
        ("name", "Aase Ærlig", None, None),
    ],
)
def test_values_of_every_kind(shop: SqlConnector, name: str, before: Scalar, after: Scalar, read: Scalar) -> None:
    result = shop.rectify(ÅSE, [change(name, before, after)])
    assert (result.outcome, result.rows) == (Outcome.DONE, 1)
    (record,) = shop.read(ÅSE).records
    stored = next(value.value for value in record.fields if value.name == name)
    assert (float(str(stored)) if name == "rate" else stored) == read
    assert shop.rectify(ÅSE, [change(name, before, after)]).rows == 0


@pytest.mark.parametrize(
    ("name", "before", "after", "fault"),
    [
        ("id", 1, 3, Fault.READ_ONLY),
        ("opened", "2020", "2021", Fault.READ_ONLY),
        ("secret", None, "hemmelig", Fault.READ_ONLY),
        ("warehouse", None, "Nord", Fault.READ_ONLY),
        ("nmae", "Aase Ærlig", "Åse", Fault.MISSING_FIELD),
        ("email", "Åse@example.com", "", Fault.WRONG_TYPE),
        ("name", "Aase Ærlig", "Åse" * 7, Fault.WRONG_TYPE),
        ("name", "Aase Ærlig", 7, Fault.WRONG_TYPE),
        ("name", "Aase Ærlig", "Å\0se", Fault.WRONG_TYPE),
        ("floor", 2, "andre", Fault.WRONG_TYPE),
        ("floor", 2, True, Fault.WRONG_TYPE),
        ("floor", 2, 2**40, Fault.WRONG_TYPE),
        ("floor", 2, "", None),
        ("rate", "12.50", "12.345", Fault.WRONG_TYPE),
        ("rate", "12.50", "10000", Fault.WRONG_TYPE),
        ("rate", "12.50", "12,75", Fault.WRONG_TYPE),
        ("born", "1980-02-29", "29.02.1981", Fault.WRONG_TYPE),
        ("seen_at", "2026-07-01T12:00:00+02:00", "i sommer", Fault.WRONG_TYPE),
        ("news", True, "maybe", Fault.WRONG_TYPE),
        ("code", "7", "sju", Fault.WRONG_TYPE),
        ("name", "Aase", "Åse", Fault.CHANGED_MEANWHILE),
        ("name", None, "Åse", Fault.CHANGED_MEANWHILE),
    ],
)
def test_what_must_not_be_written_is_refused_with_its_place(
    foreign: Foreign, shop: SqlConnector, name: str, before: Scalar, after: Scalar, fault: Fault | None
) -> None:
    if fault is None:
        assert shop.rectify(ÅSE, [change(name, before, after)]).outcome is Outcome.DONE
        return
    good = change("floor", 2, 9) if name != "floor" else change("name", "Aase Ærlig", "Åse")
    error = refused(shop, good, change(name, before, after))
    assert (error.fault, error.place) == (fault, f"people.{name}")
    assert foreign.rows("people", "floor", "name") == [(2, "Aase Ærlig")] * 2  # all or none


def test_the_row_of_a_stranger_is_refused_whatever_its_key(foreign: Foreign, shop: SqlConnector) -> None:
    error = refused(shop, change("name", "Aase Ærlig", "Åse", key="2"))
    assert (error.fault, error.place) == (Fault.NOT_THEIRS, "people")
    taken = change("email", "åse@example.com", "bjørn@example.com", key="2")
    error = refused(shop, taken, change("name", "Aase Ærlig", "Åse", key="2"))
    assert error.fault is Fault.NOT_THEIRS
    assert foreign.rows("people", "id", "name") == [(1, "Aase Ærlig"), (2, "Aase Ærlig")]


def test_a_new_address_is_found_by_itself_afterwards(foreign: Foreign, shop: SqlConnector) -> None:
    moved = change("email", "Åse@example.com", "åse.ærlig@example.com")
    assert shop.rectify(ÅSE, [moved]).outcome is Outcome.DONE
    assert foreign.rows("people", "id", "email")[0] == (1, "åse.ærlig@example.com")
    again = shop.rectify(ÅSE, [moved])
    assert (again.outcome, again.verified, again.rows) == (Outcome.DONE, True, 0)


def test_a_death_between_the_commit_and_the_answer_does_no_harm(foreign: Foreign, shop: SqlConnector) -> None:
    right, looking, looks = change("name", "Aase Ærlig", "Åse Ærlig"), shop._database.run, []

    def dies_the_second_time(work: object) -> object:
        looks.append(work)
        if len(looks) == 2:
            raise KeyboardInterrupt
        return looking(work)  # type: ignore[arg-type]

    shop._database.run = dies_the_second_time  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        shop.rectify(ÅSE, [right])
    assert foreign.rows("people", "id", "name")[0] == (1, "Åse Ærlig")
    again = shop.rectify(ÅSE, [right])
    assert (again.outcome, again.verified, again.rows) == (Outcome.DONE, True, 0)


def test_rows_without_a_key_are_told_by_what_they_hold(foreign: Foreign) -> None:
    foreign.fill(
        "CREATE TABLE notes (email TEXT, text TEXT, news BOOLEAN)",
        notes=[
            {"email": "åse@example.com", "text": "Aase", "news": True},
            {"email": "åse@example.com", "text": "Aase", "news": True},
            {"email": "åse@example.com", "text": "Ola", "news": True},
        ],
    )
    fields = {"email": EMAIL, "text": NAME, "news": NAME}
    connector = foreign.connector(dataset({"notes": fields}), writable=True)
    keys = [r.key for r in connector.read(ÅSE).records if r.fields[1].value == "Aase"]
    changes = [
        FieldChange("notes", keys[0], "text", "Aase", "Åse"),
        FieldChange("notes", keys[0], "news", before=True, after=False),
    ]
    assert connector.rectify(ÅSE, changes).rows == 1
    assert sorted(text for (text,) in foreign.rows("notes", "text")) == ["Aase", "Ola", "Åse"]
    assert connector.rectify(ÅSE, changes).rows == 0


def test_keys_and_references_are_not_for_correcting(foreign: Foreign) -> None:
    described = dataset(
        {
            "people": {"id": KEY, "email": EMAIL, "nick": NAME},
            "orders": {"id": KEY, "person_id": f"{NAME}, {leads_from('people.id')}", "by": NAME},
        }
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, nick VARCHAR(20) UNIQUE)",
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, person_id INTEGER, by VARCHAR(20) REFERENCES people (nick))",
        people=[{"id": 1, "email": "åse@example.com", "nick": "aa"}],
        orders=[{"id": 10, "person_id": 1, "by": "aa"}],
    )
    connector = foreign.connector(described, writable=True)
    for one in (
        FieldChange("orders", "10", "person_id", 1, 2),
        FieldChange("orders", "10", "by", "aa", "bb"),
        FieldChange("people", "1", "nick", "aa", "bb"),
    ):
        error = refused(connector, one)
        assert (error.fault, error.place) == (Fault.READ_ONLY, f"{one.collection}.{one.name}")


def test_the_company_of_several_people_is_not_one_persons_to_correct(foreign: Foreign) -> None:
    described = dataset(
        {
            "people": {"id": KEY, "email": EMAIL, "company_id": leads_to("companies.id")},
            "companies": {"id": KEY, "name": NAME},
        }
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, company_id INTEGER)",
        "CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT)",
        people=[
            {"id": 1, "email": "åse@example.com", "company_id": 7},
            {"id": 2, "email": "bjørn@example.com", "company_id": 7},
        ],
        companies=[{"id": 7, "name": "Fisk"}],
    )
    connector = foreign.connector(described, writable=True)
    renamed = FieldChange("companies", "7", "name", "Fisk", "Fisk AS")
    assert refused(connector, renamed).fault is Fault.NOT_THEIRS
    foreign.fill("DELETE FROM people WHERE id = 2")
    assert connector.rectify(ÅSE, [renamed]).outcome is Outcome.DONE


def test_a_search_that_was_cut_short_corrects_nothing(foreign: Foreign) -> None:
    foreign.fill(TABLE, people=[person(1, "åse@example.com"), person(3, "åse@example.com")])
    connector = foreign.connector(dataset({"people": PEOPLE}), writable=True, row_limit=1)
    assert refused(connector, change("floor", 2, 3)).fault is Fault.INCOMPLETE
    assert foreign.rows("people", "floor") == [(2,), (2,)]


def test_one_field_cannot_get_two_values(shop: SqlConnector) -> None:
    error = refused(shop, change("floor", 2, 3), change("floor", 2, 4))
    assert (error.fault, error.place) == (Fault.REFUSED, "people.floor")
    assert shop.rectify(ÅSE, []).outcome is Outcome.NOT_FOUND
    elsewhere = replace(change("floor", 2, 3), collection="peeple")
    assert refused(shop, elsewhere).fault is Fault.MISSING_COLLECTION


def test_a_rule_of_the_table_is_told_without_its_values(foreign: Foreign) -> None:
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, name TEXT CHECK (name <> 'hemmelig'))",
        people=[{"id": 1, "email": "åse@example.com", "name": "Aase"}],
    )
    connector = foreign.connector(dataset({"people": {"id": KEY, "email": EMAIL, "name": NAME}}), writable=True)
    error = refused(connector, change("name", "Aase", "hemmelig"))
    assert (error.fault, error.place) == (Fault.REFUSED, "people")
    assert "a rule of the table forbids it" in str(error)
