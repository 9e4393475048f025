"""The desk by itself, in English: an organisation, and none of the panels that other apps put on the case page."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings

from tests import factories


@pytest.fixture(autouse=True)
def _bare_desk(db: None, settings: Settings) -> Iterator[None]:
    factories.organisation()
    settings.CASE_PANELS = settings.CASE_FOOT_PANELS = settings.CASE_SIDE_PANELS = ()
    with translation.override("en"):
        yield
