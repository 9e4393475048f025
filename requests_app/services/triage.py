"""Triage: a person says what an inquiry is. Nothing is ever discarded, and every verdict can be changed."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Action, Channel, Direction, Intent, Right, Stage, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.domain.suppression import asker
from requests_app.mailbox import addresses
from requests_app.models import Case, DataSubjectRequest, Inquiry, Message

from . import (
    acknowledgements,
    clock,
    corrections,
    correspondence,
    intake,
    lifecycle,
    receipt,
    rows,
    sent_mail,
    suppression,
    suppression_lift,
)

# Reasons of `mailbox.autoreply` for which nothing is done without a person.
ROBOTS = frozenset({"null_sender", "auto_submitted", "header"})
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
    """Make a case of an inquiry, dated on the day it arrived; saying the same a second time returns the same case.

    For what a colleague passed on or told, or somebody from outside attached, `who` asks and `received_on`, the day on
    which it reached somebody here, are what a person confirmed; without `who` a colleague who passed it on never asks,
    and anybody else does. Raises ActionRefused when that is the colleague, when the day is not before the arrival here
    or cannot be meant, when the content was deleted, and when somebody else has sorted it otherwise meanwhile.
    """
    with transaction.atomic():
        rows.lock_serial(Inquiry.objects.values_list("received_at", flat=True).get(pk=inquiry_id))
        inquiry = Inquiry.objects.select_for_update(of=("self",)).light().select_related("case").get(pk=inquiry_id)
        if inquiry.case:
            return _sorted_alike(inquiry.case, rights, language)
        _still_there(inquiry)
        corrections.keep(inquiry, rights)
        return intake.open_case(
            inquiry,
            list(dict.fromkeys(rights)),
            _who_asks(inquiry, who),
            received_at=receipt_of(inquiry, received_on),
            language=language or answer_language(inquiry.language),
            scope="",
            actor=actor,
        )


def _sorted_alike(case: Case, rights: Sequence[Right], language: str | None) -> Case:
    same = set(case.dsrs.values_list("right", flat=True)) == ({right.value for right in rights} or {""})
    if not same or language not in (None, case.language):
        raise ActionRefused(Reason("already_a_case"))
    return case


def _who_asks(inquiry: Inquiry, confirmed: intake.Person | None) -> intake.Person:
    """The person of the new case; whoever passed the message on is never the one who asks."""
    if not inquiry.forwarded:
        return confirmed or intake.Person(name=inquiry.sender_name, email=inquiry.sender_address)
    person = confirmed or intake.Person(name=inquiry.forwarded_name, email=inquiry.forwarded_address)
    if person.email and addresses.normal(person.email) == addresses.normal(inquiry.sender_address):
        raise ActionRefused(Reason("colleague_asks"))
    return person


def receipt_of(inquiry: Inquiry, received_on: date | None) -> datetime:
    """Return the receipt of a case made of an inquiry; a day only moves it back (EDPB 01/2022 paragraphs 52-56).

    Raises ActionRefused for a day after the arrival here, or too long before it.
    """
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

    What was blocked for it provisionally is lifted, and blocked again when it is put back. Saying the same again
    changes nothing. Raises ActionRefused when it already is a case, or its content is gone.
    """
    with transaction.atomic():
        inquiry = Inquiry.objects.select_for_update(of=("self",)).light().get(pk=inquiry_id)
        if inquiry.case_id or verdict is Verdict.REQUEST:
            raise ActionRefused(Reason("already_a_case"))
        if inquiry.verdict == verdict:
            return inquiry
        _still_there(inquiry)
        unsorted = verdict is Verdict.UNSORTED
        Inquiry.objects.filter(pk=inquiry.pk).update(
            verdict=verdict.value,
            sorted_by=None if unsorted else actor.user_id,
            sorted_at=None if unsorted else timezone.now(),
        )
        if not unsorted:
            corrections.keep(inquiry, [])
            suppression_lift.lift_guess(inquiry, actor=actor)
        else:
            corrections.drop(inquiry)
            if inquiry.auto_reply_reason not in ROBOTS:
                wanting = asker(inquiry.sender_address, forwarded=inquiry.forwarded, original=inquiry.forwarded_address)
                suppression.on_receipt(inquiry, wanting, inquiry.suggested_rights)
        audit.record("inquiry.sorted", f"inquiry:{inquiry.pk}", actor, verdict=verdict.value)
        inquiry.refresh_from_db(fields=["verdict", "sorted_at", "sorted_by"])
        return inquiry


