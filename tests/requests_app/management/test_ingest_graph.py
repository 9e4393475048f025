"""`manage.py ingest` from a mailbox at Microsoft: nothing is lost, nothing doubled, nothing touched but the mark."""

import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.fixtures import Settings

from config.logs import LOGGING
from requests_app.domain.enums import MailboxFault
from requests_app.mailbox import graph_address
from requests_app.mailbox.graph import WHOLE_LOOK, GraphMailbox
from requests_app.mailbox.mailboxes import Mailbox, open_mailbox
from requests_app.mailbox.parsed import OVERSIZE
from requests_app.mailbox.sources import SourceError
from requests_app.models import Inquiry, MailboxHealth, OutboxEvent, ReadPosition, RefusedFile, SentMail, Sighting
from requests_app.services import mail_access
from requests_app.services.capture import Captured, capture
from tests import factories
from tests.faults.table import fault
from tests.requests_app.services.post import letter, read
from tests.services.graph import (
    ARRIVED,
    CLIENT_ID,
    DRAFTS,
    INBOX,
    JUNK,
    OTHER_SECRET,
    SECRET,
    SENT,
    TENANT,
    USER,
    Graph,
    graph,
)  # fmt: skip
from tests.services.installation import ROOT, Installation

MARKED = ["Datarett"]

