"""What a right costs those who use it: how often they press something, how many pages they see."""

from playwright.sync_api import Frame, Page

_WATCH = "addEventListener('pointerdown', event => event.isTrusted && window.pressed(), true)"


class Effort:
    """Counts from now on what a person does in a page; a page loaded again only to wait counts for nothing.

    Every press of the pointer counts, also the one that puts the cursor into a field. Opening a page by its address
    counts as a press, for a person follows a link there.
    """

    def __init__(self, page: Page) -> None:
        self.presses = self.pages = 0
        self.waiting = False
        self._page = page
        page.expose_function("pressed", self._press)
        page.add_init_script(_WATCH)
        page.on("framenavigated", self._arrive)

    def __repr__(self) -> str:
        return f"{self.presses} presses, {self.pages} pages"

    def opened(self) -> None:
        """A page is opened by its address."""
        self.presses += 1

    def _press(self) -> None:
        self.presses += 1

    def _arrive(self, frame: Frame) -> None:
        if frame == self._page.main_frame and not self.waiting and frame.url != "about:blank":
            self.pages += 1
