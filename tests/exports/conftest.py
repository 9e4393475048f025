"""An installation with the shipped register and the invented website, in a folder of its own."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from exports import registry
from exports.demo import website
from exports.services import register
from tests import factories

from .house import House
from .ledger import NAME as LEDGER
from .ledger import Ledger, LedgerConnector

REGISTER = Path(django_settings.BASE_DIR) / "config" / "register.yaml"


@pytest.fixture
def house(db: None, tmp_path: Path, settings: Settings) -> House:
    """Organisation and register loaded; the website is searched automatically, everything else by hand."""
    settings.SYSTEMS_FILE = tmp_path / "systems.yaml"
    settings.FILES_URL = f"file:{tmp_path / 'files'}"
    settings.VAR = tmp_path
    factories.organisation()
    register.load(REGISTER)
    found = House(tmp_path)
    website.build(found.database)
    found.dataset.write_bytes(website.DATASET.read_bytes())
    found.connect()
    return found


@pytest.fixture
def ledger(house: House, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """The website is a ledger that its connector reads and corrects; Kari stands in it twice."""
    book = Ledger()
    book.rows[("users", "7")] = {
        "id": 7, "email": "kari.holm@example.com", "name": "Kari Hölm", "visits": 3,
        "seen_at": "2026-01-02T10:00:00+00:00", "active": True,
    }  # fmt: skip
    book.rows[("newsletter", "40")] = {"id": 40, "email": "kari.holm@example.com", "name": None}
    monkeypatch.setitem(registry.CONNECTORS, LEDGER, LedgerConnector)
    monkeypatch.setattr(LedgerConnector, "books", {"website": book})
    house.systems.write_text(
        f"schema: datarett-systems/1\nsystems:\n  website:\n    connector: {LEDGER}\n", encoding="utf-8"
    )
    return book