# A child that dies at one point of its work: before a row is committed, before the server hears of it, or before it is
# written down how far was read.
_DYING = """
import os, signal, django
django.setup()
from django.core.management import call_command
from requests_app.mailbox.graph import GraphMailbox
from requests_app.services import capture
record, mark, left = capture.record_inquiry, GraphMailbox.mark, [{mails}]
def die():
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
def recording(**given):
    done = record(**given)
    die()
    return done
def marking(self, *given):
    die()
    mark(self, *given)
if {where!r} == "commit":
    capture.record_inquiry = recording
elif {where!r} == "mark":
    GraphMailbox.mark = marking
else:
    left[0] = 0
    capture.read_positions.keep = lambda *given, **more: die()
call_command("ingest", "--once")
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Graph]:
    """A mailbox of this test's own."""
    with graph(tmp_path / "graph") as running:
        yield running


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """The command takes over the signals of its process, which here is that of the tests."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def _application(settings: Settings) -> None:
    """The application that may use the mailbox."""
    settings.OAUTH_TENANT, settings.OAUTH_CLIENT_ID, settings.OAUTH_CLIENT_SECRET = TENANT, CLIENT_ID, SECRET


@pytest.fixture
def once(db: None, settings: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """One pass over these addresses by a process of its own, and what it prints."""
    factories.organisation()

    def run(*urls: str) -> str:
        settings.MAILBOX_URLS = list(urls)
        call_command("ingest", "--once")
        return capsys.readouterr().out

    return run


@pytest.fixture
def mailbox(db: None, server: Graph) -> Iterator[Mailbox]:
    """The mailbox as one process that goes on knows it."""
    factories.organisation()
    opened = open_mailbox(server.url(), mail_access.application())
    yield opened
    opened.close()


def said(new: int = 0, refused: int = 0) -> str:
    """The line that one pass prints. What is known by its number is not read again, and so not counted."""
    return f"{new} new, 0 seen before, {refused} not readable\n"


def looked(mailbox: Mailbox) -> Captured:
    """One look by a process that goes on."""
    return capture(mailbox.name, mailbox.source)


def fetched(server: Graph) -> int:
    """How often the content of a mail was asked for."""
    return sum(path.endswith("$value") for _, path, _ in server.asked)


def texts() -> list[str]:
    """The last lines of all inquiries, sorted."""
    return sorted(bytes(raw).decode().split("\r\n")[-2] for raw in Inquiry.objects.values_list("raw", flat=True))


def test_a_mail_is_taken_once_and_gets_its_category(server: Graph, once: Callable[..., str]) -> None:
    server.changing = False
    raw = letter()
    server.deliver(raw)
    assert once(server.url()) == said(new=1)
    inquiry, seen = Inquiry.objects.get(), Sighting.objects.get()
    assert (bytes(inquiry.raw), inquiry.received_at, inquiry.size) == (raw, ARRIVED, len(raw))
    assert (seen.mailbox, seen.folder, seen.uidvalidity) == (f"graph://{USER}", "", "")
    assert server.categories() == [MARKED]
    assert {method for method, path, _ in server.asked if "messages/" in path and "delta" not in path} == {
        "GET", "PATCH",
    }  # fmt: skip
    assert once(server.url()) == said()  # our own mark changed it
    assert once(server.url()) == said()
    assert Inquiry.objects.count() == 1


def test_every_request_asks_for_numbers_that_stay(server: Graph, once: Callable[..., str]) -> None:
    server.deliver(letter())
    once(server.url())
    assert all("ImmutableId" in prefer for _, path, prefer in server.asked if path.startswith("/v1.0/"))


@pytest.mark.parametrize("folder", ["Sent", "Svar"])
def test_what_people_here_sent_by_hand_is_no_inquiry_and_stays_where_it_is(
    server: Graph, once: Callable[..., str], folder: str
) -> None:
    server.folders["AAMkF="] = ("Svar", "")
    raw = letter("Svaret vårt", sender="Anne Vik <anne.vik@optimar.no>", To="kari.holm@example.com")
    server.deliver(raw, folder=SENT if folder == "Sent" else "AAMkF=")
    address = server.url(sent=folder, move="Ferdig", exclude_from="@optimar.no")
    assert once(address) == said(new=1)
    assert once(address) == said()
    assert (Inquiry.objects.count(), Sighting.objects.get().sent_mail) == (0, SentMail.objects.get())
    assert (server.mails[0].moved, server.categories()) == (0, [[]])


def test_a_mail_that_a_colleague_moves_is_the_same_mail(server: Graph, once: Callable[..., str]) -> None:
    (mail,) = server.deliver(letter())
    assert once(server.url()) == said(new=1)
    server.move(mail, JUNK)
    assert once(server.url()) == said()
    server.move(mail, INBOX)
    assert once(server.url()) == said()
    assert (Inquiry.objects.count(), Sighting.objects.count(), fetched(server)) == (1, 1, 1)


def test_a_mail_that_moves_while_we_look_is_one(server: Graph, once: Callable[..., str]) -> None:
    (mail,) = server.deliver(letter())

    def moving(method: str, path: str) -> None:
        if JUNK in path and mail.folder == INBOX:
            server.move(mail, JUNK)

    server.before = moving
    assert once(server.url()) == said(new=1)
    assert once(server.url()) == said()
    assert (Inquiry.objects.count(), Sighting.objects.count()) == (1, 1)


def test_a_folder_that_is_named_twice_is_read_once(server: Graph, once: Callable[..., str]) -> None:
    server.deliver(letter(), folder=JUNK)
    assert once(server.url(folders="Junk,Junk Email,junkemail")) == said(new=1)
    assert Sighting.objects.get().junk


def test_two_processes_at_once_keep_a_mail_once(
    server: Graph, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each gets other bytes for the same mail."""
    server.deliver(letter())
    reading = GraphMailbox.read
    inside: list[bool] = []

    def overtaken(self: GraphMailbox, *given: Any) -> Any:
        content = reading(self, *given)
        if not inside:
            inside.append(True)
            other = open_mailbox(server.url(), mail_access.application())
            assert looked(other) == Captured(new=1)
            other.close()
        return content

    monkeypatch.setattr(GraphMailbox, "read", overtaken)
    assert looked(mailbox) == Captured(known=1)
    assert (Inquiry.objects.count(), Sighting.objects.count(), fetched(server)) == (1, 1, 2)
    assert OutboxEvent.objects.count() == 1


def test_a_process_that_starts_again_asks_for_what_is_new_only(server: Graph, once: Callable[..., str]) -> None:
    server.deliver(*(letter(f"Nummer {number}") for number in range(3)))
    once(server.url())
    once(server.url())
    server.asked.clear()
    server.deliver(letter("Ny"))
    assert once(server.url()) == said(new=1)
    listed = [path for _, path, _ in server.asked if "delta" in path]
    assert listed
    assert all("deltatoken" in path for path in listed)
    assert fetched(server) == 1


def test_the_oldest_mail_is_taken_first(server: Graph, mailbox: Mailbox) -> None:
    server.deliver(letter("Ny"), at=ARRIVED)
    server.deliver(letter("Gammel"), at=ARRIVED - timedelta(days=3))
    looked(mailbox)
    order = Inquiry.objects.order_by("pk").values_list("received_at", flat=True)
    assert list(order) == [ARRIVED - timedelta(days=3), ARRIVED]


