"""Links and codes that are mailed: derived, so that the database never holds them in clear.

A token is the keyed hash of what it opens and of a generation number; rows keep only its SHA-256 for look-up.
After a crash the same mail carries the same link; a new generation makes the old link worthless.
"""

import base64
import hashlib
import hmac
from dataclasses import asdict, dataclass

from .keys import KeyRing

CODE_DIGITS = 8


@dataclass(frozen=True)
class Secret:
    """How to derive one secret of a mail: `form` is "code" or a path with `{}` for the token."""

    form: str
    purpose: str
    subject: str
    generation: int
    key_id: str

    def as_json(self) -> dict[str, str | int]:
        """Return the plain form that a row keeps."""
        return asdict(self)


def derive_token(ring: KeyRing, purpose: str, subject: str, generation: int, key_id: str | None = None) -> str:
    """Return a URL-safe token of 192 bits for the subject (a UUID as text)."""
    return base64.urlsafe_b64encode(_mac(ring, purpose, subject, generation, key_id)[:24]).decode()


def derive_code(ring: KeyRing, purpose: str, subject: str, generation: int, key_id: str | None = None) -> str:
    """Return a code of CODE_DIGITS digits for the subject."""
    number = int.from_bytes(_mac(ring, purpose, subject, generation, key_id)[:16], "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def reveal(ring: KeyRing, secret: Secret) -> str:
    """Return what the mail shows: the code, or the path with the token filled in."""
    args = (ring, secret.purpose, secret.subject, secret.generation, secret.key_id)
    return derive_code(*args) if secret.form == "code" else secret.form.format(derive_token(*args))


def digest(token: str) -> str:
    """Return the SHA-256 under which a row remembers a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(given: str, expected: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _mac(ring: KeyRing, purpose: str, subject: str, generation: int, key_id: str | None) -> bytes:
    message = f"{purpose}\n{subject}\n{generation}".encode()
    return hmac.new(ring.key("token", key_id), message, hashlib.sha256).digest()
