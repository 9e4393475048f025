"""Contact points: only those that prove something, with the time since when."""

from datetime import UTC, datetime

from exports.domain.records import ContactChannel, Outcome, Subject

from .foreign import EMAIL, KEY, PHONE, Foreign, dataset, leads_from

OLA = Subject(emails=("ola@example.com",))
SINCE = "meta: {since: true}"


def fill(foreign: Foreign) -> None:
    """A customer with two addresses, and a form where a stranger has typed Ola's."""
    foreign.fill(
        "CREATE TABLE accounts (id INTEGER, email TEXT, second TEXT, phone TEXT, created TIMESTAMP)",
        "CREATE TABLE form (id INTEGER, email TEXT, phone TEXT)",
        "CREATE TABLE events (account INTEGER)",
        accounts=[
            {"id": 1, "email": "Ola@Example.com ", "second": "ola.n@example.com", "phone": "100 00 101"},
            {"id": 2, "email": "kari@example.com", "second": "", "phone": None},
        ],
        form=[{"id": 1, "email": "ola@example.com", "phone": "+47 100 00 666"}],
        events=[{"account": 1}] * 10,
    )
    foreign.fill("UPDATE accounts SET created = '2024-03-31 02:30:00' WHERE id = 1")


ACCOUNTS = {
    "id": KEY,
    "email": EMAIL,
    "second": "data_categories: [user.contact.email], meta: {contact_point: true}",
    "phone": PHONE,
    "created": SINCE,
}
FORM = {
    "id": KEY,
    "email": f"{EMAIL}, meta: {{contact_point: false}}",
    "phone": "data_categories: [user.contact.phone_number]",
}
EVENTS = {"account": leads_from("accounts.id")}


def test_the_contact_points_of_the_person(foreign: Foreign) -> None:
    fill(foreign)
    described = dataset({"accounts": ACCOUNTS, "form": FORM, "events": EVENTS}, timezone="Europe/Oslo")
    result = foreign.connector(described).locate(OLA)
    since = datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert [(h.system, h.collection, h.key, h.identity_channel, h.identity_value, h.since) for h in result] == [
        ("shop", "accounts", "1", ContactChannel.EMAIL, "Ola@Example.com", since),
        ("shop", "accounts", "1", ContactChannel.EMAIL, "ola.n@example.com", since),
        ("shop", "accounts", "1", ContactChannel.PHONE, "100 00 101", since),
    ]
    assert (result.outcome, result.searched_by, result.truncated) == (Outcome.DONE, ("email",), False)


def test_only_collections_on_the_way_to_contact_points_are_asked(foreign: Foreign) -> None:
    fill(foreign)
    foreign.fill("DROP TABLE events", "DROP TABLE form")
    described = dataset({"accounts": ACCOUNTS, "form": FORM, "events": EVENTS})
    assert len(foreign.connector(described).locate(OLA)) == 3


def test_nobody_located(foreign: Foreign) -> None:
    fill(foreign)
    connector = foreign.connector(dataset({"accounts": ACCOUNTS, "form": FORM}))
    nobody = connector.locate(Subject(emails=("per@example.com",)))
    assert (nobody.outcome, list(nobody), nobody.searched_by) == (Outcome.NOT_FOUND, [], ("email",))
    unsearchable = connector.locate(Subject(customer_numbers=("K-1",)))
    assert unsearchable.outcome is Outcome.MANUAL
    assert unsearchable.instruction is not None


def test_a_system_without_contact_points_has_none(foreign: Foreign) -> None:
    fill(foreign)
    result = foreign.connector(dataset({"form": FORM})).locate(OLA)
    assert (result.outcome, list(result), result.instruction) == (Outcome.NOT_FOUND, [], None)


def test_a_cap_that_cut_the_search_is_told(foreign: Foreign) -> None:
    fill(foreign)
    foreign.fill("UPDATE accounts SET email = 'ola@example.com'")
    result = foreign.connector(dataset({"accounts": ACCOUNTS}), row_limit=1).locate(OLA)
    assert (result.truncated, {hit.key for hit in result}) == (True, {"1"})


def test_what_is_found_hides_from_logs(foreign: Foreign) -> None:
    fill(foreign)
    connector = foreign.connector(dataset({"accounts": ACCOUNTS}))
    shown = repr(connector.locate(OLA)) + repr(connector.read(OLA)) + repr(connector) + repr(OLA)
    for personal in ("ola", "100 00 101", "2024"):
        assert personal not in shown.lower().replace("shop.sqlite3", "")
