"""The key ring: one text, several keys, the first is in use, the others still open what they closed."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass


class KeyRingError(ValueError):
    """The text of the key ring cannot be understood; the message never holds key material."""


@dataclass(frozen=True, repr=False)
class KeyRing:
    """Keys by id, 32 bytes each; `active` names the one for new work."""

    active: str
    keys: dict[str, bytes]

    def __repr__(self) -> str:
        return f"KeyRing(active={self.active!r}, ids={sorted(self.keys)})"

    def key(self, purpose: str, key_id: str | None = None) -> bytes:
        """Return the 32-byte key for one purpose, derived from the key `key_id` (default: the active one).

        Raises KeyError for an id that the ring no longer holds.
        """
        return hmac.new(self.keys[key_id or self.active], f"datarett/{purpose}".encode(), hashlib.sha256).digest()

    def all(self, purpose: str) -> tuple[bytes, ...]:
        """Return the keys for one purpose, the active one first."""
        ids = [self.active, *(k for k in self.keys if k != self.active)]
        return tuple(self.key(purpose, k) for k in ids)


def parse(text: str) -> KeyRing:
    """Read `id:base64url(32 bytes)`, separated by white space; the first is active. Raises KeyRingError."""
    keys: dict[str, bytes] = {}
    for part in text.split():
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        except (binascii.Error, ValueError):
            key = b""
        if not key_id or len(key) != 32 or key_id in keys:
            raise KeyRingError(f"entry {len(keys) + 1} is not a new id:base64url(32 bytes)")
        keys[key_id] = key
    if not keys:
        raise KeyRingError("no key is given")
    return KeyRing(next(iter(keys)), keys)
