"""Deleting and anonymising: all of the person's, none of anybody else's, in one step, and looked at once more."""

import pytest

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.sql import SqlConnector
from exports.domain.changes import Affected, ChangeResult
from exports.domain.enums import Measure
from exports.domain.records import Outcome, Subject, Verb

from .foreign import EMAIL, KEY, PHONE, Foreign, assert_discreet, dataset, leads_from, leads_to, with_activities

BJØRN = Subject(emails=("bjørn.ærlig@example.com",))
NAME = "data_categories: [user.name]"
GONE = {"PA03": Measure.DELETE, "PA04": Measure.DELETE}

SHOP = {
    "people": {"id": KEY, "email": EMAIL, "name": NAME},
    "orders": {"id": KEY, "person_id": leads_from("people.id"), "email": EMAIL},
    "lines": {"order_id": leads_from("orders.id"), "product": "data_categories: [user.behavior]"},
}
TABLES = (
    "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people (id), email TEXT)",
    "CREATE TABLE lines (order_id INTEGER NOT NULL REFERENCES orders (id), product TEXT)",  # without a key
)


def shop(foreign: Foreign, orders: str = "PA04", **settings: object) -> SqlConnector:
    """A shop of two people, with the activity of its orders."""
    foreign.fill(
        *TABLES,
        people=[
            {"id": 1, "email": "Bjørn.ÆRLIG@example.com", "name": "Bjørn Ærlig"},
            {"id": 2, "email": "åse@example.com", "name": "Åse"},
        ],
        orders=[
            {"id": 10, "person_id": 1, "email": "bjørn.ærlig@example.com"},
            {"id": 11, "person_id": 1, "email": None},
            {"id": 20, "person_id": 2, "email": "åse@example.com"},
        ],
        lines=[
            *({"order_id": 10, "product": "Kniv"},) * 2,
            {"order_id": 11, "product": "Føler"},
            *({"order_id": 20, "product": "Kniv"},) * 2,
        ],
    )
    described = with_activities(dataset(SHOP), people="PA03", orders=orders, lines=orders)
    return foreign.connector(described, writable=True, **settings)


def counted(result: ChangeResult) -> dict[tuple[str, Measure | None], int]:
    """The rows by collection and measure."""
    return {(one.collection, one.measure): one.rows for one in result.affected}


def refused(connector: SqlConnector, measures: dict[str, Measure], subject: Subject = BJØRN) -> ConnectorError:
    """The permanent error of erasing, discreet."""
    with pytest.raises(ConnectorError) as caught:
        connector.erase(subject, measures)
    assert_discreet(caught, "bjørn", "Bjørn", "ærlig")
    assert caught.value.permanent
    return caught.value


def test_a_person_is_deleted_children_first_and_others_stay(foreign: Foreign) -> None:
    connector = shop(foreign)
    result = connector.erase(BJØRN, GONE)
    assert (result.outcome, result.verified, result.rows) == (Outcome.DONE, True, 6)
    assert counted(result) == {
        ("people", Measure.DELETE): 1,
        ("orders", Measure.DELETE): 2,
        ("lines", Measure.DELETE): 3,
    }
    assert foreign.rows("people", "id") == [(2,)]
    assert foreign.rows("orders", "id") == [(20,)]
    assert foreign.rows("lines", "order_id", "product") == [(20, "Kniv"), (20, "Kniv")]


def test_the_second_time_finds_nothing(foreign: Foreign) -> None:
    connector = shop(foreign)
    connector.erase(BJØRN, GONE)
    again = connector.erase(BJØRN, GONE)
    assert (again.outcome, again.affected) == (Outcome.NOT_FOUND, ())
    check = connector.verify(BJØRN, GONE)
    assert (check.outcome, check.verified, check.affected) == (Outcome.DONE, True, ())


def test_verifying_tells_what_is_left(foreign: Foreign) -> None:
    connector = shop(foreign)
    check = connector.verify(BJØRN, GONE)
    assert (check.outcome, check.verified, check.rows) == (Outcome.FAILED, False, 6)


def test_what_no_measure_names_is_kept(foreign: Foreign) -> None:
    connector = shop(foreign)
    result = connector.erase(BJØRN, {})
    assert (result.outcome, result.rows, counted(result)["people", Measure.KEEP]) == (Outcome.KEPT, 0, 1)
    assert (foreign.count("people"), foreign.count("orders"), foreign.count("lines")) == (2, 3, 5)


