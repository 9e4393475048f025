"""How long a server wants to be left alone, RFC 9110 section 10.2.3."""

from datetime import UTC, datetime

import pytest

from requests_app.mailbox import retry_after


@pytest.mark.parametrize(
    "said, seconds",
    [
        ("120", 120.0), ("0", 0.0), ("", 0.0), ("soon", 0.0), ("-5", 0.0), ("1.5", 0.0),
        ("9" * 50, retry_after.LONGEST),
        ("Wed, 01 Jul 2026 00:01:30 GMT", 90.0), ("Tue, 30 Jun 2026 00:00:00 GMT", 0.0),
        ("Wed, 01 Jul 9999 00:00:00 GMT", retry_after.LONGEST), ("Wed, 01 Jul 2026 00:01:30 -0000", 90.0),
    ],
)  # fmt: skip
def test_how_long_a_server_wants_to_be_left_alone(said: str, seconds: float) -> None:
    assert retry_after.seconds({"Retry-After": said}, datetime(2026, 7, 1, tzinfo=UTC)) == seconds
