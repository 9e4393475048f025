"""Read what was captured: who writes, about what, in which language, and whether it belongs to a case.

The raw bytes are already safe; whatever goes wrong here can be done again, and what cannot be read stays a
visible inquiry with its receipt time.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from requests_app import audit, outbox, selectors
from requests_app.domain.enums import Channel, Intent, Verdict
from requests_app.domain.outcomes import BLOCKS_MARKETING
from requests_app.domain.snapshot import SYSTEM
from requests_app.domain.suppression import asker
from requests_app.keyring import ring
from requests_app.mailbox import (
    addresses,
    authenticity,
    autoreply,
    dkim_check,
    forward,
    mailboxes,
    parsed,
    quoting,
    sender,
    speaking,
    suggest,
    threading,
    written_dates,
)
from requests_app.mailbox.authenticity import Authenticity, Judgement
from requests_app.mailbox.bounded import parse_ahead, parse_bounded
from requests_app.mailbox.outgoing import on_the_wire
from requests_app.mailbox.parse import parse_headers
from requests_app.mailbox.parsed import Delivery, ParsedMail
from requests_app.models import Case, Inquiry, Message, Organisation, Sighting
from requests_app.models.inquiry import SENDER_UNCHECKED, SENDER_UNPROVEN, SIGNED

from . import bounces, clock, correspondence, intake, mail_access, row_updates, rows, suppression, unasked

_MOST_ANSWERED = 50  # messages that are looked at for one answer
READ_TOGETHER = 128 * 1024  # bytes of a mail; a larger one is read alone, since several lie in memory at once
_DECIDED = ("parsed_at", "case", "verdict", "received_at", "channel")
BACKLOG = "import"
"""What sightings call mail that was handed over in one go (`backlog`)."""

ANSWER = "answer"
"""Why nobody is told by itself that a mail has arrived: it bears a mark of a mail of ours, and two machines that
confirm each other's mail would never end."""
JUNK = "junk"
"""Why, where a filter of ours took it for spam: the sender of such mail is often made up."""
LOOKED_AT_FIRST = frozenset({ANSWER, JUNK})
"""Reasons that end when a person has sorted the mail."""


@dataclass(frozen=True)
class Place:
    """The case a message seems to belong to, and whether it may join it by itself."""

    case: Case
    joins: bool