def test_one_activity_that_keeps_outweighs_the_others(foreign: Foreign) -> None:
    connector = shop(foreign, orders="PA04, PA09")
    connector.erase(BJØRN, GONE)
    assert foreign.rows("orders", "id") == [(10,), (11,), (20,)]


def test_kept_orders_keep_the_account_that_says_whose_they_are(foreign: Foreign) -> None:
    """Order 11 names nobody by itself: without the account nobody would know whose it is."""
    connector = shop(foreign)
    result = connector.erase(BJØRN, {"PA03": Measure.DELETE, "PA04": Measure.KEEP})
    assert counted(result) == {
        ("people", Measure.KEEP): 1,
        ("orders", Measure.KEEP): 2,
        ("lines", Measure.KEEP): 3,
    }
    assert foreign.rows("people", "name") == [("Bjørn Ærlig",), ("Åse",)]


def test_kept_orders_with_an_address_of_their_own_leave_an_empty_shell_of_the_account(foreign: Foreign) -> None:
    connector = shop(foreign)
    foreign.fill("DELETE FROM lines WHERE order_id = 11", "DELETE FROM orders WHERE id = 11")
    measures = {"PA03": Measure.DELETE, "PA04": Measure.KEEP}
    result = connector.erase(BJØRN, measures)
    assert (result.outcome, counted(result)["people", Measure.ANONYMISE]) == (Outcome.DONE, 1)
    (shell, other) = sorted(foreign.rows("people", "id", "email", "name"))
    assert (shell[0], shell[2], other[2]) == (1, None, "Åse")
    assert shell[1].startswith("anon-")  # unique and never empty
    assert foreign.rows("orders", "id", "person_id", "email")[0] == (10, 1, "bjørn.ærlig@example.com")
    again = connector.erase(BJØRN, measures)
    assert (again.outcome, again.rows, counted(again)["orders", Measure.KEEP]) == (Outcome.DONE, 0, 1)
    assert foreign.rows("people", "email")[-1] == (shell[1],) or foreign.rows("people", "email")[0] == (shell[1],)


NOTED = SHOP | {
    "orders": SHOP["orders"]
    | {
        "comment": "data_categories: [user.content.private], meta: {empty_if_kept_for: [books]}",
        "total": "data_categories: [user.behavior]",
    },
}
DUTY = {"PA03": Measure.DELETE, "PA04": Measure.DELETE, "books": Measure.KEEP}


def noted(foreign: Foreign, column: str = "comment TEXT") -> SqlConnector:
    """The shop, whose orders have a comment that the accounts can do without."""
    shop(foreign)
    foreign.fill(
        f"ALTER TABLE orders ADD COLUMN {column}",
        "ALTER TABLE orders ADD COLUMN total INTEGER",
        "UPDATE orders SET comment = 'Ring på', total = 7",
    )
    described = with_activities(dataset(NOTED), people="PA03", orders="PA04, books", lines="PA04")
    return foreign.connector(described, writable=True)


def comments(foreign: Foreign) -> list[tuple[object, ...]]:
    return foreign.rows("orders", "id", "comment", "total")


def test_rows_that_a_duty_keeps_lose_what_it_can_do_without(foreign: Foreign) -> None:
    connector = noted(foreign)
    result = connector.erase(BJØRN, DUTY)
    assert (result.outcome, result.verified) == (Outcome.DONE, True)
    assert counted(result)["orders", Measure.KEEP] == 2
    [emptied] = result.emptied
    assert (emptied.collection, [label.en for label in emptied.fields], emptied.rows) == ("orders", ["Comment"], 2)
    assert comments(foreign) == [(10, None, 7), (11, None, 7), (20, "Ring på", 7)]
    again = connector.erase(BJØRN, DUTY)  # a worker died before it could say so
    assert (again.rows, again.emptied) == (0, result.emptied)
    foreign.fill("UPDATE orders SET comment = 'Ring igjen' WHERE id = 11")
    left = connector.verify(BJØRN, DUTY)
    assert (left.outcome, counted(left), left.emptied) == (Outcome.FAILED, {("orders", Measure.KEEP): 1}, ())


