"""Logging in with a token instead of a password: `?auth=microsoft`, or `?auth=google&key=/path/to/key.json`.

The mailbox is the user of the address, and the way of logging in is XOAUTH2, which both of them take for IMAP and SMTP.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from requests_app.mailbox.secure_urls import BadAddressError, Server

from . import google
from .microsoft import Application, Microsoft, needed
from .tokens import Keeper, keeper

OPTIONS = ("auth", "key")
Answering = Callable[..., str]  # what a server asks, to what it is told
_MAILBOX = re.compile(r"[!-~]+@[!-~]+")


@dataclass(frozen=True)
class TokenLogin:
    """A mailbox, and where its tokens come from."""

    user: str
    tokens: Keeper

    def attempt(self, log_in: Callable[[Answering], object], refused: type[Exception]) -> None:
        """Call `log_in` with what it shall answer to the server; once more, with a new token, if it raises `refused`.

        A token may end before its time, for instance when rights are taken away or given. Raises TokenError.
        """
        value = self.tokens.get()
        try:
            log_in(_answers(self.user, value))
        except refused:
            self.tokens.forget(value)
            log_in(_answers(self.user, self.tokens.get()))


def read(server: Server, application: Application | None) -> TokenLogin | None:
    """Return how an address wants to log in; None for a password, or without any.

    Raises BadAddressError with one line that shows nothing of the address or of the key.
    """
    way, key = server.options.get("auth"), server.options.get("key")
    if way is None:
        if key is not None:
            raise BadAddressError("key= belongs to auth=google")
        return None
    if way not in ("microsoft", "google"):
        raise BadAddressError("auth= is microsoft or google; leave it out to log in with a password")
    if server.password:
        raise BadAddressError(f"give either a password or auth={way}")
    if not _MAILBOX.fullmatch(server.user):
        raise BadAddressError(f"auth={way} needs the mailbox as user, percent-encoded: info%40example.com@host")
    issuer = _microsoft(key, application) if way == "microsoft" else _google(key, server.user)
    return TokenLogin(server.user, keeper(issuer))


def _microsoft(key: str | None, application: Application | None) -> Microsoft:
    if key is not None:
        raise BadAddressError("key= belongs to auth=google")
    return Microsoft(needed(application, "auth=microsoft"))


def _google(key: str | None, user: str) -> google.Google:
    if key is None or not Path(key).is_absolute():
        raise BadAddressError("auth=google needs key=, the absolute path of the key file of a service account")
    try:
        return google.Google(google.read_key(Path(key)), user)
    except google.BadKeyError as error:
        raise BadAddressError(f"the file named by key= {error}") from None


def _answers(user: str, token: str) -> Answering:
    """Return what is said to a server that asks: user and token, and then nothing more.

    A server that refuses tells why in a second question; it wants to be answered before it says no.
    """
    left = [f"user={user}\x01auth=Bearer {token}\x01\x01"]

    def answer(challenge: object = None) -> str:
        return left.pop() if left else ""

    return answer
