"""How far a search goes: everything that hangs on the person, nothing that hangs on others, and an end to it."""

import pytest

from exports.connectors.dataset import DatasetError, parse_text
from exports.connectors.sql.plan import make_plan
from exports.connectors.sql.search import VALUES_PER_QUERY
from exports.domain.records import Subject

from .foreign import EMAIL, KEY, Foreign, belongs_to, column, dataset, leads_from, leads_to

OLA = Subject(emails=("ola@example.com",))
PERSONAL = "data_categories: [user]"


def test_references_are_followed_in_both_directions(foreign: Foreign) -> None:
    described = dataset(
        {
            "lines": {"id": KEY, "order_id": leads_from("orders.id"), "product_id": leads_to("products.id")},
            "orders": {"id": KEY, "person_id": leads_from("people.id")},
            "products": {"id": KEY, "name": PERSONAL},
            "people": {"id": KEY, "email": EMAIL},
        }
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER, email TEXT)",
        "CREATE TABLE orders (id INTEGER, person_id INTEGER)",
        "CREATE TABLE lines (id INTEGER, order_id INTEGER, product_id INTEGER)",
        "CREATE TABLE products (id INTEGER, name TEXT)",
        people=[{"id": 1, "email": "ola@example.com"}, {"id": 2, "email": "kari@example.com"}],
        orders=[{"id": 10, "person_id": 1}, {"id": 11, "person_id": 1}, {"id": 20, "person_id": 2}],
        lines=[
            {"id": 100, "order_id": 10, "product_id": 7},
            {"id": 101, "order_id": 11, "product_id": 8},
            {"id": 200, "order_id": 20, "product_id": 7},
        ],
        products=[{"id": 7, "name": "Kniv"}, {"id": 8, "name": "Pumpe"}, {"id": 9, "name": "Fryser"}],
    )
    result = foreign.connector(described).read(OLA)
    assert column(result, "orders", "id") == [10, 11]
    assert column(result, "lines", "id") == [100, 101]
    assert column(result, "products", "name") == ["Kniv", "Pumpe"]


def test_a_shared_product_does_not_lead_to_the_orders_of_strangers(foreign: Foreign) -> None:
    described = dataset(
        {
            "people": {"id": KEY, "email": EMAIL},
            "orders": {"id": KEY, "person_id": belongs_to("people.id"), "product_id": belongs_to("products.id")},
            "products": {"id": KEY, "name": PERSONAL},
        }
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER, email TEXT)",
        "CREATE TABLE orders (id INTEGER, person_id INTEGER, product_id INTEGER)",
        "CREATE TABLE products (id INTEGER, name TEXT)",
        people=[{"id": 1, "email": "ola@example.com"}, {"id": 2, "email": "kari@example.com"}],
        orders=[{"id": 10, "person_id": 1, "product_id": 7}, {"id": 20, "person_id": 2, "product_id": 7}],
        products=[{"id": 7, "name": "Kniv"}],
    )
    result = foreign.connector(described).read(OLA)
    assert column(result, "orders", "id") == [10]
    assert column(result, "products", "id") == [7]
    assert column(result, "people", "id") == [1]


def test_an_order_with_my_address_does_not_open_the_account_of_another(foreign: Foreign) -> None:
    described = dataset(
        {
            "orders": {"id": KEY, "email": EMAIL, "account_id": belongs_to("accounts.id")},
            "accounts": {"id": KEY, "email": EMAIL},
        }
    )
    foreign.fill(
        "CREATE TABLE accounts (id INTEGER, email TEXT)",
        "CREATE TABLE orders (id INTEGER, email TEXT, account_id INTEGER)",
        accounts=[{"id": 1, "email": "ola@example.com"}, {"id": 2, "email": "kari@example.com"}],
        orders=[
            {"id": 10, "email": "other@example.com", "account_id": 1},
            {"id": 11, "email": "OLA@example.com", "account_id": 2},
        ],
    )
    result = foreign.connector(described).read(OLA)
    assert column(result, "orders", "id") == [10, 11]
    assert column(result, "accounts", "id") == [1]