@pytest.mark.parametrize(
    "measures",
    [
        DUTY | {"PA04": Measure.KEEP},  # a claim about the order may turn on what was written
        DUTY | {"PA04": Measure.RESTRICT},
        {"PA03": Measure.DELETE, "books": Measure.KEEP},  # nobody asked for the rest
        {"PA04": Measure.DELETE},
    ],
)
def test_what_stays_for_anything_else_stays_whole(foreign: Foreign, measures: dict[str, Measure]) -> None:
    connector = noted(foreign)
    assert connector.emptied(measures) == ()
    if Measure.RESTRICT not in measures.values():
        connector.erase(BJØRN, measures)
    assert comments(foreign) == [(10, "Ring på", 7), (11, "Ring på", 7), (20, "Ring på", 7)]


def test_rows_that_other_people_share_stay_whole(foreign: Foreign) -> None:
    note = "data_categories: [user.content.private], meta: {empty_if_kept_for: [books]}"
    described = with_activities(
        dataset(
            {
                "people": {"id": KEY, "email": EMAIL, "company_id": leads_to("companies.id")},
                "companies": {"id": KEY, "note": note},
            }
        ),
        people="PA03",
        companies="PA04, books",
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, company_id INTEGER)",
        "CREATE TABLE companies (id INTEGER PRIMARY KEY, note TEXT)",
        people=[
            {"id": 1, "email": "bjørn.ærlig@example.com", "company_id": 7},
            {"id": 2, "email": "åse@example.com", "company_id": 7},
        ],
        companies=[{"id": 7, "note": "Ring Åse"}],
    )
    result = foreign.connector(described, writable=True).erase(BJØRN, DUTY)
    assert (counted(result)["companies", Measure.KEEP], result.emptied) == (1, ())
    assert foreign.rows("companies", "note") == [("Ring Åse",)]


def test_what_was_emptied_is_counted_although_the_row_cannot_be_found_any_more(foreign: Foreign) -> None:
    connector = noted(foreign)
    foreign.fill("UPDATE orders SET email = 'kasse@example.com' WHERE id = 11")  # told by itself, so the account goes
    assert [one.rows for one in connector.erase(BJØRN, DUTY).emptied] == [2]


def test_a_field_that_cannot_be_empty_gets_a_neutral_value(foreign: Foreign) -> None:
    connector = noted(foreign, "comment TEXT NOT NULL DEFAULT ''")
    assert connector.erase(BJØRN, DUTY).outcome is Outcome.DONE
    assert comments(foreign)[:2] == [(10, "-", 7), (11, "-", 7)]


def test_anonymous_orders_let_the_account_go(foreign: Foreign) -> None:
    described = with_activities(dataset({k: SHOP[k] for k in ("people", "orders")}), people="PA03", orders="PA04")
    shop(foreign)
    foreign.fill("DELETE FROM lines")
    connector = foreign.connector(described, writable=True)
    result = connector.erase(BJØRN, {"PA03": Measure.DELETE, "PA04": Measure.ANONYMISE})
    assert counted(result) == {("people", Measure.DELETE): 1, ("orders", Measure.ANONYMISE): 2}
    assert foreign.rows("orders", "id", "person_id", "email") == [
        (10, None, None),
        (11, None, None),
        (20, 2, "åse@example.com"),
    ]


def test_rows_that_must_refer_to_a_kept_person_cannot_become_anonymous(foreign: Foreign) -> None:
    described = dataset({"people": {"id": KEY, "email": EMAIL}, "visits": {"person_id": leads_from("people.id")}})
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE TABLE visits (person_id INTEGER NOT NULL REFERENCES people (id))",
        people=[{"id": 1, "email": "bjørn.ærlig@example.com"}],
        visits=[{"person_id": 1}],
    )
    connector = foreign.connector(with_activities(described, people="PA03", visits="PA01"), writable=True)
    error = refused(connector, {"PA01": Measure.ANONYMISE})
    assert (error.fault, error.place) == (Fault.NO_WAY, "visits.person_id")
    assert connector.erase(BJØRN, {"PA01": Measure.ANONYMISE, "PA03": Measure.ANONYMISE}).outcome is Outcome.DONE


MASKED = {
    "id": KEY,
    "email": EMAIL,
    "phone": PHONE,
    "number": "data_categories: [user.unique_id], fides_meta: {identity: customer_number}",
    "city": "data_categories: [user.contact.address.city], fides_meta: {masking_strategy_override:"
    " {strategy: string_rewrite, configuration: {rewrite_value: Ukjent}}}",
    "total": "data_categories: [user.behavior], fides_meta: {masking_strategy_override: {strategy: preserve}}",
    "born": "data_categories: [user.demographic]",
    "seen_at": "data_categories: [user.behavior]",
    "points": "data_categories: [user.behavior]",
    "vip": "data_categories: [user.behavior]",
    "secret": "data_categories: [user.authorization], meta: {withhold: security}",
    "warehouse": "",
}