def test_many_pages(server: Graph, once: Callable[..., str]) -> None:
    server.page = 7
    server.deliver(*(letter(f"Nummer {number}") for number in range(25)))
    assert once(server.url()) == said(new=25)
    assert once(server.url()) == said()
    assert once(server.url()) == said()
    assert server.categories() == [MARKED] * 25


@pytest.mark.parametrize(
    "status, code",
    [(410, "SyncStateNotFound"), (410, "resyncRequired"), (409, "syncStateInvalid"), (400, "BadRequest"), (404, "x")],
)
def test_a_delta_link_that_has_ended_begins_anew(
    server: Graph, once: Callable[..., str], status: int, code: str
) -> None:
    server.deliver(letter("Én"), letter("To"))
    once(server.url())
    server.fail("deltatoken", status, code)
    server.deliver(letter("Tre"))
    assert once(server.url()) == said(new=1)
    assert Inquiry.objects.count() == Sighting.objects.count() == 3
    server.forget_links()
    assert once(server.url()) == said()
    assert fetched(server) == 3


def test_a_page_that_has_ended_before_it_was_asked_for_begins_anew(server: Graph, once: Callable[..., str]) -> None:
    server.page = 2
    server.deliver(*(letter(f"Nummer {number}") for number in range(5)))
    server.fail("skiptoken", 410, "SyncStateNotFound")
    assert once(server.url()) == said(new=5)


@pytest.mark.parametrize(
    "status, code, headers, waits",
    [
        (429, "ApplicationThrottled", {"Retry-After": "120"}, 120.0),
        (503, "serviceNotAvailable", {"Retry-After": "7"}, 7.0),
        (504, "UnknownError", {}, 0.0),
        (509, "", {"Retry-After": "soon"}, 0.0),
    ],
)
def test_a_server_that_asks_us_to_wait_is_left_alone_for_as_long(
    server: Graph, mailbox: Mailbox, status: int, code: str, headers: dict[str, str], waits: float
) -> None:
    server.deliver(letter("Én"), letter("To"), letter("Tre"))
    server.fail(r"GET .*00000002.*value", status, code, headers=headers)
    with pytest.raises(SourceError) as error:
        looked(mailbox)
    assert (error.value.fault, error.value.retry_after) == (MailboxFault.AWAY, waits)
    assert error.value.waiting_since == (ARRIVED + timedelta(seconds=1)).timestamp()
    assert Inquiry.objects.count() == 1
    assert not ReadPosition.objects.filter(folder=INBOX).exists()
    assert looked(mailbox).new == 2
    assert fetched(server) == 4


def test_a_listing_that_has_to_wait_goes_on_where_it_was(server: Graph, mailbox: Mailbox) -> None:
    server.page = 2
    server.deliver(*(letter(f"Nummer {number}") for number in range(7)))
    server.fail(r"skiptoken=-1\.7\.4", 429, "ApplicationThrottled", headers={"Retry-After": "1"})
    with pytest.raises(SourceError):
        looked(mailbox)
    server.asked.clear()
    assert looked(mailbox) == Captured(new=7)
    assert [path.partition("?")[2] for _, path, _ in server.asked if "inbox" in path and "skip" in path] == [
        "$skiptoken=-1.7.4", "$skiptoken=-1.7.6",
    ]  # fmt: skip


def test_a_token_that_has_ended_is_replaced(server: Graph, mailbox: Mailbox) -> None:
    looked(mailbox)
    server.end_tokens()
    server.deliver(letter())
    assert looked(mailbox) == Captured(new=1)
    assert len(server.tokens) == 2


def test_a_token_that_is_refused_again_is_told(server: Graph, once: Callable[..., str]) -> None:
    server.fail("delta", 401, "InvalidAuthenticationToken", times=2)
    with pytest.raises(CommandError, match=r"does not accept the token \(401 invalidauthenticationtoken"):
        once(server.url())
    assert MailboxHealth.objects.get().fault == MailboxFault.NO_ACCESS


def test_a_mailbox_that_the_access_policy_closes_is_told(server: Graph, once: Callable[..., str]) -> None:
    server.fail("delta", 403, "ErrorAccessDenied", times=9)
    with pytest.raises(CommandError, match=r"permission or access policy \(403 erroraccessdenied"):
        once(server.url())
    assert MailboxHealth.objects.get().fault == MailboxFault.NO_ACCESS


