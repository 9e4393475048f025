"""Listens to a page: what it complains about, what it asks for and from whom."""

from playwright.sync_api import ConsoleMessage, Page, Request, Response

_NOISE = ("Failed to load resource", "the server responded with a status of 4", "status of 5")


class Watch:
    """Everything a page said since the last `clear`."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.responses: list[Response] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("response", lambda response: self.responses.append(response))

    def clear(self) -> None:
        """Forget what was on the way to the page that counts."""
        self.complaints.clear()
        self.strangers.clear()
        self.responses.clear()

    def document(self, url: str) -> Response:
        """The response that brought the page at `url`."""
        bare = url.partition("#")[0]
        found = [one for one in self.responses if one.url == bare and one.request.resource_type == "document"]
        assert found, f"nothing was seen of {bare}"
        return found[-1]

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that says 404 is meant to; Chromium complains about it all the same.
        expected = message.text.startswith(_NOISE[0]) and any(part in message.text for part in _NOISE[1:])
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:")):
            self.strangers.append(request.url)
