"""A mailbox at Microsoft, as far as its documentation describes it: a small stateful server on loopback, with TLS.

It keeps folders, mails and sent mail, hands out tokens that end, lists by pages, tells by delta links what has changed,
numbers mails anew when they are moved unless it is asked not to, puts a mail together anew each time it is fetched, and
fails on demand with the statuses, names and fields that Microsoft documents. Stdlib only.
"""

import base64
import binascii
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlencode, urlsplit

from tests.services.certificates import Certificates, lay_certificates

USER = "info@optimar.no"
TENANT = "7d3c0000-0000-4000-8000-00000000c0de"
CLIENT_ID = "a1b2c3d4-0000-4000-8000-0000000000aa"
SECRET = "hem~lig/ord.#1"
OTHER_SECRET = "feil~ord"
INBOX, JUNK, SENT, DRAFTS, OUTBOX, DELETED = "inbox", "junkemail", "sentitems", "drafts", "outbox", "deleteditems"
SHOWN = {
    INBOX: "Innboks", JUNK: "Søppelpost", SENT: "Sendte elementer", DRAFTS: "Kladd", OUTBOX: "Utboks",
    DELETED: "Slettede elementer",
}  # fmt: skip
ARRIVED = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
_MAILBOX = re.compile(r"/v1\.0/users/([^/]+)/(.*)")


@dataclass
class Mail:
    """A mail in a folder. `moved` counts how often; `changed` is the number of its last change in the log."""

    number: int
    folder: str
    raw: bytes
    received: datetime
    sender: str
    categories: list[str] = field(default_factory=list)
    moved: int = 0
    changed: int = 0
    fetched: int = 0

    @property
    def etag(self) -> str:
        """What changes with every change."""
        return f'W/"{self.changed}"'

    def id(self, *, immutable: bool) -> str:
        """The number by which a client knows it."""
        return f"AAkA{self.number:08d}-_w=" if immutable else f"AAMk{self.number:08d}{self.folder[:4]}{self.moved}=="


@dataclass
class Fault:
    """An answer in place of the right one, to requests whose method and path match; `times` of them."""

    match: str
    status: int
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    body: bytes | None = None
    cut: bool = False  # the connection ends instead
    after: bool = False  # what was asked for is done, only the answer is another


