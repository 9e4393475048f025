"""What Exchange hands out by IMAP for a mail that it fails to convert: a note of its own in the place of the mail.

The original is still there and can be opened in Outlook, so nothing may be done to it. The note looks like a mail,
but it has not come by mail: no server has put a Received field on it.
"""

import re

from . import headers
from .headers import Headers

_SUBJECT = re.compile(r"retrieval using the imap4? protocol failed for the following message", re.IGNORECASE)


def stands_in(top: Headers) -> bool:
    """Tell whether this is the header block of such a note."""
    return top.first("received") is None and bool(_SUBJECT.match(top.text("subject", 200)))


def is_note(raw: bytes) -> bool:
    """Tell whether these bytes are such a note."""
    return stands_in(headers.read(raw[: headers.MAX_BLOCK]))