def test_every_field_is_masked_as_the_dataset_and_the_table_want(foreign: Foreign) -> None:
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(60) NOT NULL, phone TEXT,"
        " number INTEGER NOT NULL UNIQUE, city TEXT NOT NULL, total DECIMAL(10, 2) NOT NULL, born DATE NOT NULL,"
        " seen_at TIMESTAMP NOT NULL, points INTEGER NOT NULL, vip BOOLEAN NOT NULL, secret TEXT NOT NULL,"
        " warehouse TEXT)",
        people=[
            {
                "id": i,
                "email": f"{i}@example.com",
                "phone": "10000101",
                "number": i,
                "city": "Molde",
                "total": 12.5,
                "born": "1980-02-29",
                "seen_at": "2026-01-01 12:00:00",
                "points": 7,
                "vip": True,
                "secret": "hemmelig",
                "warehouse": "Nord",
            }
            for i in (1, 2)
        ],
    )
    connector = foreign.connector(with_activities(dataset({"people": MASKED}), people="PA04"), writable=True)
    anonymise = {"PA04": Measure.ANONYMISE}
    subject = Subject(emails=("1@example.com",))
    result = connector.erase(subject, anonymise)
    assert (result.outcome, counted(result)) == (Outcome.DONE, {("people", Measure.ANONYMISE): 1})
    masked, other = sorted(foreign.rows("people", *MASKED), key=lambda row: row[0])
    assert masked[:3] == (1, "-", None)
    assert masked[3] < 0
    assert (masked[4], float(masked[5]), str(masked[6])[:10], str(masked[7])[:10]) == (
        *("Ukjent", 12.5),
        *("1970-01-01", "1970-01-01"),
    )
    assert (masked[8], bool(masked[9]), masked[10:]) == (0, False, ("-", "Nord"))
    assert (other[1], other[3], other[10]) == ("2@example.com", 2, "hemmelig")
    assert connector.erase(subject, anonymise).outcome is Outcome.NOT_FOUND


def test_a_strategy_that_the_table_cannot_follow_is_refused_and_nothing_happens(foreign: Foreign) -> None:
    described = dataset(
        {
            "people": {"id": KEY, "email": EMAIL},
            "notes": {
                "id": KEY,
                "person_id": leads_from("people.id"),
                "text": "data_categories: [user], fides_meta: {masking_strategy_override: {strategy: null_rewrite}}",
            },
        }
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER, text TEXT NOT NULL)",
        people=[{"id": 1, "email": "bjørn.ærlig@example.com"}],
        notes=[{"id": 1, "person_id": 1, "text": "Bjørn ringte"}],
    )
    connector = foreign.connector(with_activities(described, people="PA03", notes="PA04"), writable=True)
    error = refused(connector, {"PA03": Measure.DELETE, "PA04": Measure.ANONYMISE})
    assert (error.fault, error.place) == (Fault.NO_WAY, "notes.text")
    assert (foreign.count("people"), foreign.rows("notes", "text")) == (1, [("Bjørn ringte",)])


@pytest.mark.parametrize("then", ["", " ON DELETE CASCADE", " ON DELETE SET NULL"])
def test_a_table_that_nobody_described_still_needs_the_row(foreign: Foreign, then: str) -> None:
    connector = shop(foreign)
    foreign.fill(
        f"CREATE TABLE invoices (id INTEGER, person INTEGER REFERENCES people (id){then})",
        invoices=[{"id": 1, "person": 1}, {"id": 2, "person": 2}],
    )
    error = refused(connector, GONE)
    assert (error.fault, error.place) == (Fault.STILL_NEEDED, "people")
    assert "another table, invoices, still needs them" in str(error)
    assert (foreign.count("people"), foreign.count("orders"), foreign.count("lines")) == (2, 3, 5)
    foreign.fill("DELETE FROM invoices WHERE person = 1")
    assert connector.erase(BJØRN, GONE).outcome is Outcome.DONE
    assert foreign.rows("invoices", "id", "person") == [(2, 2)]


