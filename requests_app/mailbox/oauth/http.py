"""The few questions that are asked of a token server, by https, in the shape that msal wants of its `http_client`.

The certificates believed are those of this machine (SSL_CERT_FILE changes them), as for the mail servers, unless the
address of the mailbox names a file of others.
"""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from requests_app.domain.enums import MailboxFault
from requests_app.mailbox import retry_after

from .tokens import TokenError

SECONDS = 10.0  # a mail that waits for a token must not outlive the lease of its sender
MOST_BYTES = 1024 * 1024
BUSY = 429


@dataclass(frozen=True)
class Answer:
    """What the server said: `text` is a JSON object, and `status_code` one of success or of a refusal (4xx)."""

    status_code: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def raise_for_status(self) -> None:
        """Do nothing: what is no answer has been raised before."""

    def fields(self) -> dict[str, Any]:
        """Return the object."""
        said: dict[str, Any] = json.loads(self.text)
        return said


@dataclass(frozen=True)
class HttpClient:
    """Asks once; trying again is the business of whoever needs the mail. Raises TokenError where nothing answers.

    `ca` is a file of certificates to believe instead of the machine's, "" for those.
    """

    ca: str = ""

    def get(self, url: str, *, params: Any = None, headers: Any = None, **ignored: object) -> Answer:
        """Return what the server says of `url`."""
        return _ask(Request(_with(url, params), headers=headers or {}), self.ca)  # noqa: S310 - _ask looks at the scheme

    def post(self, url: str, *, params: Any = None, data: Any = None, headers: Any = None, **ignored: object) -> Answer:
        """Return what the server answers to a form of these fields."""
        body = urlencode(data or {}).encode()
        return _ask(Request(_with(url, params), data=body, headers=headers or {}), self.ca)  # noqa: S310 - as above

    def close(self) -> None:
        """Nothing is kept open."""


def _with(url: str, params: Mapping[str, str] | None) -> str:
    return f"{url}?{urlencode(params)}" if params else url


class _NoRedirects(HTTPRedirectHandler):
    """A secret goes to the address that was meant, and to no other."""

    def redirect_request(self, *given: object) -> None:
        return None


def _opener(ca: str) -> OpenerDirector:
    return build_opener(_NoRedirects, HTTPSHandler(context=ssl.create_default_context(cafile=ca or None)))


def _ask(request: Request, ca: str) -> Answer:
    if request.type != "https":
        raise _away("is not reached by https")
    try:
        try:
            with _opener(ca).open(request, timeout=SECONDS) as said:
                status, body, headers = said.status, said.read(MOST_BYTES), _plain(said.headers)
        except HTTPError as refusal:
            with refusal:
                status, body, headers = refusal.code, refusal.read(MOST_BYTES), _plain(refusal.headers)
    except (OSError, HTTPException, ValueError) as error:
        untrusted = isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError)
        why = "shows a certificate that is not believed" if untrusted else f"does not answer ({type(error).__name__})"
        raise _away(why) from None
    if status >= 500 or status == BUSY:
        raise _away(f"is busy or out of order (HTTP {status})", retry_after.seconds(headers))
    if 300 <= status < 400 or not _is_object(body):
        raise _away(f"answers what nobody can make sense of (HTTP {status})")
    return Answer(status, body.decode(), headers)


def _plain(headers: Message) -> dict[str, str]:
    """Each name written in the usual way: a server may write it in another."""
    return {name.title(): value for name, value in headers.items()}


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body.decode()), dict)
    except (ValueError, RecursionError):
        return False


def _away(why: str, wait: float = 0.0) -> TokenError:
    return TokenError(f"the server that gives out access tokens {why}", MailboxFault.ISSUER_AWAY, wait)
