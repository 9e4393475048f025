"""The database of an invented company website, the same one every time it is built.

It looks as such databases do: times without a zone, addresses in every case, numbers in every spelling, a
table without a key. `website.dataset.yaml` beside this file describes it.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .people import PEOPLE, Person

DATASET = Path(__file__).with_name("website.dataset.yaml")
"""Describes the database to the SQL connector."""

FIRST_DAY = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - the website keeps local time without a zone
OFFICE_MINUTES = 600
EVENTS_PER_PERSON = 40

_SCHEMA = """
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    customer_number TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    phone TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    company TEXT,
    street TEXT,
    postal_code TEXT,
    city TEXT,
    language TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    wants_news BOOLEAN NOT NULL,
    restricted BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME NOT NULL,
    last_login_at DATETIME
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    account_id INTEGER REFERENCES accounts (id),
    email TEXT NOT NULL,
    ordered_at DATETIME NOT NULL,
    status TEXT NOT NULL,
    delivery_address TEXT NOT NULL,
    total_nok DECIMAL(10, 2) NOT NULL,
    comment TEXT,
    restricted BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    line_number INTEGER NOT NULL,
    product TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    price_nok DECIMAL(10, 2) NOT NULL,
    PRIMARY KEY (order_id, line_number)
);
CREATE TABLE newsletter_consents (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    list TEXT NOT NULL,
    given_at DATETIME NOT NULL,
    withdrawn_at DATETIME,
    given_on_page TEXT NOT NULL,
    ip_address TEXT NOT NULL
);
CREATE TABLE contact_messages (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    sent_at DATETIME NOT NULL
);
CREATE TABLE page_events (
    account_id INTEGER REFERENCES accounts (id),
    happened_at DATETIME NOT NULL,
    event TEXT NOT NULL,
    page TEXT NOT NULL,
    seconds_on_page INTEGER,
    cookie_id TEXT NOT NULL,
    ip_address TEXT NOT NULL,
    browser TEXT NOT NULL
);
CREATE INDEX orders_account ON orders (account_id);
CREATE INDEX page_events_account ON page_events (account_id);
"""

_PRODUCTS = (
    ("Pakningssett til platefryser", 1240),
    ("Transportbånd, 3 meter", 8900),
    ("Slitedeler til fiskepumpe", 3475),
    ("Kniver til sløyemaskin, ti stykk", 1690),
    ("Føler for isvann", 745),
)
_PAGES = (
    *("/", "/produkter/platefrysere", "/produkter/fiskepumper", "/reservedeler", "/reservedeler/søk?q=pakning"),
    *("/om-oss", "/kontakt", "/min-side", "/min-side/ordrer", "/nyheter/ny-pumpe"),
)
_BROWSERS = ("Firefox 144 (Windows)", "Safari 26 (iPhone)", "Chrome 142 (Android)")
_MESSAGES = {
    "nb": (
        ("Leveringstid på kniver", "Hei! Hvor lang leveringstid er det på kniver til sløyemaskinen?\n\nHilsen {name}"),
        ("Faktura", "Hei, kan dere sende fakturaen på nytt til {email}? På forhånd takk."),
    ),
    "en": (
        ("Spare parts", "Hello, do you ship spare parts to Scotland?\n\nRegards, {name}"),
        ("Invoice", "Hello, could you send the invoice to {email} once more? Thank you."),
    ),
}


def build(path: Path, *, people: Sequence[Person] = PEOPLE) -> None:
    """Write the database to `path`; whatever was there before is replaced in one step.

    The same people give the same content. The folder must be there. Raises OSError, sqlite3.Error.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(draft)) as connection:
            connection.executescript(_SCHEMA)
            for number, person in enumerate(people, start=1):
                _add(connection, number, person)
            connection.commit()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _add(connection: sqlite3.Connection, number: int, person: Person) -> None:
    _insert(connection, "accounts", _account(number, person))
    for order in range(1, 2 + number % 3):
        lines = tuple(_lines(number, order))
        _insert(connection, "orders", _order(number, order, person, lines))
        for line in lines:
            _insert(connection, "order_lines", line)
    _insert(connection, "newsletter_consents", _consent(number, person))
    _insert(connection, "contact_messages", _message(number, person))
    for event in _events(number):
        _insert(connection, "page_events", event)


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608 - our own names


