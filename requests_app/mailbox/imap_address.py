"""The address of an IMAP mailbox: `imaps://user:password@host[:port]/INBOX?folders=INBOX,Junk&keyword=…`."""

import re
from dataclasses import dataclass

from . import address_options, addresses, authenticity, secure_urls
from .oauth import token_login
from .oauth.microsoft import Application
from .secure_urls import BadAddressError, Server

SCHEMES = {"imaps": (993, True), "imap": (143, False)}
OPTIONS = (
    "folders", "sent", "exclude", "exclude_from", "keyword", "move", "every", "ca", "authserv", *token_login.OPTIONS,
)  # fmt: skip
KEYWORD = "$Datarett"

# RFC 3501 section 9: an atom. No backslash: those are the flags that mail programs mean something by.
_ATOM = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]{1,100}")


@dataclass(frozen=True)
class ImapAddress:
    """What to read there, and what to do with a mail once it is safe.

    `folders`: those to read; empty: INBOX and whatever the server calls junk, for mail in the spam folder has been
    received; `*`: every folder that can hold incoming mail. `sent`, if any, is the folder with what people here sent
    by hand; nothing is moved out of it, and no writer is excluded from it. `move` empty: the mail stays and gets
    `keyword`; where that is empty too, it is left as it is, and known by its number. `exclude_from` are addresses, or
    domains written `@example.com`, in normal form. `every` is in seconds. `login` is None where the server's password
    is used. `authserv` is the profile by which the server's word on senders is read, "" for RFC 8601.
    """

    server: Server
    folders: tuple[str, ...]
    sent: str
    exclude: frozenset[str]
    exclude_from: frozenset[str]
    keyword: str
    move: str
    every: float
    login: token_login.TokenLogin | None = None
    authserv: str = ""

    @property
    def name(self) -> str:
        """The mailbox as sightings and messages to the operator name it: without its password."""
        usual, _ = SCHEMES[self.server.scheme]
        port = "" if self.server.port == usual else f":{self.server.port}"
        return f"{self.server.scheme}://{self.server.user}@{self.server.host}{port}"[:300]


def read(url: str, application: Application | None = None) -> ImapAddress:
    """Return what the address says; `application` is ours at Microsoft, if there is one.

    Raises BadAddressError with one line that shows nothing of it.
    """
    server = secure_urls.read(url, SCHEMES, options=OPTIONS)
    given = server.options
    by_token = token_login.read(server, application)
    if not by_token and not (server.user and server.password):
        raise BadAddressError("an imaps:// address needs a user and a secret, as in imaps://me:secret@host/INBOX")
    address = ImapAddress(
        server=server,
        folders=address_options.folders(server.path, given),
        sent=given.get("sent", ""),
        exclude=frozenset(address_options.names(given.get("exclude", ""))),
        exclude_from=frozenset(addresses.normal(name) for name in address_options.names(given.get("exclude_from", ""))),
        keyword=given.get("keyword", KEYWORD),
        move=given.get("move", ""),
        every=address_options.every(given.get("every", "")),
        login=by_token,
        authserv=given.get("authserv", ""),
    )
    _check(address)
    return address


def _check(address: ImapAddress) -> None:
    if address.keyword and not _ATOM.fullmatch(address.keyword):
        raise BadAddressError("keyword= must be one word of letters, digits and signs such as $, as in $Datarett")
    if address.move and "keyword" in address.server.options:
        raise BadAddressError("give either keyword= or move=: what is moved away needs no mark")
    if address.move in address.folders or address.move.upper() == "INBOX":
        raise BadAddressError("move= must name a folder that is not read itself")
    if address.sent and (address.sent.upper() == "INBOX" or address.sent in {*address.folders, address.move, "*"}):
        raise BadAddressError("sent= must name one folder, which holds sent mail only")
    if any("@" not in one for one in address.exclude_from):
        raise BadAddressError("exclude_from= takes addresses, or domains written as @example.com")
    if address.authserv not in ("", *authenticity.PROFILES):
        raise BadAddressError(f"authserv= takes {' or '.join(authenticity.PROFILES)}; other servers need none")
    address.server.context()  # a wrong ca= is told at once, not when the server is met
