"""Who gets a mail: whoever it is meant for, or who stands in; at once, or in the morning."""

from datetime import UTC, date, datetime

import pytest
from time_machine import travel

from identity.models import User
from identity.services import absence, accounts
from requests_app.domain.enums import Intent, MessageState, Role, StaffNotice
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, HeldNotice, Message, OutboxEvent
from requests_app.services import correspondence, notes, staff_news, staff_notice
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 3, 25, 9, tzinfo=UTC)
TEMPLATE = "requests_app/mail/person_replied"


def away(user: User, deputy: User | None = None, *, until: date | None = None) -> User:
    return absence.change(user.pk, date(2026, 3, 23), until, deputy.pk if deputy else None, actor=SYSTEM)


def told(*people: User, notice: StaffNotice = StaffNotice.REPLIED, key: str = "news:1") -> set[str]:
    """Tell these people and return to whom a mail was written."""
    with travel(TODAY, tick=False):
        staff_notice.tell(notice, people, TEMPLATE, {"reference": "DR-2026-000001-01"}, key=key)
    return set(Message.objects.filter(intent=Intent.REMINDER, key__startswith=key).values_list("to_address", flat=True))


@pytest.fixture(autouse=True)
def house() -> None:
    factories.organisation()


def test_who_is_there_gets_what_is_meant_for_them() -> None:
    hanne, _other = factories.staff(), factories.staff()
    assert told(hanne) == {hanne.email}


def test_the_deputy_gets_what_is_meant_for_somebody_who_is_away() -> None:
    hanne, ola, _third = factories.staff(), factories.staff(), factories.staff()
    away(hanne, ola)
    assert told(hanne) == {ola.email}


def test_the_last_day_of_an_absence_is_part_of_it() -> None:
    hanne, ola = factories.staff(), factories.staff()
    away(hanne, ola, until=date(2026, 3, 25))
    assert told(hanne) == {ola.email}
    away(hanne, ola, until=date(2026, 3, 24))
    assert told(hanne, key="news:2") == {hanne.email}


def test_the_deputy_of_a_deputy_stands_in() -> None:
    hanne, ola, siv = factories.staff(), factories.staff(), factories.staff()
    away(hanne, ola)
    away(ola, siv)
    assert told(hanne) == {siv.email}


def test_deputies_in_a_circle_end_with_everybody_who_could_take_it() -> None:
    hanne, ola, siv = factories.staff(), factories.staff(), factories.staff(Role.DECISION_MAKER)
    factories.staff(Role.APPROVER)
    away(hanne, ola)
    away(ola, hanne)
    assert told(hanne) == {siv.email}


def test_a_deputy_whose_account_was_closed_does_not_count() -> None:
    hanne, ola, siv = factories.staff(), factories.staff(), factories.staff()
    away(hanne, ola)
    accounts.deactivate(ola.pk, actor=SYSTEM)
    assert told(hanne) == {siv.email}


def test_what_is_meant_for_a_closed_account_goes_to_who_could_take_it() -> None:
    hanne, siv = factories.staff(), factories.staff()
    accounts.deactivate(hanne.pk, actor=SYSTEM)
    assert told(hanne) == {siv.email}


def test_where_everybody_is_away_it_waits_for_all_of_them() -> None:
    hanne, ola = factories.staff(), factories.staff()
    away(hanne)
    away(ola)
    assert told(hanne) == {hanne.email, ola.email}


def test_two_who_have_the_same_deputy_fill_one_mail() -> None:
    hanne, ola, siv = factories.staff(), factories.staff(), factories.staff()
    away(hanne, siv)
    away(ola, siv)
    assert told(hanne, ola) == {siv.email}


def test_what_somebody_puts_off_is_kept_for_the_morning() -> None:
    hanne = factories.staff()
    absence.choose_mails(hanne, digest=True, only_in_digest=[StaffNotice.REPLIED])
    assert told(hanne) == told(hanne) == set()
    row = HeldNotice.objects.get()
    assert (row.user_id, row.kind, row.reference) == (hanne.pk, "replied", "DR-2026-000001-01")
    assert told(hanne, notice=StaffNotice.BOUNCED, key="news:2") == {hanne.email}


