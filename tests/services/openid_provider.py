"""An OpenID provider of our own on loopback that can be as wrong, as slow and as dishonest as a test wants it.

Left alone it is a good one: it holds to PKCE, takes a code once, and knows its clients by their secret.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "datarett", "hemm~lig nøkkel:1"
KEY_ID = "k1"


@cache
def rsa_key(name: str = "first", bits: int = 2048) -> RSAKey:
    """Return an RSA key of this name, made once."""
    return RSAKey.generate_key(bits)


@cache
def curve_key(curve: str = "P-256") -> ECKey:
    """Return a key on a curve, made once."""
    return ECKey.generate_key(curve)


@dataclass
class OpenIdProvider:
    """What it does next; the defaults are those of an honest provider.

    With a `secret` tokens are signed with that instead of the key. `claims` change what the next ID tokens say (None
    takes a claim out). `raw` and `status` answer everything, `moved_to` redirects everything, `silent` holds every
    answer back until the server ends.
    """

    issuer: str = ""
    says_it_is: str = ""
    algorithm: str = "RS256"
    key: RSAKey | ECKey = field(default_factory=rsa_key)
    secret: bytes | None = None
    key_id: str | None = KEY_ID
    listed: list[dict[str, object]] | None = None
    claims: dict[str, object] = field(default_factory=dict)
    profile: dict[str, object] | None = None
    metadata: dict[str, object] = field(default_factory=dict)
    id_token: str | None = None
    raw: bytes | None = None
    status: int = 200
    moved_to: str = ""
    encoding: str = ""
    silent: bool = False
    heard: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def log_in(self, url: str, subject: str = "s1", **claims: object) -> dict[str, str]:
        """Be the person at the page that a browser was sent to; return the query it is sent back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert url.startswith(f"{self.issuer}/authorize?")
        assert asked["response_type"] == "code"
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked, "sub": subject, "claims": json.dumps(claims)}
        return {"code": code, "state": asked["state"]}

    def sign(self, said: Mapping[str, object]) -> str:
        """Return an ID token of this provider."""
        head = {"alg": self.algorithm, **({"kid": self.key_id} if self.key_id else {})}
        if self.algorithm == "none":
            return ".".join(_base64(json.dumps(part).encode()) for part in (head, said)) + "."
        if self.secret is not None:  # by hand: joserfc takes no public key for a secret
            text = ".".join(_base64(json.dumps(part).encode()) for part in (head, said))
            return f"{text}.{_base64(hmac.digest(self.secret, text.encode(), 'sha256'))}"
        return jwt.encode(head, dict(said), self.key, algorithms=[self.algorithm])

    def answer(self, path: str, form: dict[str, str], bearer: str, basic: str) -> tuple[int, object]:
        """Return status and object for a question."""
        if path == "/.well-known/openid-configuration":
            return 200, self._describe()
        if path == "/keys":
            return 200, {"keys": self._keys()}
        if path == "/userinfo" and self.profile is not None and bearer == "access":
            return 200, self.profile
        if path == "/token":
            return self._give(form, basic)
        return 404, {}

    def _describe(self) -> dict[str, object]:
        described: dict[str, object] = {
            "issuer": self.says_it_is or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        if self.profile is not None:
            described["userinfo_endpoint"] = f"{self.issuer}/userinfo"
        return described | self.metadata

    def _keys(self) -> list[dict[str, object]]:
        if self.listed is not None:
            return self.listed
        return [public(self.key, self.key_id)]

    def _give(self, form: dict[str, str], basic: str) -> tuple[int, object]:
        user, _colon, password = basic.partition(":")
        given = (
            (unquote_plus(user), unquote_plus(password))
            if basic
            else (form.get("client_id"), form.get("client_secret"))
        )
        asked = self._codes.pop(form.get("code", ""), None)
        if given != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client", "error_description": f"{given}"}
        challenge = _base64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if asked["code_challenge_method"] != "S256" or not hmac.compare_digest(asked["code_challenge"], challenge):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        said: dict[str, object] = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": asked["sub"], "nonce": asked["nonce"],
            "iat": now, "exp": now + 300, **json.loads(asked["claims"]), **self.claims,
        }  # fmt: skip
        token = self.id_token or self.sign({name: value for name, value in said.items() if value is not None})
        return 200, {"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": token}


def public(key: RSAKey | ECKey, key_id: str | None) -> dict[str, object]:
    """Return the public half of a key as a provider lists it."""
    return {**key.as_dict(private=False), "use": "sig", **({"kid": key_id} if key_id else {})}


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    """Yield a running provider that is stopped on leaving."""
    state = OpenIdProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            state.forms.append(form)
            self._answer(form)

        def do_GET(self) -> None:
            self._answer({})

        def _answer(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            state.heard.append(path)
            if state.silent:
                state.released.wait(60)
            kind, _space, shown = self.headers.get("Authorization", "").partition(" ")
            basic = base64.b64decode(shown).decode() if kind == "Basic" else ""
            status, said = state.answer(path, form, shown if kind == "Bearer" else "", basic)
            body = json.dumps(said).encode() if state.raw is None else state.raw
            try:
                self.send_response(302 if state.moved_to else status if state.status == 200 else state.status)
                if state.moved_to:
                    self.send_header("Location", state.moved_to)
                if state.encoding:
                    self.send_header("Content-Encoding", state.encoding)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, format: str, *args: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
