"""Mail that somebody passed on: who wrote the original, and when the other one got it, as far as it says."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from . import addresses
from .parsed import ParsedMail
from .quoting import header_blocks
from .sender import Own, is_contact_form, is_robot

MOST_HANDS = 20  # quoted mails that are looked at
_NAMED = re.compile(r"\s*[*_]*(?:fra|frå|from|från|von)\s*:[*_]*\s*(.+)", re.IGNORECASE)
_DATED = re.compile(r"\s*[*_]*(?:sendt|sent|dato|date|skickat|datum|gesendet)\s*:[*_]*\s*(.+)", re.IGNORECASE)
_MAILTO = re.compile(r"<?mailto:([^\s<>\]]+)>?")


@dataclass(frozen=True)
class Original:
    """The mail inside the mail; `sent` as its header writes it, "" for what it does not say.

    `text` is what it says, with its subject, where it is attached; what is quoted stands in the mail itself.
    """

    name: str
    address: str
    sent: str
    text: str = ""


def original(mail: ParsedMail, *, own_addresses: Collection[str]) -> Original | None:
    """Return the original of a mail that someone of our own domains passed on, or None.

    It is a proposal for a person to confirm: what stands inside a mail proves nothing.
    """
    own = Own.of(own_addresses)
    if not own.is_colleague(mail.from_address) or is_contact_form(mail, own_addresses=own_addresses):
        return None
    if mail.facts.has_report:  # a bounce carries what it returns
        return None
    return next(_inside(mail, own), None) or _quoted(mail.text, own) or next(_quoted_inside(mail, own), None)


def attached(mail: ParsedMail, *, own_addresses: Collection[str]) -> Original | None:
    """Return who wrote a mail that somebody from outside attached, or None.

    The same proposal, and a weaker one: the sender may well ask for themselves and attach what it is about. A robot
    passes nothing on (bounces and automatic replies carry what they answer), and what robots, we, or the sender wrote
    is nobody else's wish.
    """
    own = Own.of(own_addresses)
    writer = mail.from_address
    if own.is_colleague(writer) or is_contact_form(mail, own_addresses=own_addresses):
        return None
    if mail.automatic or is_robot(writer):
        return None
    same = addresses.normal(writer)
    others = (one for one in _inside(mail, own) if addresses.normal(one.address) != same and not is_robot(one.address))
    return next(others, None)


def _inside(mail: ParsedMail, own: Own) -> Iterator[Original]:
    for inner in mail.attached_mails:
        if inner.from_address and not own.is_colleague(inner.from_address):
            text = "\n\n".join(filter(None, (inner.subject, inner.text)))
            yield Original(inner.from_name, inner.from_address, inner.date_header, text)


def _quoted_inside(mail: ParsedMail, own: Own) -> Iterator[Original]:
    """What is quoted in the attached mail of another colleague."""
    for inner in mail.attached_mails:
        if found := _quoted(inner.text, own):
            yield replace(found, text="\n\n".join(filter(None, (inner.subject, inner.text))))


def _quoted(text: str, own: Own) -> Original | None:
    """The latest of the quoted mails that no colleague wrote: it may have gone through several hands here."""
    found = (_in_block(lines) for lines in islice(header_blocks(text), MOST_HANDS))
    return next((one for one in found if one and not own.is_colleague(one.address)), None)


def _in_block(lines: list[str]) -> Original | None:
    named = next((found[1] for line in lines if (found := _NAMED.match(line))), "")
    sent = next((found[1].strip() for line in lines if (found := _DATED.match(line))), "")
    if not named:
        return None
    line = _MAILTO.sub(r"\1", named).replace("[", "<").replace("]", ">")
    writer = next(iter(addresses.read(line.encode(), 1)), addresses.Address(named.strip()[:200], ""))
    return Original(writer.name, writer.address, sent[:100])
