"""Who is asking, as far as the headers tell."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from . import addresses
from .addresses import Address
from .parsed import ParsedMail

_ROBOT = re.compile(
    r"mailer-?daemon|postmaster|listserv|majordomo|autoresponder|owner-.*|.*-(?:owner|request)|bounce.*"
)
_BOUNCE_TAG = re.compile(r".+\+bounces?(?:[-+=_.].*)?")
_NO_REPLY = re.compile(r"(?:no|donot|dont|ikke|ingen|ej)(?:reply|svar|svara)|svarikke|keineantwort|nichtantworten")


class Source(StrEnum):
    """The field that named the sender."""

    FROM = "from"
    REPLY_TO = "reply_to"
    RETURN_PATH = "return_path"
    SENDER = "sender"
    NONE = "none"


@dataclass(frozen=True)
class Sender:
    """Who is asking; `form` tells that our own contact form relayed the message."""

    name: str
    address: str
    source: Source
    form: bool = False


@dataclass(frozen=True)
class Own:
    """The addresses of ours that people write to, in the form in which they are compared."""

    mailboxes: frozenset[str]
    domains: frozenset[str]

    @classmethod
    def of(cls, own_addresses: Collection[str]) -> "Own":
        """Return the set for these addresses."""
        mailboxes = frozenset(addresses.without_tag(one) for one in own_addresses)
        return cls(mailboxes, frozenset(filter(None, map(addresses.domain, mailboxes))))

    def is_mailbox(self, address: str) -> bool:
        """Tell whether mail to the address reaches us (plus-tags do not matter)."""
        return addresses.without_tag(address) in self.mailboxes

    def is_colleague(self, address: str) -> bool:
        """Tell whether the address lies in a domain of ours."""
        return addresses.domain(address) in self.domains


def who_asks(mail: ParsedMail, *, own_addresses: Collection[str]) -> Sender:
    """Return the sender: From, else Reply-To, Return-Path, Sender; for our contact form its Reply-To."""
    if is_contact_form(mail, own_addresses=own_addresses):
        return _sender(mail.reply_to[0], Source.REPLY_TO, form=True)
    candidates = (
        (Address(mail.from_name, mail.from_address), Source.FROM),
        (next(iter(mail.reply_to), Address("", "")), Source.REPLY_TO),
        (Address(mail.from_name, mail.return_path or ""), Source.RETURN_PATH),
        (Address(mail.from_name, mail.sender), Source.SENDER),
    )
    return next((_sender(*one) for one in candidates if one[0].address), Sender(mail.from_name, "", Source.NONE))


def is_contact_form(mail: ParsedMail, *, own_addresses: Collection[str]) -> bool:
    """Tell whether a form of ours relays a person's message: our own address writes, a stranger gets the reply."""
    own = Own.of(own_addresses)
    writer = mail.from_address
    ours = own.is_mailbox(writer) or (own.is_colleague(writer) and is_no_reply(writer))
    return ours and bool(mail.reply_to) and not own.is_colleague(mail.reply_to[0].address)


def is_robot(address: str) -> bool:
    """Tell whether the name of the address says that a program reads it, or nobody."""
    local = addresses.normal(address).partition("@")[0]
    return any(map(_ROBOT.fullmatch, (local, local.partition("+")[0]))) or is_bounce(address) or is_no_reply(address)


def is_bounce(address: str) -> bool:
    """Tell whether the address is one to which only reports about a mail come (VERP): info+bounce-…@."""
    return bool(_BOUNCE_TAG.fullmatch(addresses.normal(address).partition("@")[0]))


def is_no_reply(address: str) -> bool:
    """Tell whether nobody reads what is sent to the address, judged by its name."""
    local = re.sub(r"[^a-z]", "", address.lower().partition("@")[0].partition("+")[0])
    return bool(_NO_REPLY.search(local))


def _sender(one: Address, source: Source, form: bool = False) -> Sender:
    return Sender(one.name, one.address, source, form)
