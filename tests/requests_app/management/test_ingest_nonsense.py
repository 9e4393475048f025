"""`manage.py ingest` against an IMAP server that answers nonsense: its mailbox fails, and nothing else does."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from requests_app.mailbox.mailboxes import open_mailbox
from requests_app.mailbox.sources import SourceError
from requests_app.models import Inquiry, MailboxHealth
from requests_app.services.capture import Captured, capture
from tests import factories
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.requests_app.services.post import letter
from tests.services.dovecot import PASSWORD, Dovecot, dovecot
from tests.services.garbling import Relay, garbling
from tests.services.installation import Installation

NONSENSE: dict[str, tuple[bytes, bytes]] = {
    "a number that is none": (b"[UIDVALIDITY ", b"[UIDVALIDITY x"),
    "a number beyond all bounds": (b"[UIDVALIDITY ", b"[UIDVALIDITY 99999999999"),
    "a count beyond all bounds": (b" EXISTS", b"9999999999 EXISTS"),
    "numbers of mails that are none": (b"* SEARCH ", b"* SEARCH x"),
    "a size that is none": (b"RFC822.SIZE ", b"RFC822.SIZE x"),
    "a size beyond all bounds": (b"RFC822.SIZE ", b"RFC822.SIZE 99999999999999999999"),
    "a parenthesis without end": (b"RFC822.SIZE ", b"RFC822.SIZE ("),
    "parentheses without number": (b"RFC822.SIZE ", b"RFC822.SIZE " + b"(" * 3000),
    "bytes that spell no folder": (b') "/" Junk', b') "/" "&x\xff-Junk"'),
    "half a letter in a folder's name": (b') "/" Junk', b') "/" "&2AA-"'),
    "a length that no memory holds": (b"BODY[]<0> {", b"BODY[]<0> {9999999999999"),
}


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A Dovecot of this test's own."""
    with dovecot() as running:
        yield running


@pytest.fixture
def relay(server: Dovecot) -> Iterator[Relay]:
    """What stands between us and the Dovecot."""
    with garbling(server.port) as running:
        yield running


@pytest.fixture
def garbled(server: Dovecot, relay: Relay) -> str:
    """The address of the mailbox by way of the relay."""
    return server.url(tls=False).replace(f":{server.port}/", f":{relay.port}/")


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """The command takes over the signals of its process, which here is that of the tests."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@fault(
    breaks="the IMAP server answers nonsense: {nonsense}",
    then="one line says so, the other mailboxes are read, and the mail comes as soon as it makes sense again",
)
@pytest.mark.django_db
@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_a_failure_of_its_mailbox_alone(
    server: Dovecot, relay: Relay, garbled: str, settings: Settings, nonsense: str
) -> None:
    factories.organisation()
    settings.MAILBOX_URLS = [f"{garbled}?folders=*", server.url("Andre", move="Ferdig")]
    server.deliver(letter("Bak tullet"))
    server.deliver(letter("I den andre postkassen"), folder="Andre")
    said, instead = NONSENSE[nonsense]
    relay.garbled[said] = instead
    with pytest.raises(CommandError, match=f":{relay.port} answers what nobody can make sense of") as error:
        call_command("ingest", "--once")
    assert PASSWORD not in str(error.value)
    assert b"I den andre" in bytes(Inquiry.objects.get().raw)
    relay.garbled.clear()
    call_command("ingest", "--once")
    assert Inquiry.objects.count() == 2


@pytest.mark.django_db
def test_a_mailbox_that_makes_sense_again_is_read_without_being_opened_anew(
    server: Dovecot, relay: Relay, garbled: str
) -> None:
    factories.organisation()
    server.deliver(letter())
    mailbox = open_mailbox(garbled)
    relay.garbled[b"RFC822.SIZE "] = b"RFC822.SIZE x"
    for _look in range(2):
        with pytest.raises(SourceError, match="nobody can make sense of"):
            capture(mailbox.name, mailbox.source)
    relay.garbled.clear()
    assert capture(mailbox.name, mailbox.source) == Captured(new=1)
    mailbox.close()


@pytest.mark.django_db
def test_a_mail_whose_date_on_the_server_is_nonsense_is_taken_by_its_received_line(
    server: Dovecot, relay: Relay, garbled: str, settings: Settings
) -> None:
    factories.organisation(own_mail_hosts=["mx.optimar.example"])
    settings.MAILBOX_URLS = [garbled]
    trace = "from a.example by mx.optimar.example; Wed, 01 Jul 2026 08:00:00 +0200"
    server.deliver(letter("Med spor", Received=trace), at=datetime(2026, 7, 3, tzinfo=UTC))
    relay.garbled[b'INTERNALDATE "'] = b'INTERNALDATE "x'
    call_command("ingest", "--once")
    assert Inquiry.objects.get().received_at == datetime(2026, 7, 1, 6, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_health_of_the_mailbox_tells_since_when_mail_waits(
    server: Dovecot, relay: Relay, garbled: str, settings: Settings
) -> None:
    factories.organisation()
    settings.MAILBOX_URLS = [garbled]
    for number, day in enumerate((1, 2, 3)):
        server.deliver(letter(f"Nummer {number}"), at=datetime(2026, 7, day, tzinfo=UTC))
        if not number:
            call_command("ingest", "--once")
    relay.garbled[b"BODY[]<0> {"] = b"BODY[]<0> {9999999999999"
    with pytest.raises(CommandError):
        call_command("ingest", "--once")
    row = MailboxHealth.objects.get()
    assert (row.fault, row.waiting_since) == ("nonsense", datetime(2026, 7, 2, tzinfo=UTC))
    assert PASSWORD not in row.name
    relay.garbled.clear()
    call_command("ingest", "--once")
    row.refresh_from_db()
    assert row.waiting_since is None


@pytest.mark.django_db
def test_a_keyword_of_digits_only_is_no_nonsense(server: Dovecot, settings: Settings) -> None:
    factories.organisation()
    settings.MAILBOX_URLS = [server.url()]
    server.deliver(letter())
    with server.client() as colleague:
        colleague.add_flags([1], ["2026"])
    call_command("ingest", "--once")
    assert Inquiry.objects.count() == 1


@pytest.mark.services
def test_the_process_waits_for_a_server_that_answers_nonsense(
    installation: Installation, server: Dovecot, relay: Relay, garbled: str
) -> None:
    server.deliver(letter())
    relay.garbled[b"RFC822.SIZE "] = b"RFC822.SIZE x"
    process = installation.start("ingest", DATARETT_MAILBOX_URLS=garbled)
    log = installation.log("ingest")
    eventually(lambda: log.exists() and "nobody can make sense" in log.read_text(encoding="utf-8"), "the line")
    assert process.poll() is None
    relay.garbled.clear()
    eventually(lambda: installation.manage("inquiries", "--json").count("sha256") == 1, "the mail")
    process.terminate()
    assert process.wait(30) == 0
