"""Files of a message of the staff: kept sealed, sent once with it, gone with it."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from requests_app.domain.enums import Direction, MessageState
from requests_app.domain.errors import ActionRefused
from requests_app.mailbox import outgoing
from requests_app.mailbox.delivery import SERVER_TOO_SMALL
from requests_app.mailbox.parse import parse
from requests_app.models import Attachment, AuditEntry, Case, Message
from requests_app.services import attachments, correspondence, retention, sending
from tests import factories
from tests.services.mail_server import mail_server
from tests.services.smtp import Taken, smtp_server

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 300 + b"\nstartxref\n9\n%%EOF\n"
CSV = "navn;sum\r\nÅse;1\n".encode("cp1252")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Where mail goes unless a test has a server."""
    factories.organisation()
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path / "sent"
    return tmp_path / "sent"


@pytest.fixture
def case() -> Case:
    """A case whose person can be written to."""
    return factories.case()


def kept(case: Case, author: int, *contents: bytes, draft: str = "") -> tuple[str, list[int]]:
    """Files that wait for a message: the key of its form, and their numbers."""
    draft = draft or uuid4().hex
    return draft, [
        attachments.keep(case.pk, draft, f"fil {number}.x", one, author=author).pk
        for number, one in enumerate(contents)
    ]


def written(case: Case, *contents: bytes) -> Message:
    """A message with files that waits to be sent."""
    user = factories.staff()
    draft, files = kept(case, user.pk, *contents)
    return correspondence.write_to_person(
        case.pk, subject="Kvittering", body="Se vedlegg.", actor=user.as_actor(), key=draft, files=files
    )


def sent_files(raw: bytes) -> list[tuple[str | None, str, bytes]]:
    """Name, media type and content of the files of a mail."""
    mail = message_from_bytes(raw, policy=default)
    found = []
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found.append((part.get_filename(), part.get_content_type(), content))
    return found


def test_files_reach_the_person_to_the_byte_and_are_read_again_as_they_are(case: Case, folder: Path) -> None:
    message = written(case, PDF, CSV)
    sending.send(message.pk)
    (file,) = folder.iterdir()
    assert sent_files(file.read_bytes()) == [
        ("fil 0.pdf", "application/pdf", PDF),
        ("fil 1.txt", "text/plain", CSV),
    ]
    seen = parse(file.read_bytes())
    assert [(one.name, one.size) for one in seen.attachments] == [("fil 0.pdf", len(PDF)), ("fil 1.txt", len(CSV))]
    assert "Se vedlegg." in seen.text


def test_they_lie_sealed_and_open_on_their_case_only(case: Case) -> None:
    written(case, PDF)
    row = Attachment.objects.get()
    assert b"startxref" not in bytes(row.content)
    assert attachments.opened(row) == PDF
    row.case = factories.case(email="per@example.net")
    with pytest.raises(Exception, match="belongs to another place"):
        attachments.opened(row)


def test_the_same_file_is_kept_once_and_sent_once(case: Case) -> None:
    user = factories.staff()
    draft, first = kept(case, user.pk, PDF)
    assert kept(case, user.pk, PDF, draft=draft) == (draft, first)
    actor = user.as_actor()
    one, other = (
        correspondence.write_to_person(case.pk, subject="a", body="b", actor=actor, key=draft, files=first)
        for _ in range(2)
    )
    assert one == other
    assert list(one.attachments.values_list("pk", flat=True)) == first
    assert AuditEntry.objects.get(action="message.written").details["files"] == 1


