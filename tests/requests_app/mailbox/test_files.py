"""Dropped files and Maildirs: nothing taken too early, nothing lost, nothing followed out of the folder."""

import os
from pathlib import Path

import pytest

from requests_app.domain.enums import MailboxFault
from requests_app.mailbox import files
from requests_app.mailbox.files import Candidate, DropFolder, LocalMailbox, Maildir
from requests_app.mailbox.mailboxes import open_mailbox
from requests_app.mailbox.parse import parse_headers
from requests_app.mailbox.sources import (
    Content,
    SourceError,
    UnreadableFileError,
)

from .mails import mail

NOW = 1_800_000_000.0


def drop(folder: Path, name: str, raw: bytes = b"From: a@example.com\r\n\r\nHei", age: float = 60) -> Path:
    """Put a file into a folder, last changed `age` seconds before NOW."""
    path = folder / name
    path.write_bytes(raw)
    os.utime(path, (NOW - age, NOW - age))
    return path


def make_maildir(path: Path) -> Path:
    """An empty Maildir."""
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True)
    return path


def names(candidates: tuple[Candidate, ...]) -> list[str]:
    """The file names of candidates."""
    return [one.path.name for one in candidates]


def test_mails_are_found_whatever_the_case_of_their_ending(tmp_path: Path) -> None:
    for name in ("a.eml", "B.EML", "c.Eml", "d.txt", ".hidden.eml", "~lock.eml", "e.eml.part", "f.eml~"):
        drop(tmp_path, name)
    (tmp_path / "folder.eml").mkdir()
    (tmp_path / "sub").mkdir()
    drop(tmp_path / "sub", "g.eml")
    os.mkfifo(tmp_path / "pipe.eml")
    look = DropFolder(tmp_path).look(NOW)
    assert names(look.candidates) == ["B.EML", "a.eml", "c.Eml"]
    assert (look.refused, look.waiting) == ((), 0)


def test_a_file_still_being_written_waits(tmp_path: Path) -> None:
    path = drop(tmp_path, "a.eml", b"From: a@", age=0.2)
    source = DropFolder(tmp_path)
    assert source.look(NOW).waiting == 1
    drop(tmp_path, "a.eml", b"From: a@example.com", age=-0.5)
    assert source.look(NOW + 1).candidates == ()
    assert names(source.look(NOW + 2).candidates) == ["a.eml"]
    assert files.read(source.look(NOW + 3).candidates[0]).raw == path.read_bytes()


def test_a_writer_that_sets_back_the_date_waits_too(tmp_path: Path) -> None:
    drop(tmp_path, "a.eml", b"From")
    source = DropFolder(tmp_path)
    assert len(source.look(NOW).candidates) == 1
    drop(tmp_path, "a.eml", b"From: a@example.com")
    changed = source.look(NOW + 1)
    assert (changed.candidates, changed.waiting) == ((), 1)
    assert len(source.look(NOW + 2).candidates) == 1


def test_a_date_in_the_future_does_not_wait_for_ever(tmp_path: Path) -> None:
    drop(tmp_path, "a.eml", age=-1_000_000)
    source = DropFolder(tmp_path)
    assert source.look(NOW).candidates == ()
    assert source.look(NOW + 0.5).candidates == ()
    assert len(source.look(NOW + 1.5).candidates) == 1


def test_the_identity_changes_with_the_contents(tmp_path: Path) -> None:
    source = DropFolder(tmp_path)
    drop(tmp_path, "a.eml", b"one")
    (first,) = source.look(NOW).candidates
    assert source.look(NOW + 5).candidates == (first,)
    drop(tmp_path, "a.eml", b"two", age=30)
    source.look(NOW + 10)
    (second,) = source.look(NOW + 20).candidates
    assert first.uid != second.uid


def test_an_empty_file_is_a_mail_too(tmp_path: Path) -> None:
    drop(tmp_path, "a.eml", b"")
    (found,) = DropFolder(tmp_path).look(NOW).candidates
    assert files.read(found) == Content(b"")


