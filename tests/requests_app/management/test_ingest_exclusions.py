"""What the operator excluded is written down beside the mailbox, and how much of it lies there."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from requests_app.mailbox.mailboxes import open_mailbox
from requests_app.models import Inquiry, MailboxHealth
from requests_app.services.capture import capture
from tests import factories
from tests.requests_app.services.post import letter
from tests.services.dovecot import Dovecot, dovecot

ROBOT = "robot@lister.example"


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A Dovecot of this test's own."""
    with dovecot() as running:
        yield running


def test_mails_of_excluded_senders_are_counted_as_long_as_they_lie_there(server: Dovecot, db: None) -> None:
    factories.organisation()
    server.deliver(letter("Én", sender=ROBOT), letter("To", sender=ROBOT), letter())
    server.deliver(letter("Tre", sender=ROBOT), folder="Junk")
    mailbox = open_mailbox(server.url(exclude_from=ROBOT))
    assert [capture(mailbox.name, mailbox.source).left_out for _look in range(2)] == [3, 3]
    server.deliver(letter("Fire", sender=ROBOT))
    assert capture(mailbox.name, mailbox.source).left_out == 4
    with server.client() as colleague:
        colleague.delete_messages([1])
        colleague.expunge()
    assert capture(mailbox.name, mailbox.source).left_out == 3
    assert Inquiry.objects.count() == 1
    mailbox.close()


def test_the_program_that_fetches_mail_writes_it_beside_the_mailbox(
    server: Dovecot, db: None, settings: Settings
) -> None:
    factories.organisation()
    server.deliver(letter(sender=ROBOT))
    settings.MAILBOX_URLS = [server.url(exclude="Lister,Gammelt", exclude_from=f"{ROBOT},@partner.example")]
    call_command("ingest", "--once")
    row = MailboxHealth.objects.get()
    assert row.excluded_folders == ["Gammelt", "Lister"]
    assert row.excluded_senders == ["@partner.example", ROBOT]
    assert row.left_out == 1
    settings.MAILBOX_URLS = [server.url()]
    call_command("ingest", "--once")
    row.refresh_from_db()
    assert (row.excluded_folders, row.excluded_senders, row.left_out) == ([], [], 0)