@pytest.mark.parametrize(
    "content, code",
    [
        (b"MZ\x90\x00" + bytes(100), "evidence_type"),
        (b"PK\x03\x04" + bytes(100), "evidence_type"),
        (b"%PDF-1.7 cut", "evidence_type"),
        (b"", "attachment_empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "evidence_too_large"),
    ],
)
def test_what_is_not_safe_to_hand_on_is_refused(case: Case, content: bytes, code: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        attachments.keep(case.pk, uuid4().hex, "a.pdf", content, author=factories.staff().pk)
    assert refused.value.reason.code == code
    assert not Attachment.objects.exists()


def test_too_many_and_too_much_are_refused_and_the_others_stay(case: Case) -> None:
    author = factories.staff().pk
    draft, _ = kept(case, author, *(f"tekst {number}".encode() for number in range(attachments.MOST)))
    with pytest.raises(ActionRefused, match="attachments_too_many"):
        kept(case, author, b"en til", draft=draft)
    assert attachments.waiting(case, draft, author=author).count() == attachments.MOST
    half = b"x" * (attachments.TOGETHER // 2)
    draft, _ = kept(case, author, half, half[1:] + b"y")
    with pytest.raises(ActionRefused, match="attachments_too_large"):
        kept(case, author, b"xyz", draft=draft)


def test_all_that_the_form_takes_fits_into_one_mail(case: Case, folder: Path) -> None:
    half = b"\n".join([b"x" * 76] * ((attachments.TOGETHER - 100_000) // 2 // 77))
    message = written(case, half, half + b"y", b"z" * 99_000)
    sending.send(message.pk)
    (file,) = folder.iterdir()
    assert len(sent_files(file.read_bytes())) == 3
    assert file.stat().st_size < outgoing.LARGEST


def test_a_message_never_goes_without_a_file_that_its_writer_was_shown(case: Case) -> None:
    user = factories.staff()
    draft, files = kept(case, user.pk, PDF, CSV)
    attachments.keep_only(case.pk, draft, files[1:], author=user.pk)
    with pytest.raises(ActionRefused, match="attachments_changed"):
        correspondence.write_to_person(case.pk, subject="a", body="b", actor=user.as_actor(), key=draft, files=files)
    assert not case.messages.filter(direction=Direction.OUT.value).exists()


def test_nobody_sends_or_throws_away_the_file_of_a_colleague(case: Case) -> None:
    draft, files = kept(case, factories.staff().pk, PDF)
    other = factories.staff(name="Morten Sæther")
    attachments.keep_only(case.pk, draft, [], author=other.pk)
    with pytest.raises(ActionRefused, match="attachments_changed"):
        correspondence.write_to_person(case.pk, subject="a", body="b", actor=other.as_actor(), key=draft, files=files)
    assert Attachment.objects.count() == 1


def test_what_was_chosen_and_never_sent_is_deleted_after_a_day(case: Case) -> None:
    message = written(case, PDF)
    kept(case, factories.staff().pk, CSV)
    assert attachments.forget_old() == 0
    with time_machine.travel(timezone.now() + attachments.LIFETIME + timedelta(minutes=1)):
        assert attachments.forget_old() == 1
    assert [one.message for one in Attachment.objects.all()] == [message]


def test_files_are_forgotten_with_the_correspondence(case: Case) -> None:
    written(case, PDF)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    with time_machine.travel(timezone.now() + retention.CORRESPONDENCE_KEPT + timedelta(days=1)):
        assert retention.sweep() == 1
    assert not Attachment.objects.exists()


def test_a_crash_while_writing_leaves_the_files_waiting_and_no_message(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = factories.staff()
    draft, files = kept(case, user.pk, PDF)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(attachments, "give", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        correspondence.write_to_person(case.pk, subject="a", body="b", actor=user.as_actor(), key=draft, files=files)
    monkeypatch.undo()
    assert not case.messages.filter(direction=Direction.OUT.value).exists()
    message = correspondence.write_to_person(
        case.pk, subject="a", body="b", actor=user.as_actor(), key=draft, files=files
    )
    assert message.attachments.count() == 1


def test_after_a_crash_the_whole_mail_is_written_again_and_is_one_file(case: Case, folder: Path) -> None:
    message = written(case, PDF)
    sending.send(message.pk)
    (file,) = folder.iterdir()
    before = file.read_bytes()
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENDING.value)
    sending.send(message.pk)
    assert [one.read_bytes() for one in folder.iterdir()] == [before]


def test_a_file_whose_key_is_gone_stops_the_message_and_says_so(case: Case, folder: Path) -> None:
    message = written(case, PDF)
    Attachment.objects.update(content=b"DRENV\x01 something else")
    sending.send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.error) == (MessageState.FAILED, sending.FILE_LOST)
    assert not folder.exists()
    with pytest.raises(ActionRefused, match="message_stays_refused"):
        sending.send_again(message.pk, actor=factories.staff().as_actor())


@pytest.mark.parametrize("tls", [True, False], ids=["smtps", "starttls"])
def test_a_real_server_of_others_gets_them_whole(case: Case, tmp_path: Path, settings: Settings, tls: bool) -> None:
    message = written(case, PDF, CSV)
    with mail_server(tmp_path, tls=tls) as server:
        settings.SMTP_URL = server.url()
        for _ in range(2):
            sending.send(message.pk)
        (raw,) = server.mails
    assert server.encrypted == [True]
    assert [content for _name, _kind, content in sent_files(raw)] == [PDF, CSV]


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_in_the_middle_sends_no_second_mail(case: Case, settings: Settings) -> None:
    message = written(case, PDF, CSV)

    def second_worker(taken: Taken) -> None:
        try:
            sending.send(message.pk)
        finally:
            connection.close()

    with smtp_server() as server:
        settings.SMTP_URL, server.on_body = server.url, second_worker
        sending.send(message.pk)
        (taken,) = server.taken
    assert [content for _name, _kind, content in sent_files(taken.data)] == [PDF, CSV]
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_a_server_that_takes_no_such_mail_is_not_sent_it(case: Case, settings: Settings) -> None:
    message = written(case, PDF)
    with smtp_server(EHLO="250-localhost\r\n250 SIZE 20000") as server:
        settings.SMTP_URL = server.url
        sending.send(message.pk)
        assert server.taken == []
    message.refresh_from_db()
    assert (message.state, message.error) == (MessageState.FAILED, SERVER_TOO_SMALL)