def test_people_under_a_manager_lose_neither_their_rows_nor_their_manager_in_silence(foreign: Foreign) -> None:
    described = with_activities(
        dataset({"staff": {"id": KEY, "email": EMAIL, "manager_id": leads_to("staff.id")}}), staff="PA03"
    )
    staff = [
        {"id": 1, "email": "bjørn.ærlig@example.com", "manager_id": None},
        {"id": 2, "email": "åse@example.com", "manager_id": 1},
        {"id": 3, "email": "per@example.com", "manager_id": 2},
    ]
    foreign.fill(
        "CREATE TABLE staff (id INTEGER PRIMARY KEY, email TEXT,"
        " manager_id INTEGER REFERENCES staff (id) ON DELETE SET NULL)",
        staff=staff,
    )
    connector = foreign.connector(described, writable=True)
    assert refused(connector, GONE).fault is Fault.STILL_NEEDED
    assert foreign.rows("staff", "id", "manager_id") == [(1, None), (2, 1), (3, 2)]
    result = connector.erase(Subject(emails=("per@example.com",)), GONE)
    assert counted(result) == {("staff", Measure.KEEP): 2, ("staff", Measure.DELETE): 1}
    assert foreign.rows("staff", "id", "manager_id") == [(1, None), (2, 1)]


def test_rows_of_one_person_that_refer_to_each_other_in_a_ring_all_go(foreign: Foreign) -> None:
    described = with_activities(
        dataset(
            {
                "people": {"id": KEY, "email": EMAIL, "newest": leads_to("posts.id")},
                "posts": {"id": KEY, "person_id": leads_from("people.id"), "parent": leads_from("posts.id")},
            }
        ),
        people="PA03",
        posts="PA03",
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, newest INTEGER)",
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id),"
        " parent INTEGER REFERENCES posts (id))",
        people=[{"id": 1, "email": "bjørn.ærlig@example.com", "newest": 11}],
        posts=[{"id": 10, "person_id": 1, "parent": None}, {"id": 11, "person_id": 1, "parent": 10}],
    )
    assert foreign.connector(described, writable=True).erase(BJØRN, GONE).rows == 3
    assert (foreign.count("people"), foreign.count("posts")) == (0, 0)


def test_a_company_of_several_people_is_not_one_persons_to_delete(foreign: Foreign) -> None:
    described = with_activities(
        dataset(
            {
                "people": {"id": KEY, "email": EMAIL, "company_id": leads_to("companies.id")},
                "companies": {"id": KEY, "name": NAME},
                "sites": {"company_id": leads_from("companies.id"), "street": "data_categories: [user]"},
            }
        ),
        **dict.fromkeys(("people", "companies", "sites"), "PA03"),
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, company_id INTEGER)",
        "CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE sites (company_id INTEGER, street TEXT)",
        people=[
            {"id": 1, "email": "bjørn.ærlig@example.com", "company_id": 7},
            {"id": 2, "email": "åse@example.com", "company_id": 7},
            {"id": 3, "email": "per@example.com", "company_id": 8},
        ],
        companies=[{"id": 7, "name": "Fisk AS"}, {"id": 8, "name": "Per Ås ENK"}],
        sites=[{"company_id": 7, "street": "Kaia 1"}, {"company_id": 8, "street": "Kaia 2"}],
    )
    connector = foreign.connector(described, writable=True)
    kept = connector.erase(BJØRN, GONE)
    assert counted(kept) == {
        ("people", Measure.DELETE): 1,
        ("companies", Measure.KEEP): 1,
        ("sites", Measure.KEEP): 1,
    }
    alone = connector.erase(Subject(emails=("per@example.com",)), GONE)
    assert counted(alone) == {
        ("people", Measure.DELETE): 1,
        ("companies", Measure.DELETE): 1,
        ("sites", Measure.DELETE): 1,
    }
    assert (foreign.rows("companies", "id"), foreign.rows("sites", "street")) == ([(7,)], [("Kaia 1",)])


def test_a_search_that_was_cut_short_deletes_nothing(foreign: Foreign) -> None:
    connector = shop(foreign, row_limit=1)
    error = refused(connector, GONE)
    assert (error.fault, error.place) == (Fault.INCOMPLETE, "orders")
    assert (foreign.count("people"), foreign.count("orders"), foreign.count("lines")) == (2, 3, 5)


def test_a_death_between_the_commit_and_the_answer_does_no_harm(foreign: Foreign) -> None:
    connector = shop(foreign)
    looking = connector._database.run

    def dies(_: object) -> None:
        raise KeyboardInterrupt

    connector._database.run = dies  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        connector.erase(BJØRN, GONE)
    assert foreign.count("people") == 1
    connector._database.run = looking  # type: ignore[method-assign]
    assert connector.erase(BJØRN, GONE).outcome is Outcome.NOT_FOUND
    assert connector.verify(BJØRN, GONE).outcome is Outcome.DONE


