"""What an IMAP mailbox allows, and which of our test mails have come into it: for `manage.py doctor`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from . import imap_folders, probe
from .imap_address import ImapAddress
from .imap_connection import Connection
from .sources import HEADER_BYTES

_FIELDS = f"BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE MESSAGE-ID {probe.HEADER.upper()})]"


@dataclass(frozen=True)
class Examined:
    """The folders that open, those that do not, and what may be done to mail in them."""

    folders: tuple[str, ...]
    closed: tuple[str, ...]
    keywords: bool
    moves: bool


@dataclass(frozen=True)
class Arrival:
    """Where a test mail lies, with the header fields it came with; `returned`: in a report that brings it back."""

    folder: str
    uid: int
    raw: bytes
    returned: bool


@dataclass
class ImapProbe:
    """One mailbox, looked at with the rights of Datarett. Everything raises SourceError when the server is away."""

    address: ImapAddress
    _connection: Connection = field(init=False)
    _next: dict[str, int] = field(default_factory=dict)  # the number of the next mail of each folder

    def __post_init__(self) -> None:
        self._connection = Connection(self.address)

    def examine(self) -> Examined:
        """Log in and open every folder; mail that comes from now on is what `arrivals` sees."""
        closed, keywords = [], True
        with self._connection.lent() as client:
            to_read = [folder.name for folder in imap_folders.to_read(client, self.address)]
            for folder in [*to_read, *filter(None, [self.address.move])]:
                try:
                    said = client.select_folder(folder)
                    self._next[folder] = int(client.folder_status(folder, ["UIDNEXT"])[b"UIDNEXT"])
                except IMAPClientAbortError:
                    raise
                except IMAPClientError:
                    closed.append(folder)
                    continue
                keywords = keywords and self._takes_keyword(said)
            moves = bool(client.has_capability("MOVE") or client.has_capability("UIDPLUS"))
        return Examined(tuple(self._next), tuple(closed), keywords, moves)

    def newest(self, count: int) -> list[bytes]:
        """Return the header blocks of the newest mails of the inbox."""
        with self._connection.lent() as client:
            client.select_folder(next(iter(self._next)), readonly=True)
            uids = client.search()[-count:]
            said = client.fetch(uids, [f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"]) if uids else {}
        return [_section(one) for one in said.values()]

    def arrivals(self, keys: Sequence[bytes]) -> dict[str, Arrival]:
        """Return our test mails that have come since `examine`, by their tokens."""
        found: dict[str, Arrival] = {}
        with self._connection.lent() as client:
            for folder, following in self._next.items():
                client.select_folder(folder, readonly=True)
                uids = [uid for uid in client.search(["UID", f"{following}:*"]) if uid >= following]
                for uid, said in client.fetch(uids, [_FIELDS]).items() if uids else ():
                    raw = _section(said)
                    returned = probe.comes_back(raw)
                    raw = (
                        _section(client.fetch([uid], [f"BODY.PEEK[]<0.{probe.LOOKED_AT}>"]).get(uid, {}))
                        if returned
                        else raw
                    )
                    if token := probe.token_of(keys, raw):
                        found[token] = Arrival(folder, uid, raw, returned)
        return found

    def remove(self, arrivals: Sequence[Arrival]) -> None:
        """Delete test mails; where the server cannot delete single mails they are marked as deleted."""
        with self._connection.lent() as client:
            for one in arrivals:
                client.select_folder(one.folder)
                client.delete_messages([one.uid], silent=True)
                if client.has_capability("UIDPLUS"):  # without it EXPUNGE would take what other people have deleted
                    client.uid_expunge([one.uid])

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _takes_keyword(self, said: dict[bytes, object]) -> bool:
        flags = imap_folders.lowered(said.get(b"PERMANENTFLAGS", (b"\\*",)))
        return b"READ-ONLY" not in said and (b"\\*" in flags or self.address.keyword.lower().encode() in flags)


def _section(said: dict[bytes, object]) -> bytes:
    raw = next((value for key, value in said.items() if key.startswith(b"BODY[")), b"")
    return raw if isinstance(raw, bytes) else b""
