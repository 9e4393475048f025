"""`manage.py ingest`: what it says, what it does when a mailbox is away, and how it stops."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from requests_app.models import Inquiry, MailboxHealth, RefusedFile, Sighting
from tests import factories
from tests.requests_app.services.post import being_written, drop, letter
from tests.services.installation import Installation


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """The command takes over the signals of its process, which here is that of the tests."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def mailbox(db: None, tmp_path: Path, settings: Settings) -> Path:
    """An empty drop folder that is the one mailbox."""
    factories.organisation()
    folder = tmp_path / "post"
    folder.mkdir()
    settings.MAILBOX_URLS = [f"maildir:{folder}"]
    return folder


def once(capsys: pytest.CaptureFixture[str]) -> str:
    """What one pass prints."""
    call_command("ingest", "--once")
    return capsys.readouterr().out


def test_one_pass_counts_what_it_found(mailbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert once(capsys) == "0 new, 0 seen before, 0 not readable\n"
    for name in ("a", "b"):
        drop(mailbox, f"{name}.eml", letter("Det samme", Message_ID="<1@example.com>"))
    drop(mailbox, "c.eml", letter("Noe annet"))
    (mailbox / "d.eml").symlink_to("/etc/hostname")
    assert once(capsys) == "2 new, 1 seen before, 1 not readable\n"
    assert once(capsys) == "0 new, 0 seen before, 1 not readable\n"


def test_one_pass_waits_for_what_is_being_written(mailbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    being_written(drop(mailbox, "a.eml", letter()))
    assert once(capsys) == "1 new, 0 seen before, 0 not readable\n"


def test_a_folder_that_is_not_there_gets_one_clear_line(mailbox: Path, settings: Settings) -> None:
    mailbox.rmdir()
    with pytest.raises(CommandError) as error:
        call_command("ingest", "--once")
    assert str(error.value) == f"the mailbox folder {mailbox} does not exist"


def test_a_mailbox_that_is_away_does_not_keep_us_from_the_other(
    mailbox: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILBOX_URLS = [f"maildir:{mailbox.parent / 'away'}", *settings.MAILBOX_URLS]
    drop(mailbox, "a.eml", letter())
    with pytest.raises(CommandError, match="away does not exist"):
        call_command("ingest", "--once")
    assert capsys.readouterr().out == "1 new, 0 seen before, 0 not readable\n"
    assert Inquiry.objects.count() == 1


def test_each_look_is_noted_with_how_it_went(mailbox: Path, settings: Settings) -> None:
    MailboxHealth.objects.create(name="maildir:/not/read/any/more", expected_since=timezone.now())
    RefusedFile.objects.create(mailbox="maildir:/not/read/any/more", name="Kari.eml", reason="no permission")
    away = mailbox.parent / "away"
    settings.MAILBOX_URLS += [f"maildir:{away}"]
    with pytest.raises(CommandError):
        call_command("ingest", "--once")
    good, bad = MailboxHealth.objects.order_by("fault")
    assert (good.name, good.fault, good.fetched_at is not None) == (f"maildir:{mailbox}", "", True)
    assert (bad.name, bad.fault, bad.fetched_at) == (f"maildir:{away}", "no_folder", None)
    assert not RefusedFile.objects.exists()


@pytest.mark.parametrize("url", ["pop3://kari:hemmelig@mail.example", "maildir:relative/path", "nonsense"])
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str, settings: Settings) -> None:
    settings.MAILBOX_URLS = [url]
    with pytest.raises(CommandError) as error:
        call_command("ingest", "--once")
    assert "maildir:" in str(error.value)
    assert "hemmelig" not in str(error.value)


def test_mailboxes_named_after_addresses_stay_apart(
    mailbox: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [mailbox.parent / "a" / "info@optimar.no", mailbox.parent / "b" / "salg@optimar.no"]
    settings.MAILBOX_URLS = [f"maildir:{folders[0]}", f"maildir://{folders[1]}"]
    for folder in folders:
        drop(folder, "a.eml", letter(f"Til {folder.name}"))
    assert once(capsys).startswith("2 new")
    assert set(Sighting.objects.values_list("mailbox", flat=True)) == {f"maildir:{folder}" for folder in folders}


def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.services
def test_it_takes_what_comes_and_stops_when_asked(installation: Installation) -> None:
    mailbox = installation.var / "mailbox"
    process = installation.start("ingest")
    drop(mailbox, "a.eml", letter())
    until(lambda: "sha256" in installation.manage("inquiries", "--json"))
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    drop(mailbox, "b.eml", letter("Mens ingen leste"))
    process = installation.start("ingest")
    until(lambda: installation.manage("inquiries", "--json").count("sha256") == 2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


@pytest.mark.services
def test_it_goes_on_while_a_mailbox_is_away_and_says_which(installation: Installation) -> None:
    gone = installation.var / "gone"
    urls = f"maildir:{gone} maildir:{installation.var / 'mailbox'}"
    drop(installation.var / "mailbox", "a.eml", letter())
    process = installation.start("ingest", DATARETT_MAILBOX_URLS=urls)
    log = installation.log("ingest")
    until(lambda: log.exists() and f"the mailbox folder {gone} does not exist" in log.read_text(encoding="utf-8"))
    until(lambda: "sha256" in installation.manage("inquiries", "--json"))
    assert process.poll() is None
    drop(gone, "b.eml", letter("Nå er den her"))
    until(lambda: installation.manage("inquiries", "--json").count("sha256") == 2)
    process.terminate()
    assert process.wait(30) == 0


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_ends_the_process_instead_of_leaving_it_deaf(
    mailbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("kari@example.com went wrong")

    monkeypatch.setattr("requests_app.management.commands.ingest.capture", broken)
    with pytest.raises(CommandError, match=f"maildir:{mailbox}: reading broke off"):
        call_command("ingest")
