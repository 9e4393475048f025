"""The second way of an alarm: JSON, posted to an address of the operator's, since mail may be what is away."""

import hashlib
import hmac
import json
import ssl
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from .secure_urls import BadAddressError, Server

SECONDS = 10.0
SIGNATURE = "X-Datarett-Signature"
"""`sha256=` and the HMAC-SHA256 of the body in hexadecimal, by the secret that both sides know."""
_PORTS = {"https": 443, "http": 80}


class WebhookError(Exception):
    """Nobody took what was posted; the message names neither the address nor what was sent."""


def check(url: str) -> None:
    """Raise BadAddressError unless an address is https, or http on this machine itself, and holds no password."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise BadAddressError("the host or port cannot be understood") from None
    if parts.scheme not in _PORTS or not host:
        raise BadAddressError("it must begin with https:// and name a host")
    if parts.username is not None or parts.fragment:
        raise BadAddressError("it cannot hold a user or a #: who posts is shown by the signature")
    server = Server(parts.scheme, host, port or _PORTS[parts.scheme], parts.scheme == "https")
    if not server.tls and not server.loopback:
        raise BadAddressError("it must begin with https://, except on this machine itself")


def post(url: str, said: Mapping[str, object], *, secret: str) -> None:
    """Post what there is to say, signed if there is a secret. Raises WebhookError unless it was taken (2xx)."""
    body = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Datarett"}
    if secret:
        headers[SIGNATURE] = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    try:
        check(url)
        with _open(Request(url, data=body, headers=headers)):  # noqa: S310 - `check` looked at the scheme
            return
    except HTTPError as refusal:
        refusal.close()
        raise WebhookError(f"HTTP {refusal.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise WebhookError(type(error).__name__) from None


class _NoRedirects(HTTPRedirectHandler):
    """The alarm goes to the address that was meant, and to no other."""

    def redirect_request(self, *given: object) -> None:
        return None


def _open(request: Request) -> HTTPResponse:
    direct = [] if request.type == "https" else [ProxyHandler({})]
    opener = build_opener(_NoRedirects, HTTPSHandler(context=ssl.create_default_context()), *direct)
    answer: HTTPResponse = opener.open(request, timeout=SECONDS)
    return answer
