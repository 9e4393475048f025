"""`manage.py import_mail` and `manage.py triage_mail`: old mail taken over whole, and a look at mail without rows."""

import json
import mailbox
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from pytest_django.fixtures import Settings

from requests_app.domain.enums import Right
from requests_app.mailbox import files, handed
from requests_app.mailbox.sources import UnreadableFileError
from requests_app.models import Inquiry, OutboxEvent
from requests_app.services import acknowledgements, backlog, triage, unsorted
from tests import factories
from tests.requests_app.mailbox.mails import DEV
from tests.requests_app.services.post import LONG_AGO, drop, letter

STAMP = "Received: from a by mx1.optimar.no with ESMTPS; Mon, 5 Jan 2026 09:00:00 +0100\r\n"


@pytest.fixture
def imported(db: None, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], dict[str, int]]:
    """Import a path and return the numbers."""
    factories.organisation()

    def run(path: Path) -> dict[str, int]:
        call_command("import_mail", str(path), "--json")
        found: dict[str, int] = json.loads(capsys.readouterr().out)
        assert found["read"] == found["new"] + found["known"] + found["failed"]
        return found

    return run


Imported = Callable[[Path], dict[str, int]]


def numbers(read: int = 0, new: int = 0, known: int = 0, unreadable: int = 0, failed: int = 0) -> dict[str, int]:
    """What the command prints."""
    return {"read": read, "new": new, "known": known, "unreadable": unreadable, "failed": failed}


def test_an_mbox_is_cut_where_its_mails_begin(tmp_path: Path, imported: Imported) -> None:
    path = tmp_path / "old.mbox"
    box = mailbox.mbox(path)
    for number in range(3):
        mail = mailbox.mboxMessage(letter(f"Nummer {number}\r\n\r\nFrom now on, delete me"))
        mail.set_from("kari@example.com", datetime(2026, 1, 2 + number, 8, tzinfo=UTC).timetuple())
        box.add(mail)
    box.close()
    assert imported(path) == numbers(read=3, new=3)
    assert imported(path) == numbers(read=3, known=3)
    assert [row.received_at.day for row in Inquiry.objects.order_by("received_at")] == [2, 3, 4]
    assert not any(bytes(row.raw).startswith(b"From ") for row in Inquiry.objects.all())


def test_our_own_servers_stamp_comes_before_the_line_of_the_mbox(tmp_path: Path, imported: Imported) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"From kari@example.com Fri Jan  9 10:00:00 2026\r\n" + letter(top=STAMP) + b"\r\n")
    assert imported(path) == numbers(read=1, new=1)
    row = Inquiry.objects.get()
    assert row.received_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert bytes(row.raw).startswith(b"Received:")


def test_a_folder_a_maildir_and_one_file(tmp_path: Path, imported: Imported) -> None:
    drop(tmp_path / "a" / "b", "one.eml", letter("Én"))
    for part in ("cur", "new", "tmp"):
        (tmp_path / "a" / "box" / part).mkdir(parents=True)
    drop(tmp_path / "a" / "box" / "new", "1.a.host", letter("To"))
    drop(tmp_path / "a" / "box" / "tmp", "2.a.host", letter("Halv"))
    drop(tmp_path / "a", "notes.txt", letter("Nei"))
    assert imported(tmp_path / "a") == numbers(read=2, new=2)
    assert imported(tmp_path / "a" / "box") == numbers(read=1, known=1)
    assert imported(drop(tmp_path, "three.eml", letter("Tre"))) == numbers(read=1, new=1)
    assert set(Inquiry.objects.values_list("received_at", flat=True)) == {datetime.fromtimestamp(LONG_AGO, UTC)}


def test_what_was_sent_or_only_drafted_did_not_reach_us(tmp_path: Path, imported: Imported) -> None:
    for folder in ("", ".Sent", ".Drafts", "Utkast", ".Archive"):
        for part in ("cur", "new", "tmp"):
            (tmp_path / "box" / folder / part).mkdir(parents=True)
        drop(tmp_path / "box" / folder / "new", "1.a.host", letter(f"I {folder}"))
    drop(tmp_path / "box" / "Sent Items", "one.eml", letter("Svar"))
    assert imported(tmp_path / "box") == numbers(read=2, new=2)
    assert imported(tmp_path / "box" / "Sent Items") == numbers(read=1, new=1)  # whoever names it means it


def test_what_cannot_be_read_is_kept_and_counted(tmp_path: Path, imported: Imported) -> None:
    drop(tmp_path, "a.eml", b"")
    drop(tmp_path, "b.eml", letter())
    assert imported(tmp_path) == numbers(read=2, new=2, unreadable=1)


