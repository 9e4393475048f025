"""The token servers of Microsoft and Google, small and of our own, on loopback: they give out and refuse tokens as the
documentation of both says, and tell a mail server (RFC 7662) whose mailbox a token opens.
"""

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from requests_app.mailbox.oauth.microsoft import Application
from tests.services.certificates import Certificates, lay_certificates

TENANT, CLIENT_ID, SECRET = "optimar.example", "11111111-2222-3333-4444-555555555555", "hemm~lig.nøkkel"
ACCOUNT, DELEGATED = "innsyn@optimar-post.iam.example", "info@optimar.no"
SCOPES = ("https://outlook.office365.com/.default", "https://mail.google.com/")
Refusal = tuple[int, dict[str, object]]


def _microsoft(status: int, error: str, code: int, said: str) -> Refusal:
    """A refusal in the shape of Microsoft's, which quotes ids of the application and the tenant."""
    description = f"AADSTS{code}: {said} Trace ID: 0a1b Correlation ID: 2c3d Timestamp: 2026-11-27 12:00:00Z"
    quoted: dict[str, object] = {"error": error, "error_description": description, "error_codes": [code]}
    return status, quoted | {"trace_id": "0a1b", "error_uri": f"https://login.example/error?code={code}"}


def _google(status: int, error: str, said: str) -> Refusal:
    return status, {"error": error, "error_description": said}


# How a token can be refused, by the names that tests give it.
REFUSALS: dict[str, Refusal] = {
    "secret expired": _microsoft(
        401, "invalid_client", 7000222, f"The provided client secret keys for app '{CLIENT_ID}' are expired."
    ),
    "secret wrong": _microsoft(
        401, "invalid_client", 7000215, f"Invalid client secret provided for a secret added to app '{CLIENT_ID}'."
    ),
    "application unknown": _microsoft(
        400, "unauthorized_client", 700016, f"Application with identifier '{CLIENT_ID}' was not found."
    ),
    "no consent": _microsoft(
        400, "invalid_grant", 65001, f"The user or administrator has not consented to use '{CLIENT_ID}'."
    ),
    "switched off": _microsoft(401, "unauthorized_client", 7000112, f"Application '{CLIENT_ID}'(Post) is disabled."),
    "policy": _microsoft(400, "invalid_grant", 53003, "Access has been blocked by Conditional Access policies."),
    "delegation missing": _google(
        401,
        "unauthorized_client",
        "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the"
        " scopes requested.",
    ),
    "scope not allowed": _google(403, "access_denied", "Requested client not authorized."),
    "key deleted": _google(400, "invalid_grant", "Invalid JWT Signature."),
    "account deleted": _google(400, "invalid_grant", "Invalid grant: account not found"),
    "mailbox unknown": _google(400, "invalid_grant", "Invalid email or User ID"),
    "clock wrong": _google(
        400,
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe",
    ),
    "busy": (429, {"error": "temporarily_unavailable", "error_codes": [90033]}),
    "out of order": (503, {"error": "server_error"}),
}


