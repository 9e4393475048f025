"""May a machine answer this mail? (RFC 3834 and what is sent in spite of it.)

A no holds back the acknowledgement, never the case. What depends on earlier mail (how often, already answered,
joined a case) is decided by whoever knows the cases.
"""

import re
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import NamedTuple

from . import addresses, forward, sender
from .authenticity import Authenticity, aligned
from .parsed import ParsedMail
from .sender import Own


class Reason(StrEnum):
    """Why not; OK is the one yes."""

    NULL_SENDER = "null_sender"
    AUTO_SUBMITTED = "auto_submitted"
    LIST = "list"
    HEADER = "header"
    LOCAL_PART = "local_part"
    OWN_ADDRESS = "own_address"
    NOT_ADDRESSED = "not_addressed"
    UNAUTHENTICATED = "unauthenticated"
    CONTENT = "content"
    OK = "ok"


class AutoReply(NamedTuple):
    """The answer and its reason."""

    allowed: bool
    reason: Reason


_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
_AWAY_SUBJECT = re.compile(
    r"\W*(?:automatis[kc]\w*[ -](?:svar|reply|answer|antwort|besvarelse)|auto-?(?:svar|reply)|out of (?:the )?office"
    r"|fråvær|fravær|fraværsmelding|frånvaro|ikke til stede|ute av kontoret|abwesenheit\w*|ikke på kontoret)\b",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\b(?:er|am|bin|är) (?:nå |for tiden |currently |på |on |i |ute |im |in )*(?:ferie\w*|permisjon|fri|holiday"
    r"|vacation|semester|annual leave|parental leave|leave|urlaub|out of (?:the )?office|av kontoret|ikke til stede"
    r"|bortreist)\b"
    r"|\bout of (?:the )?office\b|\bikk?j?e (?:på kontoret|lese[nr])\b|\bautomatisk (?:svar|generert)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:tilbake|attende|back|return\w*|until|til og med|fram til|frem til|zurück|åter|tillbaka|urgent\w*|haster"
    r"|ved behov|kontakt\w*|skriv til|ring)\b",
    re.IGNORECASE,
)
_AWAY_LENGTH = 700  # characters; people who are away say so briefly


def auto_reply_allowed(
    mail: ParsedMail,
    *,
    own_addresses: Collection[str] = (),
    own_message_id: Callable[[str], bool] = lambda value: False,
    instance: str = "",
    authentic: Authenticity = Authenticity.UNKNOWN,
    must_be_addressed: bool = True,
) -> AutoReply:
    """Return whether an automatic answer may go out, with the first reason against it.

    `own_addresses` are the mailboxes we read (empty: the rules about our own addresses do not apply),
    `own_message_id` tells whether a Message-ID is one of ours, `instance` is the X-Loop value of our own mail,
    `authentic` what was found of the sender's domain.
    """
    own = Own.of(own_addresses)
    form = sender.is_contact_form(mail, own_addresses=own_addresses)
    checks: tuple[tuple[Reason, bool], ...] = (
        (Reason.NULL_SENDER, _null_sender(mail) or _report_address(mail, own)),
        (Reason.AUTO_SUBMITTED, mail.facts.auto_submitted not in (None, "no")),
        (Reason.LIST, bool(mail.facts.list_headers) or not _BULK.isdisjoint(mail.facts.precedence)),
        (Reason.HEADER, _robot_header(mail, instance)),
        (Reason.LOCAL_PART, any(sender.is_robot(one) for one in _answered(mail, form))),
        (Reason.OWN_ADDRESS, own_message_id(mail.message_id) or any(map(own.is_mailbox, _answered(mail, form)))),
        (Reason.NOT_ADDRESSED, must_be_addressed and bool(own.mailboxes) and not _addressed(mail, own)),
        (Reason.UNAUTHENTICATED, mail.facts.spam or authentic is Authenticity.FAILED),
        (Reason.CONTENT, _automatic_by_content(mail, own_addresses)),
    )
    return next((AutoReply(False, reason) for reason, holds in checks if holds), AutoReply(True, Reason.OK))


def answer_address(mail: ParsedMail, *, own_addresses: Collection[str]) -> str:
    """Return where an automatic answer goes: Return-Path (RFC 3834 section 4), for our contact form Reply-To.

    It holds the link to the case of whoever is named as the sender, so a Return-Path of another domain gets none: it
    may be that of somebody who writes in their name, or of the machine of a service that sends for them.
    """
    who = sender.who_asks(mail, own_addresses=own_addresses)
    back = mail.return_path or ""
    theirs = aligned(addresses.domain(back), addresses.domain(who.address))
    return back if theirs and not who.form else who.address


def _null_sender(mail: ParsedMail) -> bool:
    nobody = not (mail.from_address or mail.reply_to or mail.return_path or mail.sender)
    return mail.return_path == "" or mail.facts.has_report or nobody


def _report_address(mail: ParsedMail, own: Own) -> bool:
    """Whether it came where people never write to: to the envelope sender of a mail of ours."""
    return any(own.is_mailbox(one) and sender.is_bounce(one) for one in (*mail.to, *mail.cc, *mail.facts.delivered_to))


def _robot_header(mail: ParsedMail, instance: str) -> bool:
    ours = {"yes", "true"} | ({instance.lower()} if instance else set())
    to_robot = any(one.partition("@")[0].lower() == "autoresponder" for one in mail.facts.delivered_to)
    return bool(mail.facts.robot_headers) or not ours.isdisjoint(mail.facts.loops) or to_robot


def _answered(mail: ParsedMail, form: bool) -> tuple[str, ...]:
    """The addresses that an answer could reach."""
    replies = tuple(one.address for one in mail.reply_to)
    if form:
        return replies
    only = () if mail.from_address or mail.reply_to or mail.return_path else (mail.sender,)
    return tuple(filter(None, (mail.from_address, mail.return_path, *replies, *only)))


def _addressed(mail: ParsedMail, own: Own) -> bool:
    return any(map(own.is_mailbox, (*mail.to, *mail.cc, *mail.facts.delivered_to)))


def _automatic_by_content(mail: ParsedMail, own_addresses: Collection[str]) -> bool:
    """Automatic, or not the person's own mail, without a mark that says so."""
    if mail.facts.has_invitation or forward.original(mail, own_addresses=own_addresses) is not None:
        return True
    if len(mail.text) > _AWAY_LENGTH:
        return False
    away = bool(_AWAY.search(mail.text))
    return (away and bool(_BACK.search(mail.text))) or bool(_AWAY_SUBJECT.match(mail.subject))
