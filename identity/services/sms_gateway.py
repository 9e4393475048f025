"""The HTTP gateway that sends text messages: JSON by POST, once per key.

What goes wrong is told without the address, the number, the text or the token.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import httpx

from requests_app.mailbox import webhook

TIMEOUT = httpx.Timeout(10.0, connect=5.0)  # seconds
LONGEST_WAIT = 300  # seconds that a gateway may put us off
_TRY_AGAIN = frozenset({408, 425, 429})


class GatewayError(Exception):
    """The gateway did not take a message. `permanent`: it would not take it later either; `wait`: when to come back."""

    def __init__(self, message: str, *, permanent: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.wait = wait


@dataclass(frozen=True)
class Text:
    """One message to one phone; `key` stays the same when it is posted again. Only the key shows in `repr`."""

    key: str
    to: str = field(repr=False)
    text: str = field(repr=False)


def post(url: str, token: str, message: Text) -> None:
    """Hand a message over; the gateway knows by its key whether it had it before. Raises GatewayError."""
    headers = {"Idempotency-Key": message.key} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        webhook.check(url)
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=urlsplit(url).scheme == "https") as client:
            answer = client.post(url, json={"to": message.to, "text": message.text}, headers=headers)
    except ValueError:  # the address, or a token that no header can hold
        raise GatewayError("the settings are wrong", permanent=True) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise GatewayError(type(error).__name__) from None
    if answer.is_success:
        return
    again = answer.status_code in _TRY_AGAIN or answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
    raise GatewayError(f"HTTP {answer.status_code}", permanent=not again, wait=_wait(answer) if again else None)


def _wait(answer: httpx.Response) -> timedelta | None:
    """Return for how long the gateway puts us off, if it says so in seconds (RFC 9110 section 10.2.3)."""
    said = answer.headers.get("Retry-After", "")
    seconds = int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0
    return timedelta(seconds=min(seconds, LONGEST_WAIT)) if seconds else None