@dataclass
class TokenServer:
    """What it gave out and to whom.

    `refuse` names the refusal that everybody gets, `raw` is answered instead of all, `moved_to` is where all are sent,
    `wait` for how many seconds it wants to be left alone.
    `good`: which mailbox each token opens; those of Microsoft open `opens`.
    """

    certificates: Certificates
    port: int = 0
    introspection_port: int = 0
    refuse: str = ""
    raw: bytes = b""
    moved_to: str = ""
    wait: int = 0
    lifetime: int = 3599
    opens: str = DELEGATED
    issued: list[str] = field(default_factory=list)
    good: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where tokens are given out."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def introspection_url(self) -> str:
        """Where a mail server asks what a token is good for."""
        return f"http://127.0.0.1:{self.introspection_port}/introspect"

    def application(self, *, tenant: str = TENANT, secret: str = SECRET) -> Application:
        """An application that is registered here."""
        return Application(tenant, CLIENT_ID, secret, login=self.url)

    def lay_key(self, path: Path, *, key: rsa.RSAPrivateKey | None = None) -> Path:
        """Write the key file of a service account, as Google gives it out."""
        pem = (key or google_key()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        said = {
            "type": "service_account", "project_id": "optimar-post", "private_key_id": "k1",
            "private_key": pem.decode(), "client_email": ACCOUNT, "client_id": "117", "token_uri": f"{self.url}/token",
        }  # fmt: skip
        path.write_text(json.dumps(said), encoding="utf-8")
        path.chmod(0o600)
        return path

    def is_good(self, user: str, token: str) -> bool:
        """Tell whether this token opens this mailbox."""
        return self.good.get(token) == user

    def answer(self, path: str, form: dict[str, str]) -> Refusal:
        """What is said to a question."""
        self.asked.append(path)
        if path == "/introspect":
            mailbox = self.good.get(form.get("token", ""))
            return 200, {"active": True, "username": mailbox} if mailbox else {"active": False}
        if path == "/token":
            return self._for_google(form)
        return self._for_microsoft(path, form)

    def _for_microsoft(self, path: str, form: dict[str, str]) -> Refusal:
        tenant = path.split("/")[1]
        if tenant != TENANT:
            return _microsoft(400, "invalid_tenant", 90002, f"Tenant '{tenant}' not found.")
        if path.endswith("/v2.0/.well-known/openid-configuration"):
            base = f"{self.url}/{tenant}/oauth2/v2.0"
            return 200, {
                "issuer": f"{self.url}/{tenant}/v2.0",
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
            }
        if self.refuse:
            return REFUSALS[self.refuse]
        if form.get("client_id") != CLIENT_ID:
            return REFUSALS["application unknown"]
        if form.get("client_secret") != SECRET:
            return REFUSALS["secret wrong"]
        if (form.get("grant_type"), form.get("scope")) != ("client_credentials", SCOPES[0]):
            return _microsoft(400, "invalid_scope", 1002012, "The provided value for scope is not valid.")
        return self._give(self.opens)

    def _for_google(self, form: dict[str, str]) -> Refusal:
        if self.refuse:
            return REFUSALS[self.refuse]
        claims = _verified(form.get("assertion", ""))
        if claims is None:
            return REFUSALS["key deleted"]
        grant = form.get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        if not grant or claims["iss"] != ACCOUNT or claims["aud"] != f"{self.url}/token":
            return REFUSALS["account deleted"]
        if claims["scope"] != SCOPES[1]:
            return REFUSALS["scope not allowed"]
        return self._give(str(claims["sub"]))

    def _give(self, mailbox: str) -> Refusal:
        token = f"eyJ0-token-{len(self.issued)}-{'x' * 1500}"  # as long as real ones
        self.issued.append(token)
        self.good[token] = mailbox
        return 200, {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token}


@cache
def google_key() -> rsa.RSAPrivateKey:
    """The key whose public half this Google knows."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _verified(assertion: str) -> dict[str, object] | None:
    """The claims of an assertion; None if it is not signed by the key of the account."""
    signed, _, signature = assertion.rpartition(".")
    try:
        google_key().public_key().verify(_bytes(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return None
    head, claims = (json.loads(_bytes(part)) for part in signed.split("."))
    assert (head["alg"], head["kid"]) == ("RS256", "k1")
    assert 0 < claims["exp"] - claims["iat"] <= 3600
    found: dict[str, object] = claims
    return found


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class _Talk(BaseHTTPRequestHandler):
    server_of: TokenServer

    def do_GET(self) -> None:
        self._say({})

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say({name: values[0] for name, values in parse_qs(text).items()})

    def _say(self, form: dict[str, str]) -> None:
        status, said = self.server_of.answer(urlsplit(self.path).path, form)
        body = self.server_of.raw or json.dumps(said).encode()
        self.send_response(302 if self.server_of.moved_to else status)
        self.send_header("Location", self.server_of.moved_to)
        self.send_header("Content-Type", "application/json")
        if self.server_of.wait:
            self.send_header("retry-after", str(self.server_of.wait))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def token_server(folder: Path) -> Iterator[TokenServer]:
    """Yield a running server; its certificate is believed by whoever believes `certificates.authority`."""
    server = TokenServer(lay_certificates(folder))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(server.certificates.server, server.certificates.key)
    with ExitStack() as running:
        server.port = running.enter_context(_serving(server, context))
        server.introspection_port = running.enter_context(_serving(server, None))
        yield server


@contextmanager
def _serving(server: TokenServer, context: ssl.SSLContext | None) -> Iterator[int]:
    talk = type("Talk", (_Talk,), {"server_of": server})
    with ThreadingHTTPServer(("127.0.0.1", 0), talk) as http:
        if context:
            http.socket = context.wrap_socket(http.socket, server_side=True)
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield http.server_address[1]
        finally:
            http.shutdown()
            thread.join()
