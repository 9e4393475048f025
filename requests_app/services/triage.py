"""Triage: a person says what an inquiry is. Nothing is ever discarded, and every verdict can be changed."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Action, Direction, Right, Stage, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest, Inquiry, Message

from . import correspondence, intake, lifecycle, suppression

# Reasons of `mailbox.autoreply` for which nothing is done without a person.
ROBOTS = frozenset({"null_sender", "auto_submitted", "header"})
# Scandinavians read bokmål; everybody else gets English.
_ANSWERED_IN = {"nb": "nb", "nn": "nb", "sv": "nb", "da": "nb", "": "nb"}


def answer_language(spoken: str) -> str:
    """Return the language we answer in to somebody who wrote in `spoken` (a code of `mailbox.language`)."""
    return _ANSWERED_IN.get(spoken, "en")


def sort_as_request(inquiry_id: int, rights: Sequence[Right], *, actor: Actor, language: str | None = None) -> Case:
    """Make a case of an inquiry, dated on the day it arrived; sorting it a second time returns the same case."""
    with transaction.atomic():
        inquiry = Inquiry.objects.select_for_update(of=("self",)).light().select_related("case").get(pk=inquiry_id)
        if inquiry.case:
            return inquiry.case
        person = intake.Person(name=inquiry.sender_name, email=inquiry.sender_address)
        return intake.open_case(
            inquiry,
            list(dict.fromkeys(rights)),
            person,
            language=language or answer_language(inquiry.language),
            scope="",
            actor=actor,
        )


def sort_as_other(inquiry_id: int, verdict: Verdict, *, actor: Actor) -> Inquiry:
    """Say that an inquiry is no request (it stays listed), or put it back among the unsorted.

    What was blocked for it provisionally is lifted, and blocked again when it is put back. Saying the same again
    changes nothing. Raises ActionRefused when it already is a case.
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
        if not unsorted:
            suppression.lift_guess(inquiry, actor=actor)
        elif inquiry.auto_reply_reason not in ROBOTS:
            suppression.on_receipt(inquiry, inquiry.sender_address, inquiry.suggested_rights)
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
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        suppression.attribute(inquiry, case)
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
        case_id = DataSubjectRequest.objects.values_list("case_id", flat=True).get(pk=dsr_id)
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        dsr = DataSubjectRequest.objects.select_for_update(of=("self",)).get(pk=dsr_id)
        if dsr.stage != Stage.RECEIVED:
            raise ActionRefused(Reason("already_sorted"))
        if DataSubjectRequest.objects.open().filter(case=dsr.case_id, right=right.value).exists():
            raise ActionRefused(Reason("right_already_open"))
        dsr.right = right.value
        dsr.save(update_fields=["right"])
        first = case.inquiries.light().order_by("received_at", "id").first()
        suppression.settle(case, [right], actor=actor, inquiry=first)
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
        suppression.settle(case, [right], actor=actor)
        dsr = intake.add_request(case, right, received_at=asked.created_at, actor=actor)
        audit.record("request.added", f"dsr:{dsr.pk}", actor, right=right.value, message=asked.pk)
        return dsr
