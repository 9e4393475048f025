"""The address of a mailbox at Microsoft: `graph://info%40example.com/Inbox?folders=Inbox,Junk&category=…`.

It holds no secret: who may read and send there is an application, named by DATARETT_OAUTH_….
"""

import re
import ssl
from dataclasses import dataclass, replace
from urllib.parse import unquote

from . import address_options, addresses, secure_urls
from .oauth.microsoft import Application, Microsoft
from .oauth.tokens import Keeper, keeper
from .secure_urls import BadAddressError, Server

SCHEME = "graph"
SCHEMES = {SCHEME: (443, True)}
API_HOST = "graph.microsoft.com"
SERVICE_OPTIONS = ("api", "login", "ca")
OPTIONS = ("folders", "sent", "exclude", "exclude_from", "category", "move", "every", *SERVICE_OPTIONS)
CATEGORY = "Datarett"
# What the interface calls the folders that every mailbox has, by what people call them.
INBOX, JUNK = "inbox", "junkemail"
WELL_KNOWN = {
    "inbox": INBOX, "junk": JUNK, "junkemail": JUNK, "junk email": JUNK, "junk e-mail": JUNK, "trash": "deleteditems",
    "deleteditems": "deleteditems", "deleted items": "deleteditems", "archive": "archive",
}  # fmt: skip

SENT = {"sent": "sentitems", "sentitems": "sentitems", "sent items": "sentitems"}

_MAILBOX = re.compile(r"[^\s@/\\?#%]{1,64}@[^\s@/\\?#%]{1,255}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,255}(:\d{1,5})?")
_LONGEST_CATEGORY = 255  # characters that Outlook takes


@dataclass(frozen=True)
class Service:
    """Which cloud: the hosts of the interface and of the token server (national clouds have their own).

    `login` empty: where our application is at home. `ca` is a file of certificates to believe instead of the machine's.
    """

    api: str = API_HOST
    login: str = ""
    ca: str = ""

    @property
    def scope(self) -> str:
        """What a token has to be for: all that the application was granted there."""
        return f"https://{self.api}/.default"

    @property
    def root(self) -> str:
        """Where every address of the interface begins."""
        return f"https://{self.api}/v1.0/"

    def tokens(self, application: Application) -> Keeper:
        """Return who hands out the tokens of our application for this service."""
        login = f"https://{self.login}" if self.login else application.login
        return keeper(Microsoft(replace(application, login=login, ca=self.ca), self.scope))

    def context(self) -> ssl.SSLContext:
        """Return how the servers prove who they are."""
        return ssl.create_default_context(cafile=self.ca or None)


@dataclass(frozen=True)
class GraphAddress:
    """Which mailbox, what to read there, and what to do with a mail once it is safe.

    `folders`: those to read; empty: the inbox and the junk folder, for mail there has been received; `*`: every
    folder that can hold incoming mail. `sent`, if any, is the folder with what people here sent by hand; nothing is
    moved out of it, and no writer is excluded from it. A mail that is safe is moved to `move`, or else gets `category`,
    or else (both empty) is left as it is. `exclude_from` are addresses, or domains written `@example.com`, in normal
    form. `every` is in seconds.
    """

    user: str
    service: Service
    folders: tuple[str, ...] = ()
    sent: str = ""
    exclude: frozenset[str] = frozenset()
    exclude_from: frozenset[str] = frozenset()
    category: str = CATEGORY
    move: str = ""
    every: float = address_options.EVERY

    @property
    def name(self) -> str:
        """The mailbox as sightings and messages to the operator name it."""
        return f"{SCHEME}://{self.user}"[:300]


def read(url: str) -> GraphAddress:
    """Return what the address of a mailbox says. Raises BadAddressError with one line that shows nothing of it."""
    server = secure_urls.read(url, SCHEMES, options=OPTIONS)
    given = server.options
    address = GraphAddress(
        user=_user(server),
        service=_service(server),
        folders=address_options.folders(server.path, given),
        sent=given.get("sent", ""),
        exclude=frozenset(address_options.names(given.get("exclude", ""))),
        exclude_from=frozenset(addresses.normal(one) for one in address_options.names(given.get("exclude_from", ""))),
        category="" if given.get("move") else given.get("category", CATEGORY),
        move=given.get("move", ""),
        every=address_options.every(given.get("every", "")),
    )
    _check(address, given)
    return address


def read_sender(url: str) -> GraphAddress:
    """Return whose mailbox sends, and where. Raises BadAddressError with one line that shows nothing of it."""
    server = secure_urls.read(url, SCHEMES, options=SERVICE_OPTIONS)
    if server.path:
        raise BadAddressError("a graph:// address that sends names a mailbox and no folder")
    return GraphAddress(user=_user(server), service=_service(server))


def _user(server: Server) -> str:
    """The mailbox: an address, or the id of a user. An @ that nobody encoded has made two parts of it."""
    if server.password:
        raise BadAddressError("a graph:// address takes no secret; it belongs into DATARETT_OAUTH_CLIENT_SECRET")
    if server.port != SCHEMES[SCHEME][0]:
        raise BadAddressError("a graph:// address names a mailbox, which has no port")
    host = unquote(server.host)
    user = f"{server.user}@{host}" if server.user else host
    if not _MAILBOX.fullmatch(user):
        raise BadAddressError("a graph:// address names a mailbox, as in graph://info%40example.com/Inbox")
    return user


def _service(server: Server) -> Service:
    given = server.options
    service = Service(given.get("api", API_HOST), given.get("login", ""), given.get("ca", ""))
    if not (_HOST.fullmatch(service.api) and (not service.login or _HOST.fullmatch(service.login))):
        raise BadAddressError("api= and login= name a host, as in api=graph.microsoft.us")
    server.context()  # a wrong ca= is told at once, not when the server is met
    return service


def _check(address: GraphAddress, given: dict[str, str]) -> None:
    if len(address.category) > _LONGEST_CATEGORY or not address.category.isprintable() or "," in address.category:
        raise BadAddressError("category= is a name of at most 255 characters, without commas")
    if address.move and "category" in given:
        raise BadAddressError("give either category= or move=: what is moved away needs no mark")
    read = {INBOX, *map(_key, address.folders)} if address.folders else {INBOX, JUNK}
    if address.move and _key(address.move) in read:
        raise BadAddressError("move= must name a folder that is not read itself")
    if address.sent == address_options.EVERY_FOLDER or _key(address.sent) in {*read, _key(address.move)} - {""}:
        raise BadAddressError("sent= must name one folder, which holds sent mail only")
    if any("@" not in one for one in address.exclude_from):
        raise BadAddressError("exclude_from= takes addresses, or domains written as @example.com")


def _key(folder: str) -> str:
    return WELL_KNOWN.get(folder.casefold(), folder.casefold())
