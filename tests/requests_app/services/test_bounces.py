"""Mails that come back: tied to their message, shown on its case, told to the staff, never taken for a request."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from requests_app import outbox, selectors
from requests_app.domain.enums import Intent, MessageState, Right, Verdict
from requests_app.keyring import ring
from requests_app.mailbox import threading
from requests_app.models import AuditEntry, Case, DeliveryReport, Message, OutboxEvent, Suppression
from requests_app.services import acknowledgements, correspondence, sending, triage, unsorted
from tests import factories
from tests.desk_client import desk_client
from tests.requests_app.mailbox import bounces

from .post import arrived, captured, letter, read

pytestmark = pytest.mark.django_db

KARI = "kari@example.com"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Settings) -> None:
    settings.SMTP_URL = ""
    settings.SENT_FOLDER = tmp_path / "sent"
    factories.organisation()


def acknowledged() -> Message:
    """The acknowledgement of a case of Kari's, sent."""
    case = factories.case(email=KARI)
    acknowledgements.acknowledge(case.pk)
    return sent(case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value))


def sent(message: Message) -> Message:
    """Send a message and return it as it is then."""
    sending.send(message.pk)
    message.refresh_from_db()
    return message


def of(message: Message) -> Case:
    """The case of a message."""
    assert message.case
    return message.case


def state(message: Message) -> str:
    """The state of a message as it is now."""
    return Message.objects.values_list("state", flat=True).get(pk=message.pk)


def failures(message: Message) -> int:
    """How often the staff are told that a message did not arrive."""
    return OutboxEvent.objects.filter(name="MessageFailed", payload__message_id=message.pk).count()


def test_a_mail_that_came_back_is_shown_with_its_reason_and_told() -> None:
    message = acknowledged()
    inquiry = arrived(bounces.report(message.message_id))
    assert state(message) == MessageState.BOUNCED
    assert failures(message) == 1
    report = DeliveryReport.objects.get(message=message)
    assert (report.inquiry, report.came_back, report.status) == (inquiry, True, "5.1.1")
    page = desk_client().read(f"/desk/cases/{of(message).reference}/")
    assert "There is no such address. (Code 5.1.1)" in page
    assert f"/desk/inbox/{inquiry.pk}/" in page
    told = desk_client().read(f"/desk/inbox/{inquiry.pk}/")
    assert told.index(of(message).reference) < told.index("What it says")
    assert "First guess" not in told
    assert "<mark" not in told
    assert selectors.cases_in(selectors.CaseView.UNCONFIRMED, user_id=0, today=datetime.now(UTC).date()).exists()


def test_whoever_writes_to_a_dead_address_is_told_where_they_write() -> None:
    message, told = acknowledged(), "Mail to this address has come back: there is no such address."
    assert told not in desk_client().read(f"/desk/cases/{of(message).reference}/")
    arrived(bounces.report(message.message_id))
    assert told in desk_client().read(f"/desk/cases/{of(message).reference}/")


def test_the_staff_get_a_mail_about_it() -> None:
    factories.staff()
    message = acknowledged()
    arrived(bounces.report(message.message_id))
    OutboxEvent.objects.exclude(name="MessageFailed").update(done_at=datetime.now(UTC))
    outbox.relay(10)
    notices = Message.objects.filter(intent=Intent.REMINDER.value, key__startswith=f"bounced:{message.pk}:")
    assert notices.exists()
    assert all(KARI not in one.body for one in notices)


def test_the_report_is_no_request_and_is_not_lost() -> None:
    message = acknowledged()
    raw = bounces.report(message.message_id).replace(b"Hemmelig svar", b"Slett meg, og stopp all reklame.")
    inquiry = arrived(raw)
    assert (inquiry.verdict, inquiry.case, inquiry.suggested_case) == (Verdict.NOT_A_REQUEST, None, None)
    assert (inquiry.maybe_request, inquiry.suggested_rights, inquiry.auto_reply_allowed) == (False, [], False)
    assert inquiry.sorted_at is not None
    assert not Suppression.objects.exists()
    assert not of(message).messages.filter(intent=Intent.REPLY.value).exists()
    assert unsorted.confirm() == 0
    assert selectors.inbox(Verdict.NOT_A_REQUEST).filter(pk=inquiry.pk).exists()
    actor = factories.staff().as_actor()
    triage.sort_as_other(inquiry.pk, Verdict.UNSORTED, actor=actor)
    assert triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=actor).received_at == inquiry.received_at


