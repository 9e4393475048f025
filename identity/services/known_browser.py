"""Browsers in which somebody logged in with both factors before: no stranger's guesses keep them out.

The cookie is a random number, signed for one address (OWASP, "device cookies"). It lets nobody in: whoever has it is
slowed down by their own wrong tries only. Whether an account exists is not looked at, so the work is the same.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from identity.models.user import normal_address
from requests_app.keyring import ring

LIFETIME = timedelta(days=180)
_SALT = "identity.known_browser"


def of(cookies: Mapping[str, str], email: str) -> str:
    """Return the number of this browser for an address, or nothing when nobody logged in to it here before."""
    address = normal_address(email)
    try:
        return _signer(address).unsign(cookies.get(_name(address), ""), max_age=LIFETIME)
    except signing.BadSignature:
        return ""


def remember(response: HttpResponse, email: str) -> None:
    """Give the browser its cookie for an address; several people may share a browser."""
    address = normal_address(email)
    response.set_cookie(
        _name(address),
        _signer(address).sign(secrets.token_urlsafe(12)),
        max_age=LIFETIME,
        path="/desk/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _name(address: str) -> str:
    mac = hmac.new(ring().key("throttle"), f"{_SALT}\n{address}".encode(), hashlib.sha256)
    return f"browser-{mac.hexdigest()[:12]}"


def _signer(address: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"{_SALT}:{address}")
