"""Speaking with Microsoft Graph: a token, one request at a time, and what its answers mean.

What a server says can be anything. Whatever breaks becomes one line about this mailbox that shows neither a token nor
anything that the server has sent but its own names for errors.
"""

import json
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from requests_app.domain.enums import MailboxFault

from .graph_address import GraphAddress
from .oauth.tokens import Keeper, TokenError
from .retry_after import seconds
from .sources import SourceError

TIMEOUT = httpx.Timeout(60.0, connect=10.0)  # seconds
MOST_JSON = 32 * 1024 * 1024  # bytes of one answer about mails, without their contents
IMMUTABLE = 'IdType="ImmutableId"'  # numbers that a mail keeps when it is moved to another folder

# Too many requests, or a server that is at its limits or being looked after: nothing was done, and it says when to come
# back. The last is what Microsoft answers where too many bytes were fetched.
WAIT = frozenset({429, 502, 503, 504, 509})
# How it says, and the names that it has given over the years, that a delta link means nothing to it any more.
_NO_LINK = frozenset({400, 404, 410})
_RESYNC = frozenset({"resyncrequired", "syncstatenotfound", "syncstateinvalid"})
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_DEEPEST = 10  # errors inside errors


class GraphRefusal(Exception):
    """The interface did not do what it was asked. `status`: of HTTP; `codes`: its names for the reason, lower case."""

    def __init__(self, status: int, codes: tuple[str, ...]) -> None:
        super().__init__(f"{status} {' '.join(codes)}".strip())
        self.status = status
        self.codes = codes

    @property
    def resync(self) -> bool:
        """Whether a delta link may have ended, or be none to the server any more, so that all has to be listed anew."""
        return self.status in _NO_LINK or not _RESYNC.isdisjoint(self.codes)


