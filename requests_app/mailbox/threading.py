"""Marks of ours that bring an answer back to its case: signed Message-IDs, signed reply addresses, references.

A mark proves that we wrote it, so it may join a mail to its case; a reference in the subject proves nothing and
needs a known participant besides. Keys are passed in, the first signs, the others still open.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from requests_app.domain import reference

from .parsed import ParsedMail

_TOKEN = re.compile(r"[a-z0-9]{1,40}")
_MESSAGE_ID = re.compile(r"<?dr\.([a-z0-9]{1,40})\.([a-z0-9]{1,40})\.([a-z2-7]{24})@[^\s<>@]{1,255}>?")
_ADDRESS = re.compile(r"[^\s<>@]{0,64}\+sak-([a-z0-9]{1,40})-([a-z2-7]{16})@[^\s<>@]{1,255}")
_BOUNCE_ADDRESS = re.compile(r"[^\s<>@]{0,64}\+bounce-([a-z2-7]{26})-([a-z2-7]{16})@[^\s<>@]{1,255}")
_MESSAGE_ID_BYTES = 15  # 120 bits
_ADDRESS_BYTES = 10  # 80 bits: the local part may have 64 octets in all (RFC 5321 section 4.5.3.1.1)


class Mark(StrEnum):
    """Which mark of ours a mail carried."""

    ADDRESS = "address"
    MESSAGE_ID = "message_id"


class OwnMessage(NamedTuple):
    """The two tokens inside a Message-ID of ours."""

    case_token: str
    message_token: str


def make_message_id(keys: Sequence[bytes], case_token: str, message_token: str, domain: str) -> str:
    """Return a Message-ID (with angle brackets) that `read_message_id` will know as ours.

    Tokens are 1 to 40 characters a-z and 0-9; raises ValueError for others and if there is no key.
    """
    _check(keys, case_token, message_token)
    mac = _mac(keys[0], "message-id", case_token, message_token, size=_MESSAGE_ID_BYTES)
    return f"<dr.{case_token}.{message_token}.{mac}@{domain}>"


def read_message_id(keys: Sequence[bytes], value: str) -> OwnMessage | None:
    """Return the tokens of a Message-ID that one of the keys signed, else None."""
    found = _MESSAGE_ID.fullmatch(value.strip().lower())
    if found is None:
        return None
    own = OwnMessage(found[1], found[2])
    return own if _signed(keys, found[3], "message-id", *own, size=_MESSAGE_ID_BYTES) else None


def case_of_message_id(keys: Sequence[bytes], value: str) -> str | None:
    """Return the case token of a Message-ID that one of the keys signed, else None."""
    own = read_message_id(keys, value)
    return own.case_token if own else None


def make_reply_address(keys: Sequence[bytes], case_token: str, base_address: str) -> str:
    """Return info+sak-TOKEN-MAC@… for info@…. Raises ValueError for a bad token, no key or too long a name."""
    _check(keys, case_token)
    local, _, domain = base_address.rpartition("@")
    mac = _mac(keys[0], "reply-address", case_token, size=_ADDRESS_BYTES)
    tagged = f"{local}+sak-{case_token}-{mac}"
    if not local or len(tagged.encode()) > 64:
        raise ValueError("the reply address would not fit into 64 octets")
    return f"{tagged}@{domain}"


def case_of_address(keys: Sequence[bytes], address: str) -> str | None:
    """Return the case token of a reply address that one of the keys signed, else None."""
    found = _ADDRESS.fullmatch(address.strip().lower())
    if found is None or not _signed(keys, found[2], "reply-address", found[1], size=_ADDRESS_BYTES):
        return None
    return found[1]


def make_bounce_address(keys: Sequence[bytes], message: UUID, base_address: str) -> str:
    """Return info+bounce-TOKEN-MAC@… for info@…, where reports about a message come to. Raises ValueError likewise.

    The name tells strangers' machines, too, that nobody there wants an answer.
    """
    token = base64.b32encode(message.bytes).decode("ascii").rstrip("=").lower()
    _check(keys, token)
    local, _, domain = base_address.rpartition("@")
    tagged = f"{local}+bounce-{token}-{_mac(keys[0], 'bounce-address', token, size=_ADDRESS_BYTES)}"
    if not local or len(tagged.encode()) > 64:
        raise ValueError("the bounce address would not fit into 64 octets")
    return f"{tagged}@{domain}"


def message_of_bounce_address(keys: Sequence[bytes], address: str) -> UUID | None:
    """Return the message whose bounce address one of the keys signed, else None."""
    found = _BOUNCE_ADDRESS.fullmatch(address.strip().lower())
    if found is None or not _signed(keys, found[2], "bounce-address", found[1], size=_ADDRESS_BYTES):
        return None
    return UUID(bytes=base64.b32decode(f"{found[1].upper()}======"))


def make_probe_mark(keys: Sequence[bytes], token: str) -> str:
    """Return TOKEN.MAC, by which we know a mail that tries out the mailbox (`probe`). Raises ValueError likewise."""
    _check(keys, token)
    return f"{token}.{_mac(keys[0], 'probe', token, size=_MESSAGE_ID_BYTES)}"


def probe_of_mark(keys: Sequence[bytes], value: str) -> str | None:
    """Return the token of a mark that one of the keys signed, else None."""
    token, _, mac = value.strip().lower().partition(".")
    return token if _TOKEN.fullmatch(token) and _signed(keys, mac, "probe", token, size=_MESSAGE_ID_BYTES) else None


def marked_case(keys: Sequence[bytes], mail: ParsedMail) -> tuple[str, Mark] | None:
    """Return the case token that a mail carries by a mark of ours: reply address before Message-ID."""
    token = _first(case_of_address(keys, one) for one in (*mail.to, *mail.cc, *mail.facts.delivered_to))
    if token:
        return token, Mark.ADDRESS
    answered = (*mail.in_reply_to, *reversed(mail.references))
    token = _first(case_of_message_id(keys, one) for one in answered)
    return (token, Mark.MESSAGE_ID) if token else None


def reference_in_subject(mail: ParsedMail) -> str | None:
    """Return the case reference in the subject, its check digits right, or None; it proves nothing."""
    return reference.find(mail.subject)


def _first(tokens: Iterable[str | None]) -> str | None:
    return next(filter(None, tokens), None)


def _check(keys: Sequence[bytes], *tokens: str) -> None:
    if not keys:
        raise ValueError("no key to sign with")
    if not all(_TOKEN.fullmatch(token) for token in tokens):
        raise ValueError("a token must be 1 to 40 characters a-z and 0-9")


def _signed(keys: Sequence[bytes], mac: str, purpose: str, *tokens: str, size: int) -> bool:
    # Every key is tried, so that the time tells nothing about which one fits.
    fits = [hmac.compare_digest(_mac(key, purpose, *tokens, size=size), mac) for key in keys]
    return any(fits)


def _mac(key: bytes, purpose: str, *tokens: str, size: int) -> str:
    message = "\n".join(("datarett", purpose, *tokens)).encode()
    digest = hmac.new(key, message, hashlib.sha256).digest()[:size]
    return base64.b32encode(digest).decode("ascii").lower()
