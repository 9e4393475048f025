"""The parts of a delivery report: what became of a mail, and the headers of the mail that came back (RFC 3464)."""

import re

from . import headers, structure
from .parsed import Delivery
from .structure import Part

MAX_DELIVERIES = 20
STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED_HEADERS = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})

_OF_A_RECIPIENT = ("final-recipient", "action", "status")
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")  # neither a number nor an address with more dots
_REPLY = re.compile(r"(?<![\d.])[245]\d\d(?=[ -])")  # RFC 5321 section 4.2


def read(part: Part) -> list[Delivery]:
    """Return what a delivery status says, one for each recipient that it names, at most MAX_DELIVERIES."""
    blocks = (headers.from_items(block.raw_items()) for block in structure.children(part))
    found = (_delivery(block) for block in blocks if any(block.first(name) for name in _OF_A_RECIPIENT))
    return [one for one, _ in zip(found, range(MAX_DELIVERIES), strict=False)]


def returned_id(part: Part) -> str:
    """Return the Message-ID in a part that holds the headers of the mail that came back, "" if it has none."""
    inner = structure.children(part)
    fields = headers.from_items(inner[0].raw_items()) if inner else headers.read(structure.leaf_bytes(part))
    return next(iter(headers.message_ids(fields.first("message-id") or b"")), "")


def status_in(text: str) -> str:
    """Return the status that a text names: as RFC 3463 has it, else by the reply of a server (550 → 5.0.0), or ""."""
    if found := sorted(_STATUS.findall(text), key=_worst_first):
        return str(found[0])
    replies = sorted(_REPLY.findall(text), reverse=True)
    return f"{replies[0][0]}.0.0" if replies else ""


def _worst_first(status: str) -> tuple[int, bool]:
    return -int(status[0]), status.endswith(".0.0")


def _delivery(block: headers.Headers) -> Delivery:
    action = block.text("action", 100).partition(" ")[0].lower()
    diagnosis = status_in(block.text("diagnostic-code"))
    status = status_in(block.text("status", 100)) or diagnosis
    if status.endswith(".0.0") and diagnosis[:1] == status[:1]:  # the server said more than the reporter repeats
        status = diagnosis
    named = block.text("original-recipient", 400) or block.text("final-recipient", 400)
    recipient = named.rpartition(";")[2].strip(" <>")
    return Delivery(action if action in _ACTIONS else "", status, recipient[:320])