def test_a_mail_that_fails_is_told_by_the_exit_code_and_keeps_nobody(
    tmp_path: Path, imported: Imported, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(tmp_path, "a.eml", letter("Nei"))
    drop(tmp_path, "b.eml", letter("Ja"))

    def load(candidate: object, *, limit: int) -> object:
        if str(getattr(candidate, "path", "")).endswith("a.eml"):
            raise UnreadableFileError("no permission")
        return whole(candidate, limit=limit)  # type: ignore[arg-type]

    whole = files.read
    monkeypatch.setattr(handed, "read", load)
    with pytest.raises(CommandError, match="1 could not be imported"):
        call_command("import_mail", str(tmp_path), "--json")
    assert json.loads(capsys.readouterr().out) == numbers(read=2, new=1, failed=1)


def test_a_mail_that_cannot_be_read_now_is_kept_for_the_worker_and_keeps_nobody(
    tmp_path: Path, imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(number: int) -> None:
        raise DatabaseError

    drop(tmp_path, "a.eml", letter("En"))
    drop(tmp_path, "b.eml", letter("To"))
    monkeypatch.setattr(backlog, "read_inquiry", refusing)
    assert imported(tmp_path) == numbers(read=2, new=2)
    assert OutboxEvent.objects.filter(name="InquiryReceived", done_at=None).count() == 2


def test_a_path_that_is_not_there_is_one_clear_line(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_mail", str(tmp_path / "nothing"))


def test_a_mail_over_the_limit_leaves_its_headers(tmp_path: Path, imported: Imported, settings: Settings) -> None:
    settings.MAIL_SIZE_LIMIT = 5_000
    path = tmp_path / "old.mbox"
    path.write_bytes(b"From a@example.com Fri Jan  9 10:00:00 2026\r\n" + letter("x\r\n" * 9_000) + b"\r\n")
    assert imported(path) == numbers(read=1, new=1)
    row = Inquiry.objects.get()
    assert row.oversize
    assert row.size > 20_000


def test_an_old_backlog_is_never_acknowledged_by_machine(tmp_path: Path, imported: Imported) -> None:
    drop(tmp_path, "a.eml", letter())
    imported(tmp_path)
    row = Inquiry.objects.get()
    assert (row.auto_reply_allowed, row.auto_reply_reason) == (False, "import")
    case = triage.sort_as_request(row.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    acknowledgements.acknowledge(case.pk)
    assert not case.messages.filter(direction="out").exists()
    assert acknowledgements.why_not_acknowledged(case) == "import"


def test_what_an_outage_left_is_acknowledged_once_a_person_has_sorted_it(tmp_path: Path, imported: Imported) -> None:
    drop(tmp_path, "a.eml", letter(), at=time.time() - 10 * 24 * 3600)
    imported(tmp_path)
    row = Inquiry.objects.get()
    assert (row.auto_reply_allowed, row.auto_reply_reason) == (False, "import")
    assert unsorted.confirm() == 0
    case = triage.sort_as_request(row.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    acknowledgements.acknowledge(case.pk)
    assert case.messages.filter(intent="acknowledgement").count() == 1


def test_a_machine_is_not_acknowledged_because_its_mail_was_imported(tmp_path: Path, imported: Imported) -> None:
    drop(tmp_path, "a.eml", letter(Auto_Submitted="auto-replied"), at=time.time() - 10 * 24 * 3600)
    imported(tmp_path)
    row = Inquiry.objects.get()
    case = triage.sort_as_request(row.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    acknowledgements.acknowledge(case.pk)
    assert acknowledgements.why_not_acknowledged(case) == "auto_submitted"
    assert not case.messages.filter(direction="out").exists()


def test_triage_needs_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wish, robot = (
        drop(tmp_path, "a.eml", letter()),
        drop(tmp_path, "b.eml", letter("Jeg er på ferie.", subject="Fravær", Auto_Submitted="auto-replied")),
    )
    call_command("triage_mail", "--json", "--address", "info@optimar.no", "--authserv", "mx1", str(wish), str(robot))
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first.pop("probability") > 0.9
    assert first == {
        "file": str(wish), "is_request": True, "rights": ["access"], "language": "nb",
        "unsure": False, "auto_reply_allowed": True, "auto_reply_reason": "ok",
    }  # fmt: skip
    assert (second["is_request"], second["auto_reply_reason"]) == (False, "auto_submitted")


def test_every_mail_of_the_corpus_gets_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("triage_mail", "--json", *map(str, DEV[:40]))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in DEV[:40]]
    assert {line["language"] for line in lines} <= {"nb", "nn", "en", "sv", "da", "de", "other"}


def test_a_file_that_is_not_there_is_named_and_the_others_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = drop(tmp_path, "a.eml", letter())
    with pytest.raises(CommandError, match="1 could not be read"):
        call_command("triage_mail", "--json", os.fspath(tmp_path / "none.eml"), str(path))
    told = capsys.readouterr()
    assert "none.eml" in told.err
    assert len(told.out.splitlines()) == 1
