"""The demo website: the same one every time, and nobody's data but the person's own in an answer."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from exports.connectors.dataset import load
from exports.connectors.sql import SqlConnector
from exports.demo.people import INGRID, PEOPLE, Person
from exports.demo.website import DATASET, EVENTS_PER_PERSON, build
from exports.domain.records import Outcome, Subject, ValueNote


@pytest.fixture
def website(tmp_path: Path) -> SqlConnector:
    """The connector of a freshly built website."""
    build(tmp_path / "website.sqlite3")
    return SqlConnector.from_settings(
        "website", {"url": f"sqlite:///{tmp_path / 'website.sqlite3'}", "dataset": str(DATASET)}
    )


def dump(path: Path) -> list[str]:
    """The content of a database as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    build(tmp_path / "a.sqlite3")
    build(tmp_path / "b.sqlite3")
    assert dump(tmp_path / "a.sqlite3") == dump(tmp_path / "b.sqlite3")


def test_it_replaces_what_was_there_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "website.sqlite3"
    path.write_bytes(b"something else")
    build(path, people=(INGRID,))
    assert [file.name for file in tmp_path.iterdir()] == ["website.sqlite3"]
    assert sum('INSERT INTO "accounts"' in line for line in dump(path)) == 1


def test_it_is_as_its_dataset_says(website: SqlConnector) -> None:
    assert website.probe().problems == ()


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.last_name)
def test_everybody_gets_everything_of_their_own(website: SqlConnector, person: Person) -> None:
    result = website.read(Subject(emails=(person.email,)))
    rows = {entry.collection: entry.rows for entry in result.query_log}
    assert (result.outcome, result.truncated) == (Outcome.DONE, False)
    assert (rows["accounts"], rows["newsletter_consents"], rows["contact_messages"]) == (1, 1, 1)
    assert rows["page_events"] == EVENTS_PER_PERSON
    assert rows["orders"] >= 1
    assert rows["order_lines"] >= rows["orders"]
    told = " ".join(str(value.value) for record in result.records for value in record.fields)
    strangers = [other.last_name for other in PEOPLE if other != person and other.last_name in told]
    assert strangers == []


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.last_name)
def test_everybody_is_found_by_phone_and_customer_number_too(website: SqlConnector, person: Person) -> None:
    number = f"K-{1001 + PEOPLE.index(person)}"
    for subject in (Subject(phones=(person.phone,)), Subject(customer_numbers=(number,))):
        hits = {hit.identity_value for hit in website.locate(subject)}
        assert {person.email, person.phone} <= hits


def test_the_form_proves_nothing_and_the_password_stays(website: SqlConnector) -> None:
    subject = Subject(emails=(INGRID.email,))
    assert {hit.collection for hit in website.locate(subject)} == {"accounts", "newsletter_consents"}
    withheld = [v.name for r in website.read(subject).records for v in r.fields if v.note is ValueNote.WITHHELD]
    assert withheld == ["password_hash"]


def test_every_field_has_a_name_in_both_languages_a_category_and_an_origin() -> None:
    for collection in load(DATASET).collections:
        assert collection.activities
        for field in collection.fields:
            assert field.label.nb
            assert field.label.en
            assert "_" not in field.label.nb
            assert field.categories
            assert field.origin is not None


def test_nobody_in_it_is_real() -> None:
    for person in PEOPLE:
        assert person.email.endswith(("@example.com", ".example"))
        assert person.written.lower() in ("", person.email)
        digits = "".join(filter(str.isdecimal, person.phone))
        assert digits.removeprefix("00").removeprefix("47").startswith(("1000010", "447700900"))
