"""The mails of `manage.py doctor`, sent to ourselves to see what a provider does to them.

Each bears a mark that only we can make, so that it never becomes an inquiry, nor does the report of a server that
brings it back. Nobody else's mail can hide behind the mark but one whose sender was shown it by us.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from . import threading

HEADER = "X-Datarett-Doctor"
LOOKED_AT = 64 * 1024  # bytes; ours are shorter, and a report repeats no more than our header block

_MARK = re.compile(rb"^X-Datarett-Doctor:[ \t]*([a-z0-9]{1,40}\.[a-z2-7]{1,40})[ \t]*\r?$", re.MULTILINE)
_REPORT = re.compile(rb"^Content-Type:[ \t]*multipart/report\b", re.MULTILINE | re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")
_TEXT = """\
This mail tries out what the mail server does to our mail. It was sent by `manage.py doctor`, is known to Datarett,
becomes no inquiry, and is taken away again.
"""


def build(keys: Sequence[bytes], token: str, *, sender: str, recipient: str, at: datetime) -> tuple[bytes, str]:
    """Return a mail with this token (letters a-z and digits), and its Message-ID."""
    message_id = threading.make_message_id(keys, "doctor", token, sender.rpartition("@")[2])
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = "Datarett: a test of the mail server"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[HEADER] = threading.make_probe_mark(keys, token)
    mail.set_content(_TEXT)
    return mail.as_bytes(), message_id


def token_of(keys: Sequence[bytes], raw: bytes) -> str | None:
    """Return the token of a mail of this kind, or of the report that brings it back (`comes_back`); None for others."""
    if raw.find(HEADER.encode(), 0, LOOKED_AT) < 0:  # which costs nothing, unlike all that follows
        return None
    end = _END.search(raw)
    looked_at = raw[:LOOKED_AT] if comes_back(raw) else raw[: end.start() + 1 if end else LOOKED_AT]
    tokens = (threading.probe_of_mark(keys, found.decode("ascii")) for found in _MARK.findall(looked_at))
    return next(filter(None, tokens), None)


def comes_back(raw: bytes) -> bool:
    """Tell whether a mail is a report of a server, by its header block."""
    end = _END.search(raw)
    return _REPORT.search(raw, 0, end.start() if end else LOOKED_AT) is not None
