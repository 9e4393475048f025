"""The website's database as the stories look into it from outside: what it holds of Ingrid, and of everybody else."""

import sqlite3
from contextlib import closing
from pathlib import Path

from exports.demo.people import INGRID
from tests.services.installation import Installation

TABLES = ("accounts", "orders", "order_lines", "newsletter_consents", "contact_messages", "page_events")
Rows = dict[str, list[tuple[object, ...]]]
_HERS = {
    "accounts": "id = 1",
    "orders": "lower(email) = :email",
    "order_lines": "order_id IN (SELECT id FROM orders WHERE lower(email) = :email)",
    "newsletter_consents": "lower(email) = :email",
    "contact_messages": "id = 1",
    "page_events": "account_id = 1",
}
_JOURNAL = """
CREATE TABLE journal (step INTEGER PRIMARY KEY, what TEXT NOT NULL);
CREATE TRIGGER child AFTER DELETE ON page_events BEGIN INSERT INTO journal (what) VALUES ('visit deleted'); END;
CREATE TRIGGER parent AFTER UPDATE ON accounts BEGIN INSERT INTO journal (what) VALUES ('account changed'); END;
"""


def hers(installation: Installation) -> Rows:
    """Ingrid's rows, by table."""
    return {table: _read(installation, table, _HERS[table]) for table in TABLES}


def others(installation: Installation) -> Rows:
    """Everybody else's rows, by table."""
    return {table: _read(installation, table, f"NOT coalesce({_HERS[table]}, FALSE)") for table in TABLES}


def mentions(rows: Rows, *values: str) -> set[str]:
    """The tables in which one of these values stands."""
    texts = {table: "\n".join(map(str, found)).casefold() for table, found in rows.items()}
    return {table for table, text in texts.items() if any(value.casefold() in text for value in values)}


def keep_journal(installation: Installation) -> None:
    """Have the database itself write down in which order its rows go."""
    with closing(_connect(installation)) as file:
        file.executescript(_JOURNAL)


def journal(installation: Installation) -> list[str]:
    """What was written down, in its order, each run of the same once."""
    with closing(_connect(installation)) as file:
        steps = [str(what) for (what,) in file.execute("SELECT what FROM journal ORDER BY step")]
    return [what for what, before in zip(steps, ["", *steps], strict=False) if what != before]


def lay_again(installation: Installation, copy: Path) -> None:
    """Put everything back as a copy of the file has it, also for whoever has the database open."""
    with closing(sqlite3.connect(copy)) as source, closing(_connect(installation)) as file:
        source.backup(file)


def _read(installation: Installation, table: str, which: str) -> list[tuple[object, ...]]:
    with closing(_connect(installation)) as file:
        return file.execute(f"SELECT * FROM {table} WHERE {which}", {"email": INGRID.email}).fetchall()  # noqa: S608


def _connect(installation: Installation) -> sqlite3.Connection:
    return sqlite3.connect(installation.var / "website.sqlite3", timeout=20)
