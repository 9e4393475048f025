"""Capture: the raw bytes are safe before anything else happens, and nothing is taken twice or left behind."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs
from time_machine import travel

from requests_app.domain.enums import Verdict
from requests_app.mailbox.files import Candidate, LocalMailbox
from requests_app.mailbox.parsed import EMPTY, NO_HEADERS, OVERSIZE
from requests_app.mailbox.sources import Content, Look, SourceError
from requests_app.models import AuditEntry, Inquiry, OutboxEvent, RefusedFile, Sighting
from requests_app.services.capture import Captured, capture, keep
from requests_app.services.intake import record_inquiry
from requests_app.services.sightings import Place
from tests import factories

from .post import LONG_AGO, being_written, drop, letter, read

pytestmark = pytest.mark.django_db

OWN_SERVER = "Received: from mail.example.com by mx1.optimar.no with ESMTPS;\r\n {}\r\n"
OTHER_SERVER = "Received: from [192.0.2.7] by mail.example.com with ESMTPSA;\r\n {}\r\n"


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


class Holding:
    """A source that tells of these files, wherever they are."""

    def __init__(self, *paths: Path) -> None:
        self.paths = paths

    def look(self, now: float | None = None) -> Look[Candidate]:
        """Tell of them all."""
        return Look(tuple(Candidate("", f"{path.name}:1:1", path, 1, LONG_AGO) for path in self.paths))


def look(folder: Path, mailbox: str = "maildir:/post") -> Captured:
    """Look at a folder for the first time since the program started."""
    return capture(mailbox, LocalMailbox(folder))


def only(folder: Path, raw: bytes, *, at: float = LONG_AGO) -> Inquiry:
    """The inquiry of the one mail that is dropped."""
    drop(folder, "a.eml", raw, at=at)
    assert look(folder) == Captured(new=1)
    return Inquiry.objects.get()


@pytest.mark.django_db(transaction=True)
def test_the_raw_bytes_are_committed_before_anything_is_read(tmp_path: Path) -> None:
    raw = letter()
    inquiry = only(tmp_path, raw)
    with ThreadPoolExecutor(1) as elsewhere:
        seen, parsed_at, verdict = elsewhere.submit(_seen_from_outside, inquiry.pk).result()
    assert (seen, parsed_at, verdict) == (raw, None, Verdict.UNSORTED)
    owed = OutboxEvent.objects.get()
    assert (owed.name, owed.payload, owed.done_at) == ("InquiryReceived", {"inquiry_id": inquiry.pk}, None)


def _seen_from_outside(number: int) -> tuple[bytes, datetime | None, str]:
    try:
        raw, parsed_at, verdict = Inquiry.objects.values_list("raw", "parsed_at", "verdict").get(pk=number)
        return bytes(raw), parsed_at, verdict
    finally:
        connection.close()


@pytest.mark.parametrize("at", [0.0, -86_400.0], ids=["1970", "before 1970"])
def test_a_file_with_a_time_that_no_mail_can_have_counts_from_today(tmp_path: Path, at: float) -> None:
    before = timezone.now()
    assert before <= only(tmp_path, letter(), at=at).received_at <= timezone.now()


def test_a_mail_with_a_stamp_that_no_calendar_holds_counts_from_today() -> None:
    found = replace(Asked("1", Asking(0.0)), mtime=253_402_300_800.0)
    before = timezone.now()
    inquiry, new = keep("imaps://info@host", found, Content(letter()))
    assert new
    assert before <= inquiry.received_at <= timezone.now()


def test_the_same_bytes_are_one_inquiry_with_every_sighting(tmp_path: Path) -> None:
    raw = letter()
    drop(tmp_path, "a.eml", raw)
    drop(tmp_path, "b.eml", raw, at=LONG_AGO + 60)
    assert look(tmp_path) == Captured(new=1, known=1)
    drop(tmp_path / "elsewhere", "c.eml", raw)
    assert look(tmp_path / "elsewhere", "maildir:/elsewhere") == Captured(known=1)
    inquiry = Inquiry.objects.get()
    assert inquiry.received_at == datetime.fromtimestamp(LONG_AGO, UTC)
    seen = inquiry.sightings.order_by("id").values_list("mailbox", "uid")
    assert [(mailbox, uid.partition(":")[0]) for mailbox, uid in seen] == [
        ("maildir:/post", "a.eml"),
        ("maildir:/post", "b.eml"),
        ("maildir:/elsewhere", "c.eml"),
    ]
    assert AuditEntry.objects.filter(action="inquiry.received").count() == 1
    assert OutboxEvent.objects.filter(name="InquiryReceived").count() == 1


def test_what_was_taken_is_not_looked_at_again(tmp_path: Path) -> None:
    drop(tmp_path, "a.eml", letter())
    assert look(tmp_path) == Captured(new=1)
    assert look(tmp_path) == Captured()
    assert (tmp_path / "a.eml").exists()


def test_a_mailbox_with_a_long_past_is_not_read_from_the_beginning_each_time(tmp_path: Path) -> None:
    inquiry = only(tmp_path, letter("Den første"))
    old = [Sighting(inquiry=inquiry, mailbox="maildir:/post", folder="", uid=f"old{n}") for n in range(1200)]
    Sighting.objects.bulk_create(old)
    source, known = LocalMailbox(tmp_path), set[Place]()
    assert capture("maildir:/post", source, known) == Captured()
    assert len(known) == 1
    with CaptureQueriesContext(connection) as queries:
        assert capture("maildir:/post", source, known) == Captured()
    assert len(queries) == 2  # that somebody looks, and which files could not be read before
    drop(tmp_path, "b.eml", letter("Den andre"))
    assert capture("maildir:/post", source, known) == Captured(new=1)
    (tmp_path / "a.eml").unlink()
    assert capture("maildir:/post", source, known) == Captured()
    assert {uid.partition(":")[0] for _folder, _validity, uid, _size in known} == {"b.eml"}


def test_one_message_id_with_two_contents_is_two_inquiries(tmp_path: Path) -> None:
    for name in ("a", "b"):
        drop(tmp_path, f"{name}.eml", letter(f"Tekst {name}", Message_ID="<same@example.com>"))
    assert look(tmp_path) == Captured(new=2)


def test_another_mail_under_an_old_name_is_taken(tmp_path: Path) -> None:
    first = only(tmp_path, letter("Den ene"))
    drop(tmp_path, "a.eml", letter("Den andre"), at=LONG_AGO + 5)
    assert look(tmp_path) == Captured(new=1)
    assert Inquiry.objects.exclude(pk=first.pk).get().sha256 != first.sha256


def test_two_mailboxes_do_not_know_each_others_files(tmp_path: Path) -> None:
    for name in ("post", "salg"):
        drop(tmp_path / name, "a.eml", letter(f"Til {name}"))
        assert look(tmp_path / name, f"maildir:/{name}") == Captured(new=1)
    assert set(Sighting.objects.values_list("mailbox", flat=True)) == {"maildir:/post", "maildir:/salg"}


def test_a_maildir_and_its_folders_are_read_but_not_what_was_sent(tmp_path: Path) -> None:
    for folder in ("", "Junk", "Sent"):
        for part in ("new", "cur", "tmp"):
            (tmp_path / folder / part).mkdir(parents=True)
        drop(tmp_path / folder / "new", "1.host", letter(f"I {folder}"))
    assert look(tmp_path) == Captured(new=2)
    assert set(Sighting.objects.values_list("folder", flat=True)) == {"INBOX", "Junk"}


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (OWN_SERVER.format("Tue, 30 Jun 2026 23:59:00 +0200"), datetime(2026, 6, 30, 21, 59, tzinfo=UTC)),
        ("From kari@example.com Mon Jun 29 08:00:00 2026\r\n", datetime(2026, 6, 29, 8, tzinfo=UTC)),
        (OTHER_SERVER.format("Sun, 28 Jun 2026 08:00:00 +0000"), None),
        ("Date: Sat, 27 Jun 2026 08:00:00 +0000\r\n", None),
        (OWN_SERVER.format("Tue, 30 Jun 2099 23:59:00 +0200"), None),
        ("From kari@example.com Mon Jun 29 08:00:00 2099\r\n", None),
        (OWN_SERVER.format("some time ago"), None),
    ],
    ids=["own server", "mbox line", "another server", "sender", "future", "future mbox line", "nonsense"],
)
def test_receipt_is_the_arrival_on_our_own_server(tmp_path: Path, top: str, expected: datetime | None) -> None:
    at = datetime(2026, 7, 1, 6, tzinfo=UTC)
    with travel(at + timedelta(days=2), tick=False):
        inquiry = only(tmp_path, letter(top=top), at=at.timestamp())
    assert inquiry.received_at == (expected or at)


def test_a_file_from_the_future_arrived_now(tmp_path: Path) -> None:
    source = LocalMailbox(tmp_path)
    path = drop(tmp_path, "a.eml", letter(), at=datetime(2099, 1, 1, tzinfo=UTC).timestamp())
    assert path.exists()
    start = timezone.now()
    assert capture("maildir:/post", source) == Captured(waiting=1)  # its date does not tell whether it is still
    with travel(start + timedelta(seconds=5), tick=False):
        assert capture("maildir:/post", source) == Captured(new=1)
        assert Inquiry.objects.get().received_at == timezone.now()


@pytest.mark.parametrize(
    ("raw", "problem"),
    [(b"", EMPTY), (b"Hei, hva vet dere om meg?\n", NO_HEADERS), (b"\x00\xff\x00\n\x00", NO_HEADERS)],
)
def test_what_is_hardly_a_mail_is_an_inquiry_all_the_same(tmp_path: Path, raw: bytes, problem: str) -> None:
    inquiry = read(only(tmp_path, raw))
    assert bytes(inquiry.raw) == raw
    assert problem in inquiry.problems
    assert (inquiry.verdict, inquiry.received_at.timestamp()) == (Verdict.UNSORTED, LONG_AGO)


def test_nul_bytes_in_every_place_are_survived(tmp_path: Path) -> None:
    raw = letter("Hei\x00 du", subject="Inn\x00syn", sender="K\x00a <ka@example.com>", Message_ID="<\x001@example.com>")
    inquiry = read(only(tmp_path, raw))
    assert bytes(inquiry.raw) == raw
    assert inquiry.sender_address == "ka@example.com"
    assert "\x00" not in inquiry.subject + inquiry.text + inquiry.sender_name + inquiry.message_id
    assert "Hei" in inquiry.text


def test_a_huge_mail_is_kept_by_its_headers(tmp_path: Path) -> None:
    raw = letter("x" * 30_000_000, subject="Innsyn i alt")
    inquiry = only(tmp_path, raw)
    assert inquiry.oversize
    assert inquiry.size == len(raw)
    assert bytes(inquiry.raw) == raw[: raw.index(b"\r\n\r\n") + 2]
    read(inquiry)
    assert (inquiry.sender_address, inquiry.subject, inquiry.text) == ("kari.holm@example.com", "Innsyn i alt", "")
    assert OVERSIZE in inquiry.problems


def test_a_mail_just_at_the_limit_is_kept_whole(tmp_path: Path, settings: Settings) -> None:
    raw = letter()
    settings.MAIL_SIZE_LIMIT = len(raw)
    assert not only(tmp_path, raw).oversize
    settings.MAIL_SIZE_LIMIT = len(raw) - 1
    assert look(tmp_path, "maildir:/again") == Captured(new=1)
    assert Inquiry.objects.get(oversize=True).size == len(raw)


def test_a_file_that_cannot_be_read_keeps_nobody_from_the_next(tmp_path: Path) -> None:
    good = drop(tmp_path, "b.eml", letter())
    source = Holding(tmp_path / "gone.eml", good)
    assert capture("maildir:/post", source) == Captured(new=1, refused=1, waiting_since=LONG_AGO)
    drop(tmp_path, "gone.eml", letter("Nå er den her"))
    assert capture("maildir:/post", source) == Captured(new=1)


def test_a_file_that_cannot_be_read_is_told_once_and_forgotten_when_it_can(tmp_path: Path) -> None:
    drop(tmp_path, "secret.txt", b"not yours")
    (tmp_path / "post").mkdir()
    (tmp_path / "post" / "kari holm.eml").symlink_to(tmp_path / "secret.txt")
    with capture_logs() as logs:
        for _ in range(3):
            assert look(tmp_path / "post") == Captured(refused=1)
    kept = RefusedFile.objects.get()
    assert (kept.name, kept.reason) == ("kari holm.eml", "the link leads out of the mailbox folder")
    assert [(line["event"], line["file"]) for line in logs] == [("mail_file_refused", kept.pk)]
    assert "kari" not in str(logs)
    (tmp_path / "post" / "kari holm.eml").unlink()
    drop(tmp_path / "post", "kari holm.eml", letter())
    assert look(tmp_path / "post") == Captured(new=1)
    assert not RefusedFile.objects.exists()


def test_a_link_out_of_the_mailbox_is_refused(tmp_path: Path) -> None:
    secret = drop(tmp_path, "secret.txt", b"not yours")
    (tmp_path / "post").mkdir()
    (tmp_path / "post" / "a.eml").symlink_to(secret)
    assert look(tmp_path / "post") == Captured(refused=1)
    assert not Inquiry.objects.exists()


def test_a_file_that_is_being_written_waits_until_it_is_still(tmp_path: Path) -> None:
    whole = letter("En lang historie. " * 50)
    source = LocalMailbox(tmp_path)
    path = drop(tmp_path, "a.eml", whole[:300])
    being_written(path)
    start = timezone.now()
    assert capture("maildir:/post", source) == Captured(waiting=1)
    with travel(start + timedelta(seconds=30), tick=False):
        drop(tmp_path, "a.eml", whole)  # it has grown since the last look, whatever its date says
        assert capture("maildir:/post", source) == Captured(waiting=1)
    with travel(start + timedelta(seconds=60), tick=False):
        assert capture("maildir:/post", source) == Captured(new=1)
    assert bytes(Inquiry.objects.get().raw) == whole


def test_a_name_full_of_foreign_bytes_does_not_stop_the_mailbox(tmp_path: Path) -> None:
    for number in (1, 2):
        name = os.fsencode(tmp_path) + b"/" + b"\xe6\xf8\xe5" * 80 + b"%d.eml" % number
        drop(tmp_path, os.fsdecode(os.path.basename(name)), letter(f"Nummer {number}"))
    drop(tmp_path, "z.eml", letter("Den siste"))
    assert look(tmp_path) == Captured(new=3)
    assert look(tmp_path) == Captured()
    assert max(map(len, Sighting.objects.values_list("uid", flat=True))) <= 300


def test_no_personal_data_in_the_audit_or_the_outbox(tmp_path: Path) -> None:
    read(only(tmp_path, letter("Jeg heter Kari Holm")))
    kept = str([*AuditEntry.objects.values_list(), *OutboxEvent.objects.values_list()])
    assert "kari" not in kept.lower()


def test_a_mail_that_the_database_does_not_take_keeps_out_no_other_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*, raw: bytes, **given: Any) -> tuple[Inquiry, bool]:
        if b"Nummer 1" in raw:
            raise DataError
        return record_inquiry(raw=raw, **given)

    def none_together(*_: object) -> None:
        raise DataError

    monkeypatch.setattr("requests_app.services.capture.TOGETHER", 3)
    monkeypatch.setattr("requests_app.services.capture.record_inquiry", refusing)
    monkeypatch.setattr("requests_app.services.capture.record_inquiries", none_together)
    for number in range(7):
        drop(tmp_path, f"{number}.eml", letter(f"Nummer {number}"))
    source, known = LocalMailbox(tmp_path), set[Place]()
    for _ in range(2):
        with pytest.raises(DataError):
            capture("maildir:/post", source, known)
        assert (Inquiry.objects.count(), len(known)) == (6, 6)
    assert RefusedFile.objects.get().name == "1.eml"
    monkeypatch.undo()
    assert capture("maildir:/post", source, known) == Captured(new=1)
    assert not RefusedFile.objects.exists()


def test_ten_batches_that_are_known_ask_the_database_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests_app.services.capture.TOGETHER", 2)
    for number in range(20):
        drop(tmp_path, f"{number}.eml", letter(f"Nummer {number}"))
    source, known = LocalMailbox(tmp_path), set[Place]()
    assert capture("maildir:/post", source, known) == Captured(new=20)
    with CaptureQueriesContext(connection) as queries:
        assert capture("maildir:/post", source, known) == Captured()
    assert len(queries) == 2  # that somebody looks, and which files could not be read before


class Asking:
    """A mailbox whose server asks for patience as soon as the first mail is read; it was told of these as safe."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.told: list[str] = []

    def look(self, now: float | None = None) -> Look[Any]:
        """Tell of one mail that is known and of one that is not."""
        return Look((Asked("1", self), Asked("2", self)))


@dataclass(frozen=True)
class Asked:
    """A mail of it."""

    uid: str
    source: Asking
    folder: str = "INBOX"
    uidvalidity: str = ""
    size: int = 7
    mtime: float = LONG_AGO
    stamped: bool = True
    name: str = "en e-post"
    marked: bool = False
    sent: bool = False
    junk: bool = False

    def read(self, *, limit: int) -> Content:
        """Be told to wait."""
        raise SourceError("has to wait", retry_after=self.source.patience)

    def taken(self, *, limit: int) -> None:
        """Note it."""
        self.source.told.append(self.uid)


@pytest.mark.parametrize("patience, told", [(30.0, []), (0.0, ["1"])], ids=["asked to wait", "away"])
def test_a_server_that_asks_for_patience_is_not_asked_for_marks_either(patience: float, told: list[str]) -> None:
    source = Asking(patience)
    with pytest.raises(SourceError) as error:
        capture("imaps://info@host", source, {("INBOX", "", "1", 7)})
    assert (source.told, error.value.waiting_since) == (told, LONG_AGO)