@pytest.mark.parametrize("status, code", [(404, "MailboxNotEnabledForRESTAPI"), (404, "ErrorInvalidUser")])
def test_a_mailbox_that_is_not_there_is_told(server: Graph, once: Callable[..., str], status: int, code: str) -> None:
    server.fail("delta", status, code, times=9)
    with pytest.raises(CommandError, match="is not there"):
        once(server.url())


def test_an_application_that_the_token_server_refuses_is_told_without_its_secret(
    server: Graph, once: Callable[..., str], settings: Settings
) -> None:
    settings.OAUTH_CLIENT_SECRET = OTHER_SECRET
    with pytest.raises(CommandError) as error:
        once(server.url())
    assert "gives out no access token (AADSTS7000215)" in str(error.value)
    assert OTHER_SECRET not in str(error.value)
    assert CLIENT_ID not in str(error.value)


def test_a_certificate_of_somebody_else_is_not_believed(server: Graph, once: Callable[..., str]) -> None:
    known = open_mailbox(server.url(), mail_access.application()).source
    assert isinstance(known, GraphMailbox)
    box = GraphMailbox(graph_address.read(server.url(ca="")), known._connection.tokens)
    with pytest.raises(SourceError) as error:
        box.look()
    assert error.value.fault == MailboxFault.CERTIFICATE


def test_a_mail_that_is_gone_when_it_is_read_is_reported_until_the_server_says_so(
    server: Graph, mailbox: Mailbox
) -> None:
    _, gone = server.deliver(letter("Én"), letter("Borte"))
    server.fail(r"GET .*00000002.*value", 404, "ErrorItemNotFound")
    result = looked(mailbox)
    assert (result.new, result.refused, RefusedFile.objects.get().reason) == (1, 1, "the mail is gone")
    server.move(gone, "")
    assert looked(mailbox).refused == 0
    assert not RefusedFile.objects.exists()
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize("status, code", [(404, "ErrorItemNotFound"), (500, "ErrorInternalServerError"), (400, "x")])
def test_a_mail_that_is_not_handed_out_keeps_its_folder_from_being_done(
    server: Graph, mailbox: Mailbox, once: Callable[..., str], status: int, code: str
) -> None:
    """It may come a moment later; and should the process end meanwhile, the next one must hear of it again."""
    server.deliver(letter("Én"), letter("To"), letter("Tre"))
    server.fail(r"GET .*00000002.*value", status, code, times=3)
    assert looked(mailbox).new == 2
    assert not ReadPosition.objects.filter(folder=INBOX).exists()
    server.asked.clear()
    assert (looked(mailbox).new, fetched(server)) == (0, 1)  # of the others, nothing is asked again
    assert once(server.url()) == said(refused=1)
    assert once(server.url()) == said(new=1)
    assert texts() == ["To", "Tre", "Én"]
    assert ReadPosition.objects.filter(folder=INBOX).exists()


def test_a_mail_over_the_limit_leaves_its_headers_here(
    server: Graph, once: Callable[..., str], settings: Settings
) -> None:
    settings.MAIL_SIZE_LIMIT = 10_000
    server.changing = False
    big = letter("x" * 20_000, Message_ID="<stor@example.com>")
    server.deliver(big, letter("Liten"))
    assert once(server.url(move="Ferdig")) == said(new=2)
    inquiry = Inquiry.objects.get(oversize=True)
    assert b"xxx" not in bytes(inquiry.raw)
    assert inquiry.size == len(big)
    assert OVERSIZE in read(inquiry).problems
    assert read(inquiry).message_id == "<stor@example.com>"
    assert server.inside(INBOX) == [big]


def test_a_mail_of_exactly_the_limit_is_whole(server: Graph, once: Callable[..., str], settings: Settings) -> None:
    server.changing = False
    raw = letter("y" * 500)
    settings.MAIL_SIZE_LIMIT = len(raw)
    server.deliver(raw)
    once(server.url())
    assert (bytes(Inquiry.objects.get().raw), Inquiry.objects.get().oversize) == (raw, False)


def test_inbox_and_junk_are_read_and_no_other_folder(server: Graph, once: Callable[..., str]) -> None:
    for folder in (INBOX, JUNK, SENT, DRAFTS):
        server.deliver(letter(folder), folder=folder)
    assert once(server.url()) == said(new=2)
    assert texts() == [INBOX, JUNK]


