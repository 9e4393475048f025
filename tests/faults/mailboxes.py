"""Mailboxes of either kind that mails reach, for a pass of the ingest that may be cut off at any point."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.services.dovecot import Dovecot, dovecot

# Dovecot refuses to set flags and keywords for who lacks the rights s, w and t.
_NO_KEYWORDS = "plugin {{\n  acl = vfile:{}\n}}\nprotocol imap {{\n  mail_plugins = acl\n}}\n"


@dataclass(frozen=True)
class Mailbox:
    """`deliver` puts mails in; `left(number)` tells whether `number` safe mails lie there as they should."""

    url: str
    deliver: Callable[..., None]
    left: Callable[[int], bool]


@contextmanager
def marked(folder: Path) -> Iterator[Mailbox]:
    """On an IMAP server: what is safe stays and bears a keyword."""
    with dovecot() as server:
        yield Mailbox(
            server.url(tls=False, folders="INBOX"),
            server.deliver,
            lambda number: _flags(server) == [{"$Datarett"}] * number,
        )


@contextmanager
def moved(folder: Path) -> Iterator[Mailbox]:
    """On an IMAP server: what is safe goes to another folder."""

    def left(number: int) -> bool:
        return _flags(server) == [] and len(server.flags("Datarett")) == number

    with dovecot() as server:
        yield Mailbox(server.url(tls=False, folders="INBOX", move="Datarett"), server.deliver, left)


@contextmanager
def by_number(folder: Path) -> Iterator[Mailbox]:
    """On an IMAP server that takes no keywords: what is safe stays, and is known by its number alone."""
    with dovecot() as server:
        rights = server.folder / "acl"
        rights.write_text("* owner lri\n", encoding="ascii")
        server.extra = _NO_KEYWORDS.format(rights)
        server.stop()
        server.start()
        yield Mailbox(
            server.url(tls=False, folders="INBOX"), server.deliver, lambda number: _flags(server) == [set()] * number
        )


@contextmanager
def maildir(folder: Path) -> Iterator[Mailbox]:
    """In files: what is safe stays as it is."""
    numbers = count(1)
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)

    def deliver(*mails: bytes) -> None:
        for raw in mails:
            (folder / "new" / f"{next(numbers)}.post").write_bytes(raw)

    yield Mailbox(f"maildir:{folder}", deliver, lambda number: len(list((folder / "new").iterdir())) == number)


WAYS = {
    "with a keyword": marked,
    "with a folder to move to": moved,
    "without keywords": by_number,
    "in files": maildir,
}


def _flags(server: Dovecot) -> list[set[str]]:
    return list(server.flags().values())
