"""Sending: at most once over SMTP, exactly once into a folder, and staff are told when nobody can know."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from requests_app import outbox
from requests_app.domain.enums import Intent, MessageState
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Message, Organisation, OutboxEvent
from requests_app.services import acknowledgements, correspondence, sending
from tests import factories
from tests.services.smtp import Script, smtp_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Mail becomes files."""
    settings.SMTP_URL = ""
    settings.SENT_FOLDER = tmp_path / "sent"
    return tmp_path / "sent"


@pytest.fixture
def server(settings: Settings) -> Iterator[Script]:
    """Mail goes to a server."""
    with smtp_server() as script:
        settings.SMTP_URL = script.url
        yield script


def queued(*, to: str = "kari.holm@example.com", automatic: bool = True) -> Message:
    """A message that waits to be sent."""
    case = factories.case(email=to)
    if not automatic:
        return correspondence.write_to_person(case.pk, subject="a", body="b", actor=factories.staff().as_actor())
    acknowledgements.acknowledge(case.pk)
    return case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)


def state(message: Message) -> tuple[str, int, str]:
    """State, attempts and error of a message as they are now."""
    return Message.objects.values_list("state", "attempts", "error").get(pk=message.pk)


def died_while_sending(message: Message) -> None:
    """What a worker leaves that was killed between its claim and the answer."""
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENDING.value, attempts=1)


def sent_events(message: Message) -> int:
    """How often the house was told that a message went."""
    heard = OutboxEvent.objects.filter(name="MessageSent", handler__endswith=".close_answered")
    return heard.filter(payload__message_id=message.pk).count()


def audited(message: Message) -> list[str]:
    """What the audit tells of the sending of a message."""
    rows = AuditEntry.objects.filter(details__message=message.pk).order_by("number")
    return [action for action in rows.values_list("action", flat=True) if action != "message.written"]


def test_a_message_goes_once(folder: Path) -> None:
    message = queued()
    start = timezone.now()
    for _ in range(3):
        sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 1, "")
    assert len(list(folder.iterdir())) == sent_events(message) == 1
    message.refresh_from_db()
    assert message.sent_at is not None
    assert start <= message.sent_at <= timezone.now()
    assert audited(message) == ["message.queued", "message.sent"]


def test_the_outbox_brings_it_out(folder: Path) -> None:
    message = queued()
    row = OutboxEvent.objects.get(name="MessageQueued", payload__message_id=message.pk)
    OutboxEvent.objects.exclude(pk=row.pk).update(done_at=timezone.now())
    assert outbox.relay(1) == 1
    row.refresh_from_db()
    assert row.done_at is not None
    assert state(message)[0] == MessageState.SENT


def test_automatic_mail_leaves_with_the_null_sender_and_a_persons_does_not(server: Script) -> None:
    for automatic in (True, False):
        sending.send(queued(automatic=automatic).pk)
    assert [taken.sender for taken in server.taken] == ["<>", "<info@optimar.no>"]
    assert {taken.recipient for taken in server.taken} == {"<kari.holm@example.com>"}
    assert [message_from_bytes(taken.data)["Auto-Submitted"] for taken in server.taken] == ["auto-replied", None]


@pytest.mark.parametrize(
    "setting, expected",
    [
        ("null", ["<>", "<info@optimar.no>"]),
        ("from", ["<info@optimar.no>", "<info@optimar.no>"]),
        ("bounce", ["<info+bounce-", "<info+bounce-"]),
    ],
)
def test_where_word_of_a_failure_goes_is_a_setting(
    server: Script, settings: Settings, setting: str, expected: list[str]
) -> None:
    settings.ENVELOPE_SENDER = setting
    for automatic in (True, False):
        sending.send(queued(automatic=automatic).pk)
    senders = [taken.sender for taken in server.taken]
    assert all(sender.startswith(start) for sender, start in zip(senders, expected, strict=True))
    acknowledgement = message_from_bytes(server.taken[0].data)
    assert acknowledgement["X-Auto-Response-Suppress"] == "All"
    assert acknowledgement["X-Loop"] == settings.SITE_URL
    assert "+sak-" in acknowledgement["Reply-To"]


def test_where_the_mailbox_takes_no_plus_answers_come_to_it_as_it_is(server: Script, settings: Settings) -> None:
    settings.REPLY_ADDRESS = "plain"
    sending.send(queued().pk)
    assert "<info@optimar.no>" in message_from_bytes(server.taken[0].data)["Reply-To"]