@pytest.mark.parametrize("write", [bounces.qmail, bounces.exim, bounces.exchange])
def test_the_words_of_older_servers_are_known_by_the_header_that_they_quote(write: object) -> None:
    message = acknowledged()
    assert callable(write)
    inquiry = arrived(write(message.message_id))
    assert (state(message), inquiry.verdict) == (MessageState.BOUNCED, Verdict.NOT_A_REQUEST)


def test_a_report_to_the_address_of_the_envelope_needs_no_header(settings: Settings) -> None:
    settings.ENVELOPE_SENDER = "bounce"
    message = acknowledged()
    address = threading.make_bounce_address(ring().all("mail"), message.uuid, selectors.organisation().rights_contact)
    arrived(bounces.report("", to=address))
    assert state(message) == MessageState.BOUNCED


def test_a_mail_that_is_late_is_a_note_and_nothing_more() -> None:
    message = acknowledged()
    inquiry = arrived(bounces.report(message.message_id, action="delayed", status="4.4.1", diagnosis=""))
    assert (state(message), failures(message), inquiry.verdict) == (MessageState.SENT, 0, Verdict.NOT_A_REQUEST)
    assert not selectors.comes_back(KARI)
    page = desk_client().read(f"/desk/cases/{of(message).reference}/")
    assert "A message is late" in page
    assert "The mail server there could not be reached. (Code 4.4.1)" in page
    assert "Why it is late" in page


@pytest.mark.parametrize(
    "status, dead", [("5.1.1", True), ("5.1.10", True), ("5.2.2", False), ("5.7.1", False), ("4.4.7", False)]
)
def test_only_an_address_that_does_not_exist_is_dead(status: str, dead: bool) -> None:
    message = acknowledged()
    arrived(bounces.report(message.message_id, status=status, diagnosis=""))
    assert state(message) == MessageState.BOUNCED
    assert selectors.comes_back(KARI.upper()) is dead
    page = desk_client().read(f"/desk/cases/{of(message).reference}/")
    assert ("mail to it comes back" in page) is dead


def test_to_a_dead_address_goes_only_what_a_person_sends() -> None:
    message, actor = acknowledged(), factories.staff().as_actor()
    arrived(bounces.report(message.message_id))
    case = factories.case(email=KARI)
    acknowledgements.acknowledge(case.pk)
    automatic = sent(case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value))
    assert (automatic.state, automatic.error, failures(automatic)) == (MessageState.FAILED, sending.COMES_BACK, 1)
    assert "an earlier message to this address came back" in desk_client().read(f"/desk/cases/{case.reference}/")
    written = correspondence.write_to_person(case.pk, subject="Hei", body="Er du der?", actor=actor)
    assert sent(written).state == MessageState.SENT
    sending.send_again(automatic.pk, actor=actor)
    assert sent(automatic).state == MessageState.SENT


def test_sent_again_by_a_person_the_address_lives_until_it_comes_back_again() -> None:
    message = acknowledged()
    arrived(bounces.report(message.message_id))
    sending.send_again(message.pk, actor=factories.staff().as_actor())
    assert not selectors.comes_back(KARI)
    assert sent(message).state == MessageState.SENT
    arrived(bounces.report(message.message_id, diagnosis="smtp; 550 5.1.1 still unknown"))
    assert state(message) == MessageState.BOUNCED
    assert (failures(message), selectors.comes_back(KARI)) == (2, True)


def test_the_same_report_twice_is_one() -> None:
    message = acknowledged()
    inquiry = captured(bounces.report(message.message_id))
    for _ in range(2):
        read(inquiry)
    arrived(bounces.report(message.message_id))
    assert (DeliveryReport.objects.count(), failures(message)) == (1, 1)


def test_a_message_that_waits_to_be_sent_once_more_is_not_touched_by_an_old_report() -> None:
    message = acknowledged()
    Message.objects.filter(pk=message.pk).update(state=MessageState.QUEUED.value)
    arrived(bounces.report(message.message_id))
    assert state(message) == MessageState.QUEUED


def test_a_receipt_that_came_back_is_shown_with_the_inquiry_that_it_confirms() -> None:
    inquiry = arrived(letter(sender=f"Kari <{KARI}>"))
    receipt = sent(acknowledgements.confirm_receipt(inquiry, KARI, "nb"))
    report = arrived(bounces.report(receipt.message_id))
    assert (state(receipt), report.verdict) == (MessageState.BOUNCED, Verdict.NOT_A_REQUEST)
    assert "did not reach them" in desk_client().read(f"/desk/inbox/{inquiry.pk}/")


