"""An access token: fetched when it is needed, kept in memory until shortly before it ends, never written or shown."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Protocol

from requests_app.domain.enums import MailboxFault

BEFORE_THE_END = 300.0  # seconds: a clock may be wrong, and a look at a mailbox takes a while


class TokenError(Exception):
    """No token was given out. The message is for the operator, holds no secret and quotes nobody but a known code.

    `retry_after`: for how many seconds the server wants to be left alone, 0 if it does not say.
    """

    def __init__(self, message: str, fault: MailboxFault, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.fault = fault
        self.retry_after = retry_after


@dataclass(frozen=True)
class Token:
    """What the server wants to see, and for how long it is good (seconds from now)."""

    value: str = field(repr=False)
    lifetime: float


class Issuer(Hashable, Protocol):
    """Whoever gives out tokens, and to whom; equal issuers give out the same."""

    def issue(self) -> Token:
        """Fetch a new token. Raises TokenError."""


class Keeper:
    """Keeps the token of one issuer for all the threads of a process."""

    def __init__(self, issuer: Issuer, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._clock = clock
        self._lock = Lock()  # while one fetches, the others wait for the same token
        self._value, self._good_until = "", 0.0

    def get(self) -> str:
        """Return a token that is good for a while. Raises TokenError."""
        with self._lock:
            if not self._value or self._clock() >= self._good_until:
                token = self._issuer.issue()
                self._value, self._good_until = token.value, self._clock() + token.lifetime - BEFORE_THE_END
            return self._value

    def forget(self, value: str) -> None:
        """Hear that a server does not accept this token; another thread may have a newer one by now."""
        with self._lock:
            if self._value == value:
                self._value = ""


@cache
def keeper(issuer: Issuer) -> Keeper:
    """Return the keeper of an issuer: one in the process, for mailboxes and outgoing mail alike."""
    return Keeper(issuer)