@dataclass(frozen=True)
class Reading:
    """What a mail says: its columns, where it belongs, its words, and whether it reports on a mail of ours.

    `answers` are the Message-IDs of the mails that it answers.
    """

    inquiry: Inquiry
    fields: dict[str, Any]
    place: Place | None = None
    body: str = ""
    robot: bool = False
    answers: tuple[str, ...] = ()
    report: tuple[Message, Delivery] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing follows from it but what its own row says."""
        return not self.place and not self.report and BLOCKS_MARKETING.isdisjoint(self.fields["suggested_rights"])


def read_inquiries(payloads: outbox.Payloads, in_time: Callable[[], bool]) -> list[bool]:
    """Do what `read_inquiry` does for several, those that are plain in one transaction; tell of each whether it did.

    What is large, fails, or answers another of them, is left to be read alone, after them.
    """
    pks = [payload["inquiry_id"] for payload in payloads]
    small = Inquiry.objects.filter(pk__in=pks, channel=Channel.MAIL.value, size__lte=READ_TOGETHER, oversize=False)
    organisation = selectors.organisation()
    found: list[Reading] = []
    here: set[str] = set()
    unread = list(_unread(small).filter(parsed_at__isnull=True).order_by("id"))
    with closing(parse_ahead([bytes(inquiry.raw) for inquiry in unread])) as mails:
        for inquiry, mail in zip(unread, mails, strict=True):
            if not in_time():
                break
            if mail is None:
                continue
            with suppress(Exception):  # said of it when it is read alone
                one = _read(inquiry, mail, organisation)
                if here.isdisjoint(one.answers):  # or it may belong where that one is about to be put
                    found.append(one)
                here.add(one.fields["message_id"])
    done = _store_plain([one for one in found if one.is_plain])
    for one in found:
        if not one.is_plain and in_time():
            with suppress(Exception):  # likewise
                _keep(one)
                done.add(one.inquiry.pk)
    return [pk in done for pk in pks]


@outbox.outside_transaction
@outbox.together(read_inquiries)
def read_inquiry(inquiry_id: int) -> None:
    """Fill in what the raw bytes say; a reply of a known participant joins its case, others only point to it."""
    inquiry = _unread(Inquiry.objects.all()).get(pk=inquiry_id)
    if inquiry.parsed_at is not None or inquiry.channel == Channel.FORM:
        return
    if inquiry.channel == Channel.API:
        _keep(Reading(inquiry, _api_fields(bytes(inquiry.raw))))
    else:
        raw = bytes(inquiry.raw)
        mail = parse_headers(raw, parsed.OVERSIZE) if inquiry.oversize else parse_bounded(raw)
        _keep(_read(inquiry, mail, selectors.organisation()))


def _unread(inquiries: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """What is needed to read inquiries."""
    seen = Sighting.objects.order_by("id").only("inquiry", "mailbox", "junk")
    return inquiries.only("raw", "oversize", "received_at", "parsed_at", "channel").prefetch_related(
        Prefetch("sightings", seen)
    )


def _read(inquiry: Inquiry, mail: ParsedMail, organisation: Organisation) -> Reading:
    """Say what the mail of an inquiry says, and keep nothing yet."""
    judged = _judge(inquiry, mail, organisation)
    fields = _mail_fields(mail, judged, organisation, forwarded_by=inquiry.received_at)
    # Whoever wrote long ago is not told today that we have just received it.
    if fields["auto_reply_allowed"] and _first_seen(inquiry) == BACKLOG:
        fields |= {"auto_reply_allowed": False, "auto_reply_reason": BACKLOG}
    if report := bounces.about(mail):
        return Reading(inquiry, fields, report=report)
    place = _place(mail, proven=SENDER_UNPROVEN not in fields["problems"])
    body = (quoting.strip_reply(mail.text) or mail.text) if place else ""
    if fields["auto_reply_allowed"] and threading.marked_case(ring().all("mail"), mail) and not (place and place.joins):
        fields["auto_reply_reason"] = ANSWER
    elif fields["auto_reply_allowed"] and _lies_in_junk(inquiry):
        fields["auto_reply_reason"] = JUNK
    answers = tuple(filter(None, (*mail.in_reply_to, *mail.references)))
    return Reading(inquiry, fields, place, body, mail.automatic, answers)


def _lies_in_junk(inquiry: Inquiry) -> bool:
    """Whether a filter took it for spam wherever it was seen; received it is all the same."""
    return {sighting.junk for sighting in inquiry.sightings.all()} == {True}


def _first_seen(inquiry: Inquiry) -> str:
    """The name of the mailbox in which a mail was first seen, "" for none."""
    return next((sighting.mailbox for sighting in inquiry.sightings.all()), "")


def _judge(inquiry: Inquiry, mail: ParsedMail, organisation: Organisation) -> Judgement:
    """Tell whether a mail comes from its domain; where our server's word is weak, its signature is checked besides."""
    profile = mailboxes.profile(_first_seen(inquiry), tuple(settings.MAILBOX_URLS), mail_access.application())
    judged = authenticity.judge(mail, authserv_ids=organisation.authserv_ids, profile=profile)
    if profile != authenticity.EXCHANGE_ONLINE or inquiry.oversize or mail.facts.several_senders:
        return judged
    domain = addresses.domain(mail.from_address)
    found = dkim_check.check(bytes(inquiry.raw), domain, nameservers=settings.NAMESERVERS) if domain else None
    return authenticity.signed_by(judged, found) if found else judged


def _keep(reading: Reading) -> None:
    if reading.report:
        bounces.record(reading.inquiry, reading.fields, *reading.report)
    else:
        _store(reading)


def _store_plain(readings: Sequence[Reading]) -> set[int]:
    """Keep several plain ones; return the numbers of their inquiries."""
    pks = [one.inquiry.pk for one in readings]
    if not pks:
        return set()
    with transaction.atomic():
        unread = Inquiry.objects.select_for_update(of=("self",)).filter(pk__in=pks, parsed_at__isnull=True)
        still = set(unread.order_by("id").values_list("pk", flat=True))
        now, news = timezone.now(), [one for one in readings if one.inquiry.pk in still]
        row_updates.each(Inquiry.objects.all(), ((one.inquiry.pk, {**one.fields, "parsed_at": now}) for one in news))
        unasked.hold((one.inquiry.pk, one.fields) for one in news)
        audit.record_all("inquiry.read", [_told(one.inquiry.pk, one.fields) for one in news], SYSTEM)
    return set(pks)


def _told(pk: int, fields: dict[str, Any]) -> tuple[str, dict[str, audit.Details]]:
    return f"inquiry:{pk}", {"problems": list(fields["problems"])}


