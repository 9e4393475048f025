"""Short secrets at rest: sealed with AES-256-GCM under the key ring and bound to the row they belong to."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from requests_app.domain.keys import KeyRing

_NONCE = 12


class SealBroken(Exception):
    """A sealed secret cannot be opened: it was changed, moved, or its key is gone."""


def seal(ring: KeyRing, purpose: str, secret: bytes, *, bound_to: str) -> bytes:
    """Return `secret` sealed under the active key; it opens only for the same purpose and `bound_to`."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(ring.key(purpose)).encrypt(nonce, secret, bound_to.encode())


def unseal(ring: KeyRing, purpose: str, sealed: bytes, *, bound_to: str, key_id: str) -> bytes:
    """Return the secret. Raises `SealBroken`."""
    try:
        cipher = AESGCM(ring.key(purpose, key_id))
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
    except (KeyError, InvalidTag, ValueError):
        raise SealBroken from None