def test_a_mailbox_whose_name_leaves_no_room_for_a_signature_takes_reports_itself(
    server: Script, settings: Settings
) -> None:
    factories.organisation(rights_contact="personvernombudet@optimar.no")
    settings.ENVELOPE_SENDER = "bounce"
    sending.send(queued().pk)
    assert [taken.sender for taken in server.taken] == ["<info@optimar.no>"]


def test_a_receipt_of_no_case_asks_for_answers_where_they_are_read(folder: Path) -> None:
    factories.organisation(from_address="hilsen@optimar.no", rights_contact="info@optimar.no")
    receipt = acknowledgements.confirm_receipt(factories.inquiry(), "kari.holm@example.com", "nb")
    sending.send(receipt.pk)
    (file,) = folder.iterdir()
    assert "<info@optimar.no>" in message_from_bytes(file.read_bytes())["Reply-To"]


def test_after_a_crash_the_file_is_written_again_and_is_one_file(folder: Path) -> None:
    message = queued()
    sending.send(message.pk)
    (file,) = folder.iterdir()
    before = file.read_bytes()
    died_while_sending(message)
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 2, "")
    assert [one.read_bytes() for one in folder.iterdir()] == [before]
    assert sent_events(message) == 1


def test_after_a_crash_nothing_is_sent_twice_by_smtp(server: Script) -> None:
    message = queued()
    died_while_sending(message)
    for _ in range(2):
        sending.send(message.pk)
    assert state(message)[0] == MessageState.UNCERTAIN
    assert server.connections == sent_events(message) == 0
    assert audited(message)[-1] == "message.uncertain"


def test_a_server_that_is_busy_is_tried_later(server: Script) -> None:
    message = queued()
    server.answers["RCPT"] = "450 later"
    with pytest.raises(outbox.Later, match="SMTP 450"):
        sending.send(message.pk)
    assert state(message) == (MessageState.QUEUED, 1, "SMTP 450")
    assert sent_events(message) == 0
    server.answers.clear()
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 2, "")
    assert len(server.taken) == sent_events(message) == 1


def test_a_busy_server_leaves_the_outbox_row_owed(server: Script) -> None:
    message = queued()
    OutboxEvent.objects.exclude(name="MessageQueued").update(done_at=timezone.now())
    server.answers["GREETING"] = "421 busy"
    assert outbox.relay(1) == 1
    row = OutboxEvent.objects.get(name="MessageQueued", payload__message_id=message.pk)
    assert (row.done_at, row.lease_until, row.error) == (None, None, "mail: SMTP 421")
    assert row.run_at > timezone.now()


def test_a_refused_mail_is_not_tried_again_until_a_person_says_so(server: Script) -> None:
    message = queued()
    server.answers["RCPT"] = "550 no such person"
    for _ in range(2):
        sending.send(message.pk)
    assert state(message) == (MessageState.FAILED, 1, "SMTP 550")
    assert server.connections == 1
    server.answers.clear()
    sending.send_again(message.pk, actor=factories.staff().as_actor())
    assert state(message) == (MessageState.QUEUED, 1, "")
    owed = OutboxEvent.objects.filter(name="MessageQueued", payload__message_id=message.pk)
    assert owed.count() == 2
    sending.send(message.pk)
    assert state(message)[0] == MessageState.SENT
    assert len(server.taken) == 1


def test_a_cut_after_the_mail_is_never_repeated_by_itself(server: Script) -> None:
    message = queued()
    server.answers["BODY"] = ""
    sending.send(message.pk)
    assert state(message)[0] == MessageState.UNCERTAIN
    server.answers.clear()
    sending.send(message.pk)
    assert len(server.taken) == server.connections == 1
    assert sent_events(message) == 0
    sending.send_again(message.pk, actor=factories.staff().as_actor())
    sending.send(message.pk)
    assert state(message)[0] == MessageState.SENT
    assert len(server.taken) == 2


