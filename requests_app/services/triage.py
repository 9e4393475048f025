"""Triage: a person says what an inquiry is. Nothing is ever discarded, and every verdict can be changed."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Action, Direction, Right, Stage, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.mailbox import addresses
from requests_app.models import Case, DataSubjectRequest, Inquiry, Message

from . import clock, correspondence, intake, lifecycle

# Scandinavians read bokmål; everybody else gets English.
_ANSWERED_IN = {"nb": "nb", "nn": "nb", "sv": "nb", "da": "nb", "": "nb"}


def answer_language(spoken: str) -> str:
    """Return the language we answer in to somebody who wrote in `spoken` (a code of `mailbox.language`)."""
    return _ANSWERED_IN.get(spoken, "en")


def sort_as_request(
    inquiry_id: int,
    rights: Sequence[Right],
    *,
    actor: Actor,
    language: str | None = None,
    who: intake.Person | None = None,
    received_on: date | None = None,
) -> Case:
    """Make a case of an inquiry, dated on the day it arrived; sorting it a second time returns the same case.

    For what a colleague passed on, `who` asks and `received_on`, the day on which the colleague got it, are what a
    person confirmed. Raises ActionRefused when that is the colleague, or the day is not before the arrival here or
    cannot be meant.
    """
    with transaction.atomic():
        inquiry = Inquiry.objects.select_for_update(of=("self",)).light().select_related("case").get(pk=inquiry_id)
        if inquiry.case:
            return inquiry.case
        return intake.open_case(
            inquiry,
            list(dict.fromkeys(rights)),
            _who_asks(inquiry, who),
            received_at=_received_at(inquiry, received_on),
            language=language or answer_language(inquiry.language),
            scope="",
            actor=actor,
        )


def _who_asks(inquiry: Inquiry, confirmed: intake.Person | None) -> intake.Person:
    """The person of the new case; whoever passed the message on is never the one who asks."""
    if not inquiry.forwarded:
        return confirmed or intake.Person(name=inquiry.sender_name, email=inquiry.sender_address)
    person = confirmed or intake.Person(name=inquiry.forwarded_name, email=inquiry.forwarded_address)
    if person.email and addresses.normal(person.email) == addresses.normal(inquiry.sender_address):
        raise ActionRefused(Reason("colleague_asks"))
    return person


def _received_at(inquiry: Inquiry, received_on: date | None) -> datetime:
    """The receipt of the new case; a day that a person gives only moves it back (EDPB 01/2022 paragraphs 52-56)."""
    calendar = clock.calendar()
    arrived = calendar.local_date(inquiry.received_at)
    if received_on is None or received_on == arrived:
        return inquiry.received_at
    if received_on > arrived:
        raise ActionRefused(Reason("receipt_after_arrival"))
    if received_on < arrived - intake.LONGEST_UNNOTICED:
        raise ActionRefused(Reason("receipt_too_old"))
    return datetime.combine(received_on, time.min, tzinfo=calendar.zone)


def sort_as_other(inquiry_id: int, verdict: Verdict, *, actor: Actor) -> Inquiry:
    """Say that an inquiry is no request (it stays listed), or put it back among the unsorted.

    Saying the same again changes nothing. Raises ActionRefused when it already is a case.
    """
    with transaction.atomic():
        inquiry = Inquiry.objects.select_for_update(of=("self",)).light().get(pk=inquiry_id)
        if inquiry.case_id or verdict is Verdict.REQUEST:
            raise ActionRefused(Reason("already_a_case"))
        if inquiry.verdict == verdict:
            return inquiry
        unsorted = verdict is Verdict.UNSORTED
        Inquiry.objects.filter(pk=inquiry.pk).update(
            verdict=verdict.value,
            sorted_by=None if unsorted else actor.user_id,
            sorted_at=None if unsorted else timezone.now(),
        )
        audit.record("inquiry.sorted", f"inquiry:{inquiry.pk}", actor, verdict=verdict.value)
        inquiry.refresh_from_db(fields=["verdict", "sorted_at", "sorted_by"])
        return inquiry


def attach(inquiry_id: int, case_id: int, *, actor: Actor) -> Case:
    """Put an inquiry on an existing case as a message of its person.

    Raises ActionRefused when it already belongs to a case, or has not been read: its words are not known yet.
    """
    with transaction.atomic():
        inquiry = Inquiry.objects.select_for_update(of=("self",)).light().get(pk=inquiry_id)
        if inquiry.case_id:
            raise ActionRefused(Reason("already_a_case"))
        if inquiry.parsed_at is None:
            raise ActionRefused(Reason("inquiry_unread"))
        case = Case.objects.get(pk=case_id)
        Inquiry.objects.filter(pk=inquiry.pk).update(
            verdict=Verdict.REQUEST.value, case=case, sorted_by=actor.user_id, sorted_at=timezone.now()
        )
        correspondence.receive(
            case,
            body=inquiry.text,
            subject=inquiry.subject,
            inquiry=inquiry,
            at=inquiry.received_at,
            message_id=inquiry.message_id,
        )
        audit.record("inquiry.attached", f"inquiry:{inquiry.pk}", actor, case=case.reference)
        return case


def set_right(dsr_id: int, right: Right, *, actor: Actor) -> DataSubjectRequest:
    """Say which right a "not sure" is about, and sort it. Raises ActionRefused once it is sorted."""
    with transaction.atomic():
        dsr = DataSubjectRequest.objects.select_for_update(of=("self",)).get(pk=dsr_id)
        if dsr.stage != Stage.RECEIVED:
            raise ActionRefused(Reason("already_sorted"))
        if DataSubjectRequest.objects.open().filter(case=dsr.case_id, right=right.value).exists():
            raise ActionRefused(Reason("right_already_open"))
        dsr.right = right.value
        dsr.save(update_fields=["right"])
        return lifecycle.advance(dsr.pk, Action.TRIAGE, actor)


def add_right(case_id: int, right: Right, *, asked_in: int, actor: Actor) -> DataSubjectRequest:
    """Add a request to a case for something else that the person asks for in the message `asked_in`.

    Its clock starts on the day that message reached us, which for one of several requests in a mail is the day
    of the others. Raises ActionRefused when the case is closed or has an open request of this kind.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        if case.closed_at is not None:
            raise ActionRefused(Reason("case_closed"))
        if DataSubjectRequest.objects.open().filter(case=case, right=right.value).exists():
            raise ActionRefused(Reason("right_already_open"))
        asked = Message.objects.get(pk=asked_in, case=case, direction=Direction.IN.value)
        dsr = intake.add_request(case, right, received_at=asked.created_at, actor=actor)
        audit.record("request.added", f"dsr:{dsr.pk}", actor, right=right.value, message=asked.pk)
        return dsr