def test_a_table_that_another_program_writes_to_is_busy_and_nothing_happens(foreign: Foreign) -> None:
    connector = shop(foreign, timeout=0.2)
    with foreign.writer().connect() as other:
        other.exec_driver_sql("LOCK TABLE lines IN EXCLUSIVE MODE" if foreign.is_postgresql else "BEGIN IMMEDIATE")
        with pytest.raises(ConnectorError) as caught:
            connector.erase(BJØRN, GONE)
        other.rollback()
    assert (caught.value.permanent, caught.value.fault in (Fault.LOCKED, Fault.TIMEOUT)) == (False, True)
    assert foreign.count("people") == 2
    assert connector.erase(BJØRN, GONE).outcome is Outcome.DONE


def test_twenty_thousand_rows_go_and_as_many_stay(foreign: Foreign) -> None:
    described = with_activities(
        dataset(
            {"people": {"id": KEY, "email": EMAIL}, "visits": {"person_id": leads_from("people.id"), "page": NAME}}
        ),
        people="PA03",
        visits="PA03",
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE TABLE visits (person_id INTEGER, page TEXT)",
        people=[{"id": 1, "email": "bjørn.ærlig@example.com"}, {"id": 2, "email": "åse@example.com"}],
        visits=[{"person_id": 1 + i % 2, "page": f"/{i % 97}"} for i in range(40_000)],
    )
    result = foreign.connector(described, writable=True).erase(BJØRN, GONE)
    assert counted(result) == {("people", Measure.DELETE): 1, ("visits", Measure.DELETE): 20_000}
    assert set(foreign.rows("visits", "person_id")) == {(2,)}
    assert foreign.count("visits") == 20_000


def test_deleted_text_does_not_stay_in_the_file(on_sqlite: Foreign) -> None:
    connector = shop(on_sqlite)
    file = on_sqlite.folder / "shop.sqlite3"
    assert "Bjørn Ærlig".encode() in file.read_bytes()
    connector.erase(BJØRN, GONE)
    assert "Bjørn Ærlig".encode() not in file.read_bytes()


def test_restricting_as_a_measure_needs_a_mark(foreign: Foreign) -> None:
    measures = {"PA03": Measure.RESTRICT}
    people = {**SHOP["people"], "held": "meta: {restrict: true}"}
    foreign.fill(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, name TEXT, held BOOLEAN)",
        people=[{"id": 1, "email": "bjørn.ærlig@example.com", "name": "Bjørn", "held": None}],
    )
    without = foreign.connector(with_activities(dataset({"people": SHOP["people"]}), people="PA03"), writable=True)
    assert (refused(without, measures).fault, foreign.rows("people", "held")) == (Fault.NO_WAY, [(None,)])
    connector = foreign.connector(with_activities(dataset({"people": people}), people="PA03"), writable=True)
    assert counted(connector.erase(BJØRN, measures)) == {("people", Measure.RESTRICT): 1}
    assert [bool(held) for (held,) in foreign.rows("people", "held")] == [True]
    assert connector.erase(BJØRN, measures).affected == ()


def test_nothing_to_search_by_is_work_for_a_human(foreign: Foreign) -> None:
    result = shop(foreign).erase(Subject(customer_numbers=("K-1",)), GONE)
    assert (result.outcome, result.instruction is not None) == (Outcome.MANUAL, True)


def test_without_leave_to_write_nothing_can_be_asked_for(foreign: Foreign) -> None:
    shop(foreign)
    described = with_activities(dataset(SHOP), people="PA03")
    reading = foreign.connector(described)
    assert reading.abilities == {Verb.PROBE, Verb.LOCATE, Verb.READ}
    assert foreign.connector(dataset(SHOP), writable=True).abilities == reading.abilities | {Verb.RECTIFY}
    assert refused(reading, GONE).fault is Fault.NO_WAY
    assert foreign.count("people") == 2


def test_affected_names_what_the_dataset_shows(foreign: Foreign) -> None:
    shop(foreign)
    described = dataset({"people": SHOP["people"]}).replace(
        "- name: people\n", "- name: people\n        fides_meta: {redact: name}\n        meta: {activities: [PA09]}\n"
    )
    result = foreign.connector(described, writable=True).erase(BJØRN, GONE)
    assert result.affected == (Affected("collection_1", Measure.KEEP, 1, ("PA09",)),)
