"""The receipt time: our own server's word, or nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.mailbox.received import from_line_time, moment, receipt_time

from .mails import DEV, mail

HOSTS = ("mx1.optimar.no", "mx2.optimar.no")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OURS = (
    "Received: from mail.example.com (example.com [192.0.2.1])\r\n\tby mx1.optimar.no (Postfix) with ESMTPS id 1\r\n\t"
)
THEIRS = "Received: from a (b) by mail.example.com with SMTP; Sun, 1 Mar 2026 08:00:00 +0100"


def received(*lines: str) -> datetime | None:
    """The receipt time of a mail with these lines."""
    return receipt_time(mail(*lines), own_hosts=HOSTS, now=NOW)


def test_the_topmost_line_of_ours_counts() -> None:
    first = f"{OURS}for <info@optimar.no>; Thu, 5 Mar 2026 07:42:21 +0100 (CET)"
    earlier = f"{OURS}for <x@optimar.no>; Thu, 5 Mar 2026 07:40:00 +0100"
    assert received(first, earlier, THEIRS) == datetime(2026, 3, 5, 6, 42, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "seconds", [None, 0.0, -86_400.0, -1e300, 631_151_999.0, 253_402_300_800.0, 1e300, float("inf"), float("nan")]
)
def test_a_time_that_no_mail_can_have_is_none(seconds: float | None) -> None:
    assert moment(seconds) is None


@pytest.mark.parametrize("seconds, found", [(631_152_000.0, datetime(1990, 1, 1, tzinfo=UTC)), (NOW.timestamp(), NOW)])
def test_a_time_of_a_file_is_a_moment(seconds: float, found: datetime) -> None:
    assert moment(seconds) == found


def test_lines_of_others_above_ours_are_passed_over() -> None:
    found = received(THEIRS, f"{OURS}; Thu, 5 Mar 2026 07:42:21 +0100")
    assert found == datetime(2026, 3, 5, 6, 42, 21, tzinfo=UTC)


@pytest.mark.parametrize("host", ["MX2.Optimar.No", "mx2.optimar.no."])
def test_host_names_are_compared_as_such(host: str) -> None:
    found = received(f"Received: by {host}; 5 Mar 2026 07:42:21 GMT")
    assert found == datetime(2026, 3, 5, 7, 42, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (THEIRS,),
        ("Received: by notmx1.optimar.no; Thu, 5 Mar 2026 07:42:21 +0100",),
        ("Received: by mx1.optimar.no.thief.example; Thu, 5 Mar 2026 07:42:21 +0100",),
        ("Received: from x (by mx1.optimar.no ) by thief.example; Thu, 5 Mar 2026 07:42:21 +0100",),
        (f"{OURS}; Thu, 5 Mar 2099 07:42:21 +0100",),
        (f"{OURS}; Sun, 22 Nov 2026 13:00:01 +0100",),
        (f"{OURS}; Thu, 5 Mar 1970 07:42:21 +0100",),
        (f"{OURS}; Thu, 99 Foo 2026 07:42:21 +0100",),
        (f"{OURS}; 31 Dec 9999 23:59:59 -2359",),
        (f"{OURS}; Thu, 5 Mar 2026 07:42:21 +999999",),
        (OURS,),
        ("Received: ",),
    ],
)
def test_whatever_else_is_no_receipt(lines: tuple[str, ...]) -> None:
    assert received(*lines) is None


def test_a_broken_line_of_ours_is_not_replaced_by_an_older_one() -> None:
    assert received(f"{OURS}; garbage", f"{OURS}; Thu, 5 Mar 2026 07:42:21 +0100") is None


def test_the_labelled_mails_all_tell() -> None:
    for path in DEV:
        found = receipt_time(path.read_bytes(), own_hosts=HOSTS, now=NOW)
        assert found is not None
        assert found.tzinfo is not None
        assert found.year == 2026


@given(st.binary(max_size=300))
def test_garbage_never_raises(junk: bytes) -> None:
    raw = b"Received: by mx1.optimar.no; " + junk + b"\r\nFrom: a@example.com\r\n\r\n"
    found = receipt_time(raw, own_hosts=HOSTS, now=NOW)
    assert found is None or found <= NOW
    from_line_time(b"From " + junk, now=NOW)


@pytest.mark.parametrize(
    "line, expected",
    [
        ("From a@example.com Thu Mar  5 07:42:21 2026", datetime(2026, 3, 5, 7, 42, 21, tzinfo=UTC)),
        ("From a@example.com Thu Mar  5 07:42:21 2026 +0100", datetime(2026, 3, 5, 6, 42, 21, tzinfo=UTC)),
        ("From - Thu Mar 12 07:42:21 2026", datetime(2026, 3, 12, 7, 42, 21, tzinfo=UTC)),
        ("From a@example.com Thu Mar  5 07:42:21 2099", None),
        ("From a@example.com Thu Foo  5 07:42:21 2026", None),
        ("From here on it is text", None),
        ("From: a@example.com", None),
    ],
)
def test_the_line_of_an_mbox(line: str, expected: datetime | None) -> None:
    assert from_line_time(f"{line}\nSubject: x\n\nHei".encode(), now=NOW) == expected