def attach(
    inquiry_id: int, case_id: int, *, actor: Actor, confirmed: bool = False, received_on: date | None = None
) -> Case:
    """Put an inquiry on an existing case as a message that belongs to it; the earlier receipt of the two counts.

    `confirmed`: somebody was told that another address than the person's wrote it, and wants it there all the same;
    `received_on`: on which day it had reached a colleague, as they confirmed. If that, or its arrival, lies before the
    case began, the open requests the case began with count from there.
    Raises ActionRefused when it already belongs to a case, has not been read (its words are not known yet), comes
    from another address and that is not confirmed, or when the case is closed: nobody would look at it there, and
    what it asks for has a clock of its own.
    """
    with transaction.atomic():
        case = rows.lock_case(case_id)
        dsrs = rows.lock_open_requests(case_id)
        inquiry = Inquiry.objects.select_for_update(of=("self",)).light().get(pk=inquiry_id)
        if inquiry.case_id:
            raise ActionRefused(Reason("already_a_case"))
        if inquiry.parsed_at is None:
            raise ActionRefused(Reason("inquiry_unread"))
        _still_there(inquiry)
        if case.closed_at is not None:
            raise ActionRefused(Reason("attach_case_closed"))
        if not confirmed and not correspondence.wrote_it(case, inquiry):
            raise ActionRefused(Reason("sender_differs"))
        received_at = receipt_of(inquiry, received_on)
        moved = receipt.begin_with(case, dsrs, received_at, actor=actor)
        suppression.attribute(inquiry, case)
        corrections.drop(inquiry)
        Inquiry.objects.filter(pk=inquiry.pk).update(
            verdict=Verdict.REQUEST.value, case=case, sorted_by=actor.user_id, sorted_at=timezone.now()
        )
        correspondence.receive(
            case,
            body=inquiry.words,
            subject=inquiry.subject,
            inquiry=inquiry,
            at=received_at,
            message_id=inquiry.message_id,
        )
        audit.record("inquiry.attached", f"inquiry:{inquiry.pk}", actor, case=case.reference)
        if moved:
            audit.record(
                "case.receipt_corrected",
                f"case:{case.pk}",
                actor,
                before=case.received_at.isoformat(),
                after=received_at.isoformat(),
                received_on=clock.calendar().local_date(received_at).isoformat(),
                inquiry=inquiry.pk,
            )
        case.refresh_from_db()
        sent_mail.look_again(case.pk)
        return case


def take_off(inquiry_id: int, *, actor: Actor) -> Case:
    """Take an inquiry off the case it was put on; it is unsorted again, and no message of the case any more.

    Returns the case. Raises ActionRefused when it is on none, when the case began with it, or when the clock of one
    of the requests runs from it.
    """
    with transaction.atomic():
        case_id = Inquiry.objects.values_list("case_id", flat=True).get(pk=inquiry_id)
        if case_id is None:
            raise ActionRefused(Reason("on_no_case"))
        case = rows.lock_case(case_id)
        inquiry = Inquiry.objects.select_for_update(of=("self",)).light().get(pk=inquiry_id)
        if inquiry.case_id != case.pk:  # somebody was faster
            raise ActionRefused(Reason("on_no_case"))
        if reason := why_stays(case, inquiry):
            raise ActionRefused(reason)
        # Only the form of the status page tells for certain to which case a message belongs.
        suggested = case if inquiry.channel == Channel.FORM else None
        Inquiry.objects.filter(pk=inquiry.pk).update(
            verdict=Verdict.UNSORTED.value, case=None, suggested_case=suggested, sorted_by=None, sorted_at=None
        )
        correspondence.forget(case, inquiry)
        audit.record("inquiry.taken_off", f"inquiry:{inquiry.pk}", actor, case=case.reference)
        audit.record("case.inquiry_taken_off", f"case:{case.pk}", actor, inquiry=inquiry.pk)
        return case


def why_stays(case: Case, inquiry: Inquiry) -> Reason | None:
    """Return why an inquiry cannot be taken off its case, or None."""
    if inquiry.messages.filter(intent=Intent.INQUIRY.value).exists():
        return Reason("inquiry_opened_case")
    received = inquiry.messages.filter(case=case, direction=Direction.IN.value).values("created_at")
    return Reason("inquiry_counts") if case.dsrs.filter(received_at__in=received).exists() else None


def set_right(dsr_id: int, right: Right, *, actor: Actor) -> DataSubjectRequest:
    """Say which right a "not sure" is about, and sort it. Raises ActionRefused once it is sorted."""
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        case = dsr.case
        if dsr.stage != Stage.RECEIVED:
            raise ActionRefused(Reason("already_sorted"))
        if DataSubjectRequest.objects.open().filter(case=dsr.case_id, right=right.value).exists():
            raise ActionRefused(Reason("right_already_open"))
        dsr.right = right.value
        dsr.save(update_fields=["right"])
        first = case.inquiries.light().order_by("received_at", "id").first()
        suppression.settle(case, [right], actor=actor, inquiry=first)
        acknowledgements.owe_word_of(dsr)
        return lifecycle.advance(dsr.pk, Action.TRIAGE, actor)


def add_right(case_id: int, right: Right, *, asked_in: int, actor: Actor) -> DataSubjectRequest:
    """Add a request to a case for something else that the person asks for in the message `asked_in`.

    Its clock starts on the day that message reached us, which for one of several requests in a mail is the day
    of the others. Raises ActionRefused when the case is closed or has an open request of this kind.
    """
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if case.closed_at is not None:
            raise ActionRefused(Reason("case_closed"))
        if DataSubjectRequest.objects.open().filter(case=case, right=right.value).exists():
            raise ActionRefused(Reason("right_already_open"))
        asked = Message.objects.get(pk=asked_in, case=case, direction=Direction.IN.value)
        suppression.settle(case, [right], actor=actor)
        dsr = intake.add_request(case, right, received_at=asked.created_at, actor=actor)
        acknowledgements.owe_word_of(dsr)
        audit.record("request.added", f"dsr:{dsr.pk}", actor, right=right.value, message=asked.pk)
        return dsr


def _still_there(inquiry: Inquiry) -> None:
    if inquiry.forgotten_at is not None:
        raise ActionRefused(Reason("inquiry_forgotten"))
