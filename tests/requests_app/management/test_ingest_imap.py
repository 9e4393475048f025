"""`manage.py ingest` against a real IMAP server: nothing is lost, nothing doubled, nothing touched but the mark."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from pytest_django.fixtures import Settings

from requests_app import audit
from requests_app.mailbox import imap
from requests_app.mailbox.imap import ImapMailbox
from requests_app.mailbox.mailboxes import open_mailbox
from requests_app.mailbox.parsed import OVERSIZE, WITHHELD
from requests_app.mailbox.sources import SourceError
from requests_app.models import Inquiry, MailboxHealth, OutboxEvent, Sighting
from requests_app.services import mailbox_health
from requests_app.services.capture import Captured, capture
from tests import factories
from tests.faults import mailboxes
from tests.faults.table import fault
from tests.requests_app.services.post import letter, read
from tests.services.dovecot import PASSWORD, Dovecot, dovecot
from tests.services.garbling import garbling
from tests.services.installation import ROOT, Installation
from tests.services.process import free_port

MARKED = {"$Datarett"}
ARRIVED = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)

# A child that dies at one point of its work: before the row is committed, or before the server hears of it.
_DYING = """
import os, signal, django
django.setup()
from django.core.management import call_command
from requests_app.mailbox.imap import ImapMailbox
from requests_app.services import capture
single, several, mark, left = capture.record_inquiry, capture.record_inquiries, ImapMailbox._do_mark, [{times}]
capture.TOGETHER = {together}
def die():
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
def dying(record):
    def recording(*args, **given):
        done = record(*args, **given)
        die()
        return done
    return recording
def marking(self, *args):
    die()
    return mark(self, *args)
if {where!r} == "commit":
    capture.record_inquiry, capture.record_inquiries = dying(single), dying(several)
else:
    ImapMailbox._do_mark = marking