def test_chosen_folders_wherever_they_are(server: Graph, once: Callable[..., str]) -> None:
    server.folders |= {"F1=": ("Støtte", INBOX), "F2=": ("Personvern", "F1="), "F3=": ("Lister", "")}
    for folder in ("F1=", "F2=", "F3=", INBOX):
        server.deliver(letter(folder), folder=folder)
    assert once(server.url(folders="innboks/støtte/Personvern,Junk")) == said(new=1)
    assert texts() == ["F2="]
    assert once(server.url(folders="*", exclude="Lister")) == said(new=2)
    assert texts() == ["F1=", "F2=", INBOX]


def test_every_folder_but_what_we_wrote(server: Graph, once: Callable[..., str]) -> None:
    for folder in (INBOX, JUNK, SENT, DRAFTS):
        server.deliver(letter(folder), folder=folder)
    assert once(server.url(folders="*", exclude="Junk")) == said(new=1)
    assert once(server.url(folders="*")) == said(new=1)
    assert list(Sighting.objects.order_by("id").values_list("junk", flat=True)) == [False, True]


def test_a_folder_that_is_missing_is_told_and_the_others_are_read(server: Graph, once: Callable[..., str]) -> None:
    server.deliver(letter())
    with pytest.raises(CommandError, match=r"the folder 'Borte' of the mailbox .* cannot be opened"):
        once(server.url(folders="Inbox,Borte"))
    assert Inquiry.objects.count() == 1
    assert MailboxHealth.objects.get().fault == MailboxFault.NO_FOLDER


def test_no_junk_folder_is_no_failure(server: Graph, once: Callable[..., str]) -> None:
    del server.folders[JUNK]
    server.deliver(letter())
    assert once(server.url()) == said(new=1, refused=1)


def test_a_mail_that_is_safe_can_be_moved_away(server: Graph, once: Callable[..., str]) -> None:
    server.deliver(letter("Én"), letter("To"))
    assert once(server.url(move="Ferdig")) == said(new=2)
    ((made, _),) = [(key, name) for key, (name, _) in server.folders.items() if name == "Ferdig"]
    assert len(server.inside(made)) == 2
    server.deliver(letter("Tre"))
    assert once(server.url(move="Ferdig")) == said(new=1)
    assert len(server.inside(made)) == 3
    assert server.categories() == [[], [], []]


def test_a_mailbox_can_be_left_as_it_is(server: Graph, once: Callable[..., str]) -> None:
    server.deliver(letter())
    assert once(server.url(category="")) == said(new=1)
    assert {method for method, path, _ in server.asked if "oauth2" not in path} == {"GET"}
    assert once(server.url(category="")) == said()


def test_the_categories_of_colleagues_stay(server: Graph, once: Callable[..., str]) -> None:
    (mail,) = server.deliver(letter())
    server.touch(mail, "Viktig")
    once(server.url())
    assert server.categories() == [["Viktig", "Datarett"]]


def test_a_category_given_at_the_same_moment_is_not_lost(server: Graph, once: Callable[..., str]) -> None:
    (mail,) = server.deliver(letter())
    server.before = lambda method, path: server.touch(mail, "Haster") if method == "PATCH" else None
    assert once(server.url()) == said(new=1)
    assert server.categories() == [["Haster"]]
    server.before = lambda method, path: None
    assert once(server.url()) == said()
    assert server.categories() == [["Haster", "Datarett"]]


def test_an_application_that_may_only_read_does_no_harm(server: Graph, once: Callable[..., str]) -> None:
    server.deliver(letter())
    server.fail("PATCH", 403, "ErrorAccessDenied", times=9)
    assert once(server.url()) == said(new=1)
    assert once(server.url()) == said()


def test_a_line_that_tells_only_what_changed_is_asked_for_in_full(server: Graph, once: Callable[..., str]) -> None:
    (mail,) = server.deliver(letter("Én"))
    once(server.url(category=""))
    server.stingy = True
    server.touch(mail, "Viktig")
    server.deliver(letter("To"), at=ARRIVED)
    assert once(server.url()) == said(new=1)
    assert server.categories() == [["Viktig", "Datarett"], ["Datarett"]]
    assert set(Inquiry.objects.values_list("received_at", flat=True)) == {ARRIVED}