def test_a_name_that_is_no_text_can_be_stored(tmp_path: Path) -> None:
    raw_name = os.fsencode(tmp_path) + b"/\xe5rsak.eml"
    Path(os.fsdecode(raw_name)).write_bytes(b"x")
    (found,) = DropFolder(tmp_path).look(NOW * 2).candidates
    assert found.uid.encode().startswith(b"\\xe5rsak.eml:")
    assert files.read(found).raw == b"x"


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_not(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.mkdir()
    secret = drop(tmp_path, "secret.eml", b"secret")
    drop(box, "a.eml")
    (box / "inside.eml").symlink_to("a.eml")
    (box / "out.eml").symlink_to(secret)
    (box / "dangling.eml").symlink_to(box / "nothing")
    (box / "circle.eml").symlink_to(box / "circle.eml")
    look = DropFolder(box).look(NOW)
    assert len(look.candidates) == 2
    assert {one.path.name for one in look.refused} == {"out.eml", "circle.eml"}
    assert all(files.read(one).raw.startswith(b"From") for one in look.candidates)


def test_a_file_that_became_a_link_is_not_read(tmp_path: Path) -> None:
    path = drop(tmp_path, "a.eml")
    (found,) = DropFolder(tmp_path).look(NOW).candidates
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(UnreadableFileError):
        files.read(found)


@pytest.mark.parametrize("kind", ["gone", "pipe", "folder"])
def test_what_can_no_longer_be_read_says_so(tmp_path: Path, kind: str) -> None:
    path = drop(tmp_path, "a.eml")
    (found,) = DropFolder(tmp_path).look(NOW).candidates
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    if kind == "folder":
        path.mkdir()
    with pytest.raises(UnreadableFileError) as error:
        files.read(found)
    assert "a.eml" not in error.value.reason


def test_a_mail_over_the_limit_gives_its_headers(tmp_path: Path) -> None:
    raw = mail("Message-ID: <a@example.com>", body="x" * 5_000)
    drop(tmp_path, "big.eml", raw)
    (found,) = DropFolder(tmp_path).look(NOW).candidates
    content = files.read(found, limit=1_000)
    assert content.oversize
    assert b"xxx" not in content.raw
    assert parse_headers(content.raw).message_id == "<a@example.com>"
    assert files.read(found, limit=len(raw)) == Content(raw)


def test_the_usual_limit_is_25_megabytes(tmp_path: Path) -> None:
    path = drop(tmp_path, "big.eml", mail())
    with path.open("ab") as file:
        file.truncate(30_000_000)
    (found,) = DropFolder(tmp_path).look(NOW * 2).candidates
    assert (found.size, files.read(found).oversize) == (30_000_000, True)


def test_a_maildir_is_read_without_waiting(tmp_path: Path) -> None:
    box = make_maildir(tmp_path / "box")
    drop(box / "new", "1.a.host", age=0)
    drop(box / "cur", "2.b.host:2,S", age=0)
    drop(box / "tmp", "3.c.host", age=0)
    drop(box / "new", ".hidden", age=0)
    look = Maildir(box).look()
    assert [(one.folder, one.uid) for one in look.candidates] == [("INBOX", "1.a.host"), ("INBOX", "2.b.host")]


def test_a_maildir_mail_that_was_moved_meanwhile_is_found_again(tmp_path: Path) -> None:
    box = make_maildir(tmp_path / "box")
    path = drop(box / "new", "1.a.host", b"raw")
    (found,) = Maildir(box).look().candidates
    path.rename(box / "cur" / "1.a.host:2,RS")
    assert files.read(found) == Content(b"raw")
    assert [one.uid for one in Maildir(box).look().candidates] == [found.uid]


def test_one_folder_may_be_everything_at_once(tmp_path: Path) -> None:
    box = make_maildir(tmp_path / "box")
    drop(box, "dropped.eml")
    drop(box / "new", "1.a.host")
    for name in ("Junk", "Sent", ".hidden"):
        drop(make_maildir(box / name) / "new", "2.b.host")
    (box / "plain").mkdir()
    drop(box / "plain", "x.eml")
    look = LocalMailbox(box).look(NOW)
    found = [(one.folder, one.uid.partition(":")[0]) for one in look.candidates]
    assert found == [("", "dropped.eml"), ("INBOX", "1.a.host"), ("Junk", "2.b.host")]


@pytest.mark.parametrize("name", [".Junk", "Junk", ".Spam", ".INBOX.Junk"])
def test_the_spam_folder_that_a_mail_server_lays_is_read_and_said_to_be_one(tmp_path: Path, name: str) -> None:
    box = make_maildir(tmp_path / "box")
    drop(box / "new", "1.a.host")
    for folder in (name, ".Archive", ".Sent"):
        drop(make_maildir(box / folder) / "new", "1.a.host")
    found = [(one.folder, one.junk) for one in LocalMailbox(box).look(NOW).candidates]
    assert found == [("INBOX", False), (name, True)]


@pytest.mark.parametrize("closed", ["Junk", "Junk/cur"])
def test_a_maildir_that_is_closed_is_a_failure_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    box = make_maildir(tmp_path / "box")
    drop(box, "dropped.eml")
    for name in ("Junk", "Support"):
        drop(make_maildir(box / name) / "new", "1.a.host")
    scan, is_dir = os.scandir, Path.is_dir

    def forbid(path: Path) -> None:  # the owner of the machine, who may run the tests, is forbidden nothing
        if path.name in ("cur", "new", "tmp") and path.is_relative_to(box / closed):
            raise PermissionError(13, "Permission denied")

    def scandir(path: Path) -> object:
        forbid(path)
        return scan(path)

    def asked(path: Path) -> bool:
        if closed == "Junk":
            forbid(path)
        return is_dir(path)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "is_dir", asked)
    look = LocalMailbox(box).look(NOW)
    assert [one.folder for one in look.candidates] == ["", "Support"]
    assert [one.path for one in look.refused] == [box / "Junk"]
    assert look.fault is not None
    assert look.fault.fault == MailboxFault.NO_FOLDER


def test_an_address_opens_a_mailbox(tmp_path: Path) -> None:
    box = make_maildir(tmp_path / "min post")
    drop(box / "new", "1.a.host")
    quoted = str(box).replace(" ", "%20")
    for url in (f"maildir:{quoted}", f"maildir://{quoted}", f" MAILDIR:{quoted} "):
        assert len(open_mailbox(url).source.look(NOW).candidates) == 1


@pytest.mark.parametrize(
    "url, says",
    [
        ("pop3s://user:password@host/INBOX", "maildir:/path"),
        ("", "maildir:/path"),
        ("/srv/mail", "maildir:/path"),
        ("user:password@host", "maildir:/path"),
        ("maildir:relative/path", "absolute"),
    ],
)
def test_other_addresses_are_refused_without_showing_them(url: str, says: str) -> None:
    with pytest.raises(SourceError, match=says) as error:
        open_mailbox(url)
    assert "password" not in str(error.value)


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        open_mailbox(f"maildir:{tmp_path}/nothing").source.look(NOW)