def test_a_notice_to_the_staff_that_came_back_waits_in_the_inbox() -> None:
    notice = sent(
        correspondence.notify_staff(
            "trine@optimar.no", "nb", "requests_app/mail/mail_failed", {"reference": "DR-2026-000001-11"}, key="n:1"
        )
    )
    inquiry = arrived(bounces.report(notice.message_id, recipient="trine@optimar.no"))
    assert (state(notice), inquiry.verdict, failures(notice)) == (MessageState.BOUNCED, Verdict.UNSORTED, 0)


def forged(message: Message) -> str:
    """The Message-ID of a message, as somebody would write it who lacks our key."""
    case, uuid = of(message).uuid.hex, message.uuid.hex
    return threading.make_message_id([b"x" * 32], case, uuid, "optimar.no")


@pytest.mark.parametrize("write", [bounces.report, bounces.qmail, bounces.exim, bounces.exchange])
def test_what_an_outsider_invents_is_an_ordinary_inquiry(write: object) -> None:
    message = acknowledged()
    assert callable(write)
    inquiry = arrived(write(forged(message)))
    assert (state(message), failures(message)) == (MessageState.SENT, 0)
    assert (inquiry.verdict, inquiry.case) == (Verdict.UNSORTED, None)
    assert not DeliveryReport.objects.exists()


def nonsense() -> list[bytes]:
    """Reports that are nested, huge, cut off, in odd charsets, or about nothing."""
    plain = bounces.report("<1@example.com>")
    inner = plain
    for depth in range(60):
        inner = b"Content-Type: multipart/report; boundary=b%d\r\n\r\n--b%d\r\n%b\r\n--b%d--\r\n" % (
            depth, depth, inner, depth,
        )  # fmt: skip
    many = b"Final-Recipient: rfc822; a@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" * 5_000
    return [
        b"From: MAILER-DAEMON@example.com\r\nTo: info@optimar.no\r\nReturn-Path: <>\r\n" + inner,
        plain.replace(b"Reporting-MTA", many + b"Reporting-MTA"),
        plain[: len(plain) // 2],
        bounces.report("<1@example.com>", charset="utf-7").replace(b"I could", b"+AOY- \xff\xfe"),
        bounces.report("<1@example.com>", charset="x-no-such-charset"),
        plain.replace(b"Status: 5.1.1", b"Status: " + b"5." * 50_000),
        plain.replace(b"Action: failed", b"Action: " + b"\x00\xff" * 1_000),
        bounces.report(f"<dr.{'a' * 40}.{'b' * 40}.{'c' * 24}@optimar.no>"),
        bounces.report("<dr.staff.notauuid.aaaaaaaaaaaaaaaaaaaaaaaa@optimar.no>"),
        bounces.report("").replace(b"Message-ID: \r\n", b"Message-ID: <" + b"a" * 100_000 + b"@optimar.no>\r\n"),
    ]


def test_nonsense_stays_an_inquiry_and_changes_nothing() -> None:
    message = acknowledged()
    for raw in nonsense():
        inquiry = arrived(raw)
        assert (inquiry.verdict, inquiry.case, inquiry.auto_reply_allowed) == (Verdict.UNSORTED, None, False)
        assert inquiry.parsed_at is not None
    assert state(message) == MessageState.SENT
    assert not DeliveryReport.objects.exists()


def test_a_person_who_reads_postmaster_is_heard_and_nothing_has_come_back() -> None:
    case = factories.case(email="postmaster@holm.example")
    acknowledgements.acknowledge(case.pk)
    message = sent(case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value))
    words = letter(
        "Jeg betalte 499 kroner og vil ha alt slettet.", sender="Kari <postmaster@holm.example>",
        subject="SV: Svaret er forsinket", In_Reply_To=message.message_id,
    )  # fmt: skip
    assert arrived(words, at=datetime.now(UTC)).case == case
    assert state(message) == MessageState.SENT
    assert not DeliveryReport.objects.exists()


def test_a_signed_mark_of_a_message_that_is_not_here_is_an_ordinary_inquiry() -> None:
    unknown = threading.make_message_id(ring().all("mail"), "staff", UUID(int=7).hex, "optimar.no")
    odd = threading.make_message_id(ring().all("mail"), "staff", "nouuid", "optimar.no")
    for message_id in (unknown, odd):
        assert arrived(bounces.report(message_id)).verdict == Verdict.UNSORTED


def test_nothing_of_the_person_is_in_the_audit() -> None:
    message = acknowledged()
    arrived(bounces.report(message.message_id))
    entry = AuditEntry.objects.get(action="message.bounced")
    assert (entry.subject, entry.details) == (f"case:{message.case_id}", {"message": message.pk, "status": "5.1.1"})