def test_of_a_sender_left_out_nothing_leaves_the_server_but_the_address(
    server: Graph, once: Callable[..., str]
) -> None:
    server.deliver(letter("Nei", sender="Robot <Robot@lister.example>"), letter("Ja"), letter(sender="a@b.example"))
    assert once(server.url(exclude_from="@lister.example,a@b.example")) == said(new=1)
    assert (texts(), fetched(server)) == (["Ja"], 1)
    assert server.categories() == [[], MARKED, []]


def test_a_sender_who_is_not_left_out_any_more_is_read_from_the_beginning(
    server: Graph, once: Callable[..., str]
) -> None:
    server.deliver(letter("Først nei", sender="robot@lister.example"))
    assert once(server.url(exclude_from="@lister.example")) == said()
    assert once(server.url()) == said(new=1)


@pytest.mark.parametrize("sender", ["/O=EXCHANGELABS/CN=RECIPIENTS/CN=0AF", ""])
def test_where_the_server_does_not_say_who_sent_it_a_mail_is_taken(
    server: Graph, once: Callable[..., str], sender: str
) -> None:
    server.deliver(letter())
    server.mails[0].sender = sender
    assert once(server.url(exclude_from="@example.com")) == said(new=1)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>", b"[]", b'{"value": 1}', b'{"value": [1]}', b'{"value": []}', b"[" * 100_000,
        b'{"value": [{"id": 7}]}', b'{"value": [{"id": "a\\u0000"}], "@odata.deltaLink": "https://x/"}',
        b'{"value": [], "@odata.deltaLink": "https://graph.evil.example/v1.0/users/x"}',
        b'{"value": [], "@odata.nextLink": "https://graph.evil.example/v1.0/users/x"}',
        b'{"value": [], "@odata.nextLink": "https://["}',
    ],
)  # fmt: skip
def test_nonsense_is_a_failure_of_the_mailbox_and_loses_nothing(server: Graph, mailbox: Mailbox, body: bytes) -> None:
    server.deliver(letter("Én"))
    assert looked(mailbox).new == 1
    server.deliver(letter("To"))
    server.fail("inbox.*delta", 200, body=body)
    with pytest.raises(SourceError) as error:
        looked(mailbox)
    assert error.value.fault == MailboxFault.NONSENSE
    assert looked(mailbox).new == 1


def test_a_token_goes_to_nobody_else(server: Graph, once: Callable[..., str], tmp_path: Path) -> None:
    with graph(tmp_path / "other") as other:
        link = f'{{"value": [], "@odata.nextLink": "https://127.0.0.1:{other.port}/v1.0/"}}'
        server.fail("inbox", 200, body=link.encode())
        with pytest.raises(CommandError, match="make sense"):
            once(server.url())
        assert other.asked == []


def test_pages_without_end_are_nonsense(server: Graph, once: Callable[..., str]) -> None:
    link = f'{{"value": [], "@odata.nextLink": "https://127.0.0.1:{server.port}/v1.0/delta"}}'
    server.fail("delta", 200, body=link.encode(), times=50)
    with pytest.raises(CommandError, match="make sense"):
        once(server.url())
    assert sum("delta" in path for _, path, _ in server.asked) < 5


def test_a_connection_that_ends_in_the_middle_of_a_mail_is_met_again(server: Graph, mailbox: Mailbox) -> None:
    server.deliver(letter("Én"), letter("To"))
    server.fail("00000002.*value", 200, body=b"From: half", headers={"Content-Length": "5000"})
    server.fail("00000002.*value", cut=True)
    for _ in range(2):
        with pytest.raises(SourceError, match="is away"):
            looked(mailbox)
    assert Inquiry.objects.count() == 1
    assert looked(mailbox).new == 1
    assert texts() == ["To", "Én"]


def test_once_a_day_a_folder_is_listed_anew(server: Graph, db: None) -> None:
    factories.organisation()
    passed = [0.0]
    opened = open_mailbox(server.url(category=""), mail_access.application())
    assert isinstance(opened.source, GraphMailbox)
    source = GraphMailbox(opened.source.address, opened.source._connection.tokens, clock=lambda: passed[0])
    server.deliver(letter("Én"))
    assert capture("here", source) == Captured(new=1)
    server.deliver(letter("To"))
    server.log[-1] = (server.log[-1][0], "", 0)  # the delta query leaves it out
    assert capture("here", source) == Captured()
    passed[0] = WHOLE_LOOK
    assert capture("here", source) == Captured(new=1)
    source.close()


