"""`manage.py ingest` of the folder for sent mail: what people here wrote by hand, and nothing of our own making."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from requests_app.domain.enums import Direction, Intent, Right
from requests_app.mailbox.imap import ImapMailbox
from requests_app.models import AuditEntry, Case, Inquiry, Message, OutboxEvent, SentMail, Sighting
from requests_app.services import sent_mail, triage
from tests import factories
from tests.requests_app.services.post import KARI, arrived, letter
from tests.services.dovecot import Dovecot, dovecot

ASKED = "<kari-1@example.com>"
SENT_AT = datetime(2026, 7, 2, 8, tzinfo=UTC)
COLLEAGUE = "Anne Vik <anne.vik@optimar.no>"
ANSWER = "Hei Kari, her er det vi har."


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A Dovecot; the tests use folders of their own."""
    with dovecot() as running:
        yield running


@pytest.fixture
def once(db: None, settings: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    """One pass over an address, and what it prints."""
    factories.organisation()

    def run(url: str) -> str:
        settings.MAILBOX_URLS = [url]
        call_command("ingest", "--once")
        return capsys.readouterr().out

    return run


def asked() -> Case:
    """A case that began with a mail of Kari's."""
    inquiry = arrived(letter(Message_ID=ASKED))
    return triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())


def answer(text: str = ANSWER, *, to: str = KARI, sender: str = COLLEAGUE, **headers: str) -> bytes:
    """A mail that a colleague wrote in their own mail program."""
    return letter(text, sender=sender, To=to, **{"In_Reply_To": ASKED, **headers})


def read_all() -> None:
    """Read what the outbox says is there."""
    for pk in SentMail.objects.filter(parsed_at__isnull=True).values_list("pk", flat=True):
        sent_mail.read(pk)


def test_an_answer_from_a_mail_program_stands_on_its_case_with_its_time(
    server: Dovecot, once: Callable[[str], str]
) -> None:
    case = asked()
    before = (Inquiry.objects.count(), OutboxEvent.objects.filter(name="PersonWrote").count())
    raw = answer()
    server.deliver(raw, folder="Sendt", at=SENT_AT)
    assert once(server.url(sent="Sendt")) == "1 new, 0 seen before, 0 not readable\n"
    assert server.flags("Sendt") == {1: {"$Datarett"}}
    row, seen = SentMail.objects.get(), Sighting.objects.get(folder="Sendt")
    assert (bytes(row.raw), row.sent_at, seen.sent_mail, seen.inquiry) == (raw, SENT_AT, row, None)
    assert once(server.url(sent="Sendt")) == "0 new, 0 seen before, 0 not readable\n"
    read_all()
    message = Message.objects.get(intent=Intent.OUTSIDE.value)
    assert (message.case, message.direction, message.sent_at) == (case, Direction.OUT.value, SENT_AT)
    assert (message.to_address, message.body) == ("kari.holm@example.com", ANSWER)
    case.refresh_from_db()
    assert case.unread_since is None
    assert before == (Inquiry.objects.count(), OutboxEvent.objects.filter(name="PersonWrote").count())
    assert AuditEntry.objects.filter(action="outside.found", subject=f"case:{case.pk}").count() == 1


def test_nothing_is_moved_out_of_it_and_no_colleague_is_excluded(server: Dovecot, once: Callable[[str], str]) -> None:
    server.deliver(answer("Flyttes ikke"), folder="Sendt2")
    address = server.url(sent="Sendt2", move="Ferdig", exclude_from="@optimar.no")
    assert once(address) == "1 new, 0 seen before, 0 not readable\n"
    assert server.flags("Sendt2") == {1: set()}
    assert once(address) == "0 new, 0 seen before, 0 not readable\n"


def test_every_folder_leaves_out_the_one_with_sent_mail(server: Dovecot, once: Callable[[str], str]) -> None:
    server.deliver(answer("En gang"), folder="Sendt3")
    once(server.url(folders="*", exclude="Sendt,Sendt2,INBOX", sent="Sendt3"))
    assert (SentMail.objects.count(), Inquiry.objects.count()) == (1, 0)


def test_a_folder_that_is_missing_is_told(server: Dovecot, once: Callable[[str], str]) -> None:
    with pytest.raises(CommandError, match=r"the folder 'Borte' of the mailbox .* cannot be opened"):
        once(server.url(sent="Borte"))


def test_a_maildir_in_the_mailbox_folder_is_read_as_sent_mail(tmp_path: Path, once: Callable[[str], str]) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / ".Sent" / part).mkdir(parents=True)
    (tmp_path / ".Sent" / "cur" / "1:2,S").write_bytes(answer())
    assert once(f"maildir:{tmp_path}") == "0 new, 0 seen before, 0 not readable\n"
    assert once(f"maildir:{tmp_path}?sent=.Sent") == "1 new, 0 seen before, 0 not readable\n"
    assert SentMail.objects.count() == 1
    assert set(Sighting.objects.values_list("mailbox", flat=True)) == {f"maildir:{tmp_path}"}
    with pytest.raises(CommandError, match="takes the option sent="):
        once(f"maildir:{tmp_path}?folders=Sent")


@pytest.mark.parametrize("folder", ["INBOX", "inbox", "Support", "Ferdig", "*"])
def test_a_folder_with_other_mail_cannot_be_the_one_with_sent_mail(once: Callable[[str], str], folder: str) -> None:
    with pytest.raises(CommandError, match="sent= must name one folder"):
        once(f"imaps://info:hemmelig@host.example/?folders=Support&move=Ferdig&sent={folder}")


def test_what_a_server_says_in_place_of_a_sent_mail_is_no_inquiry_either(
    server: Dovecot, once: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    note = b"Subject: Retrieval using the IMAP4 protocol failed for the following message: 1\r\n\r\nSee Outlook.\r\n"
    raw = answer("Vent litt")
    server.deliver(raw, folder="Sendt4")
    with monkeypatch.context() as exchange:
        exchange.setattr(ImapMailbox, "_fetch", lambda *_: note)
        assert once(server.url(sent="Sendt4")) == "1 new, 0 seen before, 0 not readable\n"
    assert once(server.url(sent="Sendt4")) == "1 new, 0 seen before, 0 not readable\n"
    assert sorted(bytes(row.raw) for row in SentMail.objects.all()) == sorted([note, raw])
    assert Inquiry.objects.count() == 0
