"""Tokens with which an application of ours gets into a mailbox (OAuth 2.0 client credentials, RFC 6749 section 4.4)."""

import re
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from .retry_after import seconds

if TYPE_CHECKING:
    import httpx

LOGIN_HOST = "login.microsoftonline.com"
TIMEOUT = 30.0  # seconds
EARLY = 300.0  # seconds before its end in which a token is not handed out any more
LONGEST = 24 * 3600.0  # seconds for which a token is believed to last, whatever is said

_TOKEN = re.compile(r"[!-~]{1,16000}")  # what may stand in a header, RFC 6750 section 2.1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


class TokenError(Exception):
    """No token was given; the message shows no secret and of the answer only its error number.

    `refused`: the application itself is turned away; otherwise the way there failed. `retry_after` is in seconds.
    """

    def __init__(self, message: str, *, refused: bool = False, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.refused = refused
        self.retry_after = retry_after


class Bearer(Protocol):
    """Somebody who hands out bearer tokens; may be asked from several threads."""

    def token(self, scope: str, *, instead_of: str = "") -> str:
        """Return a token for `scope`, such as `https://graph.microsoft.com/.default`; never `instead_of`.

        `instead_of` is one that was refused although it had not ended. Raises TokenError.
        """


@dataclass
class ClientCredentials:
    """An application that proves itself by a secret. `verify`: whose certificates are believed."""

    tenant: str
    client_id: str
    secret: str = field(repr=False)
    host: str = LOGIN_HOST
    verify: ssl.SSLContext | None = field(default=None, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def token(self, scope: str, *, instead_of: str = "") -> str:
        """Return the token that is kept for a scope, or a new one. Raises TokenError."""
        with self._lock:
            token, until = self._kept.get(scope, ("", 0.0))
            if not token or token == instead_of or self.clock() >= until:
                token, lasts = self._ask(scope)
                self._kept[scope] = token, self.clock() + max(lasts - EARLY, 0.0)
            return token

    def _ask(self, scope: str) -> tuple[str, float]:
        """Return a new token and for how many seconds it lasts."""
        import httpx  # 150 ms, which only the processes pay that speak with Microsoft

        if wrong := problem(self.tenant, self.client_id, self.secret):
            raise TokenError(wrong, refused=True)
        form = {
            "grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret,
            "scope": scope,
        }  # fmt: skip
        url = f"https://{self.host}/{self.tenant}/oauth2/v2.0/token"
        context = self.verify or ssl.create_default_context()
        try:
            answer = httpx.post(url, data=form, timeout=TIMEOUT, verify=context, follow_redirects=False)
        except httpx.HTTPError as error:
            raise TokenError(f"the token server is away ({type(error).__name__})") from None
        said = _json(answer)
        if answer.status_code != HTTPStatus.OK:
            raise _refusal(answer, said)
        token, lasts = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or not isinstance(lasts, int) or lasts < 0:
            raise TokenError("the token server answers what nobody can make sense of")
        return token, min(float(lasts), LONGEST)


def problem(tenant: str, client_id: str, secret: str) -> str:
    """Return what is wrong with an application as the operator has named it, in one line without it; "" if nothing."""
    given = {"TENANT": tenant, "CLIENT_ID": client_id, "CLIENT_SECRET": secret}
    if missing := [f"DATARETT_OAUTH_{name}" for name, value in given.items() if not value]:
        return f"{', '.join(missing)} must be given for a graph:// address"
    if not _NAME.fullmatch(tenant):
        return "DATARETT_OAUTH_TENANT must be the id of the tenant, or a domain of it"
    if not _ID.fullmatch(client_id):
        return "DATARETT_OAUTH_CLIENT_ID must be the id of the application, as in 00000000-0000-0000-0000-000000000000"
    if _ID.fullmatch(secret):
        return "DATARETT_OAUTH_CLIENT_SECRET is the id of a secret; give its value"
    return ""


def configured(host: str = LOGIN_HOST, ca: str = "") -> Bearer:
    """Return who hands out the tokens of this installation; what is missing for it shows when one is asked for.

    `host` is the token server, `ca` a file of certificates to believe instead of the machine's.
    """
    from django.conf import settings

    given = settings.OAUTH_TENANT, settings.OAUTH_CLIENT_ID, settings.OAUTH_CLIENT_SECRET
    return _shared(*given, host, ca)


@lru_cache(maxsize=16)
def _shared(tenant: str, client_id: str, secret: str, host: str, ca: str) -> ClientCredentials:
    """One for the whole process, so that a mail that leaves needs no token of its own."""
    return ClientCredentials(tenant, client_id, secret, host, ssl.create_default_context(cafile=ca or None))


def _refusal(answer: "httpx.Response", said: dict[str, Any]) -> TokenError:
    """Microsoft numbers its errors (AADSTS…); the text beside them names the application and is left out."""
    numbers = said.get("error_codes")
    number = numbers[0] if isinstance(numbers, list) and numbers else None
    named = f" (AADSTS{number})" if isinstance(number, int) else ""
    if answer.status_code in _REFUSED:
        return TokenError(f"the token server refuses the application{named}", refused=True)
    status = answer.status_code
    return TokenError(f"the token server answers {status}{named}", retry_after=seconds(answer.headers))


def _json(answer: "httpx.Response") -> dict[str, Any]:
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
