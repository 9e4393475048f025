"""Somebody with a browser who fills in the public form, and does again what did not get through."""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests.faults.waiting import eventually
from tests.services.installation import Installation

_FIELD = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|draft)" value="([^"]*)"')
_REFERENCE = re.compile(r"DR-\d{4}-\d{6}-\d{2}")


class Visitor:
    """One person, told apart by a number; reads Norwegian."""

    def __init__(self, installation: Installation, number: int) -> None:
        self._url = installation.url
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._answers: dict[str, dict[str, str]] = {
            "right": {"rights": "access"},
            "who": {"requester": "self", "name": "Ingrid Solvang"},
            "details": {"text": f"Jeg har handlet hos dere, kunde {number}."},
            "contact": {"email": f"ingrid.solvang+{number}@example.com", "phone": "", "language": "nb"},
        }

    def fill(self) -> None:
        """Answer every question, each as often as it takes."""
        for step, answers in self._answers.items():
            eventually(lambda step=step, answers=answers: self._tried(step, answers), f"the page {step!r}")  # type: ignore[misc]

    def send(self) -> str:
        """Send the form, as often as it takes; return the reference on the receipt."""
        page = eventually(lambda: self._tried("send", {}, on="check"), "the receipt")
        found = _REFERENCE.search(page)
        assert found, page
        return found.group(0)

    def try_to_send(self) -> int:
        """Press the button once; return the status of the answer, 0 for none."""
        try:
            self._post("send", {}, on="check")
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0
        return 200

    def _tried(self, step: str, answers: dict[str, str], *, on: str = "") -> str:
        try:
            return self._post(step, answers, on=on)
        except OSError:  # no answer, half an answer, or one that says that something went wrong
            return ""

    def _post(self, step: str, answers: dict[str, str], *, on: str) -> str:
        page = self._read(f"/nb/request/{on or step}/")
        if on and _REFERENCE.search(page):
            return page  # it had got through: the check page leads to the receipt
        return self._read(f"/nb/request/{step}/", answers | dict(_FIELD.findall(page)))

    def _read(self, path: str, answers: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(answers).encode() if answers is not None else None
        with self._browser.open(f"{self._url}{path}", data, timeout=60) as answer:
            return str(answer.read().decode())
