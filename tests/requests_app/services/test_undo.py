"""The link that takes a block back: that block and no other, for thirty days, and the systems are told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings
from time_machine import travel

from config.wiring import OUTBOX_HANDLERS
from requests_app import audit
from requests_app.domain import tokens
from requests_app.domain.enums import Action, Intent, Right, Stage, SuppressionState
from requests_app.domain.snapshot import SYSTEM
from requests_app.keyring import ring
from requests_app.models import AuditEntry, Case, Inquiry, Message, OutboxEvent, Suppression
from requests_app.services import (
    acknowledgements,
    at_once,
    intake,
    lifecycle,
    marketing,
    suppression,
    suppression_list,
    triage,
    undo,
    undo_link,
    unsubscribe,
)
from requests_app.services.undo import Undone
from tests import factories
from tests.identity.together import at_once as all_at_once

from .post import arrived, letter
from .sent import delivered, words
from .test_at_once import UNDO

pytestmark = pytest.mark.django_db

KARI = "kari.holm@example.com"
NOW = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def typed(*rights: Right, email: str = KARI) -> Case:
    """A case that somebody made by typing an address; what takes effect at once has, and its letter is written."""
    case = intake.open_case(
        factories.inquiry(), rights or [Right.MARKETING_OBJECTION], intake.Person(email=email), language="nb", scope=""
    )
    for dsr in case.dsrs.all():
        lifecycle.advance(dsr.pk, Action.START, SYSTEM)
        at_once.confirm(dsr.pk)
    acknowledgements.acknowledge(case.pk)
    return case


def link_of(case: Case) -> str:
    """The token in the last mail of a case that carries the way back."""
    mails = case.messages.exclude(secrets__undo=None).order_by("-created_at", "-id")
    secret = next(tokens.Secret(**mail.secrets["undo"]) for mail in mails if "undo" in mail.secrets)
    return tokens.reveal(ring(), secret).removeprefix("/undo/")


def test_it_lifts_the_block_tells_the_staff_and_withdraws_nothing() -> None:
    case = typed()
    for _ in range(2):
        assert undo.take_back(link_of(case)) is Undone.TAKEN_BACK
    case.refresh_from_db()
    assert not suppression_list.is_blocked(KARI)
    assert case.unread_since is not None
    assert [message.body for message in case.messages.filter(intent=Intent.REPLY.value)] == [
        "Jeg brukte lenken i bekreftelsen: Dere kan igjen sende markedsføring til adressen min."
    ]
    assert (case.dsrs.get().stage, case.dsrs.get().outcome) == (Stage.RELEASED, "fulfilled")
    assert OutboxEvent.objects.filter(name="BlockLifted", payload={"case_id": case.pk}).count() == 1
    assert OUTBOX_HANDLERS["BlockLifted"] == ("exports.services.taken_back.follow",)
    assert audit.verify()[1] is None


def test_on_a_closed_case_word_of_it_lands_in_the_inbox_and_blocks_nobody() -> None:
    case = typed()
    Case.objects.update(closed_at=NOW)
    undo.take_back(link_of(case))
    assert Inquiry.objects.unsorted().get().suggested_case == case
    assert not suppression_list.is_blocked(KARI)


@pytest.mark.parametrize(
    "token", ["", ".", "x.y", "x.1.y", f"{'0' * 32}.1.{'A' * 32}", "ø.1.ø", "\0", "." * 300, f"{'0' * 32}.{'9' * 40}.A"]
)
def test_what_is_no_link_takes_nothing_back(token: str) -> None:
    typed()
    assert undo.take_back(token) is Undone.BROKEN
    assert suppression_list.is_blocked(KARI)


def test_a_link_altered_of_another_case_or_with_a_later_day_takes_nothing_back() -> None:
    case, other = typed(), typed(email="per@example.com")
    number, moment, secret = link_of(case).split(".")
    altered = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    later = str(int(moment) + 1)
    for bad in ((number, moment, altered), (other.uuid.hex, moment, secret), (number, later, secret),
                (number, moment, f"{secret}x")):  # fmt: skip
        assert undo.take_back(".".join(bad)) is Undone.BROKEN
    assert suppression_list.are_blocked([KARI, "per@example.com"]) == [True, True]


def test_it_works_for_thirty_days_and_the_mail_says_until_when(tmp_path: Path, settings: Settings) -> None:
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path
    with travel(NOW, tick=False):
        case = typed()
        text = words(delivered(Message.objects.get(intent=Intent.CONFIRMATION.value), tmp_path))
    assert "Denne lenken virker til og med 30. juli 2026." in text
    found = UNDO.search(text)
    assert found
    assert found.group(1) == link_of(case)
    with travel(NOW + timedelta(days=30, seconds=1), tick=False):
        assert undo.take_back(found.group(1)) is Undone.EXPIRED
        assert suppression_list.is_blocked(KARI)
    with travel(NOW + timedelta(days=30), tick=False):
        assert undo.take_back(found.group(1)) is Undone.TAKEN_BACK


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_receipt_of_an_erasure_says_until_when_its_link_works(language: str) -> None:
    with travel(NOW, tick=False):
        case = factories.case(Right.ERASURE, language=language)
        acknowledgements.acknowledge(case.pk)
    assert ("30. juli 2026" if language == "nb" else "30 July 2026") in case.messages.get(
        intent=Intent.ACKNOWLEDGEMENT.value
    ).body


def by_deletion(case: Case) -> None:
    """The deletion that was asked for in the same case is done."""
    suppression.confirm(case, Right.ERASURE, actor=SYSTEM)


def by_unsubscribing(case: Case) -> None:
    """The person uses the link in a mailing, although marketing is stopped already."""
    token = unsubscribe.link(KARI, "nb").rpartition("/")[2]
    assert unsubscribe.stop(token) == unsubscribe.Stopped(case, new=False)


def by_a_reply(case: Case) -> None:
    """The person asks for it in a message on the same case."""
    case.dsrs.filter(right=Right.ERASURE.value).update(right=Right.ACCESS.value)
    triage.add_right(case.pk, Right.ERASURE, asked_in=case.messages.earliest("id").pk, actor=SYSTEM)


def by_the_staff(case: Case) -> None:
    """Somebody asked for it by phone."""
    marketing.block(case.pk, KARI, actor=factories.staff().as_actor())


@pytest.mark.parametrize("again", [by_deletion, by_unsubscribing, by_a_reply, by_the_staff])
def test_what_was_mailed_before_does_not_take_back_what_came_later(again: Callable[[Case], None]) -> None:
    with travel(NOW, tick=False):
        case = typed(Right.ERASURE, Right.MARKETING_OBJECTION)
        token = link_of(case)
    with travel(LATER, tick=False), transaction.atomic():
        again(case)
    with travel(LATER + timedelta(hours=1), tick=False):
        assert undo.take_back(token) is Undone.STAYS
    assert suppression_list.is_blocked(KARI)
    assert Suppression.objects.get().state == SuppressionState.STANDING
    assert not case.messages.filter(intent=Intent.REPLY.value).exists()
    assert not OutboxEvent.objects.filter(name="BlockLifted").exists()


def test_a_deletion_done_in_another_case_keeps_its_block_although_the_first_is_taken_back() -> None:
    with travel(NOW, tick=False):
        first = typed()
        token = link_of(first)
        second = typed(Right.ERASURE)
    with travel(LATER, tick=False), transaction.atomic():
        suppression.confirm(second, Right.ERASURE, actor=SYSTEM)
        Case.objects.filter(pk=second.pk).update(person_email="")  # its content was forgotten since
    with travel(LATER + timedelta(hours=1), tick=False):
        assert undo.take_back(token) is Undone.STAYS
    assert suppression_list.is_blocked(KARI)


def test_asking_twice_and_taking_back_both_lifts_it_in_either_order() -> None:
    for email, order in ((KARI, 1), ("per@example.com", -1)):
        links = [link_of(typed(email=email)), link_of(typed(email=email))][::order]
        assert [undo.take_back(link) for link in links] == [Undone.STAYS, Undone.TAKEN_BACK]
        assert not suppression_list.is_blocked(email)


def test_what_is_left_to_a_message_that_nobody_has_sorted_is_only_held() -> None:
    case = typed()
    inquiry = arrived(letter("Slutt å sende meg reklame, takk. Hilsen Kari Holm", subject="Reklame"))
    assert undo.take_back(link_of(case)) is Undone.STAYS
    in_force = Suppression.objects.in_force().get()
    assert (in_force.state, in_force.inquiry) == (SuppressionState.PROVISIONAL, inquiry)


def test_a_link_does_not_lift_what_the_staff_blocked_for_somebody_else_on_the_case() -> None:
    case = typed()
    marketing.block(case.pk, "barn@example.com", actor=factories.staff().as_actor())
    assert undo.take_back(link_of(case)) is Undone.TAKEN_BACK
    assert suppression_list.are_blocked([KARI, "barn@example.com"]) == [False, True]


def test_a_hundred_further_clicks_are_one_line_of_the_audit() -> None:
    typed()
    token = unsubscribe.link(KARI, "nb").rpartition("/")[2]
    for _ in range(5):
        unsubscribe.stop(token)
    assert AuditEntry.objects.filter(action="marketing.renewed").count() == 1
    assert audit.verify()[1] is None


def test_the_staff_who_allow_it_again_have_the_systems_told_too() -> None:
    case, hanne = typed(), factories.staff()
    marketing.lift(case.pk, "Ringte: det var feil adresse.", actor=hanne.as_actor(), user=hanne)
    assert OutboxEvent.objects.filter(name="BlockLifted", payload={"case_id": case.pk}).count() == 1


def test_a_link_says_nothing_of_who_it_is_for() -> None:
    case = typed()
    assert "kari" not in link_of(case).lower()
    link = undo_link.read(link_of(case))
    assert link is not None
    assert link.case == case


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_leave_word_once() -> None:
    factories.organisation()
    case = typed()
    token = link_of(case)
    assert set(all_at_once(lambda: undo.take_back(token), lambda: undo.take_back(token))) == {Undone.TAKEN_BACK}
    assert case.messages.filter(intent=Intent.REPLY.value).count() == 1
    assert audit.verify()[1] is None
