"""A mail that says that one of ours came back, or that it is late: delivery reports, and what older servers write.

Reports follow RFC 3464. The plain ones of Exchange and of old servers (qmail, Exim, sendmail) say it in words and
quote the headers of our mail. Whether it is about a mail of ours is told by marks that only we can make, so what
somebody else invents says nothing.
"""

import re
from collections.abc import Sequence
from uuid import UUID

from . import addresses, delivery_status, threading
from .parsed import Delivery, ParsedMail

FAILED = "failed"
DELAYED = "delayed"

_SERVER = re.compile(r"mailer-?daemon|microsoftexchange[0-9a-f]*")
PERHAPS_A_PERSON = "postmaster"
_FAILED_SUBJECT = re.compile(
    r"undeliver|returned mail|fail|could not be delivered|unzustellbar|kunne ikke leveres|kan ikke leveres|ikke levert",
    re.IGNORECASE,
)
_LATE_SUBJECT = re.compile(r"delay|warning|forsink|still being retried|verzögert", re.IGNORECASE)
_QUOTED_ID = re.compile(r"^[\s>]{0,20}message-id[ \t]*:\s{0,10}<([!-;=?-~]{3,500})>", re.IGNORECASE | re.MULTILINE)
_MOST_IDS = 20


def what_happened(mail: ParsedMail, sent_to: str) -> Delivery | None:
    """Return what a mail says became of ours to `sent_to`: `action` is FAILED or DELAYED. None if it says neither.

    A report of several recipients is believed for ours where it names it, else for the one that fared worst.
    """
    if mail.deliveries:
        named = [one for one in mail.deliveries if addresses.normal(one.recipient) == addresses.normal(sent_to)]
        told = [_told(one) for one in named or mail.deliveries]
        return next((one for action in (FAILED, DELAYED) for one in told if one and one.action == action), None)
    return _in_words(mail) if _by_a_server(mail) else None


def own_message(keys: Sequence[bytes], mail: ParsedMail) -> UUID | None:
    """Return which message of ours a mail is about, by the address it came to or the headers that it returns."""
    for address in (*mail.to, *mail.facts.delivered_to):
        if found := threading.message_of_bounce_address(keys, address):
            return found
    quoted = [f"<{one}>" for one in _QUOTED_ID.findall(mail.text)[:_MOST_IDS]]
    for value in (*mail.returned_ids, *quoted, *mail.in_reply_to, *mail.references[-1:]):
        if own := threading.read_message_id(keys, value):
            return _uuid(own.message_token)
    return None


def _told(one: Delivery) -> Delivery | None:
    """What one recipient's part of a report means; who gave up has failed, however temporary the cause was."""
    action = one.action or {"5": FAILED, "4": DELAYED}.get(one.status[:1], "")
    return Delivery(action, one.status, one.recipient) if action in (FAILED, DELAYED) else None


def _by_a_server(mail: ParsedMail) -> bool:
    """Whether a server wrote it. People read postmaster@, too, and write from there; they bring back no header."""
    local = addresses.normal(mail.from_address).partition("@")[0]
    if local == PERHAPS_A_PERSON:
        brings_back = bool(mail.returned_ids) or _QUOTED_ID.search(mail.text) is not None
        return mail.facts.failed_recipients or mail.automatic or brings_back
    return mail.facts.failed_recipients or bool(_SERVER.fullmatch(local))


def _in_words(mail: ParsedMail) -> Delivery | None:
    if _LATE_SUBJECT.search(mail.subject):
        return Delivery(DELAYED, "")
    status = delivery_status.status_in(_own_words(mail.text))
    if mail.facts.failed_recipients or _FAILED_SUBJECT.search(mail.subject):
        return Delivery(FAILED, status)
    return _told(Delivery("", status))


def _own_words(text: str) -> str:
    """What the server says, without the mail that it quotes."""
    found = _QUOTED_ID.search(text)
    return text[: found.start()] if found else text


def _uuid(token: str) -> UUID | None:
    try:
        return UUID(hex=token)
    except ValueError:
        return None
