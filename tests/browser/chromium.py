"""Debian's Chromium, quiet: no look-ups, no updates, no sandbox when root."""

from playwright.sync_api import Browser, Playwright

PROGRAM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """Start a headless browser; close it by leaving its `with` block."""
    return playwright.chromium.launch(executable_path=PROGRAM, args=list(QUIET))
