"""An installation with the shipped register and the invented website, in a folder of its own."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from exports.demo import website
from exports.services import register
from tests import factories

from .house import House

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
