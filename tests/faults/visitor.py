"""Somebody with a browser who fills in the public form, and does again what did not get through."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from http.client import IncompleteRead
from http.cookiejar import CookieJar

from tests.faults.waiting import eventually
from tests.services.installation import Installation

_FIELD = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|draft)" value="([^"]*)"')
_BROKEN = 500
_REFERENCE = re.compile(r"DR-\d{4}-\d{6}-\d{2}")


class Visitor:
    """One person, told apart by a number; reads Norwegian."""

    def __init__(self, installation: Installation, number: int) -> None:
        self._url = installation.url
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._form: dict[str, str] = {}
        self._answers: dict[str, dict[str, str]] = {
            "right": {"rights": "access"},
            "who": {"requester": "self", "name": "Ingrid Solvang"},
            "details": {"text": f"Jeg har handlet hos dere, kunde {number}."},
            "contact": {"email": f"ingrid.solvang+{number}@example.com", "phone": "", "language": "nb"},
        }

    def fill(self) -> None:
        """Answer every question, each as often as it takes, and look at all of it before it is sent."""
        for step, answers in self._answers.items():
            eventually(lambda step=step, answers=answers: _tried(self._answer, step, answers), f"the page {step!r}")  # type: ignore[misc]
        self._form = dict(_FIELD.findall(eventually(lambda: _tried(self._read, "check"), "the check page")))

    def send(self) -> str:
        """Send the form, as often as it takes; return the reference on the receipt."""
        page = eventually(lambda: _tried(self._read, "send", self._form), "the receipt")
        found = _REFERENCE.search(page)
        assert found, page
        return found.group(0)

    def try_to_send(self) -> int:
        """Press the button once; return the status of the answer, 0 for none."""
        try:
            self._read("send", self._form)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0
        return 200

    def _answer(self, step: str, answers: dict[str, str]) -> str:
        return self._read(step, answers | dict(_FIELD.findall(self._read(step))))

    def _read(self, step: str, form: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        with self._browser.open(f"{self._url}/nb/request/{step}/", data, timeout=60) as answer:
            return str(answer.read().decode())


class Browser:
    """Keeps its cookies, and asks again for what got no answer; a refusal of ours is an answer."""

    def __init__(self, installation: Installation) -> None:
        self._url = installation.url
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _NoRedirect())
        self._token: dict[str, str] = {}

    def open(self, path: str) -> str:
        """Return a page, and remember the token of its forms."""
        page = eventually(lambda: self._asked(path)[0], f"the page {path}")
        self._token = {name: value for name, value in _FIELD.findall(page) if name == "csrfmiddlewaretoken"}
        return page

    def press(self, path: str, form: Mapping[str, str]) -> str:
        """Send a form with the token of the page that was opened last; return the page it leads to."""
        page, leads_to = eventually(lambda: self._answered(path, form), f"an answer of {path}")
        return self.open(urllib.parse.urlsplit(leads_to).path) if leads_to else page

    def _answered(self, path: str, form: Mapping[str, str]) -> tuple[str, str] | None:
        found = self._asked(path, urllib.parse.urlencode({**form, **self._token}).encode())
        return found if any(found) else None

    def _asked(self, path: str, data: bytes | None = None) -> tuple[str, str]:
        """The page, and the address it leads to; neither where no answer came."""
        try:
            with self._browser.open(f"{self._url}{path}", data, timeout=60) as answer:
                return str(answer.read().decode()), ""
        except urllib.error.HTTPError as error:
            if error.code >= _BROKEN:
                return "", ""
            return str(error.read().decode()), error.headers.get("Location", "")
        except (OSError, IncompleteRead):
            return "", ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves it to us to follow: a form that was answered is not sent again because the page after it was not."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def press(url: str, form: Mapping[str, str], *, cookie: str = "") -> str:
    """Send a form until an answer comes; return the page that the last one led to."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    asked = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), {"Cookie": cookie})

    def send() -> str:
        with browser.open(asked, timeout=60) as answer:
            return str(answer.read().decode())

    return eventually(lambda: _tried(send), "an answer")


def _tried(read: Callable[..., str], *what: object) -> str:
    """The page, or nothing where no answer came, half an answer, or one that says that something went wrong."""
    try:
        return read(*what)
    except (OSError, IncompleteRead):
        return ""