call_command("ingest", "--once")
"""


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A Dovecot of this test's own."""
    with dovecot() as running:
        yield running


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """The command takes over the signals of its process, which here is that of the tests."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def once(db: None, settings: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """One pass over these addresses, and what it prints."""
    factories.organisation()

    def run(*urls: str) -> str:
        settings.MAILBOX_URLS = list(urls)
        call_command("ingest", "--once")
        return capsys.readouterr().out

    return run


def said(new: int = 0, known: int = 0, refused: int = 0) -> str:
    """The line that one pass prints."""
    return f"{new} new, {known} seen before, {refused} not readable\n"


def texts() -> list[str]:
    """The bytes of all inquiries, sorted."""
    return sorted(bytes(raw).decode() for raw in Inquiry.objects.values_list("raw", flat=True))


def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_mail_is_taken_once_stays_unread_and_gets_its_mark(server: Dovecot, once: Callable[..., str]) -> None:
    raw = letter()
    server.deliver(raw, at=ARRIVED)
    assert once(server.url()) == said(new=1)
    assert server.flags() == {1: MARKED}
    inquiry, seen = Inquiry.objects.get(), Sighting.objects.get()
    assert (bytes(inquiry.raw), inquiry.received_at, inquiry.size) == (raw, ARRIVED, len(raw))
    assert (seen.folder, seen.uid, seen.inquiry) == ("INBOX", "1", inquiry)
    assert PASSWORD not in seen.mailbox
    assert once(server.url()) == said()
    server.deliver(letter("Og en til"))
    assert once(server.url()) == said(new=1)


def test_what_people_do_in_the_mailbox_is_left_alone(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter("Lest"), letter("Ulest"))
    with server.client() as colleague:
        colleague.add_flags([1], ["\\Seen", "\\Flagged"])
    assert once(server.url()) == said(new=2)
    assert server.flags() == {1: {"\\Seen", "\\Flagged", *MARKED}, 2: MARKED}


def test_the_spam_folder_counts_as_received_and_sent_mail_does_not(server: Dovecot, once: Callable[..., str]) -> None:
    for folder in ("INBOX", "Junk", "Sent", "Support"):
        server.deliver(letter(f"I {folder}"), folder=folder)
    assert once(server.url()) == said(new=2)
    assert set(Sighting.objects.values_list("folder", "junk")) == {("INBOX", False), ("Junk", True)}
    assert once(server.url(folders="*", exclude="Junk")) == said(new=1)
    assert Sighting.objects.filter(folder="Support").exists()


def test_two_folders_by_setting_and_one_that_is_missing(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter("Én"), folder="Søppelpost")
    server.deliver(letter("To"))
    with pytest.raises(CommandError, match=r"the folder 'Borte' of the mailbox .* cannot be opened"):
        once(server.url(folders="Borte,INBOX,Søppelpost"))
    assert Inquiry.objects.count() == 2
    health = MailboxHealth.objects.get()
    assert (health.fault, health.fetched_at) == ("no_folder", None)


def test_an_inbox_that_is_closed_is_a_failure_while_what_lies_in_junk_is_taken(
    server: Dovecot, once: Callable[..., str]
) -> None:
    server.deliver(letter("Tatt"))
    once(server.url())
    before = MailboxHealth.objects.get()
    server.deliver(letter("I innboksen"))
    server.deliver(letter("I søppelposten"), folder="Junk")
    inbox = server.maildir / "cur"
    inbox.chmod(0)
    with pytest.raises(CommandError, match=r"the folder 'INBOX' of the mailbox .* cannot be opened"):
        once(server.url())
    assert Inquiry.objects.count() == 2
    closed = MailboxHealth.objects.get()
    assert (before.fault, closed.fault, closed.fetched_at) == ("", "no_folder", before.fetched_at)
    inbox.chmod(0o700)
    assert once(server.url()) == said(new=1, refused=1) + said(new=1)  # what the pass said that failed, and this one
    assert mailbox_health.why(MailboxHealth.objects.get()) is None


def test_a_folder_that_nobody_named_may_be_closed(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter("I innboksen"))
    server.deliver(letter("I støtte"), folder="Support")
    (server.maildir / ".Support" / "cur").chmod(0)
    assert once(server.url(folders="*")) == said(new=1, refused=1)
    assert MailboxHealth.objects.get().fault == ""


def test_a_mailbox_that_opens_none_of_its_folders_cannot_be_used(server: Dovecot, once: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="opens none of its folders"):
        once(server.url(folders="Borte,Vekk"))
    assert MailboxHealth.objects.get().fault == "no_folder"


def test_a_look_that_takes_long_shows_that_it_goes_on(
    server: Dovecot, once: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.services.capture.TOGETHER", 20)
    server.deliver(*(letter(f"Nummer {number}") for number in range(45)))
    noted: list[int] = []
    monkeypatch.setattr(mailbox_health, "went_on", lambda _: noted.append(Inquiry.objects.count()))
    assert once(server.url()) == said(new=45)
    assert noted == [0, 20, 40]


def test_a_database_that_refuses_one_mail_shows_that_somebody_is_at_work(
    server: Dovecot, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(**_: object) -> None:
        raise DataError

    server.deliver(letter())
    mailbox = open_mailbox(server.url())
    mailbox_health.expect([mailbox.name])
    monkeypatch.setattr("requests_app.services.capture.record_inquiry", refusing)
    with pytest.raises(DataError):
        capture(mailbox.name, mailbox.source)
    mailbox.close()
    health = MailboxHealth.objects.get()
    assert (health.fetched_at, mailbox_health.at_work(health)) == (None, True)


def test_mails_that_the_database_refuses_together_are_kept_one_by_one(
    server: Dovecot, once: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: object) -> None:
        raise DataError

    server.deliver(letter("Én"), letter("To"), letter("Tre"))
    monkeypatch.setattr("requests_app.services.capture.record_inquiries", refusing)
    assert once(server.url()) == said(new=3)
    assert server.flags() == {1: MARKED, 2: MARKED, 3: MARKED}


def test_copies_of_a_mail_that_come_together_are_one_inquiry_seen_in_many_places(
    server: Dovecot, once: Callable[..., str]
) -> None:
    server.deliver(letter("Først"), *[letter("Kopi")] * 60, letter("Sist"))
    assert once(server.url()) == said(new=3, known=59)
    assert (Inquiry.objects.count(), Sighting.objects.count()) == (3, 62)
    assert OutboxEvent.objects.filter(name="InquiryReceived").count() == 3
    assert audit.verify() == (3, None)


def test_a_mail_that_is_too_big_to_come_with_others_comes_by_itself(server: Dovecot, once: Callable[..., str]) -> None:
    big = letter("Stor", body="x" * 70 + "\n" * 1) + b"y" * imap.AHEAD_BYTES
    server.deliver(letter("Liten"), big, letter("Også liten"))
    assert once(server.url()) == said(new=3)
    assert max(Inquiry.objects.values_list("size", flat=True)) == max(
        len(bytes(raw)) for raw in Inquiry.objects.values_list("raw", flat=True)
    )
    assert server.flags() == {1: MARKED, 2: MARKED, 3: MARKED}


def test_another_keyword_by_setting(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter())
    assert once(server.url(keyword="Registrert")) == said(new=1)
    assert server.flags() == {1: {"Registrert"}}


def test_a_mailbox_can_be_left_as_it_is(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter("Én"), letter("To"))
    url = server.url() + "&keyword="
    assert once(url) == said(new=2)
    assert server.flags() == {1: set(), 2: set()}
    assert once(url) == said()


def test_a_mail_that_is_safe_can_be_moved_away(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter("Én"), letter("To"))
    url = server.url(move="Datarett")
    assert once(url) == said(new=2)
    assert server.flags() == {}
    assert server.flags("Datarett") == {1: set(), 2: set()}
    assert once(url) == said()


def test_a_mail_over_the_limit_leaves_its_headers_here_and_stays_there(
    server: Dovecot, once: Callable[..., str], settings: Settings
) -> None:
    settings.MAIL_SIZE_LIMIT = 10_000
    server.deliver(letter("x" * 20_000, Message_ID="<stor@example.com>"), letter("Liten"))
    assert once(server.url(move="Datarett")) == said(new=2)
    big = Inquiry.objects.get(oversize=True)
    assert b"xxx" not in bytes(big.raw)
    assert big.size > 20_000
    assert OVERSIZE in read(big).problems
    assert read(big).message_id == "<stor@example.com>"
    assert server.flags() == {1: set()}
    assert once(server.url(move="Datarett")) == said(known=1)  # it bears no mark, so who starts anew looks again


@pytest.mark.parametrize("way", [mailboxes.marked, mailboxes.moved, mailboxes.by_number])
def test_a_mail_that_the_server_fails_to_hand_out_is_dated_and_left_alone_until_it_does(
    once: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: Callable[..., Any]
) -> None:
    raw = letter("Slett meg")
    note = (
        "From: Microsoft Exchange Server 2010\r\n"
        "Subject: Retrieval using the IMAP4 protocol failed for the following\r\n message: 1\r\n"
        "Date: {}\r\n\r\nThe mail is still there.\r\n"
    )
    given = iter(range(9))
    with way(tmp_path) as mailbox:
        mailbox.deliver(raw, at=ARRIVED)
        with monkeypatch.context() as exchange:
            exchange.setattr(ImapMailbox, "_fetch", lambda *_: note.format(next(given)).encode())
            assert once(mailbox.url) == said(new=1)
            assert once(mailbox.url) == said()
        assert not mailbox.left(1) or way is mailboxes.by_number
        stands_in = Inquiry.objects.get()
        assert stands_in.received_at == ARRIVED
        assert WITHHELD in read(stands_in).problems
        assert once(mailbox.url) == said(new=1)
        assert raw in [bytes(one.raw) for one in Inquiry.objects.all()]
        assert mailbox.left(1)
        assert once(mailbox.url) == said()


def test_eight_bit_headers_and_empty_mails_are_kept_byte_for_byte(server: Dovecot, once: Callable[..., str]) -> None:
    odd = "From: Bjørn Ås <b@example.com>\r\nSubject: Innsyn på norsk\r\n\r\nHei på deg\r\n".encode("latin-1")
    server.deliver(odd, b"Subject: tom\r\n\r\n")
    assert once(server.url()) == said(new=2)
    assert {bytes(raw) for raw in Inquiry.objects.values_list("raw", flat=True)} == {odd, b"Subject: tom\r\n\r\n"}


def test_two_hundred_mails_of_which_a_command_names_sixty(
    server: Dovecot, once: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.mailbox.imap.AT_ONCE", 60)
    server.deliver(*(letter(f"Nummer {number}") for number in range(200)))
    assert once(server.url()) == said(new=200)
    assert all(flags == MARKED for flags in server.flags().values())
    assert once(server.url()) == said()


def test_senders_left_out_stay_where_they_are(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter("Nei", sender="Robot <Robot@lister.example>"), letter("Ja"), letter(sender="a@b.example"))
    assert once(server.url(exclude_from="@lister.example,a@b.example")) == said(new=1)
    assert server.flags() == {1: set(), 2: MARKED, 3: set()}


def test_of_a_sender_left_out_nothing_leaves_the_server_but_the_address(
    server: Dovecot, once: Callable[..., str]
) -> None:
    folded = letter("Hemmelig", sender='"Robot, den snakkesalige"\r\n <robot@lister.example>', subject="Fortrolig")
    server.deliver(folded, letter("Ja"))
    with garbling(server.port) as relay:
        url = server.url(tls=False, exclude_from="@lister.example")
        assert once(url.replace(f":{server.port}/", f":{relay.port}/")) == said(new=1)
        heard = bytes(relay.said)
    assert b"robot@lister.example" in heard
    assert [word in heard for word in (b"Hemmelig", b"Fortrolig", b"Ja")] == [False, False, True]


@pytest.mark.parametrize("sender", ["Robot@Lister.Example.", "<A@B.EXAMPLE.>"])
def test_a_sender_left_out_is_known_however_the_address_is_written(
    sender: str, server: Dovecot, once: Callable[..., str]
) -> None:
    server.deliver(letter(sender=sender))
    assert once(server.url(exclude_from="@LISTER.example,a@b.example.")) == said()


def test_where_the_server_does_not_say_who_sent_it_a_mail_is_taken(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter(sender="robot@lister.example"))
    with garbling(server.port) as relay:
        relay.garbled[b"BODY[HEADER.FIELDS (FROM)]<0> "] = b"NOTHING "
        url = server.url(tls=False, exclude_from="@lister.example")
        assert once(url.replace(f":{server.port}/", f":{relay.port}/")) == said(new=1)


def test_where_the_server_refuses_to_say_who_sent_it_a_mail_is_taken(
    server: Dovecot, once: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = IMAPClient.fetch

    def refusing(self: IMAPClient, mails: object, what: list[str]) -> object:
        if "HEADER.FIELDS" in what[0]:
            raise IMAPClientError("fetch failed: NO")
        return fetch(self, mails, what)

    server.deliver(letter(sender="robot@lister.example"))
    monkeypatch.setattr(IMAPClient, "fetch", refusing)
    assert once(server.url(exclude_from="@lister.example")) == said(new=1)


@pytest.mark.parametrize("sender", ["Robot <robot@lister.example.com>", "ingen", ""])
def test_whoever_is_not_named_is_taken_with_whatever_sender(
    sender: str, server: Dovecot, once: Callable[..., str]
) -> None:
    raw = letter("Hei", sender=sender)
    server.deliver(raw, raw.replace(b"From: " + sender.encode() + b"\r\n", b""))
    assert once(server.url(exclude_from="@lister.example")) == said(new=2)


def test_a_mail_left_out_is_asked_for_once(
    server: Dovecot, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.organisation()
    server.deliver(letter(sender="robot@lister.example"))
    mailbox = open_mailbox(server.url(exclude_from="@lister.example"))
    with monkeypatch.context() as patched:
        assert capture(mailbox.name, mailbox.source) == Captured(left_out=1)
        patched.setattr(ImapMailbox, "read", None)
        assert capture(mailbox.name, mailbox.source) == Captured(left_out=1)
    mailbox.close()


@fault(
    breaks="the IMAP server drops the connection in the middle of a mail",
    then="nothing of half a mail is kept; at the next look every mail is, once, and bears its mark",
)
@pytest.mark.parametrize("move", ["", "Datarett"], ids=["keyword", "move"])
def test_a_server_that_falls_silent_in_the_middle_of_a_mail(
    server: Dovecot, once: Callable[..., str], move: str
) -> None:
    mails = [letter(f"Nummer {number}\r\nog dette er slutten på {number}") for number in range(3)]
    server.deliver(*mails)
    with garbling(server.port) as relay:
        relay.cut = "slutten på 1".encode()
        url = server.url(tls=False, move=move).replace(f":{server.port}/", f":{relay.port}/")
        with pytest.raises(CommandError, match="is away"):
            once(url)
        assert b"Nummer 1" in relay.said
        assert texts() == [mails[0].decode()]
        relay.cut = b""
        assert once(url) == said() + said(new=2)  # what it printed both times
    assert texts() == sorted(raw.decode() for raw in mails)
    left = server.flags(move or "INBOX")
    assert list(left.values()) == [set() if move else MARKED] * 3


@fault(
    breaks="the IMAP server goes away whenever it is asked for one of 60 mails",
    then="those behind it wait for one look at most; the mailbox is told as away until the server hands out the last",
)
@pytest.mark.django_db
def test_a_mail_on_which_the_server_breaks_keeps_back_no_other(server: Dovecot) -> None:
    factories.organisation()
    server.deliver(*(letter(f"Nummer {number}: dette er slutten") for number in range(60)))
    with garbling(server.port) as relay:
        relay.cut = b"Nummer 7: dette er slutten"
        mailbox = open_mailbox(server.url(tls=False).replace(f":{server.port}/", f":{relay.port}/"))
        for safe in (7, 59, 59):
            with pytest.raises(SourceError, match="is away"):
                capture(mailbox.name, mailbox.source)
            assert Inquiry.objects.count() == safe
            assert list(server.flags().values()).count(MARKED) == safe
        relay.cut = b""
        assert capture(mailbox.name, mailbox.source) == Captured(new=1)
        mailbox.close()
    assert list(server.flags().values()) == [MARKED] * 60


@fault(
    breaks="the IMAP server has another UIDVALIDITY at every look",
    then="no mail is lost, none is kept twice, none leaves a row for each look",
)
def test_a_server_that_numbers_anew_at_every_look_loses_and_doubles_nothing(
    server: Dovecot, once: Callable[..., str]
) -> None:
    server.deliver(letter("Én"), letter("To"))
    assert once(server.url()) == said(new=2)
    validities = set(Sighting.objects.values_list("uidvalidity", flat=True))
    for bump in (1, 2, 3):
        names = server.files()
        lines = "".join(f"{number} :{name}\n" for number, name in enumerate(names, 1))
        server.forget_numbers(f"3 V{1000 + bump} N{len(names) + 1} G{bump:032x}\n{lines}")
        server.deliver(letter(f"Ny {bump}"))
        assert once(server.url()) == said(new=1, known=1 + bump)
        validities |= set(Sighting.objects.values_list("uidvalidity", flat=True))
    assert Inquiry.objects.count() == Sighting.objects.count() == 5
    assert {"1001", "1002", "1003"} < validities


@fault(
    breaks="the IMAP server gives validity and number of a mail to another one, and lower numbers to new mails",
    then="no mail is lost, none is kept twice",
)
def test_a_number_that_means_another_mail_now_and_numbers_that_fall(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter("Den første"))
    assert once(server.url()) == said(new=1)
    validity = Sighting.objects.get().uidvalidity
    old = server.files()
    server.deliver(letter("En annen, som får nummeret til den første"))
    new = next(name for name in server.files() if name not in old)
    server.forget_numbers(f"3 V{validity} N9 G{1:032x}\n1 :{new}\n5 :{old[0]}\n")
    assert once(server.url()) == said(new=1, known=1)
    assert once(server.url()) == said()
    assert len(texts()) == len(set(texts())) == 2


@fault(
    breaks="the IMAP server gives validity, number and size of a mail to another one",
    then="both mails are kept, each once",
)
def test_a_number_and_a_size_that_mean_another_mail_now(server: Dovecot, once: Callable[..., str]) -> None:
    first, second = (
        letter("Den første", Message_ID="<en@example.com>"),
        letter("En annen!!!", Message_ID="<to@example.com>"),
    )
    assert len(first) == len(second)
    server.deliver(first)
    assert once(server.url()) == said(new=1)
    seen = Sighting.objects.get()
    (old,) = server.files()
    server.deliver(second)
    new = next(name for name in server.files() if name != old)
    next((server.maildir / "cur").glob(f"{old}*")).unlink()
    server.forget_numbers(f"3 V{seen.uidvalidity} N9 G{1:032x}\n{seen.uid} :{new}\n")
    assert once(server.url()) == said(new=1)
    assert once(server.url()) == said()
    assert texts() == sorted([first.decode(), second.decode()])
    assert server.flags() == {int(seen.uid): MARKED}


def test_a_mail_that_has_lost_its_mark_is_looked_at_again_and_known(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter())
    assert once(server.url()) == said(new=1)
    with server.client() as colleague:
        colleague.remove_flags([1], [*MARKED])
    assert once(server.url()) == said(known=1)
    assert server.flags() == {1: MARKED}
    assert once(server.url()) == said()


def test_a_server_that_refuses_keywords_does_no_harm(once: Callable[..., str]) -> None:
    acl = "plugin {\n  acl = vfile:{0}\n}\nprotocol imap {\n  mail_plugins = acl\n}\n"
    with dovecot() as server:
        rights = server.folder / "acl"
        rights.write_text("* owner lri\n", encoding="ascii")
        server.deliver(letter())
        server.extra = acl.replace("{0}", str(rights))
        server.stop()
        server.start()
        assert once(server.url()) == said(new=1)
        assert server.flags() == {1: set()}
        assert once(server.url()) == said()


def test_a_wrong_password_is_one_line_without_it(server: Dovecot, once: Callable[..., str]) -> None:
    with pytest.raises(CommandError) as error:
        once(server.url(password="hemmelig"))
    assert "does not accept the user and password" in str(error.value)
    assert "hemmelig" not in str(error.value)


def test_a_certificate_of_somebody_else_is_not_believed(server: Dovecot, once: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="certificate that is not believed"):
        once(server.url(ca=""))


def test_plain_imap_is_for_this_machine_only(
    server: Dovecot, once: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(letter())
    url = server.url(tls=False)
    assert once(url) == said(new=1)
    # From another machine's point of view: STARTTLS comes first, and the certificate must be believed.
    monkeypatch.setattr("requests_app.mailbox.secure_urls.Server.loopback", False)
    with pytest.raises(CommandError, match="certificate that is not believed"):
        once(url)
    assert said() in once(f"{url}?ca={server.certificates.authority}")


def test_one_mailbox_that_is_away_does_not_keep_the_other(server: Dovecot, once: Callable[..., str]) -> None:
    server.deliver(letter())
    away = server.url().replace(f":{server.tls_port}/", f":{free_port()}/")
    with pytest.raises(CommandError, match="is away"):
        once(away, server.url())
    assert Inquiry.objects.count() == 1


@pytest.mark.django_db
def test_a_server_that_restarts_between_two_mails_is_met_again(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.organisation()
    monkeypatch.setattr(imap, "AHEAD_BYTES", 0)  # each of them by itself
    server.deliver(*(letter(f"Nummer {number}") for number in range(5)))
    mailbox = open_mailbox(server.url())
    assert isinstance(mailbox.source, ImapMailbox)
    fetch, calls = ImapMailbox.read, iter(range(99))

    def cut(self: ImapMailbox, *args: object) -> object:
        if next(calls) == 2:
            server.stop()
        return fetch(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(ImapMailbox, "read", cut)
    with pytest.raises(Exception, match="is away"):
        capture(mailbox.name, mailbox.source)
    assert Inquiry.objects.count() == 2
    server.start()
    assert capture(mailbox.name, mailbox.source) == Captured(new=3, known=2)  # these lack their mark
    mailbox.close()
    assert set(map(frozenset, server.flags().values())) == {frozenset(MARKED)}


@pytest.mark.django_db
def test_a_folder_in_which_nothing_changed_is_not_listed_again(server: Dovecot) -> None:
    factories.organisation()
    server.deliver(letter())
    passed = [0.0]
    mailbox = ImapMailbox(open_mailbox(server.url()).source.address, clock=lambda: passed[0])  # type: ignore[attr-defined]
    assert capture("here", mailbox) == Captured(new=1)
    assert mailbox.look().candidates == ()
    passed[0] = 601.0
    assert len(mailbox.look().candidates) == 1
    mailbox.close()


@fault(
    breaks="kill -9 of the ingest before the {where} of a mail on an IMAP server",
    then="every mail is kept once and bears its mark",
)
@pytest.mark.services
@pytest.mark.parametrize(
    "where,together,times,safe,marked",
    [
        ("commit", 1, 1, 1, 1),
        ("commit", 2, 0, 0, 0),
        ("commit", 2, 1, 2, 2),
        ("mark", 1, 1, 2, 1),
        ("mark", 2, 0, 2, 0),
        ("mark", 2, 1, 3, 2),
    ],
)
def test_a_power_cut_anywhere_loses_and_doubles_nothing(
    installation: Installation, server: Dovecot, where: str, together: int, times: int, safe: int, marked: int
) -> None:
    server.deliver(*(letter(f"Nummer {number}") for number in range(3)))
    environ = installation.environ | {
        "DATARETT_MAILBOX_URLS": server.url(), "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    code = _DYING.format(where=where, together=together, times=times)
    died = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert installation.manage("inquiries", "--json").count("sha256") == safe
    assert sorted(map(len, server.flags().values())) == [0] * (3 - marked) + [1] * marked
    installation.environ["DATARETT_MAILBOX_URLS"] = server.url()
    assert installation.manage("ingest", "--once") == said(new=3 - safe, known=safe - marked)  # what lacks its mark
    assert installation.manage("inquiries", "--json").count("sha256") == 3
    assert server.flags() == {1: MARKED, 2: MARKED, 3: MARKED}


@pytest.mark.services
def test_the_process_goes_on_when_the_server_restarts(installation: Installation, server: Dovecot) -> None:
    server.deliver(letter("Før"))
    gone = installation.var / "gone"
    process = installation.start("ingest", DATARETT_MAILBOX_URLS=f"maildir:{gone} {server.url(every='1')}")
    until(lambda: installation.manage("inquiries", "--json").count("sha256") == 1)
    server.stop()
    log = installation.log("ingest")
    until(lambda: "is away" in log.read_text(encoding="utf-8"))
    server.start()
    server.deliver(letter("Etter"))
    until(lambda: installation.manage("inquiries", "--json").count("sha256") == 2)
    assert PASSWORD not in log.read_text(encoding="utf-8")
    process.terminate()
    assert process.wait(30) == 0
