"""Time-based one-time passwords (RFC 6238 on RFC 4226): SHA-1, six digits, steps of 30 seconds.

These are the values that every authenticator app understands; others are ignored by some of them.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
TOLERANCE = 1  # steps before and after, for clocks that are a little off


def step_at(seconds: float) -> int:
    """Return the number of the step in which an instant (Unix time in seconds) lies."""
    return int(seconds) // STEP_SECONDS


def code(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of one step (RFC 4226 section 5.3)."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def matching_step(secret: bytes, given: str, *, now_step: int, after: int) -> int | None:
    """Return the step whose code was given, or None; only steps later than `after` count (no replay)."""
    found = None
    for step in range(now_step - TOLERANCE, now_step + TOLERANCE + 1):
        if hmac.compare_digest(code(secret, step).encode(), given.encode()) and step > after:
            found = step
    return found


def base32(secret: bytes) -> str:
    """Return the secret as people type it into an app, without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def uri(secret: bytes, *, account: str, issuer: str) -> str:
    """Return the `otpauth:` address that the QR code carries."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': base32(secret), 'issuer': issuer})}"