def test_the_deputy_reads_it_as_the_deputy_likes() -> None:
    hanne, ola = factories.staff(), factories.staff()
    absence.choose_mails(ola, digest=True, only_in_digest=[StaffNotice.REPLIED])
    away(hanne, ola)
    assert told(hanne) == set()
    assert HeldNotice.objects.get().user_id == ola.pk


def test_a_hard_alarm_reaches_who_decides_at_once_whatever_the_row_says() -> None:
    siv, ola = factories.staff(Role.DECISION_MAKER), factories.staff(Role.HANDLER)
    User.objects.update(only_in_digest=["hard_alarm"])
    assert told(siv, ola, notice=StaffNotice.HARD_ALARM) == {siv.email}


def test_without_a_morning_mail_nothing_waits_for_it() -> None:
    hanne = factories.staff()
    User.objects.update(wants_digest=False, only_in_digest=["replied"])
    assert told(hanne) == {hanne.email}


def mails(case: Case) -> list[tuple[str, str]]:
    rows = Message.objects.filter(intent=Intent.REMINDER, case=None).order_by("pk")
    return [(row.to_address, str(row.key).split(":")[0]) for row in rows if case.reference in row.subject]


def work() -> None:
    """Do what the outbox owes to the staff, twice: it may."""
    for row in [*OutboxEvent.objects.order_by("pk")] * 2:
        verb = row.handler.rpartition(".")[2]
        if hasattr(staff_news, verb):
            getattr(staff_news, verb)(**row.payload)


def test_who_is_given_a_case_is_told_and_who_takes_it_is_not() -> None:
    hanne, ola, case = factories.staff(), factories.staff(), factories.case()
    notes.assign(case.pk, hanne.pk, actor=hanne.as_actor())
    work()
    assert mails(case) == []
    notes.assign(case.pk, ola.pk, actor=hanne.as_actor())
    work()
    assert mails(case) == [(ola.email, "assigned")]


def test_a_case_that_went_on_is_no_news_for_who_had_it() -> None:
    hanne, ola, case = factories.staff(), factories.staff(), factories.case()
    notes.assign(case.pk, ola.pk, actor=hanne.as_actor())
    notes.assign(case.pk, hanne.pk, actor=hanne.as_actor())
    work()
    assert mails(case) == []


def test_the_person_who_writes_is_told_of_once_until_somebody_reads() -> None:
    hanne, case = factories.staff(), factories.case()
    for text in ("Hei", "Er dere der?"):
        correspondence.receive(case, body=text, at=TODAY)
    work()
    assert mails(case) == [(hanne.email, "replied")]
    correspondence.mark_read(case.pk, actor=hanne.as_actor())
    correspondence.receive(case, body="Takk", at=TODAY)
    work()
    assert mails(case) == [(hanne.email, "replied")] * 2


def test_what_was_read_before_the_mail_is_not_written_about() -> None:
    hanne, case = factories.staff(), factories.case()
    correspondence.receive(case, body="Hei", at=TODAY)
    correspondence.mark_read(case.pk, actor=hanne.as_actor())
    work()
    assert mails(case) == []


def test_a_notice_to_the_staff_that_fails_makes_no_other() -> None:
    factories.staff()
    case = factories.case()
    lost = correspondence.notify_staff("x@optimar.example", "nb", TEMPLATE, {"reference": case.reference}, key="a:1")
    Message.objects.filter(pk=lost.pk).update(state=MessageState.FAILED.value)
    staff_news.tell_bounced(lost.pk, 1)
    assert len(mails(case)) == 1


def test_a_mail_of_a_case_that_fails_is_told_to_who_has_it() -> None:
    hanne, ola, case = factories.staff(), factories.staff(), factories.case()
    notes.assign(case.pk, ola.pk, actor=ola.as_actor())
    message = correspondence.write_to_person(case.pk, subject="a", body="b", actor=hanne.as_actor())
    staff_news.tell_bounced(message.pk, 1)
    staff_news.tell_bounced(message.pk, 1)
    assert mails(case) == [(ola.email, "bounced")]
    staff_news.tell_bounced(message.pk, 2)
    assert mails(case) == [(ola.email, "bounced")] * 2
