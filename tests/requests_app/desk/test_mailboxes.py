"""What the desk says of the mailboxes: a quiet line while all is well, an alert when one is silent."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from requests_app.domain.enums import MailboxFault, Role
from requests_app.models import Inquiry, MailboxHealth
from requests_app.services import sent_mail
from tests import factories
from tests.desk_client import desk_client
from tests.requests_app.services.post import captured, letter, read

DANGER = 'data-color="danger"'


def health(name: str = "maildir:/post", *, minutes: int, **values: object) -> MailboxHealth:
    """A mailbox that was read so many minutes ago."""
    at = timezone.now() - timedelta(minutes=minutes)
    return MailboxHealth.objects.create(name=name, **{"expected_since": at, "fetched_at": at} | values)


def test_the_inbox_says_when_mail_was_last_fetched() -> None:
    health("maildir:/post/<innsyn>", minutes=0)
    page = desk_client().read("/desk/inbox/")
    assert "Mail from &lt;innsyn&gt; was last fetched on" in page
    assert DANGER not in page


def test_a_mailbox_that_was_never_read_says_so() -> None:
    health(minutes=1, fetched_at=None)
    assert "Mail from post has not been fetched yet." in desk_client().read("/desk/inbox/")


def test_a_failure_shows_before_it_is_an_outage() -> None:
    health(minutes=5, fault=MailboxFault.LOGIN.value, faulted_at=timezone.now())
    page = desk_client().read("/desk/inbox/")
    assert "The last attempt failed: the server does not accept the user and password." in page
    assert DANGER not in page


def test_a_failure_that_is_over_is_not_spoken_of() -> None:
    health(minutes=5, fault=MailboxFault.LOGIN.value, faulted_at=timezone.now() - timedelta(minutes=6))
    assert "attempt failed" not in desk_client().read("/desk/inbox/")


def test_the_oldest_mail_that_waits_has_its_day() -> None:
    health(minutes=0, waiting_since=datetime(2026, 9, 1, 10, tzinfo=UTC))
    assert "The oldest mail that could not be fetched came on 1 Sep 2026, 12:00." in desk_client().read("/desk/inbox/")


def test_silence_is_an_alert_on_inbox_and_queue_with_its_reason() -> None:
    health("imap://post@a.example", minutes=31, fault=MailboxFault.AWAY.value, faulted_at=timezone.now())
    health("imap://post@b.example", minutes=31)
    browser = desk_client(Role.DECISION_MAKER)
    factories.staff(Role.APPROVER)  # with one alone the queue would warn of that, too
    for url in ("/desk/inbox/", "/desk/"):
        page = browser.read(url)
        assert page.count(DANGER) == 2
        assert "No mail has been fetched from post@a.example since" in page
        assert "Reason: the server does not answer." in page
        assert "The program that fetches mail is not running." in page


def test_a_look_that_takes_long_is_not_called_a_program_that_does_not_run() -> None:
    health(minutes=31, looked_at=timezone.now() - timedelta(minutes=2))
    page = desk_client().read("/desk/")
    assert "The program that fetches mail is running, but has not got through the mailbox since then." in page
    assert "not running" not in page


def test_the_queue_keeps_silent_while_all_is_well() -> None:
    factories.case()
    health(minutes=1)
    assert "fetched" not in desk_client().read("/desk/")


def test_what_is_left_out_stands_beside_the_mailbox_with_its_number() -> None:
    health(minutes=0, excluded_folders=["Lister"], excluded_senders=["@partner.example", "robot@a.example"], left_out=2)
    page = desk_client().read("/desk/inbox/")
    assert "Folders that are left out: Lister." in page
    assert "Senders that are left out: @partner.example, robot@a.example." in page
    assert "2 mails of theirs were left where they are." in page


def test_a_mailbox_of_which_nothing_is_left_out_says_nothing_of_it() -> None:
    health(minutes=0)
    assert "left out" not in desk_client().read("/desk/inbox/")


def test_mail_that_waits_long_to_be_read_is_told_on_inbox_and_queue() -> None:
    row = captured(letter())
    for url in ("/desk/inbox/", "/desk/"):
        assert "has not been read yet" not in desk_client().read(url)
    Inquiry.objects.filter(pk=row.pk).update(ingested_at=datetime(2026, 9, 1, 10, tzinfo=UTC))
    for url in ("/desk/inbox/", "/desk/"):
        assert "not been read yet came in on 1 Sep 2026, 12:00." in desk_client().read(url)
    read(row)
    assert "has not been read yet" not in desk_client().read("/desk/inbox/")


def test_mail_sent_by_hand_that_belongs_to_no_case_is_counted() -> None:
    raw = letter(sender="anne@optimar.no", To="per@example.net")
    row, _ = sent_mail.record(sent_at=timezone.now(), raw=raw, oversize=False, size=len(raw))
    sent_mail.read(row.pk)
    assert "1 mail that was sent from a mail program belongs to no case." in desk_client().read("/desk/inbox/")
