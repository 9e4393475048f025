"""How long a server asks us to wait (RFC 9110 section 10.2.3)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 3600.0  # seconds: whoever asks for more is asked again then


def seconds(headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Return the seconds that `Retry-After` asks for, 0.0 where it is missing or nonsense, at most LONGEST."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), LONGEST)
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0), LONGEST)
