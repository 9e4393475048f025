"""What a right costs those who use it: how often they press something, how many pages they see."""

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Frame, Page

PUBLISHED = Path(__file__).parents[2] / "docs" / "clicks.md"
_WATCH = "addEventListener('pointerdown', event => event.isTrusted && window.pressed(), true)"


class Cost(NamedTuple):
    """Presses and pages."""

    presses: int
    pages: int


class Effort:
    """Counts from now on what a person does in a page; a page loaded again only to wait counts for nothing.

    Every press of the pointer counts. Opening a page by its address counts as a press, for a person follows a link
    there.
    """

    def __init__(self, page: Page) -> None:
        self.waiting = False
        self._page = page
        self.begin()
        page.expose_function("pressed", self._press)
        page.add_init_script(_WATCH)
        page.on("framenavigated", self._arrive)

    def begin(self) -> None:
        """Forget what was counted so far."""
        self.presses = self.pages = 0

    def opened(self) -> None:
        """A page is opened by its address."""
        self.presses += 1

    def opened_beside(self) -> None:
        """A file is opened in a page beside this one."""
        self.presses += 1
        self.pages += 1

    @property
    def cost(self) -> Cost:
        """What was counted."""
        return Cost(self.presses, self.pages)

    def _press(self) -> None:
        self.presses += 1

    def _arrive(self, frame: Frame) -> None:
        if frame == self._page.main_frame and not self.waiting and frame.url != "about:blank":
            self.pages += 1


def assert_as_published(right: str, **costs: Cost) -> None:
    """Each of these people needed what docs/clicks.md says, no more and no less, so that its figures can be quoted."""
    said = published(right)
    assert costs == said, f"{right} costs {costs}, but docs/clicks.md says {said}"


def published(right: str) -> dict[str, Cost]:
    """What docs/clicks.md says of a right, by who takes the steps."""
    lines = [line for line in PUBLISHED.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {right} |")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {who.lower(): Cost(int(presses), int(pages)) for _right, who, presses, pages, *_ in rows}
