"""Two people at the same moment: nobody waits for somebody who waits for them.

On PostgreSQL each pair runs in threads that start together, many times over; two orders of locks would end in an
error of the database within a few rounds.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from identity.models import User
from requests_app.domain.enums import Intent, MessageState, Right, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry, Case, IntakeDraft, Message
from requests_app.services import (
    acknowledgements,
    clarification,
    correspondence,
    drafts,
    excision,
    extension,
    notes,
    portal_access,
    portal_reply,
    receipt,
    sending,
    triage,
    unsorted,
)
from tests import factories
from tests.identity.together import at_once
from tests.requests_app.extensions import approved, proposed

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture
def actor() -> Actor:
    return factories.staff().as_actor()


def filled_in() -> IntakeDraft:
    """A form that only waits for its last button."""
    draft = drafts.start()
    filled: dict[str, dict[str, Any]] = {
        "right": {"rights": ["access"]},
        "who": {"name": "Kari Holm", "requester": "self"},
        "contact": {"email": "kari.holm@example.com", "phone": "", "language": "nb"},
        "details": {"text": "Alt"},
    }
    for step, answers in filled.items():
        drafts.answer(draft, step, answers)
    return draft


def test_a_form_comes_in_while_somebody_sorts_mail(actor: Actor) -> None:
    for _ in range(ROUNDS):
        draft, mail = filled_in(), factories.inquiry()
        at_once(
            partial(drafts.submit, draft),
            partial(triage.sort_as_request, mail.pk, [Right.ACCESS], actor=actor),
        )
    assert Case.objects.count() == 2 * ROUNDS
    assert len(set(Case.objects.values_list("reference", flat=True))) == 2 * ROUNDS


def write(case: Case, actor: Actor) -> object:
    """Staff write to the person."""
    return correspondence.write_to_person(case.pk, subject="Svar", body="Hei", actor=actor)


def acknowledge(case: Case, actor: Actor) -> None:
    """The worker acknowledges."""
    acknowledgements.acknowledge(case.pk)


def add_right(case: Case, actor: Actor) -> object:
    """Staff add a request."""
    asked = case.messages.filter(direction="in").order_by("id")[0].pk
    return triage.add_right(case.pk, Right.ERASURE, asked_in=asked, actor=actor)


def reply(case: Case, actor: Actor) -> None:
    """The person writes on the status page."""
    portal_reply.keep(case.pk, "Hei igjen")


def attach(case: Case, actor: Actor) -> object:
    """Staff put a mail on the case."""
    return triage.attach(factories.inquiry().pk, case.pk, actor=actor, confirmed=True)


def attach_an_earlier_one(case: Case, actor: Actor) -> object:
    """Staff put a mail on the case that reached us before the case began."""
    earlier = factories.inquiry(received_at=case.received_at - timedelta(days=2))
    return triage.attach(earlier.pk, case.pk, actor=actor, confirmed=True)


def cut_a_document(case: Case, actor: Actor) -> object:
    """Staff cut out what nobody had asked for."""
    mail = factories.inquiry()
    triage.attach(mail.pk, case.pk, actor=actor, confirmed=True)
    return excision.keep_text_only(mail.pk, actor=actor)


def assign(case: Case, actor: Actor) -> object:
    """Staff take the case."""
    return notes.assign(case.pk, actor.user_id, actor=actor)


def send_links(case: Case, actor: Actor) -> None:
    """The worker sends fresh links to this case and every other of the person."""
    portal_access.send_links(list(Case.objects.order_by("-pk").values_list("pk", flat=True)))


def correct_receipt(case: Case, actor: Actor) -> object:
    """Staff find out that the message came the day before."""
    dsr, staff = case.dsrs.order_by("id")[0], User(pk=actor.user_id)
    return receipt.correct(dsr.pk, dsr.received_at - timedelta(days=1), "Lå her", actor=actor, user=staff)


def ask_what_is_wanted(case: Case, actor: Actor) -> object:
    """Staff ask what the person wants to see."""
    question = clarification.Question("E-post", "Fra når?")
    return clarification.ask(case.dsrs.get(right="access").pk, question, large=True, actor=actor, key="a")


@pytest.mark.parametrize(
    "one, other",
    [
        (acknowledge, write), (send_links, write), (send_links, send_links), (reply, add_right), (attach, write),
        (attach, reply), (assign, acknowledge), (correct_receipt, add_right), (correct_receipt, ask_what_is_wanted),
        (ask_what_is_wanted, reply), (attach_an_earlier_one, add_right), (attach_an_earlier_one, attach_an_earlier_one),
        (cut_a_document, write), (cut_a_document, reply), (cut_a_document, attach_an_earlier_one),
    ],
)  # fmt: skip
def test_two_things_happen_to_one_case(
    actor: Actor, one: Callable[[Case, Actor], object], other: Callable[[Case, Actor], object]
) -> None:
    for number in range(ROUNDS):
        case = factories.case(email=f"kari.{number}@example.com")  # confirmations to one address are held back
        at_once(partial(one, case, actor), partial(other, case, actor))
    assert AuditEntry.objects.exists()


def test_a_mail_is_confirmed_and_put_on_a_case_that_is_acknowledged(actor: Actor) -> None:
    at = timezone.now() - timedelta(days=3) + timedelta(hours=1)
    for number in range(ROUNDS):
        case = factories.case(email=f"kari.{number}@example.com")
        mail = factories.inquiry(received_at=at, maybe_request=True, sender_address=f"per.{number}@example.com")
        at_once(
            partial(acknowledgements.acknowledge, case.pk),
            unsorted.confirm,
            partial(triage.attach, mail.pk, case.pk, actor=actor, confirmed=True),
        )
    assert Case.objects.filter(inquiries__sender_address__startswith="per.").count() == ROUNDS


def quietly(act: Callable[[], object]) -> None:
    """What may come second and be refused."""
    with suppress(ActionRefused):
        act()


def told(case: Case) -> Message:
    """The letter that tells of an extension."""
    return case.messages.get(intent=Intent.EXTENSION.value)


def test_two_decide_on_one_extension_while_somebody_writes(actor: Actor) -> None:
    deciding = [factories.staff(Role.DECISION_MAKER).as_actor() for _ in range(2)]
    for number in range(ROUNDS):
        case = factories.case(email=f"kari.{number}@example.com")
        row = proposed(case.dsrs.get())
        at_once(
            *(partial(quietly, partial(extension.approve, row.pk, actor=one)) for one in deciding),
            partial(write, case, actor),
        )
        assert told(case).state == MessageState.QUEUED


def test_the_notice_is_heard_of_twice_while_the_person_answers(actor: Actor) -> None:
    for number in range(ROUNDS):
        case = factories.case(email=f"kari.{number}@example.com")
        dsr = case.dsrs.get()
        approved(dsr)
        Message.objects.filter(pk=told(case).pk).update(state=MessageState.SENT.value, sent_at=timezone.now())
        heard = partial(extension.note_sent, told(case).pk)
        at_once(heard, heard, partial(reply, case, actor))
        assert dsr.deadline_history.filter(cause="extended").count() == 1


def test_an_extension_is_taken_back_while_its_mail_is_sent_again(actor: Actor) -> None:
    for number in range(ROUNDS):
        case = factories.case(email=f"kari.{number}@example.com")
        row = approved(case.dsrs.get())
        Message.objects.filter(pk=told(case).pk).update(state=MessageState.FAILED.value)
        at_once(
            partial(quietly, partial(extension.take_back, row.pk, actor=actor)),
            partial(quietly, partial(sending.send_again, told(case).pk, actor=actor)),
        )
        row.refresh_from_db()
        assert (row.taken_back_at is None) is (told(case).state == MessageState.QUEUED)
