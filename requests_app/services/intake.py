"""Intake: a message becomes a case with its requests, dated on the day it reached us."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from requests_app import audit, outbox
from requests_app.domain import events, reference, tokens
from requests_app.domain.enums import (
    Action,
    Channel,
    Direction,
    Intent,
    MessageState,
    Requester,
    Right,
    Verdict,
)
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON, SYSTEM, Actor, Reason
from requests_app.keyring import ring
from requests_app.models import Case, DataSubjectRequest, Inquiry, Message

from . import clock, lifecycle, rows, suppression

LINK_PURPOSE = "status-link"
LONGEST_UNNOTICED = timedelta(days=366)
"""How long ago a message may have been received that somebody records now; more is a slip of the pen."""


@dataclass(frozen=True)
class Person:
    """Who writes to us, as far as the message says, and on whose behalf if not their own."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    requester: Requester = Requester.SELF
    concerned_name: str = ""
    concerned_known_as: str = ""


def record_inquiry(
    *, channel: Channel, received_at: datetime, raw: bytes, oversize: bool = False, size: int | None = None
) -> tuple[Inquiry, bool]:
    """Keep the raw bytes of a message in one row, before anything else; return it and whether it is new.

    The same bytes are one inquiry, whenever they come again. Publishes InquiryReceived for a new one.
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    with transaction.atomic():
        inquiry, new = Inquiry.objects.get_or_create(
            sha256=sha256,
            defaults={
                "channel": channel.value,
                "received_at": received_at,
                "raw": raw,
                "size": len(raw) if size is None else size,
                "oversize": oversize,
            },
        )
        if new:
            audit.record("inquiry.received", f"inquiry:{inquiry.pk}", SYSTEM, channel=channel.value, sha256=sha256)
            outbox.publish(events.InquiryReceived(inquiry.pk), key=f"inquiry:{inquiry.pk}")
        return inquiry, new


@dataclass(frozen=True)
class Arrival:
    """A message as it came: when, its bytes, whether these are only its headers, and the size of the whole."""

    received_at: datetime
    raw: bytes
    oversize: bool
    size: int


def record_inquiries(channel: Channel, arrivals: Mapping[str, Arrival]) -> dict[str, Inquiry]:
    """Do what `record_inquiry` does for several messages, by the hash of their bytes (SHA-256 in hex).

    Returns those that are new; what is here already is left out. Needs a transaction. Raises IntegrityError when
    somebody else keeps one of them at the same time.
    """
    known = set(Inquiry.objects.filter(sha256__in=list(arrivals)).values_list("sha256", flat=True))
    rows = Inquiry.objects.bulk_create(
        Inquiry(channel=channel.value, sha256=sha256, **vars(arrival))
        for sha256, arrival in arrivals.items()
        if sha256 not in known
    )
    if rows:
        audit.record_all(
            "inquiry.received",
            [(f"inquiry:{row.pk}", {"channel": channel.value, "sha256": row.sha256}) for row in rows],
            SYSTEM,
        )
        outbox.publish_all((events.InquiryReceived(row.pk), f"inquiry:{row.pk}") for row in rows)
    return {row.sha256: row for row in rows}


def open_case(
    inquiry: Inquiry,
    rights: Sequence[Right],
    person: Person,
    *,
    language: str,
    scope: str,
    actor: Actor = SYSTEM,
    received_at: datetime | None = None,
) -> Case:
    """Make a case of an inquiry: one request per right, or one without a right for "not sure".

    Every request is dated on the inquiry's receipt, or on `received_at` where the message had reached somebody
    here before; never later than the inquiry itself. Rights that are known are sorted at once. The inquiry is
    marked as a request and its words become the first message of the case. What stops marketing has stopped it
    when this returns. Publishes CaseOpened. Whoever has locked a row or recorded a fact before must have begun with
    `rows.lock_serial`. Raises ActionRefused for a member of staff whose own request it is: they step aside.
    """
    with transaction.atomic():
        _sorted_by_somebody_else(person, actor)
        now = timezone.now()
        received_at = min(received_at or inquiry.received_at, inquiry.received_at)
        case = _new_case(inquiry, person, language, received_at, now)
        suppression.settle(case, rights, actor=actor, inquiry=inquiry)
        Inquiry.objects.filter(pk=inquiry.pk).update(
            verdict=Verdict.REQUEST.value, case=case, sorted_at=now, sorted_by=actor.user_id
        )
        Message.objects.create(
            case=case,
            direction=Direction.IN.value,
            intent=Intent.INQUIRY.value,
            state=MessageState.RECEIVED.value,
            language=language,
            subject=inquiry.subject,
            body=inquiry.words,
            message_id=inquiry.message_id,
            inquiry=inquiry,
            created_at=received_at,
        )
        audit.record(
            "case.opened",
            f"case:{case.pk}",
            actor,
            case=case.reference,
            inquiry=inquiry.pk,
            channel=inquiry.channel,
            received_at=received_at.isoformat(),
            rights=[r.value for r in rights],
        )
        if received_at < inquiry.received_at:
            local_date = clock.calendar().local_date
            audit.record(
                "case.dated_earlier", f"case:{case.pk}", actor, inquiry=inquiry.pk,
                arrived_on=local_date(inquiry.received_at).isoformat(), received_on=local_date(received_at).isoformat(),
            )  # fmt: skip
        wanted: Sequence[Right | None] = rights or [None]
        for right in wanted:
            add_request(case, right, received_at=received_at, scope=scope, actor=actor)
        outbox.publish(events.CaseOpened(case.pk), key=f"case-opened:{case.pk}")
        case.refresh_from_db()
        return case


def _sorted_by_somebody_else(person: Person, actor: Actor) -> None:
    own = {one.casefold() for one in (person.email, person.concerned_known_as) if one}
    user = get_user_model().objects.filter(pk=actor.user_id).first() if own and actor.user_id is not None else None
    if user is not None and user.email.casefold() in own:
        raise ActionRefused(Reason("own_request"))


def add_request(
    case: Case, right: Right | None, *, received_at: datetime, scope: str = "", actor: Actor = SYSTEM
) -> DataSubjectRequest:
    """Add one request with its own clock to a case; sorted at once when its right is known."""
    with transaction.atomic():
        dsr = DataSubjectRequest.objects.create(
            case=case, right=right.value if right else "", received_at=received_at, scope=scope
        )
        clock.recompute(dsr, "received")
        if right:
            lifecycle.advance(dsr.pk, Action.TRIAGE, SYSTEM if actor is PERSON else actor)
        return dsr


def _new_case(inquiry: Inquiry, person: Person, language: str, received_at: datetime, now: datetime) -> Case:
    serial = rows.lock_serial(received_at)
    serial.last += 1
    serial.save(update_fields=["last"])
    case = Case(
        reference=reference.make(serial.year, serial.last),
        language=language if language in ("nb", "en") else "en",
        channel=inquiry.channel,
        requester=person.requester.value,
        person_name=person.name,
        person_email=person.email,
        person_phone=person.phone,
        person_address=person.address,
        concerned_name=person.concerned_name,
        concerned_known_as=person.concerned_known_as,
        received_at=received_at,
        link_key_id=ring().active,
        link_expires_at=now + settings.LINK_LIFETIME,
    )
    case.link_digest = tokens.digest(link_token(case))
    case.save()
    return case


def link_token(case: Case) -> str:
    """Return the token of the status link; derived, so that only mails and the person hold it."""
    return tokens.derive_token(ring(), LINK_PURPOSE, str(case.uuid), case.link_generation, case.link_key_id)
