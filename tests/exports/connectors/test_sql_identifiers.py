"""Who is found by which identifier, and that an identifier is never more than a value."""

import secrets

import pytest
import sqlalchemy as sa

from exports.domain.records import Outcome, Subject

from .foreign import EMAIL, KEY, NUMBER, PHONE, Foreign, column, dataset

PEOPLE = dataset(
    {
        "people": {
            "id": KEY,
            "email": EMAIL,
            "phone": PHONE,
            "number": NUMBER,
            "account": "fides_meta: {identity: account}",
        }
    }
)
TABLE = "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, number TEXT, account INTEGER)"

HOSTILE = (
    "' OR '1'='1",
    "x'); DROP TABLE people; --",
    '"; DELETE FROM people; --',
    "%",
    "_",
    "\\",
    "*",
    "%(v0)s",
    ":v0",
    "?",
    "{0}",
    "nul\x00byte",
    "half \ud800 pair",
    "🐟" * 50,
    "a" * 5000,
)


def ids(foreign: Foreign, subject: Subject) -> list[object]:
    """The ids of the people that are found for a subject."""
    return column(foreign.connector(PEOPLE).read(subject), "people", "id")


@pytest.mark.parametrize(
    "stored",
    [
        "ingrid@example.com",
        "INGRID@EXAMPLE.COM",
        "Ingrid@Example.com",
        "  ingrid@example.com\n",
        "\u00a0ingrid@example.com",
    ],
)
def test_an_address_is_found_in_whatever_case_it_was_typed(foreign: Foreign, stored: str) -> None:
    foreign.fill(TABLE, people=[{"id": 1, "email": stored}, {"id": 2, "email": "ingri@example.com"}])
    assert ids(foreign, Subject(emails=("iNGRID@example.COM",))) == [1]


@pytest.mark.parametrize(
    "stored",
    [
        "øyvind.ærå@blåbær.example",
        "ØYVIND.ÆRÅ@BLÅBÆR.EXAMPLE",
        "øyvind.æra\u030a@blåbær.example",
        "Øyvind.Ærå@xn--blbr-roah.example",
    ],
)
def test_norwegian_letters_have_two_cases_too(foreign: Foreign, stored: str) -> None:
    foreign.fill(TABLE, people=[{"id": 1, "email": stored}, {"id": 2, "email": "oyvind.aera@blabaer.example"}])
    assert ids(foreign, Subject(emails=("Øyvind.ÆRÅ@blåbær.example",))) == [1]


@pytest.mark.parametrize("asked", ["ola@example.com", "o.la+shop@example.com", "ola@example.co"])
def test_another_mailbox_is_another_person(foreign: Foreign, asked: str) -> None:
    foreign.fill(TABLE, people=[{"id": 1, "email": "o.la@example.com"}])
    assert ids(foreign, Subject(emails=(asked,))) == []


@pytest.mark.parametrize("asked", ["+47 100 00 101", "10000101", "0047 10 00 01 01", "(+47) 100-00-101"])
@pytest.mark.parametrize("stored", ["+4710000101", "100 00 101", "0047 100.00.101", "tlf. +47 10 00 01 01"])
def test_a_number_is_found_however_it_is_written(foreign: Foreign, asked: str, stored: str) -> None:
    foreign.fill(TABLE, people=[{"id": 1, "phone": stored}, {"id": 2, "phone": "+46 10 00 01 01"}])
    assert ids(foreign, Subject(phones=(asked,))) == [1]


def test_numbers_that_point_to_nobody_find_nobody(foreign: Foreign) -> None:
    foreign.fill(TABLE, people=[{"id": 1, "phone": ""}, {"id": 2, "phone": "-"}, {"id": 3, "phone": "112"}])
    for asked in ("-", "112", "ukjent"):
        result = foreign.connector(PEOPLE).read(Subject(phones=(asked,)))
        assert (result.outcome, result.records, result.searched_by) == (Outcome.MANUAL, (), ())


