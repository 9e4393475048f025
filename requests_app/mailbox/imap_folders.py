"""Which folders of a mailbox hold incoming mail, by what the server and the operator say of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from imapclient import IMAPClient

from .address_options import EVERY_FOLDER
from .imap_address import ImapAddress
from .sources import JUNK_NAMES, LONGEST_FOLDER, NOT_INCOMING

_JUNK, _NOSELECT = b"\\junk", b"\\noselect"
_NOT_INCOMING = frozenset({b"\\sent", b"\\drafts", b"\\all", _NOSELECT})

Listed = list[tuple[set[bytes], str]]  # flags in lower case, and the name


@dataclass(frozen=True)
class Folder:
    """A folder to read. `junk`: the server lays there what it takes for spam."""

    name: str
    junk: bool = False


def to_read(client: IMAPClient, address: ImapAddress) -> list[Folder]:
    """Return the folders to read, in the order of the setting, sent mail last.

    Raises ValueError for names that nobody can keep.
    """
    listed = [(lowered(flags), name) for flags, _, name in client.list_folders()]
    junk = set(_junk(listed))
    wanted = list(address.folders) or ["INBOX", *_junk(listed)]
    if wanted == [EVERY_FOLDER]:
        wanted = list(_incoming(listed))
    left_out = address.exclude | {address.move, address.sent}
    incoming = [name for name in wanted if name not in left_out]
    return [Folder(_checked(name), name in junk) for name in (*incoming, *filter(None, [address.sent]))]


def lowered(flags: object) -> set[bytes]:
    """Return flags or keywords in lower case; one that is all digits, which no folder or mail is known by, is left."""
    given = flags if isinstance(flags, tuple) else ()
    return {flag.lower() for flag in given if isinstance(flag, bytes)}


def _junk(listed: Listed) -> list[str]:
    """The spam folder, which is read by default: mail there has been received."""
    marked = [name for flags, name in listed if _JUNK in flags and _NOSELECT not in flags]
    return marked or [name for flags, name in listed if name in JUNK_NAMES and _NOSELECT not in flags]


def _incoming(listed: Listed) -> Iterator[str]:
    for flags, name in listed:
        if flags.isdisjoint(_NOT_INCOMING) and name not in NOT_INCOMING:
            yield name


def _checked(name: str) -> str:
    """The name, if a database takes it. UTF-7 can spell halves of letters, which `encode` refuses."""
    if "\0" in name or len(name.encode()) > LONGEST_FOLDER:
        raise ValueError("folder name")
    return name
