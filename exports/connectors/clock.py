"""The time that connectors write down. They know no Django, so a demo that plays the past sets this clock back, too."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(UTC)