def test_a_bad_good_bye_does_not_send_it_twice(server: Script) -> None:
    message = queued()
    server.answers["QUIT"] = "421 going down"
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 1, "")
    assert len(server.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_in_the_middle_does_not_send_it_again(server: Script) -> None:
    message = queued()
    met: list[str] = []

    def second_worker(taken: object) -> None:
        try:
            sending.send(message.pk)
            met.append(state(message)[0])
        finally:
            connection.close()

    server.on_body = second_worker
    sending.send(message.pk)
    assert met == [MessageState.UNCERTAIN]
    assert len(server.taken) == server.connections == 1
    assert state(message) == (MessageState.SENT, 1, "")  # the first has seen the server's yes
    assert sent_events(message) == 1


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_in_the_middle_leaves_one_file_and_one_notice(folder: Path) -> None:
    message = queued()
    started = sending._begin(message.pk, sending.transport())
    assert started is not None
    sending.send(message.pk)  # the second comes while the first has it in hand, and is done first
    assert state(message) == (MessageState.SENT, 2, "")
    sending._conclude(started, MessageState.FAILED, error="too late to say so")
    assert state(message) == (MessageState.SENT, 2, "")
    assert len(list(folder.iterdir())) == sent_events(message) == 1
    assert audited(message) == ["message.queued", "message.sent"]


@pytest.mark.parametrize("address", ["kåre@example.com", "nobody", "a@example.com\nBcc: b@example.com"])
def test_what_is_no_address_fails_and_says_why(server: Script, address: str) -> None:
    message = queued()
    Message.objects.filter(pk=message.pk).update(to_address=address)
    sending.send(message.pk)
    found, _, error = state(message)
    assert found == MessageState.FAILED
    assert "address" in error
    assert address not in error
    assert server.connections == 0


def test_a_domain_with_our_letters_is_reached(server: Script) -> None:
    sending.send(queued(to="kari@blåbær.example").pk)
    assert server.taken[0].recipient == "<kari@xn--blbr-roah.example>"


def test_a_folder_that_is_away_is_tried_later(folder: Path) -> None:
    message = queued()
    folder.write_text("in the way")
    with pytest.raises(outbox.Later):
        sending.send(message.pk)
    assert state(message)[0] == MessageState.QUEUED
    folder.unlink()
    sending.send(message.pk)
    assert state(message)[0] == MessageState.SENT


@pytest.mark.parametrize("now", [MessageState.QUEUED, MessageState.SENDING, MessageState.RECEIVED])
def test_only_what_failed_can_be_sent_again(now: MessageState) -> None:
    message = queued()
    Message.objects.filter(pk=message.pk).update(state=now.value)
    with pytest.raises(ActionRefused) as refused:
        sending.send_again(message.pk, actor=SYSTEM)
    assert refused.value.reason.code == "message_not_failed"


def test_two_clicks_send_again_once(server: Script) -> None:
    message = queued()
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED.value, attempts=1)
    sending.send_again(message.pk, actor=SYSTEM)
    with pytest.raises(ActionRefused):
        sending.send_again(message.pk, actor=SYSTEM)


def test_a_one_time_code_is_never_sent_again() -> None:
    message = queued()
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED.value, intent=Intent.ONE_TIME_CODE.value)
    with pytest.raises(ActionRefused) as refused:
        sending.send_again(message.pk, actor=SYSTEM)
    assert refused.value.reason.code == "message_never_again"


def test_where_the_name_of_the_mailbox_leaves_no_room_answers_come_to_it_as_it_is(folder: Path) -> None:
    message, contact = queued(), "personvernombudet.for.hele.konsernet@optimar.no"
    Organisation.objects.update(rights_contact=contact, from_address="ikke.svar@optimar.no")
    sending.send(message.pk)
    (file,) = folder.iterdir()
    mail = message_from_bytes(file.read_bytes())
    assert f"<{contact}>" in " ".join(mail["Reply-To"].split())
    assert mail["Message-ID"] == message.message_id


def test_nothing_about_the_person_in_audit_outbox_or_errors(server: Script) -> None:
    message = queued()
    server.answers["RCPT"] = "550 kari.holm@example.com is unknown"
    sending.send(message.pk)
    rows = [*AuditEntry.objects.values(), *OutboxEvent.objects.values(), state(message)]
    assert "kari" not in str(rows).lower()


def test_words_that_have_become_untrue_are_not_sent(server: Script) -> None:
    message, now = queued(), timezone.now()
    Message.objects.filter(pk=message.pk).update(send_before=now)
    for _ in range(2):
        sending.send(message.pk)
    assert state(message)[0] == MessageState.FAILED
    assert server.connections == sent_events(message) == 0
    with pytest.raises(ActionRefused, match="message_over"):
        sending.send_again(message.pk, actor=factories.staff().as_actor())
    Message.objects.filter(pk=message.pk).update(send_before=now + timedelta(days=1))
    sending.send_again(message.pk, actor=factories.staff().as_actor())
    sending.send(message.pk)
    assert state(message)[0] == MessageState.SENT
