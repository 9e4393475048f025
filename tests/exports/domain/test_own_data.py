"""Which answers a system expects, from what was read in it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from exports.domain.own_data import Question, answers
from exports.domain.records import ContactChannel, FieldValue, Hit, Label, Record, Withheld

OSLO = ZoneInfo("Europe/Oslo")
LABEL = Label("x", "x")


def row(since: datetime | None, *fields: FieldValue) -> Record:
    return Record("website", "rows", "1", LABEL, fields, since=since)


def value(name: str, text: str | int | None, category: str = "", withheld: Withheld | None = None) -> FieldValue:
    return FieldValue(name, LABEL, text, category, withheld=withheld)


def test_months_are_those_of_the_organisation() -> None:
    hit = Hit(
        "website", "accounts", "1", ContactChannel.EMAIL, "a@b.example", datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
    )
    later = row(datetime(2025, 1, 1, tzinfo=UTC))
    assert answers([hit], [later], OSLO) == {Question.FIRST_CONTACT: frozenset({"2024-03"})}


def test_the_last_order_and_the_last_event_count() -> None:
    bought = value("total_nok", 10, "user.behavior.purchase_history")
    found = answers(
        [],
        [
            row(datetime(2024, 5, 1, tzinfo=UTC), bought, value("event_name", "Nor-Shipping")),
            row(datetime(2025, 6, 1, tzinfo=UTC), bought, value("event_name", "Åpen dag")),
        ],
        OSLO,
    )
    assert found[Question.LAST_ORDER] == {"2025-06"}
    assert found[Question.LAST_EVENT] == {"Åpen dag"}


def test_towns_and_newsletters_are_texts_and_withheld_ones_are_none() -> None:
    city = "user.contact.address.city"
    found = answers(
        [],
        [
            row(None, value("city", " Molde ", city), value("list", "Nytt"), value("newsletter", "Tips")),
            row(None, value("city", None, city), value("city", "Oslo", city, Withheld.THIRD_PARTY), value("list", 7)),
        ],
        OSLO,
    )
    assert found == {Question.CITY: {"Molde"}, Question.NEWSLETTER: {"Nytt", "Tips"}}


def test_names_and_addresses_are_never_asked() -> None:
    fields = [
        value("first_name", "Kari", "user.name.first"),
        value("email", "k@x.example", "user.contact.email"),
        value("company", "Verftet", "user.contact.organization"),
    ]
    known = row(None, *fields)
    assert answers([], [known], OSLO) == {}
