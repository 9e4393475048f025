"""The morning mail: on working days, once for each person, with facts and no names."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from time_machine import travel

from exports.domain.enums import TaskMode
from exports.models import SystemTask
from identity.models import User
from identity.services import absence, accounts
from requests_app.domain.enums import Intent, MessageState, RequirementKind, Right, Role, StaffNotice, Stage
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, DataSubjectRequest, Decision, DigestSent, HeldNotice, Message, Requirement
from requests_app.services import correspondence, digest, digest_facts, notes, reminders, staff_news
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
RECEIVED = datetime(2026, 2, 25, 10, tzinfo=UTC)  # due on 25 March


@pytest.fixture(autouse=True)
def house() -> None:
    factories.organisation()


def employed(*roles: Role, language: str = "en") -> User:
    """Return an account that is older than all that happens here."""
    user = factories.staff(*roles)
    user.language, user.date_joined = language, datetime(2026, 1, 2, tzinfo=UTC)
    user.save()
    return user


def at(day: date, hour: int = 7, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO)


def mails() -> list[Message]:
    return list(Message.objects.filter(intent=Intent.REMINDER, key__startswith="digest:").order_by("pk"))


def sweep_at(moment: datetime) -> list[Message]:
    """Return what one sweep writes."""
    before = {message.pk for message in mails()}
    with travel(moment, tick=False):
        digest.sweep()
    return [message for message in mails() if message.pk not in before]


def case_of(user: User | None, *rights: Right, received_at: datetime = RECEIVED) -> Case:
    case = factories.case(*rights, received_at=received_at)
    if user:
        notes.assign(case.pk, user.pk, actor=SYSTEM)
    return case


def body_of(user: User, moment: datetime) -> str:
    (body,) = [message.body for message in sweep_at(moment) if message.to_address == user.email] or [""]
    return body


def section(body: str, heading: str) -> str:
    """Return what stands under a heading, up to the next blank line; empty without it."""
    return body.partition(heading)[2].partition("\n\n")[0] if heading in body else ""


def test_a_week_has_five_mornings_and_easter_has_three() -> None:
    hanne = employed()
    case_of(hanne)
    mornings = []
    for number in range(14):  # from Monday 23 March; Maundy Thursday is 2 April, Easter Monday the 6th
        day = date(2026, 3, 23) + timedelta(days=number)
        for hour in (0, 6, 7, 8, 12, 23):
            if sweep_at(at(day, hour)):
                mornings.append((day.day, hour))
    assert mornings == [(day, 7) for day in (23, 24, 25, 26, 27, 30, 31, 1)]


def test_the_first_morning_of_summer_time_comes_at_its_own_seven_o_clock() -> None:
    case_of(employed())
    assert sweep_at(datetime(2026, 3, 27, 5, 59, tzinfo=UTC)) == []
    assert sweep_at(datetime(2026, 3, 27, 6, 0, tzinfo=UTC)) != []
    assert sweep_at(datetime(2026, 3, 30, 4, 59, tzinfo=UTC)) == []
    assert sweep_at(datetime(2026, 3, 30, 5, 0, tzinfo=UTC)) != []


def test_the_hour_is_a_setting() -> None:
    case_of(employed())
    with override_settings(DIGEST_AT=at(date(2026, 3, 23), 9, 30).time()):
        assert sweep_at(at(date(2026, 3, 23), 9, 29)) == []
        assert len(sweep_at(at(date(2026, 3, 23), 9, 30))) == 1


def test_after_days_of_downtime_only_today_is_told() -> None:
    hanne = employed()
    case_of(hanne)
    assert len(sweep_at(at(date(2026, 3, 25)))) == 1
    (late,) = sweep_at(at(date(2026, 3, 31), 15))
    assert "31 March 2026" in late.subject
    assert list(DigestSent.objects.values_list("day", flat=True)) == [date(2026, 3, 25), date(2026, 3, 31)]


def test_nothing_to_say_is_no_mail_and_does_not_come_later_in_the_day() -> None:
    hanne = employed()
    assert sweep_at(at(date(2026, 3, 23))) == []
    case_of(hanne)
    assert sweep_at(at(date(2026, 3, 23), 10)) == []
    assert len(sweep_at(at(date(2026, 3, 24)))) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_mail() -> None:
    case_of(employed())
    with travel(at(date(2026, 3, 25)), tick=False):
        assert sum(together(4, digest.sweep)) == 1
    assert len(mails()) == DigestSent.objects.count() == 1


def test_a_mail_that_cannot_be_written_leaves_no_row_that_says_it_was_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hanne, ola = employed(), employed()
    case_of(None)
    facts = digest_facts.of

    def refuse(person: User, *given: Any, **named: Any) -> digest_facts.Facts:
        if person.pk == hanne.pk:
            raise LookupError("no words")
        return facts(person, *given, **named)

    monkeypatch.setattr(digest_facts, "of", refuse)
    assert [mail.to_address for mail in sweep_at(at(date(2026, 3, 25)))] == [ola.email]
    assert list(DigestSent.objects.values_list("user", flat=True)) == [ola.pk]
    monkeypatch.undo()
    assert [mail.to_address for mail in sweep_at(at(date(2026, 3, 25), 8))] == [hanne.email]


def test_my_cases_stand_under_what_is_urgent_about_them() -> None:
    hanne = employed()
    late, today = case_of(hanne, received_at=RECEIVED), case_of(hanne, Right.ERASURE, received_at=RECEIVED)
    soon, far = case_of(hanne), case_of(hanne)
    day = date(2026, 3, 25)
    for case, due, act_by in (
        (late, day - timedelta(days=1), day - timedelta(days=1)),
        (today, day + timedelta(days=2), day),
        (soon, day + timedelta(days=5), day + timedelta(days=5)),
        (far, day + timedelta(days=6), day + timedelta(days=6)),
    ):
        DataSubjectRequest.objects.filter(case=case).update(effective_due=due, act_by=act_by)
    body = body_of(hanne, at(day))
    assert section(body, "Overdue, and without an answer:").split("\n")[1:] == [
        f"- {late.reference}, Access, due 24 March 2026",
        f"  http://localhost:8000/desk/cases/{late.reference}/",
    ]
    assert f"- {today.reference}, Erasure, due 27 March 2026" in section(body, "Must be answered today:")
    assert f"- {soon.reference}, Access, due 30 March 2026" in section(body, "Due within five days:")
    assert far.reference not in body


def test_an_answered_request_and_the_cases_of_colleagues_are_not_mine() -> None:
    hanne, ola = employed(), employed()
    answered, other = case_of(hanne), case_of(ola)
    factories.force(answered.dsrs.get(), Stage.RELEASED)
    assert body_of(hanne, at(date(2026, 3, 25))) == ""
    (mail,) = mails()
    assert (mail.to_address, other.reference in mail.body) == (ola.email, True)


def test_what_nobody_has_is_told_to_everybody_who_could_take_it() -> None:
    hanne, siv, reader = employed(), employed(Role.DECISION_MAKER), employed(Role.DPO)
    case = case_of(None)
    told = {message.to_address: message.body for message in sweep_at(at(date(2026, 3, 25)))}
    assert set(told) == {hanne.email, siv.email}
    assert case.reference in section(told[hanne.email], "Urgent, and nobody is there who has them:")
    assert reader.email not in told


def test_the_deputy_reads_of_the_cases_of_who_is_away_and_the_absent_of_nothing() -> None:
    hanne, ola, third = employed(), employed(), employed()
    case = case_of(hanne)
    absence.change(hanne.pk, date(2026, 3, 23), date(2026, 3, 27), ola.pk, actor=SYSTEM)
    (mail,) = sweep_at(at(date(2026, 3, 25)))
    assert mail.to_address == ola.email
    assert case.reference in section(mail.body, "Must be answered today:")
    (back,) = sweep_at(at(date(2026, 3, 30)))
    assert back.to_address == hanne.email
    assert not Message.objects.filter(to_address=third.email).exists()


def test_a_circle_of_absent_deputies_leaves_their_cases_to_who_is_there() -> None:
    hanne, ola, third = employed(), employed(), employed()
    case = case_of(hanne)
    absence.change(hanne.pk, date(2026, 3, 23), None, ola.pk, actor=SYSTEM)
    absence.change(ola.pk, date(2026, 3, 23), None, hanne.pk, actor=SYSTEM)
    (mail,) = sweep_at(at(date(2026, 3, 25)))
    assert mail.to_address == third.email
    assert case.reference in section(mail.body, "Urgent, and nobody is there who has them:")


def test_a_closed_account_gets_none_and_its_cases_are_nobodys() -> None:
    hanne, ola = employed(), employed()
    case = case_of(hanne)
    accounts.deactivate(hanne.pk, actor=SYSTEM)
    (mail,) = sweep_at(at(date(2026, 3, 25)))
    assert mail.to_address == ola.email
    assert case.reference in section(mail.body, "Urgent, and nobody is there who has them:")


def test_who_came_after_the_hour_begins_with_the_next_morning() -> None:
    hanne = employed()
    case_of(hanne)
    User.objects.filter(pk=hanne.pk).update(date_joined=at(date(2026, 3, 25), 8))
    assert sweep_at(at(date(2026, 3, 25), 9)) == []
    assert len(sweep_at(at(date(2026, 3, 26)))) == 1


def test_who_wants_none_gets_none_but_what_was_put_off_for_it() -> None:
    hanne = employed()
    case = case_of(hanne)
    absence.choose_mails(hanne, digest=True, only_in_digest=[StaffNotice.REPLIED])
    with travel(at(date(2026, 3, 24), 12), tick=False):
        staff_news.tell_replied(correspondence.receive(case, body="Hei", at=at(date(2026, 3, 24))).pk)
    absence.choose_mails(hanne, digest=False, only_in_digest=[])
    body = body_of(hanne, at(date(2026, 3, 25)))
    held = section(body, "What you wanted to read about in the morning:")
    assert f"- The person of a case has written: {case.reference}" in held
    assert sweep_at(at(date(2026, 3, 26))) == []
    assert HeldNotice.objects.get().told_on == date(2026, 3, 25)


def test_what_was_put_off_is_told_once_and_forgotten_a_month_later() -> None:
    hanne = employed()
    row = HeldNotice.objects.create(
        user=hanne, kind="assigned", reference="DR-2026-000001-01", key="a:1", held_at=at(date(2026, 3, 20))
    )
    assert "Somebody gave you a case: DR-2026-000001-01" in body_of(hanne, at(date(2026, 3, 23)))
    assert sweep_at(at(date(2026, 3, 24))) == []
    assert HeldNotice.objects.filter(pk=row.pk).exists()
    sweep_at(at(date(2026, 4, 23)))
    assert not HeldNotice.objects.exists()


def test_what_was_put_off_and_is_no_news_any_more_is_not_told() -> None:
    hanne, ola = employed(), employed()
    puts_off = [StaffNotice.REPLIED, StaffNotice.ASSIGNED, StaffNotice.DUE_SOON, StaffNotice.BOUNCED]
    absence.choose_mails(hanne, digest=True, only_in_digest=puts_off)
    late, read, gone, arrived = (case_of(hanne) for _ in range(4))
    with travel(at(date(2026, 3, 24), 12), tick=False):
        for case in (late, gone):  # two days are left: of one until the answer goes
            DataSubjectRequest.objects.filter(case=case).update(next_milestone_on=date(2026, 3, 24))
        reminders.sweep()
        staff_news.tell_replied(correspondence.receive(read, body="Hei", at=at(date(2026, 3, 24))).pk)
        gone.refresh_from_db()
        staff_news.tell_assigned(gone.pk, hanne.pk, gone.version)
        mail = correspondence.write_to_person(arrived.pk, subject="a", body="b", actor=ola.as_actor())
        staff_news.tell_bounced(mail.pk, 1)
    held = sorted(HeldNotice.objects.values_list("kind", "reference"))
    assert held == sorted([
        ("assigned", gone.reference), ("bounced", arrived.reference), ("replied", read.reference),
        *(("due_soon", case.reference) for case in (late, read, gone, arrived)),
    ])  # fmt: skip
    with travel(at(date(2026, 3, 24), 15), tick=False):
        correspondence.mark_read(read.pk, actor=hanne.as_actor())
        notes.assign(gone.pk, ola.pk, actor=SYSTEM)
        Message.objects.filter(pk=mail.pk).update(state=MessageState.SENT.value, sent_at=at(date(2026, 3, 24), 15))
        for case in (read, gone, arrived):
            factories.force(case.dsrs.get(), Stage.RELEASED, answer_sent_at=at(date(2026, 3, 24), 15))
    with travel(at(date(2026, 3, 25), 0, 5), tick=False):
        reminders.sweep()  # the last day of the one that is late: of it alone is anything said
    body = body_of(hanne, at(date(2026, 3, 25)))
    assert section(body, "What you wanted to read about in the morning:").split("\n")[1:] == [
        f"- Three days or fewer are left, or none: {late.reference}",
        f"  http://localhost:8000/desk/cases/{late.reference}/",
    ]
    assert [row.reference for row in HeldNotice.objects.all()] == [late.reference]


def test_a_goal_that_stood_in_a_late_morning_mail_does_not_stand_in_the_next() -> None:
    hanne = employed()
    case = case_of(hanne, received_at=datetime(2026, 3, 2, 10, tzinfo=UTC))  # half of the time is gone on the 17th
    goal = f"- {case.reference}, Access: Half of the time is gone"
    with travel(at(date(2026, 3, 17), 14), tick=False):  # after a morning on which nothing ran
        reminders.sweep()
    assert goal in section(body_of(hanne, at(date(2026, 3, 17), 15)), "This should be done by now:")
    with travel(at(date(2026, 3, 17), 16), tick=False):
        other = case_of(hanne, received_at=datetime(2026, 3, 2, 10, tzinfo=UTC))
        reminders.sweep()
    body = body_of(hanne, at(date(2026, 3, 18)))
    assert case.reference not in section(body, "This should be done by now:")
    assert other.reference in section(body, "This should be done by now:")


def test_unread_replies_failed_mails_tasks_and_the_inbox_are_counted() -> None:
    hanne = employed()
    case = case_of(hanne)
    dsr = case.dsrs.get()
    correspondence.receive(case, body="Hei", at=at(date(2026, 3, 20)))
    lost = correspondence.write_to_person(case.pk, subject="a", body="b", actor=hanne.as_actor())
    Message.objects.filter(pk=lost.pk).update(state=MessageState.FAILED.value)
    Case.objects.filter(pk=case.pk).update(unread_since=at(date(2026, 3, 20)))
    for system in ("crm", "shop"):
        SystemTask.objects.create(
            dsr=dsr, system=system, system_name=system, mode=TaskMode.MANUAL.value, due_on=date(2026, 4, 1)
        )
    factories.inquiry(received_at=at(date(2026, 3, 18)))
    body = body_of(hanne, at(date(2026, 3, 25)))
    assert case.reference in section(body, "Messages that nobody has answered:")
    assert case.reference in section(body, "Mails that did not reach the person:")
    assert "2 tasks in systems wait for you:" in body
    assert "1 unsorted in the inbox, the oldest since 18 March 2026:" in body


def test_an_approver_reads_what_somebody_else_prepared() -> None:
    hanne, siv, eva = employed(), employed(Role.APPROVER), employed(Role.APPROVER)
    case = case_of(hanne, received_at=at(date(2026, 3, 24)))
    dsr = case.dsrs.get()
    factories.force(dsr, Stage.IN_REVIEW)
    dsr.refresh_from_db()
    Decision.objects.update_or_create(dsr=dsr, defaults={"prepared_by": eva})
    told = {message.to_address: message.body for message in sweep_at(at(date(2026, 3, 25)))}
    assert case.reference in section(told[siv.email], "Waiting for approval:")
    assert eva.email not in told


def test_who_decides_reads_what_is_overdue_with_others_and_what_holds_answers_up() -> None:
    hanne, siv = employed(), employed(Role.DECISION_MAKER)
    late, held = case_of(hanne), case_of(hanne, received_at=at(date(2026, 3, 24)))
    dsr = held.dsrs.get()
    factories.force(dsr, Stage.DECISION_DRAFT)
    Requirement.objects.update_or_create(dsr=dsr, kind=RequirementKind.REGISTER.value, defaults={"state": "open"})
    body = body_of(siv, at(date(2026, 3, 30)))
    assert late.reference in section(body, "Overdue with colleagues:")
    assert f"- {held.reference}, Access: Register, due" in section(body, "Prepared answers that lack something:")
    assert late.reference not in section(body, "Overdue, and without an answer:")


def test_the_mail_names_nobody_and_speaks_the_language_of_its_reader() -> None:
    hanne, ola = employed(language="nb"), employed(language="en")
    case = case_of(None)
    told = {message.to_address: message for message in sweep_at(at(date(2026, 3, 25)))}
    assert "Innsyn, frist 25. mars 2026" in told[hanne.email].body
    assert "Access, due 25 March 2026" in told[ola.email].body
    for message in told.values():
        for secret in (case.person_name, case.person_email):
            assert secret not in message.subject + message.body


def test_a_long_list_says_how_many_more_there_are() -> None:
    hanne = employed()
    for _ in range(22):
        case_of(hanne)
    today = section(body_of(hanne, at(date(2026, 3, 25))), "Must be answered today:")
    assert today.count("/desk/cases/") == 20
    assert today.endswith("- and 2 more")


def test_too_few_approvers_at_easter_are_told_to_who_can_do_something_about_it() -> None:
    hanne, siv, berit = employed(), employed(Role.DECISION_MAKER), employed(Role.ADMINISTRATOR)
    eva = employed(Role.APPROVER)
    assert sweep_at(at(date(2026, 3, 16))) == []
    absence.change(eva.pk, date(2026, 3, 30), date(2026, 4, 6), None, actor=SYSTEM)
    assert sweep_at(at(date(2026, 3, 13))) == []
    told = {message.to_address: message.body for message in sweep_at(at(date(2026, 3, 17)))}
    assert set(told) == {siv.email, berit.email}
    assert "over Easter, from 30 March 2026 to 1 April 2026, only one approver is there" in told[berit.email]
    assert hanne.email not in told