def _store(reading: Reading) -> None:
    """Keep what was read. A wish that stops marketing blocks whoever asks now, before anybody has sorted it."""
    inquiry, fields, place = reading.inquiry, reading.fields, reading.place
    with transaction.atomic():
        if place:
            place = replace(place, case=rows.lock_case(place.case.pk))
        # What else stands in the row is not read before this transaction has written it.
        row = Inquiry.objects.select_for_update(of=("self",)).only(*_DECIDED).get(pk=inquiry.pk)
        if row.parsed_at is not None:
            return
        fields["parsed_at"] = timezone.now()
        if place and row.case_id:  # somebody has put it on a case meanwhile
            place = None
        # It may have closed meanwhile; and what reached us before the case began may move its clock, so a person looks.
        joins = place is not None and place.joins and _goes_on(place.case, row)
        if place and joins:
            fields |= {"case": place.case, "verdict": Verdict.REQUEST.value, "sorted_at": fields["parsed_at"]}
        elif place:
            fields["suggested_case"] = place.case
        case = place.case if place and joins else None
        if not reading.robot and row.verdict == Verdict.UNSORTED:
            wanting = asker(
                fields["sender_address"],
                forwarded=fields.get("forwarded", False),
                original=fields.get("forwarded_address", ""),
            )
            suppression.on_receipt(row, wanting, fields["suggested_rights"], case=case)
        Inquiry.objects.filter(pk=row.pk).update(**fields)
        unasked.hold([(row.pk, fields)])
        if place and joins:
            correspondence.receive(
                place.case, body=reading.body, subject=fields["subject"], inquiry=row, at=row.received_at,
                message_id=fields["message_id"],
            )  # fmt: skip
        audit.record_all("inquiry.read", [_told(row.pk, fields)], SYSTEM)


def words_of(mail: ParsedMail, inquiry: Inquiry) -> dict[str, Any]:
    """Return the columns of an inquiry that hold what its mail says, as they follow from a mail that was cut."""
    unjudged = Judgement(Authenticity.UNKNOWN)  # of which no column is returned
    found = _mail_fields(mail, unjudged, selectors.organisation(), forwarded_by=inquiry.received_at)
    fields = {"forwarded_text": "", **found}
    return {name: fields[name] for name in ("subject", "text", "html", "attachments", "forwarded_text", "passages")}


def _goes_on(case: Case, inquiry: Inquiry) -> bool:
    return case.closed_at is None and inquiry.received_at >= case.received_at


def _mail_fields(
    mail: ParsedMail, judged: Judgement, organisation: Organisation, *, forwarded_by: datetime
) -> dict[str, Any]:
    """Return the columns that follow from a mail; whoever passed it on did so by `forwarded_by`."""
    ours = [*organisation.own_addresses, *(f"@{domain}" for domain in organisation.own_domains)]
    by_colleague = forward.original(mail, own_addresses=ours)
    original = by_colleague or forward.attached(mail, own_addresses=ours)
    who = sender.who_asks(mail, own_addresses=organisation.own_addresses)
    reply = autoreply.auto_reply_allowed(
        mail,
        own_addresses=organisation.own_addresses,
        own_message_id=lambda value: threading.read_message_id(ring().all("mail"), value) is not None,
        instance=settings.SITE_URL,
        authentic=judged.verdict,
        must_be_addressed=not settings.CONFIRM_UNADDRESSED,
    )
    guess = suggest.of_mail(mail)
    parts = {"subject": mail.subject[:1000], "text": mail.text, "inside": original.text if original else ""}
    signed = [SIGNED] if mail.facts.signed else []
    return {
        "problems": [*mail.problems, *signed, *_doubts(judged)],
        "authenticity": judged.as_json(),
        "subject": mail.subject[:1000],
        "sender_name": who.name[:200],
        "sender_address": who.address[:320],
        "reply_address": autoreply.answer_address(mail, own_addresses=organisation.own_addresses)[:320],
        "text": mail.text,
        "html": mail.html or "",
        "attachments": [asdict(one) for one in mail.attachments],
        **_guessed(guess, parts),
        "message_id": mail.message_id[:998],
        "auto_reply_allowed": reply.allowed,
        "auto_reply_reason": reply.reason.value,
        "forwarded": by_colleague is not None,
        **(_original(original, by=forwarded_by) if original else {}),
    }


def _guessed(guess: suggest.Suggestion, parts: dict[str, str]) -> dict[str, Any]:
    """Return the columns that follow from what the model says of a text, and of the parts in which it is kept."""
    return {
        "language": guess.language,
        "suggested_rights": list(guess.rights),
        "maybe_request": bool(guess.rights) or guess.unsure,
        "request_probability": guess.probability,
        "passages": speaking.passages(guess, parts),
    }