class Refused(Exception):
    """What the server refuses, as its documentation names it."""

    def __init__(self, status: int, code: str, *, inner: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.inner, self.headers = status, code, inner, headers or {}


@dataclass
class Graph:
    """The mailbox. `asked` are the requests so far, `Prefer` field and all; `before` is called before each of them."""

    certificates: Certificates
    port: int = 0
    secret: str = SECRET
    folders: dict[str, tuple[str, str]] = field(default_factory=dict)  # id to name and folder above
    mails: list[Mail] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    page: int = 200
    stingy: bool = False  # tells of a changed mail nothing but its categories
    changing: bool = True  # puts a mail together a little differently each time
    before: Callable[[str, str], None] = lambda method, path: None

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.log: list[tuple[int, str, int]] = []  # number of the change, folder, number of the mail
        self.oldest = 0  # delta links from before this change have ended
        self.folders = {key: (name, "") for key, name in SHOWN.items()}

    # --- what happens in the mailbox -----------------------------------------------------------------------------

    def deliver(self, *raws: bytes, folder: str = INBOX, at: datetime = ARRIVED, sender: str = "") -> list[Mail]:
        """Let mails arrive, a second apart."""
        with self.lock:
            come = [
                Mail(len(self.mails) + n, folder, raw, at + timedelta(seconds=n - 1), sender or _sender(raw))
                for n, raw in enumerate(raws, 1)
            ]
            self.mails += come
            for mail in come:
                self._changed(mail, folder)
            return come

    def move(self, mail: Mail, folder: str) -> None:
        """Move a mail; "" takes it away for good."""
        with self.lock:
            left, mail.folder = mail.folder, folder
            mail.moved += 1
            for one in (left, folder):
                self._changed(mail, one)

    def touch(self, mail: Mail, *categories: str) -> None:
        """Let a colleague give a mail categories."""
        with self.lock:
            mail.categories = list(categories)
            self._changed(mail, mail.folder)

    def forget_links(self) -> None:
        """End every delta link that was handed out so far."""
        self.oldest = len(self.log) + 1
        self.log.append((self.oldest, "", 0))

    def end_tokens(self) -> None:
        """End every token that was handed out so far."""
        self.ended |= set(self.tokens)

    def fail(self, match: str, status: int = 0, code: str = "", **more: Any) -> None:
        """Answer the next requests that match with a fault."""
        self.faults.append(Fault(match, status, code, **more))

    def categories(self) -> list[list[str]]:
        """Those of every mail, in the order in which they came."""
        return [mail.categories for mail in self.mails]

    def inside(self, folder: str) -> list[bytes]:
        """The bytes of the mails in a folder."""
        return [mail.raw for mail in self.mails if mail.folder == folder]

    def url(self, path: str = "/Inbox", **options: str) -> str:
        """The address for DATARETT_MAILBOX_URLS and, without path, for DATARETT_SMTP_URL."""
        here = f"127.0.0.1:{self.port}"
        given = {"api": here, "login": here, "ca": str(self.certificates.authority)} | options
        if not given["ca"]:
            del given["ca"]
        return f"graph://{quote(USER, safe='')}{path}?{urlencode(given)}"

    def _changed(self, mail: Mail, folder: str) -> None:
        mail.changed = len(self.log) + 1
        self.log.append((mail.changed, folder, mail.number))

    # --- what is asked of it -------------------------------------------------------------------------------------

    def discovery(self, tenant: str) -> dict[str, Any]:
        """Where the token server of a tenant is asked."""
        base = f"https://127.0.0.1:{self.port}/{tenant}"
        return {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }

    def token(self, form: dict[str, str], tenant: str) -> dict[str, Any]:
        """The token server (client credentials)."""
        if tenant != TENANT:
            raise Refused(400, "invalid_request", inner="90002")
        if form.get("client_id") != CLIENT_ID:
            raise Refused(400, "unauthorized_client", inner="700016")
        if form.get("client_secret") != self.secret:
            raise Refused(401, "invalid_client", inner="7000215")
        if form.get("grant_type") != "client_credentials" or not form.get("scope", "").endswith("/.default"):
            raise Refused(400, "invalid_scope", inner="1002012")
        self.tokens.append(f"eyJ0.{len(self.tokens)}.hemmelig-bevis")
        return {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": self.tokens[-1]}

    def answer(self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes) -> tuple[int, Any]:
        """The interface: status, and an object or bytes."""
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens or token in self.ended:
            raise Refused(401, "InvalidAuthenticationToken")
        found = _MAILBOX.fullmatch(path)
        if found is None or unquote(found[1]).lower() != USER:
            raise Refused(404, "ErrorInvalidUser")
        parts = [unquote(one) for one in found[2].split("/")]
        immutable = "idtype=" in headers.get("Prefer", "").lower()
        if method == "POST" and parts == ["sendMail"]:
            return self._send_mail(headers, body)
        if parts[0] == "mailFolders":
            return self._folder(method, parts[1:], query, headers, body, immutable=immutable)
        if parts[0] == "messages" and len(parts) > 1:
            mail = self._find(parts[1], immutable=immutable)
            return self._message(method, mail, parts[2:], query, headers, body, immutable=immutable)
        raise Refused(400, "RequestBroker--ParseUri")

    def _send_mail(self, headers: Any, body: bytes) -> tuple[int, Any]:
        if not headers.get("Content-Type", "").startswith("text/plain"):
            raise Refused(400, "BadRequest")
        if len(body) > 4 * 1024 * 1024:
            raise Refused(413, "RequestEntityTooLarge")
        try:
            raw = base64.b64decode(body, validate=True)
        except binascii.Error:
            raise Refused(400, "ErrorMimeContentInvalidBase64String") from None
        self.sent.append(raw)
        return 202, b""

    def _folder(
        self, method: str, parts: list[str], query: dict[str, str], headers: Any, body: bytes, *, immutable: bool
    ) -> tuple[int, Any]:
        if not parts and method == "POST":
            name = json.loads(body)["displayName"]
            self.folders[f"AAMkF{len(self.folders)}="] = (name, "")
            return 201, self._told_of(list(self.folders)[-1])
        if not parts:
            return 200, {"value": [self._told_of(key) for key, (_, above) in self.folders.items() if not above]}
        if parts[0] not in self.folders:
            raise Refused(404, "ErrorItemNotFound")
        if parts[1:] == ["childFolders"]:
            inside = [key for key, (_, above) in self.folders.items() if above == parts[0]]
            return 200, {"value": [self._told_of(key) for key in inside]}
        if parts[1:] == ["messages", "delta"]:
            return 200, self._delta(parts[0], query, headers, immutable=immutable)
        return 200, self._told_of(parts[0])

    def _told_of(self, key: str) -> dict[str, Any]:
        name = self.folders[key][0]
        inside = sum(above == key for _, above in self.folders.values())
        return {"id": key, "displayName": name, "childFolderCount": inside}

    def _delta(self, folder: str, query: dict[str, str], headers: Any, *, immutable: bool) -> dict[str, Any]:
        """One page of a round: from the beginning, or since a link. A state token names since when, until when, and
        how many were told."""
        wanted = re.search(r"odata\.maxpagesize=(\d+)", headers.get("Prefer", ""))
        size = min(int(wanted[1]) if wanted else 10, self.page)
        state = query.get("$skiptoken") or query.get("$deltatoken")
        since, until, told = map(int, state.split(".")) if state else (-1, len(self.log), 0)
        if "$deltatoken" in query:
            until = len(self.log)
        if state and min(x for x in (since, until) if x >= 0) < self.oldest:
            raise Refused(410, "SyncStateNotFound")
        if since < 0:
            numbers = [mail.number for mail in self.mails if mail.folder == folder and mail.changed <= until]
            late = [n for at, where, n in self.log if where == folder and at > until]
            numbers = [n for n in numbers if n not in late]
        else:
            numbers = list(dict.fromkeys(n for at, where, n in self.log if where == folder and since < at <= until))
        page = numbers[told : told + size]
        listed = [self._listed(self.mails[n - 1], folder, whole=since < 0, immutable=immutable) for n in page]
        root = f"https://127.0.0.1:{self.port}/v1.0/users('{quote(USER)}')/mailFolders('{folder}')/messages/delta"
        if told + size < len(numbers):
            return {"value": listed, "@odata.nextLink": f"{root}?$skiptoken={since}.{until}.{told + size}"}
        return {"value": listed, "@odata.deltaLink": f"{root}?$deltatoken={until}.{until}.0"}

    def _listed(self, mail: Mail, folder: str, *, whole: bool, immutable: bool) -> dict[str, Any]:
        number = mail.id(immutable=immutable)
        if mail.folder != folder:
            return {"id": number, "@removed": {"reason": "deleted"}}
        if self.stingy and not whole:
            return {"id": number, "categories": mail.categories}
        return self._shown(mail, immutable=immutable)

    def _shown(self, mail: Mail, *, immutable: bool) -> dict[str, Any]:
        return {
            "@odata.etag": mail.etag,
            "id": mail.id(immutable=immutable),
            "receivedDateTime": mail.received.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "categories": mail.categories,
            "from": {"emailAddress": {"name": "x", "address": mail.sender}},
        }

    def _find(self, number: str, *, immutable: bool) -> Mail:
        for mail in self.mails:
            if mail.folder and mail.id(immutable=immutable) == number:
                return mail
        raise Refused(404, "ErrorItemNotFound")

    def _message(
        self, method: str, mail: Mail, rest: list[str], query: dict[str, str], headers: Any, body: bytes, *,
        immutable: bool,
    ) -> tuple[int, Any]:  # fmt: skip
        if method == "GET" and rest == ["$value"]:
            mail.fetched += 1
            return 200, b"X-Fetched: %d\r\n" % mail.fetched + mail.raw if self.changing else mail.raw
        if method == "GET" and "$expand" in query:
            size = {"id": "Integer 0xe08", "value": str(len(mail.raw))}
            return 200, {"id": mail.id(immutable=immutable), "singleValueExtendedProperties": [size]}
        if method == "GET":
            return 200, self._shown(mail, immutable=immutable)
        if method == "PATCH":
            if headers.get("If-Match") not in (None, mail.etag):
                raise Refused(412, "ErrorIrresolvableConflict")
            self.touch(mail, *json.loads(body)["categories"])
            return 200, self._shown(mail, immutable=immutable)
        if method == "POST" and rest == ["move"]:
            target = json.loads(body)["destinationId"]
            if target not in self.folders:
                raise Refused(404, "ErrorItemNotFound")
            self.move(mail, target)
            return 201, self._shown(mail, immutable=immutable)
        raise Refused(405, "ErrorInvalidRequest")


@contextmanager
def graph(folder: Path) -> Iterator[Graph]:
    """Yield a running server."""
    mailbox = Graph(lay_certificates(folder))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(mailbox.certificates.server, mailbox.certificates.key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(mailbox))
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    mailbox.port = server.server_address[1]
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    try:
        yield mailbox
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def _handler(mailbox: Graph) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # the client has gone
                self.close_connection = True

        def do_GET(self) -> None:
            self._answer()

        do_POST = do_PATCH = do_GET

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            prefer = ", ".join(self.headers.get_all("Prefer", []))
            mailbox.before(self.command, parts.path)
            with mailbox.lock:
                mailbox.asked.append((self.command, self.path, prefer))
                fault = self._fault()
                if fault and not fault.after:
                    self._fail(fault)
                    return
                try:
                    status, said = self._ask(parts.path, dict(parse_qsl(parts.query)), body)
                    headers: dict[str, str] = {}
                except Refused as refused:
                    status, said, headers = refused.status, self._error(refused), refused.headers
                if fault:
                    self._fail(fault)
                    return
            self._say(status, said, headers)

        def _ask(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, Any]:
            if path.endswith("/.well-known/openid-configuration"):
                return 200, mailbox.discovery(path.split("/")[1])
            if path.endswith("/oauth2/v2.0/token"):
                form = {key: one[0] for key, one in parse_qs(body.decode()).items()}
                return 200, mailbox.token(form, path.split("/")[1])
            keyed = re.sub(r"\('([^']*)'\)", r"/\1", path)  # OData writes users('x') as well as users/x
            return mailbox.answer(self.command, keyed, query, self.headers, body)

        def _error(self, refused: Refused) -> dict[str, Any]:
            if "oauth2" in self.path or ".well-known" in self.path:
                text = f"AADSTS{refused.inner}: about {CLIENT_ID}. Trace ID: 0"
                return {"error": refused.code, "error_description": text, "error_codes": [int(refused.inner)]}
            inner = {"date": "2026-07-01T00:00:00", "request-id": "0"}
            inner |= {"code": refused.inner} if refused.inner else {}
            return {"error": {"code": refused.code, "message": f"about {USER}", "innerError": inner}}

        def _fault(self) -> Fault | None:
            for fault in mailbox.faults:
                if fault.times and re.search(fault.match, f"{self.command} {self.path}"):
                    fault.times -= 1
                    return fault
            return None

        def _fail(self, fault: Fault) -> None:
            if fault.cut:
                self.close_connection = True
                self.connection.close()
                return
            said = fault.body if fault.body is not None else self._error(Refused(fault.status, fault.code, inner="0"))
            self._say(fault.status, said, fault.headers)

        def _say(self, status: int, said: Any, headers: dict[str, str]) -> None:
            self.close_connection = "Content-Length" in headers  # what is promised does not come
            raw = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Type", "text/plain" if isinstance(said, bytes) else "application/json")
            self.send_header("Content-Length", headers.get("Content-Length", str(len(raw))))
            self.end_headers()
            self.wfile.write(raw)

    return Handler


def _sender(raw: bytes) -> str:
    found = re.search(rb"^From:.*?([^\s<>\"]+@[^\s<>\"]+)", raw, re.MULTILINE)
    return found[1].decode("ascii", "replace") if found else ""
