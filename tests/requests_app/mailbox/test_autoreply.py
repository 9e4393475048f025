"""When a machine may answer: the rules one by one, then the labelled mails."""

import pytest

from requests_app.mailbox.authenticity import judge
from requests_app.mailbox.autoreply import Reason, answer_address, auto_reply_allowed
from requests_app.mailbox.parse import parse

from .mails import AUTHSERV, OURS, labels, mail, multipart

RESULTS = "Authentication-Results: mx1.optimar.no;"


def reason(raw: bytes) -> Reason:
    """The reason for this mail, with everything configured."""
    mail = parse(raw)
    found = auto_reply_allowed(
        mail,
        own_addresses=OURS,
        own_message_id=lambda value: value == "<ours@optimar.no>",
        instance="datarett-1",
        authentic=judge(mail, authserv_ids=AUTHSERV).verdict,
    )
    assert found.allowed == (found.reason is Reason.OK)
    return found.reason


@pytest.mark.parametrize(
    "lines, expected",
    [
        ((), Reason.OK),
        (("Auto-Submitted: no",), Reason.OK),
        (("X-Auto-Response-Suppress: All",), Reason.OK),
        (("Precedence: first-class",), Reason.OK),
        (("X-Loop: other-system",), Reason.OK),
        (("Return-Path: <>",), Reason.NULL_SENDER),
        (("Return-Path: ",), Reason.NULL_SENDER),
        (("Return-Path: <MAILER-DAEMON>",), Reason.NULL_SENDER),
        (("Auto-Submitted: auto-replied",), Reason.AUTO_SUBMITTED),
        (("Auto-Submitted: auto-generated; owner-email=a@example.com",), Reason.AUTO_SUBMITTED),
        (("Auto-Submitted: No (really)",), Reason.OK),
        (("Auto-Submitted: no", "Auto-Submitted: auto-replied"), Reason.AUTO_SUBMITTED),
        (("Auto-Submitted:",), Reason.AUTO_SUBMITTED),
        (("List-Id: <x.example.com>",), Reason.LIST),
        (("List-Unsubscribe: <mailto:x@example.com>",), Reason.LIST),
        (("Precedence: Bulk",), Reason.LIST),
        (("X-Precedence: junk",), Reason.LIST),
        (("X-Autoreply: yes",), Reason.HEADER),
        (("X-Autorespond: 1",), Reason.HEADER),
        (("X-MS-Exchange-Inbox-Rules-Loop: kari@example.com",), Reason.HEADER),
        (("X-Loop: DATARETT-1",), Reason.HEADER),
        (("X-Loop: true",), Reason.HEADER),
        (("Delivered-To: Autoresponder",), Reason.HEADER),
        (("Delivered-To: info@optimar.no", "Delivered-To: autoresponder"), Reason.HEADER),
        (("Return-Path: <bounces@mailer.example>",), Reason.LOCAL_PART),
        (("Return-Path: <bouncehandler@mailer.example>",), Reason.LOCAL_PART),
        (("Return-Path: <info+bounce-abc-def@other.example>",), Reason.LOCAL_PART),
        (("Return-Path: <mailer-daemon+x@mailer.example>",), Reason.LOCAL_PART),
        (("To: info+bounce-abc-def@optimar.no",), Reason.NULL_SENDER),
        (("Delivered-To: info+bounce-abc-def@optimar.no",), Reason.NULL_SENDER),
        (("Precedence: first-class", "X-Precedence: LIST"), Reason.LIST),
        (("Return-Path: <bounce-123@mailer.example>",), Reason.LOCAL_PART),
        (("Reply-To: no-reply@example.com",), Reason.LOCAL_PART),
        (("Reply-To: info@optimar.no",), Reason.OWN_ADDRESS),
        (("Message-ID: <ours@optimar.no>",), Reason.OWN_ADDRESS),
        (("To: other@example.com",), Reason.NOT_ADDRESSED),
        (("To: other@example.com", "Cc: INFO@optimar.no"), Reason.OK),
        (("To: other@example.com", "Resent-Cc: info@optimar.no"), Reason.OK),
        (("To: other@example.com", "Resent-Bcc: info@optimar.no"), Reason.OK),
        (("To: other@example.com", "Delivered-To: info@optimar.no"), Reason.OK),
        (("To: info+sak-x-y@optimar.no",), Reason.OK),
        (("X-Spam-Flag: YES",), Reason.UNAUTHENTICATED),
        (("X-Spam-Status: Yes, score=12.1 required=5.0",), Reason.UNAUTHENTICATED),
        (("X-Spam-Status: No, score=0.1",), Reason.OK),
        (("X-MS-Exchange-Organization-SCL: 5",), Reason.UNAUTHENTICATED),
        (("X-MS-Exchange-Organization-SCL: -1",), Reason.OK),
        (("X-Forefront-Antispam-Report: CIP:1.2.3.4; SFV:SPM; SCL:5",), Reason.UNAUTHENTICATED),
        (("X-Forefront-Antispam-Report: CIP:1.2.3.4;SFV:NSPM",), Reason.OK),
        ((f"{RESULTS} dmarc=fail header.from=example.com; dkim=pass header.d=example.com",), Reason.UNAUTHENTICATED),
        ((f"{RESULTS} spf=fail smtp.mailfrom=example.com; dkim=pass header.d=example.com",), Reason.OK),
        ((f"{RESULTS} spf=fail smtp.mailfrom=example.com; dkim=pass header.d=evil.example",), Reason.UNAUTHENTICATED),
        (("Authentication-Results: mx1.optimar.no; dmarc=fail header.from=example.com",), Reason.UNAUTHENTICATED),
    ],
)
def test_marks_in_the_headers(lines: tuple[str, ...], expected: Reason) -> None:
    assert reason(mail(*lines)) is expected