def _doubts(judged: Judgement) -> list[str]:
    match judged.verdict:
        case Authenticity.FAILED:
            return [SENDER_UNPROVEN]
        case Authenticity.UNKNOWN:
            return [SENDER_UNCHECKED]
        case Authenticity.PASSED:
            return []


def _original(original: forward.Original, *, by: datetime) -> dict[str, Any]:
    """What a forward proposes; a day after the forward itself is none that can be believed."""
    day = written_dates.day(original.sent, zone=ZoneInfo(selectors.organisation().time_zone))
    arrived = clock.calendar().local_date(by)
    return {
        "forwarded_name": original.name[:200],
        "forwarded_address": original.address[:320],
        "forwarded_date": original.sent[:100],
        "forwarded_text": original.text,
        "forwarded_on": day if day and arrived - intake.LONGEST_UNNOTICED <= day <= arrived else None,
    }


def _api_fields(raw: bytes) -> dict[str, Any]:
    content = json.loads(raw)["content"]
    guess = suggest.suggest(content["subject"], content["text"])
    guessed = _guessed(guess, {"subject": content["subject"], "text": content["text"]})
    return guessed | {
        "problems": [],
        "subject": content["subject"],
        "sender_name": content["name"],
        "sender_address": content["email"],
        "text": content["text"],
        "language": content["language"],
        "suggested_rights": content["rights"] or guessed["suggested_rights"],
        "maybe_request": bool(content["rights"]) or guessed["maybe_request"],
        "message_id": "",
    }


def _place(mail: ParsedMail, *, proven: bool) -> Place | None:
    """Find the case of a reply: a mark of ours, a stored Message-ID, or a reference in the subject.

    Only a known participant joins; everybody else, every robot, whoever fails the authentication of their domain (not
    `proven`), and a mail that names several senders, of whom no check says who wrote it, only gets a suggestion shown
    to staff.
    """
    cases = next(_named(mail), None)
    if cases is None:
        return None
    case = next((one for one in cases if one.closed_at is None and _takes_part(one, mail)), cases[0])
    trusted = proven and not mail.automatic and not mail.facts.several_senders
    return Place(case, trusted and case.closed_at is None and _takes_part(case, mail))


def cases_named(mail: ParsedMail) -> Iterator[Case]:
    """Yield the cases that a mail points to, by the surest mark first. It proves nothing of who wrote it."""
    for cases in _named(mail):
        yield from cases


def _named(mail: ParsedMail) -> Iterator[list[Case]]:
    """The cases by each kind of mark. A stored Message-ID may stand on several: whoever sees one can write it again."""
    yield from filter(None, (find(mail) for find in (_marked, _answered, _referenced)))


def _marked(mail: ParsedMail) -> list[Case]:
    found = threading.marked_case(ring().all("mail"), mail)
    return list(Case.objects.filter(uuid=UUID(hex=found[0]))) if found and len(found[0]) == 32 else []


def _answered(mail: ParsedMail) -> list[Case]:
    named: Sequence[str] = [one for one in (*mail.in_reply_to, *mail.references) if one]
    if not named:
        return []
    ours = Q(case__isnull=False) | Q(inquiry__case__isnull=False)  # the latter: confirmed before it was sorted
    messages = Message.objects.filter(ours, message_id__in=named).select_related("case", "inquiry__case").order_by("pk")
    found = (one.case or (one.inquiry.case if one.inquiry else None) for one in messages[:_MOST_ANSWERED])
    return list(dict.fromkeys(filter(None, found)))


def _referenced(mail: ParsedMail) -> list[Case]:
    found = threading.reference_in_subject(mail)
    return list(Case.objects.filter(reference=found)) if found else []


def _takes_part(case: Case, mail: ParsedMail) -> bool:
    """Tell whether the person writes, or who opened the case with words of their own.

    Somebody whose mail the staff once put on the case is no participant by that, nor is who passed on or attached what
    the person wrote.
    """
    address = _comparable(mail.from_address)
    own = case.messages.filter(intent=Intent.INQUIRY.value, inquiry__forwarded=False, inquiry__forwarded_address="")
    opening = own.values_list("inquiry__sender_address", flat=True)
    return bool(address) and address in {_comparable(case.person_email), *map(_comparable, opening)}


def _comparable(address: str) -> str:
    """An address as servers write its domain: people type the letters, and mail programs send the code for them."""
    return on_the_wire(addresses.normal(address)).lower()