class Connection:
    """One mailbox, for one thread at a time."""

    def __init__(self, address: GraphAddress, tokens: Keeper) -> None:
        self.address = address
        self.tokens = tokens
        self.mailbox = f"users/{quote(address.user, safe='')}"
        self._client: httpx.Client | None = None
        self._verify: ssl.SSLContext | None = None

    def get(self, at: str, *, prefer: str = "") -> dict[str, Any]:
        """Return the object at a path below the mailbox, or at a link that the server gave.

        Raises GraphRefusal and SourceError.
        """
        with self._asked("GET", at, prefer=prefer) as answer:
            return self._object(answer)

    def content(self, path: str, limit: int) -> tuple[bytes, int]:
        """Return at most `limit` + 1 bytes of what lies at a path, and how many the server says there are (0: unsaid).

        Raises GraphRefusal and SourceError.
        """
        with self._asked("GET", path) as answer:
            said = answer.headers.get("Content-Length", "")
            known = said.isascii() and said.isdigit() and len(said) < 16 and "Content-Encoding" not in answer.headers
            return _read(answer, limit + 1), int(said) if known else 0

    def send(self, method: str, path: str, body: dict[str, Any], *, if_match: str = "") -> dict[str, Any]:
        """Change something, and return what the server says of it. Raises GraphRefusal and SourceError."""
        extra = {"Content-Type": "application/json"} | ({"If-Match": if_match} if if_match else {})
        with self._asked(method, path, content=json.dumps(body).encode(), extra=extra) as answer:
            return self._object(answer) if answer.status_code != HTTPStatus.NO_CONTENT else {}

    def whole(self, at: str) -> str:
        """Return the whole address of a path below the mailbox, or of a link that the server gave.

        A token goes to the interface and nowhere else: raises SourceError for a link that leads away from it.
        """
        root = httpx.URL(self.address.service.root)
        if "://" not in at:
            return f"{root}{self.mailbox}/{at}"
        try:
            link = httpx.URL(at)
        except (httpx.InvalidURL, ValueError):
            raise nonsense(self.address) from None
        if (link.scheme, link.host, link.port) != (root.scheme, root.host, root.port):
            raise nonsense(self.address)
        return at

    def close(self) -> None:
        """Let go of the connection; the next request opens it again."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def failure(self, refusal: GraphRefusal) -> SourceError:
        """What a refusal means for the mailbox as a whole."""
        return failure(self.address, refusal)

    @contextmanager
    def _asked(
        self,
        method: str,
        at: str,
        *,
        prefer: str = "",
        content: bytes | None = None,
        extra: dict[str, str] | None = None,
    ) -> Iterator[httpx.Response]:
        """Lend the answer to a request, which is one of success. A token that has ended is replaced, once.

        Raises SourceError, and gives the connection up, where the server cannot be spoken with.
        """
        headers = {"Prefer": f"{IMMUTABLE}, {prefer}" if prefer else IMMUTABLE} | (extra or {})
        url = self.whole(at)
        try:
            for last in (False, True):
                token = self._token()
                headers["Authorization"] = f"Bearer {token}"
                with self._open().stream(method, url, headers=headers, content=content) as answer:
                    if answer.status_code == HTTPStatus.UNAUTHORIZED and not last:
                        self.tokens.forget(token)
                        continue
                    self._judge(answer)
                    yield answer
                    return
        except (httpx.HTTPError, httpx.StreamError) as error:
            self.close()
            raise _broken(self.address, error) from None

    def _judge(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return
        codes = _codes(_read(answer, MOST_JSON))
        if status in WAIT:
            what = f"the mailbox {self.address.name} has to wait (Microsoft Graph answers {status})"
            raise SourceError(what, retry_after=seconds(answer.headers))
        if status < HTTPStatus.BAD_REQUEST or status > 599:
            raise nonsense(self.address)
        refusal = GraphRefusal(status, codes)
        raise self.failure(refusal) if status == HTTPStatus.UNAUTHORIZED else refusal

    def _object(self, answer: httpx.Response) -> dict[str, Any]:
        raw = _read(answer, MOST_JSON + 1)
        try:
            said = json.loads(raw) if len(raw) <= MOST_JSON else None
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise nonsense(self.address)
        return said

    def _token(self) -> str:
        try:
            return self.tokens.get()
        except TokenError as error:
            what = f"the mailbox {self.address.name} cannot be opened: {error}"
            raise SourceError(what, error.fault, retry_after=error.retry_after) from None

    def _open(self) -> httpx.Client:
        if self._client is None:
            self._verify = self._verify or self.address.service.context()
            self._client = httpx.Client(verify=self._verify, timeout=TIMEOUT, follow_redirects=False)
        return self._client


def nonsense(address: GraphAddress) -> SourceError:
    """The error for an answer that is not what the interface is described to give."""
    return SourceError(
        f"the mailbox {address.name}: Microsoft Graph answers what nobody can make sense of", MailboxFault.NONSENSE
    )


def failure(address: GraphAddress, refusal: GraphRefusal) -> SourceError:
    """What a refusal means for a mailbox as a whole, in one line."""
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        return SourceError(f"the mailbox {address.name} does not accept the token ({refusal})", MailboxFault.NO_ACCESS)
    if refusal.status == HTTPStatus.FORBIDDEN:
        what = f"the application may not use the mailbox {address.name}: permission or access policy ({refusal})"
        return SourceError(what, MailboxFault.NO_ACCESS)
    if refusal.status == HTTPStatus.NOT_FOUND:
        return SourceError(f"the mailbox {address.name} is not there ({refusal})", MailboxFault.NO_FOLDER)
    return SourceError(f"the mailbox {address.name} cannot be read: Microsoft Graph answers {refusal}")


def _broken(address: GraphAddress, error: Exception) -> SourceError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            what = f"shows a certificate that is not believed ({cause.verify_message})"
            return SourceError(f"the mailbox {address.name} {what}", MailboxFault.CERTIFICATE)
        cause = cause.__cause__ or cause.__context__
    return SourceError(f"the mailbox {address.name} is away ({type(error).__name__})")


def _read(answer: httpx.Response, most: int) -> bytes:
    raw = bytearray()
    for chunk in answer.iter_bytes():
        raw += chunk[: most - len(raw)]
        if len(raw) >= most:
            break
    return bytes(raw)


def _codes(raw: bytes) -> tuple[str, ...]:
    """Microsoft's names for what went wrong, the most general first."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        return ()
    error = said.get("error") if isinstance(said, dict) else None
    found: list[str] = []
    for _ in range(_DEEPEST):
        if not isinstance(error, dict):
            break
        code = error.get("code")
        if isinstance(code, str) and _CODE.fullmatch(code):
            found.append(code.lower())
        error = error.get("innerError") or error.get("innererror")
    return tuple(found)
