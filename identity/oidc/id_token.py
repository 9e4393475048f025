"""What an ID token is worth (OpenID Connect Core 1.0, section 3.1.3.7): signature, issuer, audience, time, nonce.

Only RS256 and ES256 are taken. A token without a signature, or signed with a secret (HS256: with a public key as the
secret, anybody could), is refused before a key is looked at.
"""

import hmac
import json
import math
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from . import discovery
from .errors import OidcError
from .provider import Provider

KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}
LEAST_RSA_BITS = 2048
MOST_BYTES = 32 * 1024
LONGEST_SUBJECT = 255  # section 2
LEEWAY = 60  # seconds that our clock and theirs may differ
OLDEST = 600  # seconds since it was issued: it was fetched a moment ago


def claims(provider: Provider, raw: object, *, nonce: str) -> Mapping[str, Any]:
    """Return what an ID token says, once all of it has been checked. Raises OidcError."""
    if not isinstance(raw, str) or not raw.isascii() or len(raw) > MOST_BYTES or raw.count(".") != 2:
        raise OidcError("token_malformed")
    said = _signed(provider, raw)
    now = time.time()
    if said.get("iss") != provider.issuer:
        raise OidcError("token_issuer")
    _check_audience(provider, said)
    if not now < _moment(said, "exp") + LEEWAY:
        raise OidcError("token_expired")
    if not now - OLDEST - LEEWAY < _moment(said, "iat") < now + LEEWAY:
        raise OidcError("token_not_of_now")
    if "nbf" in said and not _moment(said, "nbf") < now + LEEWAY:
        raise OidcError("token_not_of_now")
    given = said.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise OidcError("token_nonce")
    subject = said.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise OidcError("token_subject")
    return said


def _check_audience(provider: Provider, said: Mapping[str, Any]) -> None:
    """The token is for us; where it is for others too, it was given out to us."""
    audience = said.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if provider.client_id not in several:
        raise OidcError("token_audience")
    if ("azp" in said or len(several) > 1) and said.get("azp") != provider.client_id:
        raise OidcError("token_audience")


def _moment(said: Mapping[str, Any], name: str) -> float:
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise OidcError("token_malformed")
    return float(value)


def _signed(provider: Provider, raw: str) -> Mapping[str, Any]:
    head = _header(raw)
    algorithm, key_id = head.get("alg"), head.get("kid")
    if not isinstance(algorithm, str) or algorithm not in KEY_TYPES:
        raise OidcError("token_algorithm")
    key = _fitting(discovery.keys(provider), algorithm, key_id)
    if key is None:  # the provider has changed its keys since we asked
        key = _fitting(discovery.keys(provider, anew=True), algorithm, key_id)
    if key is None:
        raise OidcError("token_key")
    try:
        said: Mapping[str, Any] = jwt.decode(raw, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        raise OidcError("token_signature") from None
    return said


def _header(raw: str) -> Mapping[str, Any]:
    text = raw.partition(".")[0]
    try:
        head = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        raise OidcError("token_malformed") from None
    if not isinstance(head, dict):
        raise OidcError("token_malformed")
    return head


def _fitting(listed: list[Mapping[str, Any]], algorithm: str, key_id: object) -> RSAKey | ECKey | None:
    """Return the key that a token names, or the only one there is when it names none."""
    kind = KEY_TYPES[algorithm]
    usable = [
        key
        for key in listed
        if key.get("kty") == kind and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
    ]
    named = [key for key in usable if key.get("kid") == key_id] if key_id is not None else usable
    if len(named) != 1:
        return None
    try:
        return _strong(named[0], kind)
    except (JoseError, ValueError, TypeError, KeyError):
        raise OidcError("token_key") from None


def _strong(written: Mapping[str, Any], kind: str) -> RSAKey | ECKey:
    """Return a key that is worth something. Raises OidcError for a short one or another curve."""
    if kind == "EC":
        curve = ECKey.import_key({name: str(written[name]) for name in ("kty", "crv", "x", "y")})
        if written["crv"] != "P-256":
            raise OidcError("token_key")
        return curve
    key = RSAKey.import_key({name: str(written[name]) for name in ("kty", "n", "e")})
    if key.public_key.key_size < LEAST_RSA_BITS:
        raise OidcError("token_key")
    return key
