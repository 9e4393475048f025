"""Thirty minutes without use, ten hours with it."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.domain.enums import SessionEnd
from identity.domain.session_life import over

BEGAN = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
IDLE, LONGEST, SECOND = timedelta(minutes=30), timedelta(hours=10), timedelta(seconds=1)


@pytest.mark.parametrize(
    "last_seen,now,expected",
    [
        (BEGAN, BEGAN, None),
        (BEGAN, BEGAN + IDLE, None),
        (BEGAN, BEGAN + IDLE + SECOND, SessionEnd.IDLE),
        (BEGAN + LONGEST - SECOND, BEGAN + LONGEST, None),
        (BEGAN + LONGEST, BEGAN + LONGEST + SECOND, SessionEnd.TOO_LONG),
        (BEGAN, BEGAN + timedelta(days=3), SessionEnd.TOO_LONG),
        (BEGAN + IDLE, BEGAN, None),  # the clock of the server was set back
    ],
)
def test_when_a_session_is_over(last_seen: datetime, now: datetime, expected: SessionEnd | None) -> None:
    assert over(began=BEGAN, last_seen=last_seen, now=now) == expected
