"""Which folders of a mailbox at Microsoft hold incoming mail, by what the operator says of them.

The folders that every mailbox has go by names of the interface, whatever language the mailbox shows them in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from requests_app.domain.enums import MailboxFault

from .address_options import EVERY_FOLDER
from .graph_address import INBOX, JUNK, SENT, WELL_KNOWN, GraphAddress
from .graph_connection import Connection, GraphRefusal, nonsense
from .sources import LONGEST_FOLDER, SourceError

_NOT_INCOMING = ("sentitems", "drafts", "outbox")
_LISTED = "$select=id,displayName,childFolderCount&$top=100"
_MOST, _DEEPEST = 2000, 20  # folders, and folders in folders


@dataclass(frozen=True)
class Folder:
    """A folder to read. `key`: its id or the name that the interface has for it, "" for one that is not there.

    `name` is what people know it by; `expected`: that it is closed to us is a failure. `sent`: what is in it was
    written here, by hand. `junk`: the server lays there what it takes for spam.
    """

    key: str
    name: str
    expected: bool
    sent: bool = False
    junk: bool = False


def to_read(connection: Connection, address: GraphAddress) -> list[Folder]:
    """Return the folders to read, in the order of the setting, sent mail last. Raises GraphRefusal and SourceError."""
    left_out = {name.casefold() for name in (*address.exclude, address.move, address.sent)}
    keys = {WELL_KNOWN.get(name, "") for name in left_out}
    if address.folders == (EVERY_FOLDER,):
        ids = {_id_of(connection, key) for key in (*_NOT_INCOMING, *filter(None, keys))}
        spam = _id_of(connection, JUNK)
        found = [
            Folder(key, name, expected=False, junk=key == spam) for key, name in tree(connection) if key not in ids
        ]
    elif address.folders:
        found = list(_chosen(connection, address.folders))
    else:
        found = [Folder(INBOX, "Inbox", expected=True), Folder(JUNK, "Junk", expected=False, junk=True)]
    wanted = [one for one in found if one.name.casefold() not in left_out and one.key not in keys - {""}]
    if address.sent:
        key = SENT.get(address.sent.casefold())
        named = Folder(key, address.sent, expected=True) if key else next(_chosen(connection, (address.sent,)))
        wanted.append(replace(named, sent=True))
    return list({one.key or one.name: one for one in wanted}.values())


def to_move_to(connection: Connection, address: GraphAddress) -> str:
    """Return the id of the folder into which mails that are safe go; it is made if need be.

    Raises GraphRefusal and SourceError.
    """
    wanted = address.move.casefold()
    if wanted in WELL_KNOWN:
        return WELL_KNOWN[wanted]
    for key, name in tree(connection):
        if name.casefold() == wanted:
            return key
    if "/" in address.move:
        what = f"the folder {address.move!r} of the mailbox {address.name}, into which mail is to be moved, is missing"
        raise SourceError(what, MailboxFault.NO_FOLDER)
    return _text(connection, connection.send("POST", "mailFolders", {"displayName": address.move}), "id")


def tree(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield the id and the path of every folder, as in `Inbox/Support`; hidden ones are not told."""
    waiting = [("mailFolders", "", 0)]
    told = 0
    while waiting:
        at, above, depth = waiting.pop(0)
        for said in _pages(connection, f"{at}?{_LISTED}"):
            told += 1
            key, name = _text(connection, said, "id"), above + _text(connection, said, "displayName")
            if told > _MOST or len(name.encode()) > LONGEST_FOLDER:
                raise nonsense(connection.address)
            yield key, name
            if said.get("childFolderCount") and depth < _DEEPEST:
                waiting.append((f"mailFolders/{key}/childFolders", f"{name}/", depth + 1))


def _chosen(connection: Connection, names: tuple[str, ...]) -> Iterator[Folder]:
    listed: dict[str, str] = {}
    if any(name.casefold() not in WELL_KNOWN for name in names):
        listed = {name.casefold(): key for key, name in tree(connection)}
    for name in names:
        key = WELL_KNOWN.get(name.casefold()) or listed.get(name.casefold(), "")
        yield Folder(key, name, expected=True, junk=key == JUNK)


def _id_of(connection: Connection, well_known: str) -> str:
    try:
        return _text(connection, connection.get(f"mailFolders/{well_known}?$select=id"), "id")
    except GraphRefusal as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            raise
        return ""


def _pages(connection: Connection, at: str) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    while at:
        if at in seen:
            raise nonsense(connection.address)
        seen.add(at)
        page = connection.get(at)
        yield from objects(connection, page)
        at = _text(connection, page, "@odata.nextLink") if "@odata.nextLink" in page else ""


def objects(connection: Connection, page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a page lists. Raises SourceError if it lists something else than objects."""
    listed = page.get("value")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise nonsense(connection.address)
    return listed


def _text(connection: Connection, said: dict[str, Any], key: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value or "\0" in value:
        raise nonsense(connection.address)
    return value