def test_rows_that_were_put_back_from_a_back_up_are_believed_before_what_we_remember(
    server: Graph, mailbox: Mailbox
) -> None:
    looked(mailbox)
    before = {row.folder: row.position for row in ReadPosition.objects.all()}
    server.deliver(letter())
    assert looked(mailbox).new == 1
    Sighting.objects.all().delete()
    Inquiry.objects.all().delete()
    for folder, position in before.items():
        ReadPosition.objects.filter(folder=folder).update(position=position)
    assert looked(mailbox).new == 1


def test_neither_token_nor_address_nor_content_reaches_a_log(
    server: Graph, once: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("httpx", "httpcore"):
        assert LOGGING["loggers"][name]["level"] == "WARNING"
    with caplog.at_level(logging.WARNING):
        server.deliver(letter("Hemmelig innhold"))
        server.fail("value", 500, "x")
        once(server.url())
    assert caplog.records
    for word in ("hemmelig-bevis", "Hemmelig innhold", SECRET, "kari.holm"):
        assert word not in caplog.text


class _Killed(BaseException):
    """The process ended here."""


@contextmanager
def _dying(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[list[int]]:
    """End before the n-th step: a request to the server, or a commit of ours. Yields the steps that were taken."""
    taken: list[int] = []
    stream, commit = httpx.Client.stream, BaseDatabaseWrapper.commit

    def step() -> None:
        taken.append(len(taken) + 1)
        if len(taken) == at:
            raise _Killed

    def streaming(self: httpx.Client, *given: Any, **more: Any) -> Any:
        step()
        return stream(self, *given, **more)

    def committing(self: BaseDatabaseWrapper) -> None:
        try:
            step()
        except _Killed:
            self.rollback()
            raise
        commit(self)

    with monkeypatch.context() as patched:
        patched.setattr(httpx.Client, "stream", streaming)
        patched.setattr(BaseDatabaseWrapper, "commit", committing)
        yield taken


@fault(
    breaks="the ingest ends before each request to Microsoft Graph and each commit of ours, in turn",
    then="every mail is kept once, marked, moved or left as the operator wants it",
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("option, value", [("category", "Datarett"), ("category", ""), ("move", "Ferdig")])
def test_an_end_at_any_step_loses_and_doubles_nothing(
    server: Graph, monkeypatch: pytest.MonkeyPatch, option: str, value: str
) -> None:
    factories.organisation()
    server.page = 1
    url = server.url(**{option: value})
    for at in count(1):
        server.deliver(*(letter(f"{at} {number}") for number in range(2)))
        server.deliver(letter(f"{at} spam"), folder=JUNK)
        if at % 3 == 0:
            server.forget_links()
        process = open_mailbox(url, mail_access.application())
        with _dying(monkeypatch, at) as taken, suppress(_Killed):
            looked(process)
        process.close()
        next_one = open_mailbox(url, mail_access.application())
        looked(next_one)
        looked(next_one)
        next_one.close()
        assert Inquiry.objects.count() == Sighting.objects.count() == len(server.mails) == 3 * at
        if value == "Datarett":
            assert server.categories() == [MARKED] * 3 * at
        elif value:
            assert server.inside(INBOX) + server.inside(JUNK) == []
        if len(taken) < at:
            break
    assert len(set(texts())) == len(server.mails)
    assert at > 10


@fault(
    breaks="kill -9 of the ingest before the {where} of a mail at Microsoft",
    then="every mail is kept once and bears its mark",
)
@pytest.mark.services
@pytest.mark.parametrize("where", ["commit", "mark", "position"])
def test_a_power_cut_anywhere_loses_and_doubles_nothing(installation: Installation, server: Graph, where: str) -> None:
    server.deliver(*(letter(f"Nummer {number}") for number in range(3)))
    installation.environ |= {
        "DATARETT_MAILBOX_URLS": server.url(), "DATARETT_OAUTH_TENANT": TENANT, "DATARETT_OAUTH_CLIENT_ID": CLIENT_ID,
        "DATARETT_OAUTH_CLIENT_SECRET": SECRET,
    }  # fmt: skip
    code = _DYING.format(mails=1, where=where)
    environ = installation.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    died = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    safe = {"commit": 1, "mark": 2, "position": 3}[where]
    assert installation.manage("inquiries", "--json").count("sha256") == safe
    assert installation.manage("ingest", "--once") == said(new=3 - safe)
    assert installation.manage("inquiries", "--json").count("sha256") == 3
    assert server.categories() == [MARKED] * 3
