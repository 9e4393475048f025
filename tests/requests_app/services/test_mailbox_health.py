"""Outages of a mailbox: noticed after half an hour, told once, and told when they are over."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings
from time_machine import travel

from identity.models import User
from requests_app.domain.enums import Intent, MailboxFault, Role
from requests_app.mailbox.sources import SourceError
from requests_app.models import AuditEntry, MailboxHealth, Message
from requests_app.services import mailbox_health
from tests import factories

pytestmark = pytest.mark.django_db

NAME = "imaps://info@optimar.example@mail.example"
URL = "imaps://info%40optimar.example:hemmelig@mail.example/INBOX"
NOON = datetime(2026, 9, 1, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _house(settings: Settings) -> None:
    """An administrator who reads Norwegian, a decision-maker who reads English, and a handler; one mailbox."""
    settings.MAILBOX_URLS = [URL]
    factories.organisation()
    for role, language in ((Role.ADMINISTRATOR, "nb"), (Role.DECISION_MAKER, "en"), (Role.HANDLER, "nb")):
        person = factories.staff(role)
        person.language = language
        person.save(update_fields=["language"])


def fetched(minutes: int) -> None:
    """The mailbox is read so many minutes after noon."""
    with travel(NOON + timedelta(minutes=minutes), tick=False):
        mailbox_health.fetched(NAME, waiting_since=None)


def failed(minutes: int, fault: MailboxFault = MailboxFault.LOGIN, waiting_since: float | None = None) -> None:
    """The mailbox cannot be read then."""
    error = SourceError(f"the mailbox {NAME} …", fault)
    error.waiting_since = waiting_since
    with travel(NOON + timedelta(minutes=minutes), tick=False):
        mailbox_health.failed(NAME, error)


def went_on(*minutes: int) -> None:
    """A look at the mailbox begins or goes on at these times."""
    for one in minutes:
        with travel(NOON + timedelta(minutes=one), tick=False):
            mailbox_health.went_on(NAME)


def swept(*minutes: int) -> int:
    """What the timetable finds at these times, in all."""
    found = 0
    for one in minutes:
        with travel(NOON + timedelta(minutes=one), tick=False):
            found += mailbox_health.sweep()
    return found


def told() -> list[str]:
    """The subjects of what the staff were written, in order."""
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


def test_half_an_hour_of_silence_is_told_once_to_those_who_can_see_to_it() -> None:
    fetched(0)
    failed(29)
    assert swept(30) == 0
    assert swept(31, 32, 33, 90) == 1
    assert told() == [f"Det hentes ikke e-post fra {NAME}", f"No mail is being fetched from {NAME}"]
    english = Message.objects.get(language="en")
    assert english.to_address == User.objects.get(role_rows__role=Role.DECISION_MAKER).email
    assert english.intent == Intent.REMINDER
    assert "since 1 September 2026, 12:00" in english.body
    assert "Reason: the server does not accept the user and password." in english.body


def test_its_end_is_told_once_and_the_next_outage_anew() -> None:
    fetched(0)
    assert swept(31, 32) == 1
    fetched(40)
    assert swept(41, 42) == 1
    assert told()[2:] == [f"Det hentes e-post fra {NAME} igjen", f"Mail is being fetched from {NAME} again"]
    assert swept(100, 101) == 1
    assert len(told()) == 6


def test_a_program_that_is_not_running_is_another_reason() -> None:
    failed(-60)
    fetched(0)
    swept(31, 32)
    assert "The program that fetches mail is not running." in Message.objects.get(language="en").body


def test_a_mailbox_that_was_never_read_counts_from_when_it_should_have_been() -> None:
    failed(0, MailboxFault.AWAY)
    failed(30, MailboxFault.AWAY)
    assert swept(30) == 0
    assert swept(31, 32) == 1


def test_what_was_stopped_as_a_whole_and_started_again_alarms_nobody() -> None:
    fetched(0)
    assert swept(600) == 0
    fetched(600)
    assert swept(601, 602) == 0
    assert told() == []


def test_a_clock_that_was_set_back_does_not_hide_an_outage() -> None:
    fetched(600)
    assert swept(0, 1) == 1


def test_while_nobody_can_be_told_it_is_not_ticked_off() -> None:
    fetched(0)
    User.objects.update(is_active=False)
    assert swept(31, 32) == 0
    factories.staff(Role.ADMINISTRATOR)
    assert swept(33) == 1


def test_mailboxes_that_are_not_read_any_more_are_forgotten() -> None:
    fetched(0)
    mailbox_health.expect_only(["maildir:/post"])
    assert MailboxHealth.objects.get().name == "maildir:/post"


def test_a_mailbox_of_the_settings_at_which_nobody_ever_looks_is_missed() -> None:
    assert swept(0, 30) == 0
    assert swept(31, 32) == 1
    assert MailboxHealth.objects.get().name == NAME
    english = Message.objects.get(language="en")
    assert "since 1 September 2026, 12:00" in english.body
    assert "The program that fetches mail is not running." in english.body


def test_so_is_one_whose_address_cannot_be_used_without_showing_it(settings: Settings) -> None:
    settings.MAILBOX_URLS = [URL, "imaps://kari:hemmelig@mail.example/?every=x"]
    assert swept(0, 31, 32) == 2
    assert set(MailboxHealth.objects.values_list("name", flat=True)) == {NAME, "DATARETT_MAILBOX_URLS 2"}


def test_a_look_that_takes_long_is_told_as_that() -> None:
    fetched(0)
    went_on(1, 15)
    assert swept(31, 32) == 1
    body = Message.objects.get(language="en").body
    assert "is running, but has not got through the mailbox since then." in body
    assert "not running" not in body


def test_a_look_that_stopped_going_on_is_nobody_at_work() -> None:
    fetched(0)
    went_on(1)
    swept(32, 33)
    assert "The program that fetches mail is not running." in Message.objects.get(language="en").body


def test_that_a_look_goes_on_is_written_once_a_minute_at_most() -> None:
    fetched(0)
    with travel(NOON, tick=False) as clock:
        for second, noted in ((0, 0), (59, 0), (60, 60), (119, 60), (-3600, -3600)):
            clock.move_to(NOON + timedelta(seconds=second))
            mailbox_health.went_on(NAME)
            assert MailboxHealth.objects.get().looked_at == NOON + timedelta(seconds=noted)


def test_a_mail_with_a_time_that_no_mail_can_have_waits_since_nobody_knows_when() -> None:
    failed(0, waiting_since=253_402_300_800.0)  # year 10000
    row = MailboxHealth.objects.get()
    assert (row.waiting_since, row.faulted_at) == (None, NOON)


def test_the_oldest_mail_that_waits_is_remembered_until_the_mailbox_is_read_in_full() -> None:
    failed(0, waiting_since=NOON.timestamp() - 3600)
    failed(1)
    assert MailboxHealth.objects.get().waiting_since == NOON - timedelta(hours=1)
    fetched(2)
    row = MailboxHealth.objects.get()
    assert row.waiting_since is None
    assert (row.fault, row.faulted_at) == ("login", NOON + timedelta(minutes=1))


def test_the_audit_names_the_mail_and_nothing_of_the_mailbox() -> None:
    fetched(0)
    swept(31, 32)
    assert NAME not in str(list(AuditEntry.objects.values()))