def test_loops_end_and_miss_nothing(foreign: Foreign) -> None:
    described = dataset(
        {
            "a": {"id": KEY, "email": EMAIL, "c_id": leads_from("c.id")},
            "b": {"id": KEY, "a_id": leads_from("a.id")},
            "c": {"id": KEY, "b_id": leads_from("b.id"), "parent": leads_from("c.id")},
        }
    )
    foreign.fill(
        "CREATE TABLE a (id INTEGER, email TEXT, c_id INTEGER)",
        "CREATE TABLE b (id INTEGER, a_id INTEGER)",
        "CREATE TABLE c (id INTEGER, b_id INTEGER, parent INTEGER)",
        a=[
            {"id": 1, "email": "ola@example.com", "c_id": None},
            {"id": 2, "email": "x@example.com", "c_id": 301},
            {"id": 3, "email": "y@example.com", "c_id": 399},
        ],
        b=[{"id": 10, "a_id": 1}, {"id": 20, "a_id": 2}, {"id": 30, "a_id": 3}],
        c=[
            {"id": 300, "b_id": 10, "parent": 300},  # its own parent
            {"id": 301, "b_id": None, "parent": 300},
            {"id": 302, "b_id": None, "parent": 301},
            {"id": 303, "b_id": 20, "parent": None},
            {"id": 399, "b_id": None, "parent": None},
        ],
    )
    result = foreign.connector(described).read(OLA)
    assert column(result, "a", "id") == [1, 2]
    assert column(result, "b", "id") == [10, 20]
    assert column(result, "c", "id") == [300, 301, 302, 303]


def test_a_reference_to_itself_without_a_direction_is_not_followed(foreign: Foreign) -> None:
    described = dataset({"staff": {"id": KEY, "email": EMAIL, "manager_id": belongs_to("staff.id")}})
    staff = [
        {"id": 1, "email": "ola@example.com", "manager_id": 2},
        {"id": 2, "email": "kari@example.com", "manager_id": None},
        {"id": 3, "email": "per@example.com", "manager_id": 1},
    ]
    foreign.fill("CREATE TABLE staff (id INTEGER, email TEXT, manager_id INTEGER)", staff=staff)
    assert column(foreign.connector(described).read(OLA), "staff", "id") == [1]


def test_an_empty_value_does_not_lead_to_everything_that_is_empty(foreign: Foreign) -> None:
    described = dataset(
        {"people": {"id": KEY, "email": EMAIL, "tag": ""}, "visits": {"id": KEY, "tag": leads_from("people.tag")}}
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER, email TEXT, tag TEXT)",
        "CREATE TABLE visits (id INTEGER, tag TEXT)",
        people=[
            {"id": 1, "email": "ola@example.com", "tag": ""},
            {"id": 2, "email": "ola@example.com", "tag": None},
            {"id": 3, "email": "ola@example.com", "tag": "  "},
            {"id": 4, "email": "ola@example.com", "tag": "x"},
        ],
        visits=[{"id": 10, "tag": ""}, {"id": 11, "tag": None}, {"id": 12, "tag": "  "}, {"id": 13, "tag": "x"}],
    )
    result = foreign.connector(described).read(OLA)
    assert column(result, "visits", "id") == [13]
    assert column(result, "people", "id") == [1, 2, 3, 4]


def test_addresses_join_in_any_case_and_keys_across_types(foreign: Foreign) -> None:
    mail = "data_categories: [user.contact.email], "
    described = dataset(
        {
            "people": {"id": KEY, "email": EMAIL},
            "letters": {"id": KEY, "sent_to": mail + leads_from("people.email")},
            "scores": {"id": KEY, "person": leads_from("people.id")},
        }
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER, email TEXT)",
        "CREATE TABLE letters (id INTEGER, sent_to TEXT)",
        "CREATE TABLE scores (id INTEGER, person TEXT)",
        people=[{"id": 1, "email": "ola@example.com"}],
        letters=[{"id": 10, "sent_to": "OLA@Example.COM"}, {"id": 11, "sent_to": "kari@example.com"}],
        scores=[{"id": 20, "person": "1"}, {"id": 21, "person": "10"}],
    )
    result = foreign.connector(described).read(OLA)
    assert (column(result, "letters", "id"), column(result, "scores", "id")) == ([10], [20])


