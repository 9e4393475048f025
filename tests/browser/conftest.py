"""One trial and its visitors for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .trial import Trial, running
from .visit import Visitors


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """A running trial, with everything in it that there is to see."""
    from django.conf import settings

    with running(tmp_path_factory.mktemp("trial") / "var", Path(settings.STATIC_ROOT)) as found:
        yield found


@pytest.fixture(scope="session")
def visitors(chromium: Browser, trial: Trial) -> Visitors:
    """The people who look at the pages; the staff have logged in once, so they have a second factor."""
    found = Visitors(chromium, trial)
    for role in ("handler", "approver", "administrator"):
        found.staff(role, "en")
    return found
