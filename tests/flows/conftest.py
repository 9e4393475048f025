"""A real Chromium for the stories."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for a module; each person gets a context of their own."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        yield browser