def test_many_values_are_asked_for_in_portions(foreign: Foreign) -> None:
    many = VALUES_PER_QUERY * 2 + 1
    described = dataset(
        {
            "people": {"id": KEY, "email": EMAIL},
            "orders": {"id": KEY, "person_id": leads_from("people.id")},
            "lines": {"id": KEY, "order_id": leads_from("orders.id")},
        }
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER, email TEXT)",
        "CREATE TABLE orders (id INTEGER, person_id INTEGER)",
        "CREATE TABLE lines (id INTEGER, order_id INTEGER)",
        people=[{"id": 1, "email": "ola@example.com"}],
        orders=[{"id": i, "person_id": 1} for i in range(many)],
        lines=[{"id": i, "order_id": i} for i in range(many + 5)],
    )
    result = foreign.connector(described).read(OLA)
    assert [entry.rows for entry in result.query_log] == [1, many, many]
    assert not result.truncated


def test_a_collection_that_is_only_passed_through_is_not_handed_over(foreign: Foreign) -> None:
    described = dataset(
        {
            "people": {"id": KEY, "email": EMAIL},
            "links": {"person_id": leads_from("people.id"), "group_id": leads_to("groups.id")},
            "groups": {"id": "", "name": "data_categories: [user]"},
        }
    )
    foreign.fill(
        "CREATE TABLE people (id INTEGER, email TEXT)",
        "CREATE TABLE links (person_id INTEGER, group_id INTEGER)",
        "CREATE TABLE groups (id INTEGER, name TEXT)",
        people=[{"id": 1, "email": "ola@example.com"}],
        links=[{"person_id": 1, "group_id": 5}],
        groups=[{"id": 5, "name": "Kunder"}, {"id": 6, "name": "Andre"}],
    )
    result = foreign.connector(described).read(OLA)
    assert {record.collection for record in result.records} == {"people", "groups"}
    assert [(e.collection, e.rows) for e in result.query_log] == [("people", 1), ("links", 1), ("groups", 1)]


def test_a_skipped_collection_is_not_searched(foreign: Foreign) -> None:
    described = dataset({"people": {"id": KEY, "email": EMAIL}, "old": {"id": KEY, "email": EMAIL}})
    described = described.replace("- name: old", "- name: old\n        fides_meta: {skip_processing: true}")
    foreign.fill("CREATE TABLE people (id INTEGER, email TEXT)", people=[{"id": 1, "email": "ola@example.com"}])
    result = foreign.connector(described).read(OLA)  # there is no table `old`
    assert [entry.collection for entry in result.query_log] == ["people"]


def test_a_collection_that_no_identity_leads_to_is_refused() -> None:
    described = parse_text(
        dataset(
            {
                "people": {"id": KEY, "email": EMAIL},
                "orders": {"id": KEY, "person_id": leads_to("people.id")},
                "far": {"id": "fides_meta: {references: [{dataset: another, field: x.id, direction: from}]}"},
            }
        ),
        file="shop.dataset.yaml",
    )
    with pytest.raises(DatasetError) as caught:
        make_plan(described)
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [(8, "shop.orders"), (12, "shop.far")]


def test_the_part_of_a_plan_that_leads_to_some_collections() -> None:
    plan = make_plan(
        parse_text(
            dataset(
                {
                    "people": {"id": KEY, "email": EMAIL},
                    "orders": {"id": KEY, "person_id": leads_from("people.id")},
                    "events": {"id": KEY, "order_id": leads_from("orders.id")},
                    "leads": {"id": KEY, "email": EMAIL},
                }
            )
        )
    )
    assert plan.towards(["orders"]).collections == ("people", "orders")
    assert plan.towards(["leads"]).collections == ("leads",)
    assert plan.towards([]).collections == ()