def _at(days: float) -> str:
    """A time in office hours that many days after the first, as the website writes it."""
    minutes = round(days % 1 * OFFICE_MINUTES)
    return (FIRST_DAY + timedelta(days=int(days), minutes=minutes)).isoformat(sep=" ")


def _account(number: int, person: Person) -> dict[str, Any]:
    return {
        "id": number,
        "customer_number": f"K-{1000 + number}",
        "email": person.email,
        "phone": person.phone,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": person.company or None,
        "street": person.street,
        "postal_code": person.postal_code,
        "city": person.city,
        "language": person.language,
        "password_hash": hashlib.sha256(f"invented {number}".encode()).hexdigest(),
        "wants_news": number % 3 != 0,
        "restricted": False,
        "created_at": _at(number * 17.4),
        "last_login_at": _at(600 + number * 1.3) if number % 4 else None,
    }


def _order(number: int, order: int, person: Person, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    guest = order == 2  # the second order was made without logging in
    return {
        "id": number * 100 + order,
        "account_id": None if guest else number,
        "email": (person.written or person.email) if guest else person.email,
        "ordered_at": _at(number * 17.4 + order * 90.2),
        "status": "levert" if order < 3 else "under behandling",
        "delivery_address": f"{person.name}, {person.street}, {person.postal_code} {person.city}",
        "total_nok": sum(line["quantity"] * line["price_nok"] for line in lines),
        "comment": "Ring før levering, porten er låst." if guest else None,
        "restricted": False,
    }


def _lines(number: int, order: int) -> Iterator[dict[str, Any]]:
    for line in range(1, 2 + (number + order) % 2):
        product, price = _PRODUCTS[(number + order + line) % len(_PRODUCTS)]
        yield {
            "order_id": number * 100 + order,
            "line_number": line,
            "product": product,
            "quantity": 1 + (number * order) % 4,
            "price_nok": price,
        }


def _consent(number: int, person: Person) -> dict[str, Any]:
    return {
        "id": number,
        "email": person.written or person.email,
        "list": "Nytt om reservedeler" if number % 2 else "Produktnytt",
        "given_at": _at(number * 17.4 + 0.1),
        "withdrawn_at": _at(number * 17.4 + 200) if number % 3 == 0 else None,
        "given_on_page": "/min-side",
        "ip_address": f"192.0.2.{number}",
    }


def _message(number: int, person: Person) -> dict[str, Any]:
    messages = _MESSAGES[person.language]
    subject, message = messages[number % len(messages)]
    return {
        "id": number,
        "name": person.name,
        "email": person.email,
        "phone": person.phone if number % 2 else None,
        "subject": subject,
        "message": message.format(name=person.name, email=person.email),
        "sent_at": _at(number * 17.4 + 120.5),
    }


def _events(number: int) -> Iterator[dict[str, Any]]:
    cookie = hashlib.sha256(f"cookie {number}".encode()).hexdigest()[:20]
    for event in range(EVENTS_PER_PERSON):
        page = _PAGES[(event * 3 + number) % len(_PAGES)]
        yield {
            "account_id": number,
            "happened_at": _at(number * 17.4 + event * 13.7 + (event % 5) / 24),
            "event": "search" if "?" in page else "view",
            "page": page,
            "seconds_on_page": (event * 37 + number * 11) % 240 if event % 9 else None,
            "cookie_id": cookie,
            "ip_address": f"198.51.100.{number}" if event % 4 else f"2001:db8::{number}",
            "browser": _BROWSERS[(number + event // 15) % len(_BROWSERS)],
        }
