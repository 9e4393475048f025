"""Who may see a case and who never may, whatever asks: readers, parties, emergency access, mails to the staff."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from identity.models import User
from identity.services import accounts
from requests_app.domain.enums import Action, Outcome, Role, StaffNotice, Stage
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, BreakGlass, Case, CaseReader, Message, Note
from requests_app.services import (
    break_glass,
    colleagues,
    decision,
    digest_facts,
    intake,
    lifecycle,
    looks,
    notes,
    readers,
    retention,
    roster,
    shield,
    staff_notice,
    still_news,
)
from tests import factories
from tests.identity.together import at_once

pytestmark = pytest.mark.django_db

WHY = "A colleague asks for their own data."
URGENT = "The person stands at the door and waits for it."


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    factories.organisation()


def shielded(handler: User, *others: User) -> Case:
    case = factories.case()
    return shield.shield(
        case.pk, [handler.pk, *(one.pk for one in others)], WHY, actor=handler.as_actor(), user=handler
    )


def sees(user: User, case: Case) -> bool:
    visible = Case.objects.visible_to(user).filter(pk=case.pk).exists()
    assert visible is not Case.objects.hidden_from(user).filter(pk=case.pk).exists()
    return visible


def refused(reason: str) -> "pytest.RaisesExc[ActionRefused]":
    return pytest.raises(ActionRefused, match=f"^{reason}$")


def test_only_readers_see_a_shielded_case() -> None:
    handler, other = factories.staff(), factories.staff(Role.DECISION_MAKER, Role.ADMINISTRATOR)
    case = shielded(handler)
    assert sees(handler, case)
    assert not sees(other, case)
    assert Note.objects.get(case=case).text == WHY
    assert AuditEntry.objects.get(action="case.shielded").details["added"] == [str(handler.pk)]


def test_readers_come_and_go_and_the_shield_is_lifted() -> None:
    handler, approver, other = factories.staff(), factories.staff(Role.APPROVER), factories.staff()
    case = shielded(handler)
    shield.shield(case.pk, [handler.pk, approver.pk], WHY, actor=handler.as_actor(), user=handler)
    assert sees(approver, case)
    shield.shield(case.pk, [handler.pk], WHY, actor=handler.as_actor(), user=handler)
    assert not sees(approver, case)
    shield.lift(case.pk, WHY, actor=handler.as_actor(), user=handler)
    assert sees(other, case)
    assert not CaseReader.objects.exists()


def test_what_a_shield_needs() -> None:
    handler, approver, holder = factories.staff(), factories.staff(Role.APPROVER), factories.staff()
    administrator, case = factories.staff(Role.ADMINISTRATOR), factories.case()
    how: dict[str, Any] = {"actor": handler.as_actor(), "user": handler}
    with refused("note_missing"):
        shield.shield(case.pk, [handler.pk], " ", **how)
    with refused("shield_reader_unfit"):
        shield.shield(case.pk, [handler.pk, administrator.pk], WHY, **how)
    with refused("shield_nobody_handles"):
        shield.shield(case.pk, [approver.pk], WHY, **how)
    notes.assign(case.pk, holder.pk, actor=handler.as_actor())
    with refused("shield_holder"):
        shield.shield(case.pk, [handler.pk], WHY, **how)
    with refused("shield_nobody"):
        shield.lift(case.pk, WHY, **how)
    assert not AuditEntry.objects.filter(action__startswith="case.shield").exists()


def test_emergency_access_changes_no_reader() -> None:
    handler, other = factories.staff(), factories.staff()
    case = shielded(handler)
    break_glass.ask(case.reference, URGENT, user=other)
    with refused("shield_readers_only"):
        shield.lift(case.pk, WHY, actor=other.as_actor(), user=other)
    with refused("shield_readers_only"):
        shield.shield(case.pk, [other.pk], WHY, actor=other.as_actor(), user=other)


def test_a_shielded_case_is_given_to_readers_only() -> None:
    handler, other = factories.staff(), factories.staff()
    case = shielded(handler)
    with refused("assignee_no_reader"):
        notes.assign(case.pk, other.pk, actor=handler.as_actor())
    assert notes.assign(case.pk, handler.pk, actor=handler.as_actor()).assignee_id == handler.pk


def test_an_approver_is_missed_who_is_not_the_one_who_prepares() -> None:
    handler, decider = factories.staff(), factories.staff(Role.DECISION_MAKER)
    assert shield.lacks_approver(shielded(handler))
    assert shield.lacks_approver(shielded(decider))  # alone: nobody releases their own work
    assert not shield.lacks_approver(shielded(handler, decider))


@pytest.mark.parametrize("column", ["person_email", "concerned_known_as"])
def test_ones_own_case_is_not_there(column: str) -> None:
    handler = factories.staff()
    case = factories.case()
    Case.objects.filter(pk=case.pk).update(**{column: handler.email.upper()})
    assert not sees(handler, case)
    assert sees(factories.staff(), case)


def test_a_party_does_not_see_the_case_and_has_it_no_longer() -> None:
    boss, handler = factories.staff(Role.DECISION_MAKER), factories.staff()
    case = factories.case()
    notes.assign(case.pk, handler.pk, actor=boss.as_actor())
    shield.set_parties(case.pk, [handler.pk], WHY, actor=boss.as_actor(), user=boss)
    case.refresh_from_db()
    assert case.assignee_id is None
    assert not sees(handler, case)
    with refused("assignee_party"):
        notes.assign(case.pk, handler.pk, actor=boss.as_actor())
    shield.set_parties(case.pk, [], WHY, actor=boss.as_actor(), user=boss)
    assert sees(handler, case)


def test_somebody_has_to_stay_who_is_no_party() -> None:
    handler = factories.staff()
    factories.staff(Role.APPROVER)
    with refused("party_all"):
        shield.set_parties(factories.case().pk, [handler.pk], WHY, actor=handler.as_actor(), user=handler)


def test_a_party_is_no_reader_and_emergency_access_does_not_help() -> None:
    handler, second, decider = factories.staff(), factories.staff(), factories.staff(Role.DECISION_MAKER)
    case = shielded(handler, second)
    shield.set_parties(case.pk, [second.pk], WHY, actor=handler.as_actor(), user=handler)
    assert not sees(second, case)
    row = break_glass.ask(case.reference, URGENT, user=second)
    assert row.case is None
    assert not sees(second, case)
    with refused("shield_reader_unfit"):
        shield.shield(case.pk, [handler.pk, second.pk], WHY, actor=handler.as_actor(), user=handler)
    assert Message.objects.filter(to_address=decider.email).count() == 1


def test_a_party_neither_prepares_nor_releases_nor_moves_a_request() -> None:
    boss, party = factories.staff(Role.DECISION_MAKER), factories.staff(Role.HANDLER, Role.APPROVER)
    case = factories.case()
    dsr = case.dsrs.get()
    factories.force(dsr, Stage.DECISION_DRAFT)
    shield.set_parties(case.pk, [party.pk], WHY, actor=boss.as_actor(), user=boss)
    with refused("stands_aside"):
        decision.choose(dsr.pk, Outcome.NO_DATA, "", party.as_actor())
    for action in (Action.SUBMIT, Action.RELEASE, Action.CLOSE):
        with pytest.raises(TransitionDenied, match="stands_aside"):
            lifecycle.advance(dsr.pk, action, party.as_actor())
    reasons = {reason.code for _, reason in lifecycle.available(dsr, party.as_actor()) if reason}
    assert reasons == {"stands_aside"}


def test_nobody_sorts_their_own_request() -> None:
    handler = factories.staff()
    inquiry = factories.inquiry(sender_address=handler.email)
    person = intake.Person(name="x", email=handler.email.upper())
    with refused("own_request"):
        intake.open_case(inquiry, [], person, language="nb", scope="", actor=handler.as_actor())
    case = intake.open_case(inquiry, [], person, language="nb", scope="", actor=factories.staff().as_actor())
    assert not sees(handler, case)


def test_a_colleagues_case_is_proposed_to_be_shielded() -> None:
    organisation, member = factories.organisation(), factories.staff()
    assert colleagues.is_about_one(factories.case(email="ola@optimar.no"), organisation)
    assert colleagues.is_about_one(factories.case(email=member.email), organisation)
    assert not colleagues.is_about_one(factories.case(email="ola@example.com"), organisation)


def test_emergency_access_opens_for_an_hour_and_is_told_at_once() -> None:
    handler, other = factories.staff(), factories.staff(name="Rask Redning")
    decider, officer = factories.staff(Role.DECISION_MAKER), factories.staff(Role.DPO)
    case = shielded(handler)
    row = break_glass.ask(case.reference, URGENT, user=other)
    assert sees(other, case)
    assert AuditEntry.objects.get(action="case.glass_broken").details == {"number": row.pk}
    mails = Message.objects.filter(key__startswith=f"glass:{row.pk}:")
    assert {mail.to_address for mail in mails} == {decider.email, officer.email}
    for mail in mails:
        assert case.reference in mail.subject
        assert "Rask Redning" in mail.body
        assert "Kari" not in mail.body + mail.subject
        assert URGENT not in mail.body
    BreakGlass.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not sees(other, case)


def test_asking_for_nothing_is_kept_and_told_too() -> None:
    factories.staff(Role.DECISION_MAKER)
    row = break_glass.ask("DR-2026-999999-38", URGENT, user=factories.staff())
    assert (row.case, row.until) == (None, None)
    assert AuditEntry.objects.filter(action="glass.nothing_opened", subject=f"glass:{row.pk}").exists()
    assert Message.objects.filter(key__startswith=f"glass:{row.pk}:").count() == 1


def test_a_decision_maker_who_breaks_the_glass_alone_is_told_to_the_readers() -> None:
    handler, decider = factories.staff(), factories.staff(Role.DECISION_MAKER)
    row = break_glass.ask(shielded(handler).reference, URGENT, user=decider)
    assert Message.objects.get(key__startswith=f"glass:{row.pk}:").to_address == handler.email


def test_a_party_is_not_told_of_emergency_access() -> None:
    handler, decider, party = factories.staff(), factories.staff(Role.DECISION_MAKER), factories.staff(Role.DPO)
    case = shielded(handler)
    shield.set_parties(case.pk, [party.pk], WHY, actor=handler.as_actor(), user=handler)
    row = break_glass.ask(case.reference, URGENT, user=factories.staff())
    assert Message.objects.get(key__startswith=f"glass:{row.pk}:").to_address == decider.email


def test_emergency_access_takes_a_reason_and_has_a_limit() -> None:
    user, case = factories.staff(), factories.case()
    with refused("glass_reason_short"):
        break_glass.ask(case.reference, " " * 30 + "because", user=user)
    for _ in range(break_glass.MOST_IN_WINDOW):
        break_glass.ask(case.reference, URGENT, user=user)
    with refused("glass_too_often"):
        break_glass.ask(case.reference, URGENT, user=user)
    assert BreakGlass.objects.count() == break_glass.MOST_IN_WINDOW


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_many_cases_at_once_gets_no_more_tries() -> None:
    user, watching = factories.staff(), factories.staff(Role.DECISION_MAKER)
    shut = [shielded(factories.staff()).reference for _ in range(3 * break_glass.MOST_IN_WINDOW)]

    def ask(reference: str) -> str:
        try:
            return "opened" if break_glass.ask(reference, URGENT, user=user).until else "kept"
        except ActionRefused as refusal:
            return refusal.reason.code

    answers = at_once(*[partial(ask, reference) for reference in shut])
    assert answers.count("opened") == BreakGlass.objects.count() == break_glass.MOST_IN_WINDOW
    assert answers.count("glass_too_often") == 2 * break_glass.MOST_IN_WINDOW
    assert Message.objects.filter(to_address=watching.email, key__startswith="glass:").count() == len(shut) // 3


def test_the_reason_goes_with_the_case() -> None:
    case = factories.case()
    break_glass.ask(case.reference, URGENT, user=factories.staff())
    factories.close(case, timezone.now() - retention.CORRESPONDENCE_KEPT - timedelta(days=1))
    retention.sweep()
    assert BreakGlass.objects.get().reason == ""


def test_what_opened_nothing_goes_after_three_years() -> None:
    break_glass.ask("DR-2026-999999-38", URGENT, user=factories.staff())
    retention.sweep()
    assert BreakGlass.objects.exists()
    BreakGlass.objects.update(at=timezone.now() - looks.KEPT - timedelta(days=1))
    retention.sweep()
    assert not BreakGlass.objects.exists()


def test_staff_mails_of_a_shielded_case_reach_readers_only() -> None:
    handler, other, decider = factories.staff(), factories.staff(), factories.staff(Role.DECISION_MAKER)
    case = shielded(handler)
    told = staff_notice.recipients(case, [other, decider], roster.of(roster.today()))
    assert told == [handler]
    assert staff_notice.recipients(None, [other, decider], roster.of(roster.today())) == [other, decider]


def test_a_notice_goes_to_any_reader_where_none_could_take_the_case() -> None:
    handler, approver = factories.staff(), factories.staff(Role.APPROVER)
    case = shielded(handler, approver)
    User.objects.filter(pk=handler.pk).update(is_active=False)
    assert staff_notice.tell_of_case(StaffNotice.REPLIED, case, "requests_app/mail/person_replied", {}, key="replied:1")
    assert Message.objects.get(key__startswith="replied:1:").to_address == approver.email


def test_a_case_that_has_lost_its_readers_is_told_to_the_decision_maker_and_gets_new_ones() -> None:
    handler, decider, successor = factories.staff(), factories.staff(Role.DECISION_MAKER), factories.staff()
    case = shielded(handler)
    User.objects.filter(pk=handler.pk).update(is_active=False)
    assert staff_notice.recipients(case, [handler], roster.of(roster.today())) == [decider]
    break_glass.ask(case.reference, URGENT, user=decider)
    shield.shield(case.pk, [successor.pk], WHY, actor=decider.as_actor(), user=decider)
    assert sees(successor, case)


def test_a_mail_that_waited_is_not_told_to_whom_is_no_reader_any_more() -> None:
    handler, other = factories.staff(), factories.staff()
    case = factories.case()
    Case.objects.filter(pk=case.pk).update(unread_since=timezone.now())
    message = case.messages.get()
    key = f"replied:{message.pk}:{other.pk}"
    assert still_news.notice_holds(key)
    shield.shield(case.pk, [handler.pk], WHY, actor=handler.as_actor(), user=handler)
    assert not still_news.notice_holds(key)
    assert still_news.notice_holds(f"replied:{message.pk}:{handler.pk}")


def test_a_mail_that_waited_is_not_told_to_whom_has_left() -> None:
    case, leaver = factories.case(), factories.staff()
    Case.objects.filter(pk=case.pk).update(unread_since=timezone.now())
    key = f"replied:{case.messages.get().pk}:{leaver.pk}"
    assert still_news.notice_holds(key)
    accounts.deactivate(leaver.pk, actor=SYSTEM)
    assert not still_news.notice_holds(key)


def test_staff_mails_of_a_case_never_reach_its_parties() -> None:
    boss, party, handler = factories.staff(Role.DECISION_MAKER), factories.staff(), factories.staff()
    case = factories.case()
    shield.set_parties(case.pk, [party.pk], WHY, actor=boss.as_actor(), user=boss)
    told = staff_notice.recipients(case, [party], roster.of(roster.today()))
    assert party not in told
    assert set(told) == {boss, handler}


def test_the_morning_mail_names_no_shielded_case_to_others() -> None:
    handler, decider = factories.staff(), factories.staff(Role.DECISION_MAKER)
    case = factories.case(received_at=timezone.now() - timedelta(days=50))
    since, day = timezone.now() - timedelta(days=1), roster.today()
    before = digest_facts.of(decider, day, roster.of(day), since=since)
    assert case.reference in str(before)
    shield.shield(case.pk, [handler.pk], WHY, actor=handler.as_actor(), user=handler)
    assert case.reference not in str(digest_facts.of(decider, day, roster.of(day), since=since))
    assert case.reference in str(digest_facts.of(handler, day, roster.of(day), since=since))


def test_the_machine_is_no_party() -> None:
    assert readers.why_stands_aside(factories.case().pk, factories.staff().as_actor()) is None
