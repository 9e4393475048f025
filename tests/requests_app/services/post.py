"""Mails of invented people for the tests of the mail services, and ways for them to arrive."""

import os
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from requests_app.domain.enums import Channel
from requests_app.models import Inquiry
from requests_app.services import intake, reading

KARI = "Kari Holm <kari.holm@example.com>"
STRANGER = "Per Strand <per.strand@example.net>"
WISH = "Hei! Hvilke opplysninger har dere om meg?"
ARRIVED = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
LONG_AGO = 1_767_261_600.0  # 1 January 2026, 10:00 UTC
_serial = count(1)


def letter(text: str = WISH, *, sender: str = KARI, subject: str = "Innsyn", top: str = "", **headers: str) -> bytes:
    """Return a mail to info@optimar.no; `In_Reply_To="<…>"` adds a header, `top` stands before all of them."""
    fields = {
        "From": sender,
        "To": "info@optimar.no",
        "Subject": subject,
        "Message-ID": f"<{next(_serial)}@example.com>",
        "Content-Type": "text/plain; charset=utf-8",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{top}{lines}\r\n{text}\r\n".encode()


def drop(folder: Path, name: str, raw: bytes, *, at: float = LONG_AGO) -> Path:
    """Lay a mail into a drop folder, last changed `at` (seconds since 1970)."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(raw)
    os.utime(path, (at, at))
    return path


def being_written(path: Path) -> None:
    """Make a file look as if somebody wrote to it this very moment."""
    os.utime(path, (time.time(), time.time()))


def captured(raw: bytes, *, at: datetime = ARRIVED, oversize: bool = False) -> Inquiry:
    """Return the unread inquiry of a mail that arrived `at`."""
    inquiry, _ = intake.record_inquiry(channel=Channel.MAIL, received_at=at, raw=raw, oversize=oversize)
    return inquiry


def arrived(raw: bytes, *, at: datetime = ARRIVED) -> Inquiry:
    """Return the inquiry of a mail, read."""
    return read(captured(raw, at=at))


def read(inquiry: Inquiry) -> Inquiry:
    """Read an inquiry and return it as it is then."""
    reading.read_inquiry(inquiry.pk)
    inquiry.refresh_from_db()
    return inquiry
