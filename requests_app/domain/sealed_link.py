"""Links that carry what they are about, encrypted and authenticated: nobody else reads it, nobody else makes one.

A mailing goes to people of whom we hold no row, so its link cannot name one. AES-256-GCM under the key ring; the
token is the nonce, the ciphertext and the tag in base64url.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .keys import KeyRing

_NONCE = 12  # bytes
_LONGEST = 1000  # characters of a token


class LinkBroken(Exception):
    """A token was altered, put together from others, made for something else, or its key is gone."""


def seal(ring: KeyRing, purpose: str, text: str) -> str:
    """Return a URL-safe token that holds `text` and opens for the same `purpose` only."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(ring.key(f"link/{purpose}")).encrypt(nonce, text.encode(), None)
    return _encode(nonce + sealed)


def unseal(ring: KeyRing, purpose: str, token: str) -> str:
    """Return the text in a token, under whichever key of the ring it was made. Raises LinkBroken."""
    raw = _decode(token)
    for key in ring.all(f"link/{purpose}"):
        try:
            return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
        except (InvalidTag, ValueError):
            continue
    raise LinkBroken


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(token: str) -> bytes:
    if len(token) > _LONGEST or not token.isascii():
        raise LinkBroken
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        raise LinkBroken from None
    if _encode(raw) != token:  # spare bits and signs that decoding passes over: not the token we gave out
        raise LinkBroken
    return raw
