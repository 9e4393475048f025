"""Draw the pictures of the README anew: a trial with everything in it, looked at in Debian's Chromium.

`.venv/bin/python -m scripts.pictures` writes `docs/pictures/*.png`. The people are those of
`tests/browser/scene.py`, all of them invented.
"""

import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from scripts import setup
from scripts.place import ROOT
from scripts.terminal import say, step
from tests.browser.chromium import launch
from tests.browser.trial import Trial, running
from tests.browser.visit import Visit, Visitors
from tests.services.installation import Installation

FOLDER = ROOT / "docs" / "pictures"
SIZE: ViewportSize = {"width": 1280, "height": 800}
COLOURS = 128  # plenty for pages of plain surfaces, and a quarter of the bytes

PICTURES: dict[str, tuple[str, Callable[[Trial], str]]] = {
    "queue": ("handler", lambda trial: "/desk/"),
    "case": ("approver", lambda trial: trial.desk("review")),
    "form": ("", lambda trial: "/en/request/right/"),
}


def main() -> None:
    """Set up, bring a trial to life, and take each picture."""
    setup.tests()
    with tempfile.TemporaryDirectory(prefix="datarett-pictures-") as folder:
        static = Path(folder) / "static"
        static.mkdir()
        with step("Bringing a trial to life"):
            Installation(Path(folder) / "first", static).manage("collectstatic", "--noinput", "--verbosity", "0")
        with (
            running(Path(folder) / "var", static) as trial,
            sync_playwright() as playwright,
            launch(playwright) as browser,
        ):
            visitors = Visitors(browser, trial)
            for name, (who, path) in PICTURES.items():
                visit = visitors.staff(who, "en") if who else visitors.nobody("en")
                visit.open(path(trial))
                say(f"{name}: {_draw(visit, name) // 1024} KB")


def _draw(visit: Visit, name: str) -> int:
    """Save what the page shows; return its size in bytes."""
    visit.page.set_viewport_size(SIZE)
    visit.page.evaluate("document.fonts.ready")
    target = FOLDER / f"{name}.png"
    with Image.open(BytesIO(visit.page.screenshot())) as picture:
        picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)
    return target.stat().st_size


if __name__ == "__main__":
    main()
