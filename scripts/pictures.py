"""`make pictures`: draw the pictures of the documentation anew, from the demo, looked at in Debian's Chromium.

Writes `docs/pictures/*.png`; with names after it (`python -m scripts.pictures queue case`) only those. All people in
them are invented.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright

from scripts import setup
from scripts.place import ROOT
from scripts.terminal import say, step
from tests.browser.chromium import launch
from tests.services.installation import Installation

FOLDER = ROOT / "docs" / "pictures"
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 800}
COLOURS = 128  # plenty for pages of plain surfaces, and a quarter of the bytes
HANDLER, APPROVER = "hanne.dahl@optimar.example", "arne.berg@optimar.example"
DECISION_MAKER = "astrid.moe@optimar.example"
SYSTEM_OWNER, AUDITOR = "siv.lunde@optimar.example", "nora.lie@optimar.example"


@dataclass(frozen=True)
class Picture:
    """Who looks at what: `path` leads there, `then` goes on from it; a name is a link of the page.

    `opened` is what folds open there; the picture then shows the section around it.
    """

    who: str
    path: str
    language: str = "en"
    then: tuple[str, ...] = ()
    opened: str = ""
    on_phone: bool = False
    dark: bool = False


PICTURES: dict[str, Picture] = {
    "queue": Picture(HANDLER, "/desk/"),
    "inbox": Picture(HANDLER, "/desk/inbox/", "nb"),
    "case": Picture(APPROVER, "/desk/", then=("Solveig Nygård",)),
    "clock": Picture(HANDLER, "/desk/", then=("Sunniva Hauge",), opened="How this is reckoned"),
    "extension": Picture(DECISION_MAKER, "/desk/", then=("Per Olav Strand",), opened="The letter to the person"),
    "letters": Picture(DECISION_MAKER, "/desk/letters/"),
    "register": Picture(DECISION_MAKER, "/desk/register/"),
    "setup": Picture(DECISION_MAKER, "/desk/register/of/employees/set-up/"),
    "organisation": Picture(DECISION_MAKER, "/desk/organisation/"),
    "deletion": Picture(APPROVER, "/desk/?right=erasure", then=("Øyvind Ærøy Håkonsen", "Look at the plan")),
    "correction": Picture(HANDLER, "/desk/?right=rectification", "nb", then=("Ingrid Solvang", "Rett")),
    "identity": Picture(HANDLER, "/desk/", then=("Solveig Nygård",), opened="Ask the person to confirm"),
    "owner": Picture(SYSTEM_OWNER, "/desk/own/"),
    "auditor": Picture(AUDITOR, "/desk/audit/", then=("DR-2026-000010",)),
    "form": Picture("", "/en/request/right/"),
    "phone": Picture("", "/nb/request/right/", "nb", on_phone=True, dark=True),
}


def main() -> None:
    """Set up, bring a demo to life, and take each picture, or those that were named."""
    wanted = sys.argv[1:] or list(PICTURES)
    setup.tests()
    with (
        tempfile.TemporaryDirectory(prefix="datarett-pictures-") as folder,
        _demo(Path(folder)) as (installation, passwords),
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        logged_in: dict[str, StorageState] = {}
        for name in wanted:
            page = _look(browser, installation, passwords, logged_in, PICTURES[name])
            say(f"{name}: {_draw(page, name, PICTURES[name].opened) // 1024} KB")
            page.context.close()


@contextmanager
def _demo(folder: Path) -> Iterator[tuple[Installation, dict[str, str]]]:
    """Yield a running demo and the passwords of its accounts."""
    static = folder / "static"
    static.mkdir()
    installation = Installation(folder / "var", static)
    try:
        with step("Bringing a demo to life"):
            installation.manage("collectstatic", "--noinput", "--verbosity", "0")
            installation.manage("prepare", "--trial")
            said = installation.manage("demo").splitlines()
            installation.start_all()
        yield installation, {words[0]: words[1] for line in said if "@" in (words := line.split() or [""])[0]}
    finally:
        installation.stop()


def _look(
    browser: Browser,
    installation: Installation,
    passwords: dict[str, str],
    logged_in: dict[str, StorageState],
    picture: Picture,
) -> Page:
    """Open the page; whoever logged in before stays so, since a code of the second factor works once."""
    context = browser.new_context(
        base_url=installation.url, viewport=PHONE if picture.on_phone else DESK, reduced_motion="reduce",
        color_scheme="dark" if picture.dark else "light", storage_state=logged_in.get(picture.who),
    )  # fmt: skip
    page = context.new_page()
    if picture.who and picture.who not in logged_in:
        _log_in(page, installation, picture.who, passwords[picture.who])
        logged_in[picture.who] = context.storage_state()
    sign = "&" if "?" in picture.path else "?"
    page.goto(f"{picture.path}{sign}lang={picture.language}")
    for words in picture.then:
        _go_on(page, words)
    return page


def _log_in(page: Page, installation: Installation, email: str, password: str) -> None:
    page.goto("/desk/login/")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password]").fill(password)
    _send(page)
    page.locator("main [name=code]").fill(installation.manage("totp", email).strip())
    _send(page)


def _send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form [type=submit]").first.click()


def _go_on(page: Page, words: str) -> None:
    """Follow the link with these words, or the one in the row of a table that says them."""
    row = page.locator("tr").filter(has_text=words).get_by_role("link")
    link = row.or_(page.locator("main").get_by_role("link", name=words, exact=True))
    with page.expect_navigation():
        link.first.click()


def _draw(page: Page, name: str, opened: str) -> int:
    """Save what the page shows, or the section in which something is opened; return its size in bytes."""
    page.evaluate("document.fonts.ready")
    target = FOLDER / f"{name}.png"
    if opened:
        fold = page.locator("details").filter(has=page.locator("summary", has_text=opened)).first
        fold.locator("summary").click()
        taken = page.locator("section").filter(has=fold).last.screenshot()
    else:
        taken = page.screenshot()
    with Image.open(BytesIO(taken)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)
    return target.stat().st_size


if __name__ == "__main__":
    main()