def test_a_customer_number_is_taken_literally(foreign: Foreign) -> None:
    numbers = ["K-1", "k-1", "K-10", "O'Hara; DROP TABLE people; --", "%"]
    foreign.fill(TABLE, people=[{"id": i, "number": n} for i, n in enumerate(numbers)])
    for i, number in enumerate(numbers):
        assert ids(foreign, Subject(customer_numbers=(number,))) == [i]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("7", [1]),
        ("007", [1]),
        ("7 OR 1=1", []),
        ("1_0", []),
        ("\N{ARABIC-INDIC DIGIT SEVEN}", []),
        ("7.0", []),
        (str(2**63), []),
        ("9" * 40, []),
        ("-3", [2]),
    ],
)
def test_a_number_column_knows_only_numbers(foreign: Foreign, asked: str, found: list[int]) -> None:
    foreign.fill(TABLE, people=[{"id": 1, "account": 7}, {"id": 2, "account": -3}, {"id": 3, "account": 10}])
    assert ids(foreign, Subject(others=(("account", asked),))) == found


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_identifier_is_only_a_value(foreign: Foreign, text: str) -> None:
    foreign.fill(
        TABLE, people=[{"id": 1, "email": "ola@example.com", "phone": "10000101", "number": "K-1", "account": 1}]
    )
    subject = Subject(
        emails=(text, f"{text}@example.com", f"ola@example.com{text}"),
        phones=(text, f"+{text}123456"),
        customer_numbers=(text, f"K-1{text}"),
        others=(("account", text), ("account", f"1{text}")),
    )
    assert ids(foreign, subject) == []
    assert foreign.count("people") == 1


def test_blank_identifiers_do_not_find_everybody_without_one(foreign: Foreign) -> None:
    foreign.fill(TABLE, people=[{"id": 1, "email": "", "number": ""}, {"id": 2, "email": None, "number": " "}])
    subject = Subject(emails=("", "  "), phones=("",), customer_numbers=("", " \t"))
    result = foreign.connector(PEOPLE).read(subject)
    assert (result.outcome, result.records) == (Outcome.MANUAL, ())


def test_several_identifiers_find_the_rows_of_each_once(foreign: Foreign) -> None:
    people = [
        {"id": 1, "email": "ola@example.com", "number": "K-1"},
        {"id": 2, "email": "old@example.com", "number": None},
        {"id": 3, "email": "kari@example.com", "number": "K-3"},
    ]
    foreign.fill(TABLE, people=people)
    subject = Subject(emails=("ola@example.com", "old@example.com"), customer_numbers=("K-1",))
    assert ids(foreign, subject) == [1, 2]


def test_a_person_of_whom_the_system_knows_nothing_is_work_for_a_human(foreign: Foreign) -> None:
    foreign.fill(TABLE)
    result = foreign.connector(PEOPLE).read(Subject(others=(("ga_client_id", "1.2"),)))
    assert result.outcome is Outcome.MANUAL
    assert result.instruction is not None
    assert "e-mail address, phone number, customer number, account" in result.instruction.text.en
    assert "e-postadresse, telefonnummer, kundenummer, account" in result.instruction.text.nb


def test_nobody_found_is_told_with_what_was_searched(foreign: Foreign) -> None:
    foreign.fill(TABLE)
    result = foreign.connector(PEOPLE).read(Subject(emails=("ola@example.com",), phones=("10000101",)))
    assert (result.outcome, result.searched_by) == (Outcome.NOT_FOUND, ("email", "phone"))
    assert [(entry.collection, entry.rows) for entry in result.query_log] == [("people", 0)]


@pytest.mark.services
def test_postgresql_of_the_locale_c_learns_norwegian(on_postgresql: Foreign) -> None:
    name = f"plain_{secrets.token_hex(6)}"
    made = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    engine = on_postgresql.writer().execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} {made}")
    try:
        url = sa.make_url(on_postgresql.url).set(database=name, query={})
        plain = Foreign(url.render_as_string(hide_password=False), on_postgresql.folder, is_postgresql=True)
        plain.fill(TABLE, people=[{"id": 1, "email": "ÅSE@ÆØÅ.example"}])
        assert ids(plain, Subject(emails=("åse@æøå.example",))) == [1]
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name}")