@pytest.mark.parametrize(
    "sender, expected",
    [
        ("MAILER-DAEMON@example.com", Reason.LOCAL_PART),
        ("postmaster@example.com", Reason.LOCAL_PART),
        ("owner-list@example.com", Reason.LOCAL_PART),
        ("list-owner@example.com", Reason.LOCAL_PART),
        ("list-request@example.com", Reason.LOCAL_PART),
        ("noreply@example.com", Reason.LOCAL_PART),
        ("majordomo@example.com", Reason.LOCAL_PART),
        ("bounce@example.com", Reason.LOCAL_PART),
        ("listserv@example.com", Reason.LOCAL_PART),
        ("info@optimar.no", Reason.OWN_ADDRESS),
        ("info+tag@optimar.no", Reason.OWN_ADDRESS),
        ("trine@optimar.no", Reason.OK),
        ("owner@example.com", Reason.OK),
        ("req-7f31c9@example.com", Reason.OK),
    ],
)
def test_names_of_senders(sender: str, expected: Reason) -> None:
    assert reason(mail(sender=sender)) is expected


def test_our_contact_form_is_judged_by_its_reply_to() -> None:
    form = ("Return-Path: <noreply@optimar.no>", "Reply-To: simon@example.com")
    assert reason(mail(*form, sender="noreply@optimar.no")) is Reason.OK
    assert answer_address(parse(mail(*form, sender="noreply@optimar.no")), own_addresses=OURS) == "simon@example.com"
    robot = ("Return-Path: <noreply@optimar.no>", "Reply-To: postmaster@example.com")
    assert reason(mail(*robot, sender="noreply@optimar.no")) is Reason.LOCAL_PART


def test_an_answer_goes_to_the_return_path() -> None:
    found = parse(mail("Return-Path: <kari.private@example.com>"))
    assert answer_address(found, own_addresses=OURS) == "kari.private@example.com"
    bare = parse(b"From: kari@example.com\r\n\r\nHei")
    assert answer_address(bare, own_addresses=OURS) == "kari@example.com"


@pytest.mark.parametrize("back", ["per@example.net", "0100018f@mail.service.example", "kari@example.com.example.net"])
def test_a_return_path_of_another_domain_gets_nothing_that_is_meant_for_the_sender(back: str) -> None:
    found = parse(mail(f"Return-Path: <{back}>", sender="kari@example.com"))
    assert answer_address(found, own_addresses=OURS) == "kari@example.com"


def test_reports_and_receipts_are_not_answered() -> None:
    assert (
        reason(multipart("report", "Content-Type: message/delivery-status\r\n\r\nStatus: 5.1.1")) is Reason.NULL_SENDER
    )
    inner = "Content-Type: message/disposition-notification\r\n\r\nDisposition: displayed"
    assert reason(multipart("mixed", inner)) is Reason.NULL_SENDER


def test_a_robot_named_by_sender_only_is_not_answered() -> None:
    assert reason(b"Sender: mailer-daemon@example.com\r\nTo: info@optimar.no\r\n\r\nHei") is Reason.LOCAL_PART
    assert reason(b"Sender: kari@example.com\r\nTo: info@optimar.no\r\n\r\nHei") is Reason.OK


def test_a_mail_without_any_sender_is_not_answered() -> None:
    assert reason(b"To: info@optimar.no\r\nSubject: x\r\n\r\nHei") is Reason.NULL_SENDER


@pytest.mark.parametrize(
    "raw",
    [
        multipart("mixed", "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"),
        mail("Subject: Automatisk svar: Pumpe", body="Takk for meldingen."),
        mail("Subject: Out of office"),
        mail("Subject: Fravær"),
        mail(body="Hei! Jeg er på ferie og er tilbake 3. august."),
        mail(body="Eg er ute i permisjon og er attende 1. mars."),
        mail(body="I am currently out of the office until Monday."),
    ],
)
def test_what_is_automatic_without_saying_so(raw: bytes) -> None:
    assert reason(raw) is Reason.CONTENT


@pytest.mark.parametrize(
    "body",
    [
        "Jeg er på ferie og så annonsen deres. Slett meg.",
        "Jeg var ute i permisjon i fjor. Hva har dere lagret om meg? Kontakt meg gjerne.",
    ],
)
def test_people_may_mention_their_holidays(body: str) -> None:
    assert reason(mail(body=body)) is Reason.OK


def test_nothing_configured_still_gives_an_answer() -> None:
    assert auto_reply_allowed(parse(mail("To: whoever@example.com"))).reason is Reason.OK


def test_the_labelled_mails_are_judged_as_labelled() -> None:
    judged = {label.path.name: reason(label.path.read_bytes()) is Reason.OK for label in labels()}
    wanted = {label.path.name: label.auto_reply_allowed for label in labels()}
    assert {name for name in wanted if judged[name] != wanted[name]} == set()
