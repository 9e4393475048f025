"""Test mails to ourselves: what becomes of each envelope, of an address with a plus, and of a Message-ID."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.utils import timezone

from requests_app import selectors
from requests_app.keyring import ring
from requests_app.mailbox import probe
from requests_app.mailbox.delivery import FileSink, SmtpSink, Transport, TransportError
from requests_app.mailbox.imap_probe import Arrival, ImapProbe
from requests_app.mailbox.parse import parse_headers
from requests_app.mailbox.sources import SourceError

from .doctor import URLS, Finding, State
from .sending import transport

POLL_SECONDS = 2.0
ENVELOPE, REPLIES, SMTP = "DATARETT_ENVELOPE_SENDER", "DATARETT_REPLY_ADDRESS", "DATARETT_SMTP_URL"


class Kind(StrEnum):
    """What a test mail tries; the values begin its token."""

    FROM = "from"  # the ordinary mail: from our address to our address
    NULL = "null"  # envelope sender <>
    PLUS = "plus"  # to an address with a plus
    BOUNCE = "bounce"  # envelope sender with a plus


@runtime_checkable
class LogsIn(Protocol):
    """A transport that can show that it is let in, and send nothing."""

    def log_in(self) -> None:
        """Raises TransportError."""


@dataclass
class Trial:
    """One test mail: its ends, what the server for outgoing mail said, and how it came in, if it did."""

    kind: Kind
    token: str
    sender: str
    recipient: str
    message_id: str = ""
    refusal: str = ""
    arrival: Arrival | None = None

    @property
    def came(self) -> bool:
        """Whether it came in, other than in a report that brings it back."""
        return self.arrival is not None and not self.arrival.returned


def send_and_see(watched: list[ImapProbe], *, send: bool, wait: float) -> Iterator[Finding]:
    """Try out the server for outgoing mail; without `send` only what can be asked without sending.

    `wait`: seconds until a mail that has not come in counts as lost.
    """
    way = transport()
    if isinstance(way, FileSink):
        yield Finding("outgoing mail", State.FINE, "is written into a folder of this machine; there is nothing to try")
        return
    if not isinstance(way, SmtpSink):
        yield from _by_graph(way, watched, send=send, wait=wait)
        return
    trials = {one.kind: one for one in _trials()}
    try:
        for one in trials.values():
            _try(way, one, send=send)
    except TransportError as error:
        yield _away(error)
        return
    if not send:
        yield from _refusals(trials)
        return
    _wait_for(watched, trials, wait)
    yield from _outcomes(trials, bool(watched))


def _away(error: TransportError) -> Finding:
    return Finding("outgoing mail", State.TO_SET, f"the server does not let us in or is away ({error})", SMTP)


def _by_graph(way: Transport, watched: list[ImapProbe], *, send: bool, wait: float) -> Iterator[Finding]:
    """Try out sending by Microsoft Graph, which takes a mail at once and an envelope never.

    Only what comes into a mailbox that is watched shows what became of it.
    """
    every = {one.kind: one for one in _trials()}
    trials = {kind: every[kind] for kind in (Kind.FROM, Kind.PLUS)}
    try:
        if isinstance(way, LogsIn):
            way.log_in()
        for one in trials.values() if send else ():
            _try(way, one, send=True)
    except TransportError as error:
        yield _away(error)
        return
    if not send:
        yield Finding("outgoing mail", State.FINE, "Microsoft lets us in; the rest shows only when something is sent")
        return
    _wait_for(watched, trials, wait)
    ordinary, plus = trials[Kind.FROM], trials[Kind.PLUS]
    yield from _ordinary(ordinary, watched=bool(watched))
    words = "Microsoft Graph takes none: our mail comes from the mailbox, and its headers keep robots from answering"
    yield Finding("envelope sender <>", State.REFUSED, words)
    if ordinary.came or plus.refusal:
        yield from _plus(trials, {Kind.PLUS: plus.came, Kind.NULL: False, Kind.BOUNCE: False})
    elif not ordinary.refusal:
        words = f"a mail to {plus.recipient} is taken, which says nothing: look whether it comes in"
        other = f"{REPLIES}=plain if it does not" if settings.REPLY_ADDRESS == "plus" else ""
        yield Finding("addresses with a plus", State.OPEN, words, other)
    if ordinary.came and ordinary.arrival:
        yield _message_id(ordinary, ordinary.arrival, plus=plus.came and settings.REPLY_ADDRESS == "plus")
    elif not ordinary.refusal:
        yield Finding(
            "test mails", State.OPEN, "stay in the mailbox, since we cannot delete there; they become no inquiries"
        )


def _trials() -> Iterator[Trial]:
    organisation = selectors.organisation()
    own, contact = organisation.from_address, organisation.rights_contact
    local, _, domain = contact.rpartition("@")
    tagged = f"{local}+doctor@{domain}"
    ends = {
        Kind.FROM: (own, contact),
        Kind.NULL: ("", contact),
        Kind.PLUS: (own, tagged),
        Kind.BOUNCE: (tagged, contact),
    }
    for kind, (sender, recipient) in ends.items():
        yield Trial(kind, f"{kind}{secrets.token_hex(6)}", sender, recipient)


def _try(way: Transport, one: Trial, *, send: bool) -> None:
    """Hand a test mail over, or only its envelope. Raises TransportError when the server refuses us, not the mail."""
    try:
        if send:
            own = selectors.organisation().from_address
            data, one.message_id = probe.build(
                ring().all("mail"), one.token, sender=own, recipient=one.recipient, at=timezone.localtime()
            )
            way.deliver(key=one.token, sender=one.sender, recipient=one.recipient, data=data)
        elif isinstance(way, SmtpSink):
            way.would_take(sender=one.sender, recipient=one.recipient)
    except TransportError as error:
        if not error.permanent:
            raise
        one.refusal = str(error)


def _wait_for(watched: list[ImapProbe], trials: dict[Kind, Trial], wait: float) -> None:
    """Look into the mailboxes until every mail has come in, at most `wait` seconds and at least once."""
    deadline = time.monotonic() + wait
    while watched:
        for mailbox in watched:
            _look(mailbox, trials)
        left = deadline - time.monotonic()
        if left <= 0 or all(one.arrival or one.refusal for one in trials.values()):
            return
        time.sleep(min(POLL_SECONDS, left))


def _look(mailbox: ImapProbe, trials: dict[Kind, Trial]) -> None:
    try:
        found = mailbox.arrivals(ring().all("mail"))
    except SourceError:  # it was there a moment ago; the next look opens it again
        return
    for one in trials.values():
        one.arrival = one.arrival or found.get(one.token)


def _refusals(trials: dict[Kind, Trial]) -> Iterator[Finding]:
    """What is known without sending anything: which envelopes are refused."""
    yield from _ordinary(trials[Kind.FROM], watched=False)
    if trials[Kind.FROM].refusal:  # the others have the same sender, or say nothing without it
        return
    works = {kind: not one.refusal for kind, one in trials.items()}
    yield _null(trials, works)
    yield from _plus(trials, works)


def _outcomes(trials: dict[Kind, Trial], watched: bool) -> Iterator[Finding]:
    ordinary = trials[Kind.FROM]
    yield from _ordinary(ordinary, watched=watched)
    if ordinary.refusal:
        return
    # Only where the ordinary mail came in does it mean something that another did not.
    works = {kind: one.came if ordinary.came else not one.refusal for kind, one in trials.items()}
    yield _null(trials, works)
    yield from _plus(trials, works)
    if ordinary.came and ordinary.arrival:
        yield _message_id(ordinary, ordinary.arrival, plus=works[Kind.PLUS] and settings.REPLY_ADDRESS == "plus")


def _ordinary(one: Trial, *, watched: bool) -> Iterator[Finding]:
    if one.refusal:
        words = f"the server refuses {one.sender or 'our address'} as sender ({one.refusal})"
        yield Finding("outgoing mail", State.TO_SET, words, f"{SMTP}, or the sender's address of the organisation")
    elif one.came:
        yield Finding("outgoing mail", State.FINE, f"a mail to {one.recipient} came in")
    elif watched:
        words = f"a mail to {one.recipient} was taken and has not come into a mailbox that is read"
        yield Finding("outgoing mail", State.TO_SET, words, f"{URLS}, or the address for rights of the organisation")
    else:
        yield Finding("outgoing mail", State.FINE, "the server lets us in and takes our address")


def _null(trials: dict[Kind, Trial], works: dict[Kind, bool]) -> Finding:
    what = "envelope sender <>"
    if works[Kind.NULL]:
        return Finding(what, State.FINE, "is taken")
    words = _fate(trials[Kind.NULL])
    if settings.ENVELOPE_SENDER != "null":
        return Finding(what, State.REFUSED, f"{words}; {ENVELOPE}={settings.ENVELOPE_SENDER} does without it")
    return Finding(what, State.TO_SET, words, f"{ENVELOPE}={_other_envelope(works)}")


def _plus(trials: dict[Kind, Trial], works: dict[Kind, bool]) -> Iterator[Finding]:
    what = "addresses with a plus"
    one = trials[Kind.PLUS]
    if works[Kind.PLUS]:
        yield Finding(what, State.FINE, f"{one.recipient} {'came in' if one.came else 'is taken'}")
    elif settings.REPLY_ADDRESS == "plus":
        yield Finding(what, State.TO_SET, f"{one.recipient} {_fate(one)}", f"{REPLIES}=plain")
    else:
        yield Finding(what, State.REFUSED, f"{one.recipient} {_fate(one)}; {REPLIES}=plain does without them")
    by_smtp = Kind.BOUNCE in trials
    if by_smtp and settings.ENVELOPE_SENDER == "bounce" and not (works[Kind.PLUS] and works[Kind.BOUNCE]):
        fate = _fate(trials[Kind.BOUNCE]) if not works[Kind.BOUNCE] else "would bring reports nowhere"
        other = "null" if works[Kind.NULL] else "from"
        yield Finding("envelope sender with a plus", State.TO_SET, fate, f"{ENVELOPE}={other}")


def _other_envelope(works: dict[Kind, bool]) -> str:
    return "bounce" if works[Kind.BOUNCE] and works[Kind.PLUS] else "from"


def _fate(one: Trial) -> str:
    if one.refusal:
        return f"is refused ({one.refusal})"
    return "came back" if one.arrival else "is taken and then lost"


def _message_id(one: Trial, arrival: Arrival, *, plus: bool) -> Finding:
    what = "Message-IDs"
    if parse_headers(arrival.raw).message_id == one.message_id:
        return Finding(what, State.FINE, "are kept")
    if plus:
        return Finding(what, State.REFUSED, "are written anew; answers find their case by the reply address")
    words = "are written anew; answers find their case by what they answer or by the reference in the subject"
    return Finding(what, State.REFUSED, f"{words}, if a participant of the case writes")
