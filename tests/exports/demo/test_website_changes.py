"""Everything that a person can ask to have changed, shown on the demo website; the others there notice nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from exports.connectors.sql import SqlConnector
from exports.demo.people import INGRID, PEOPLE
from exports.demo.website import DATASET, build
from exports.domain.changes import FieldChange
from exports.domain.enums import Measure
from exports.domain.records import Outcome, Record, Subject

WHO = Subject(emails=(INGRID.email,))
USES = ("PA01", "PA03", "PA04", "PA08", "bookkeeping", "consent_proof")
BOOKKEEPING = {
    **dict.fromkeys(USES, Measure.DELETE),
    "bookkeeping": Measure.KEEP,  # orders: five years for the accounts
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The database of a freshly built website."""
    build(tmp_path / "website.sqlite3")
    return tmp_path / "website.sqlite3"


@pytest.fixture
def website(path: Path) -> SqlConnector:
    """The connector, which may write."""
    return SqlConnector.from_settings(
        "website", {"url": f"sqlite:///{path}", "dataset": str(DATASET), "writable": True}
    )


def others(website: SqlConnector) -> list[object]:
    """What the website holds about everybody else."""
    return [website.read(Subject(emails=(person.email,))).records for person in PEOPLE if person != INGRID]


def test_deleting_an_account_while_the_orders_are_kept_for_the_accounts(website: SqlConnector, path: Path) -> None:
    strangers, orders = others(website), len(rows_of(website, "orders"))
    result = website.erase(WHO, BOOKKEEPING)
    assert (result.outcome, result.verified) == (Outcome.DONE, True)
    measures = {(one.collection, one.measure) for one in result.affected}
    assert measures == {
        ("accounts", Measure.ANONYMISE),  # the orders refer to it
        ("orders", Measure.KEEP),
        ("order_lines", Measure.KEEP),
        ("newsletter_consents", Measure.DELETE),
        ("contact_messages", Measure.DELETE),
        ("page_events", Measure.DELETE),
    }
    with closing(sqlite3.connect(path)) as connection:
        told = "\n".join(line for line in connection.iterdump() if 'INTO "accounts"' in line)
    assert [word for word in (INGRID.email, INGRID.last_name, INGRID.street, INGRID.phone) if word in told] == []
    assert len(rows_of(website, "orders")) == orders
    assert others(website) == strangers
    assert website.erase(WHO, BOOKKEEPING).rows == 0


def test_deleting_everything(website: SqlConnector) -> None:
    strangers = others(website)
    everything = dict.fromkeys(USES, Measure.DELETE)
    assert website.erase(WHO, everything).outcome is Outcome.DONE
    assert website.read(WHO).outcome is Outcome.NOT_FOUND
    assert others(website) == strangers


def test_anonymous_orders_keep_their_sums(website: SqlConnector, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        before = connection.execute("SELECT sum(total_nok), count(*) FROM orders").fetchone()
    anonymise = dict.fromkeys(USES, Measure.ANONYMISE)
    assert website.erase(WHO, anonymise).outcome is Outcome.DONE
    assert website.read(WHO).outcome is Outcome.NOT_FOUND
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT sum(total_nok), count(*) FROM orders").fetchone() == before
        told = "\n".join(connection.iterdump())
    assert [word for word in (INGRID.email, INGRID.last_name, INGRID.street) if word in told] == []


def test_correcting_withdrawing_and_restricting(website: SqlConnector) -> None:
    strangers = others(website)
    (account,) = rows_of(website, "accounts")
    moved = FieldChange("accounts", account.key, "street", INGRID.street, "Ærfuglvegen 7")
    for result in (website.rectify(WHO, [moved]), website.withdraw(WHO), website.restrict(WHO, ["PA03"], list)):
        assert (result.outcome, result.verified) == (Outcome.DONE, True)
    (account,) = rows_of(website, "accounts")
    values = {value.name: value.value for value in account.fields}
    assert (values["street"], values["wants_news"], values["restricted"]) == ("Ærfuglvegen 7", False, True)
    (consent,) = rows_of(website, "newsletter_consents")
    assert {value.name: value.value for value in consent.fields}["withdrawn_at"] is not None
    assert others(website) == strangers


def rows_of(website: SqlConnector, collection: str) -> list[Record]:
    """The records of Ingrid in one collection."""
    return [record for record in website.read(WHO).records if record.collection == collection]
