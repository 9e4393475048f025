"""From the address of a mailbox, as the operator writes it, to the source that reads it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, unquote

from . import authenticity, graph_address, imap_address
from .files import LocalMailbox
from .imap import ImapMailbox
from .oauth.microsoft import Application, needed
from .secure_urls import BadAddressError
from .sources import Source, SourceError

LOCAL_EVERY = 1.0  # seconds


@dataclass(frozen=True)
class Mailbox:
    """A source, the name by which sightings know it (without credentials), and how often to look (seconds).

    `rest` waits until the next look (seconds) or a hint that mail has come, and tells whether we are to stop.
    `authserv` is the profile by which its server's word on senders is read (`authenticity`), "" for RFC 8601.
    The excluded folders and senders are those that the operator named: mail there, and of these, is not fetched.
    `close` lets go of what it holds open; the next look opens it again.
    """

    name: str
    source: Source
    every: float
    close: Callable[[], None] = lambda: None
    rest: Callable[[float, Event], bool] = lambda seconds, stop: stop.wait(seconds)
    authserv: str = ""
    excluded_folders: tuple[str, ...] = ()
    excluded_senders: tuple[str, ...] = ()


def open_mailbox(url: str, application: Application | None = None) -> Mailbox:
    """Return the mailbox for `maildir:/path`, `imaps://user:password@host/INBOX` or `graph://user/Inbox`.

    All are percent-encoded and take `?sent=FOLDER`. `application` is ours at Microsoft, for graph:// and
    `auth=microsoft`. Nothing is connected yet. Raises SourceError with one line that shows no password.
    """
    scheme, colon, rest = url.strip().partition(":")
    if colon and scheme.lower() in imap_address.SCHEMES:
        try:
            address = imap_address.read(url, application)
        except BadAddressError as error:
            raise SourceError(str(error)) from None
        box = ImapMailbox(address)
        excluded = tuple(sorted(address.exclude)), tuple(sorted(address.exclude_from))
        return Mailbox(box.name, box, box.every, box.close, box.rest, address.authserv, *excluded)
    if colon and scheme.lower() == graph_address.SCHEME:
        return _graph(url, application)
    if colon and scheme.lower() == "maildir":
        return Mailbox(_local_name(scheme, rest), _local(rest), LOCAL_EVERY)
    known = scheme if colon and scheme.isalnum() else "?"
    raise SourceError(
        f"mailbox addresses of the kind {known!r} are not supported; use maildir:/path, imaps:// or graph://"
    )


@cache
def profile(name: str, urls: tuple[str, ...], application: Application | None = None) -> str:
    """Return the `authserv` of the mailbox of this name among these addresses, "" if it is none of them any more."""
    for url in urls:
        with suppress(SourceError):
            if (mailbox := open_mailbox(url, application)).name == name:
                return mailbox.authserv
    return ""


def names(urls: Iterable[str], application: Application | None = None) -> list[str]:
    """Return the names of the mailboxes of these addresses.

    One that cannot be used goes by its place among them: the program that fetches mail does not start with it, which
    is to be noticed all the same.
    """
    return [_name(url, number, application) for number, url in enumerate(urls, 1)]


def _name(url: str, number: int, application: Application | None) -> str:
    try:
        return open_mailbox(url, application).name
    except SourceError:
        return f"DATARETT_MAILBOX_URLS {number}"


def _graph(url: str, application: Application | None) -> Mailbox:
    from .graph import GraphMailbox  # with httpx, whose 150 ms only those pay who speak with Microsoft

    try:
        address = graph_address.read(url)
        tokens = address.service.tokens(needed(application, "a graph:// address"))
    except BadAddressError as error:
        raise SourceError(str(error)) from None
    box = GraphMailbox(address, tokens)
    return Mailbox(
        box.name,
        box,
        box.every,
        box.close,
        authserv=authenticity.EXCHANGE_ONLINE,
        excluded_folders=tuple(sorted(address.exclude)),
        excluded_senders=tuple(sorted(address.exclude_from)),
    )


def _local(rest: str) -> LocalMailbox:
    place, _, query = rest.partition("?")
    options = parse_qs(query, keep_blank_values=True)
    sent = "".join(options.pop("sent", []))
    if options or "/" in sent:
        raise SourceError("a maildir: address takes the option sent=, the name of a Maildir inside; write %3F for ?")
    path = Path(unquote(place.removeprefix("//")))
    if not path.is_absolute():
        raise SourceError("the path of a maildir: address must be absolute, as in maildir:/srv/mail")
    return LocalMailbox(path, sent)


def _local_name(scheme: str, rest: str) -> str:
    """The address without options and a user that somebody may have put before a host; a path may hold an @."""
    rest = rest.partition("?")[0]
    if rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        rest = f"{authority.rpartition('@')[2]}{slash}{path}"
    return f"{scheme}:{rest}"[:300]
