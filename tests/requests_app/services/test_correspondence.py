"""What we write: the acknowledgement, the words of staff, notices; what leaves, and what is kept of it."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.template.defaultfilters import date
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from requests_app import outbox
from requests_app.domain import tokens
from requests_app.domain.enums import Channel, Direction, Intent, MessageState, Right
from requests_app.domain.errors import ActionRefused
from requests_app.keyring import ring
from requests_app.mailbox import threading
from requests_app.models import AuditEntry, Case, Inquiry, Message, OutboxEvent
from requests_app.services import acknowledgements, clock, correspondence, intake, triage
from tests import factories

from .post import arrived, letter
from .sent import delivered, words

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # 1 July in Oslo, due on 31 July
LINK = re.compile(r"/s/[A-Za-z0-9_-]{32}\b")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Where mail goes in these tests."""
    factories.organisation()
    settings.SMTP_URL = ""
    settings.SENT_FOLDER = tmp_path / "sent"
    return tmp_path / "sent"


def mailed_case(*rights: Right, **headers: str) -> Case:
    """A case made of a mail by a person of the staff."""
    inquiry = arrived(letter(**headers), at=RECEIVED)
    return triage.sort_as_request(inquiry.pk, rights, actor=factories.staff().as_actor())


def acknowledgement(case: Case) -> Message:
    """The acknowledgement of a case."""
    acknowledgements.acknowledge(case.pk)
    return case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)


def run_owed(name: str) -> None:
    """Run every handler of this event that is owed."""
    for row in OutboxEvent.objects.filter(name=name, done_at__isnull=True):
        assert outbox.run(row)


def kept() -> str:
    """Everything that the database keeps of messages, effects and deeds, as text."""
    rows = [*Message.objects.values(), *OutboxEvent.objects.values(), *AuditEntry.objects.values()]
    return json.dumps(rows, default=str)


def test_it_names_dates_rights_and_reference(folder: Path) -> None:
    case = mailed_case(Right.ACCESS, Right.ERASURE)
    text = words(delivered(acknowledgement(case), folder))
    for wanted in ("Hei, Kari Holm", "1. juli 2026", "31. juli 2026", case.reference, "Innsyn", "Sletting", "Optimar"):
        assert wanted.lower() in text.lower()
    assert "{{" not in text


def test_in_english_it_is_english(folder: Path) -> None:
    case = factories.case(Right.ACCESS, received_at=RECEIVED, language="en")
    mail = delivered(acknowledgement(case), folder)
    text = words(mail)
    for wanted in ("Hello Kari Holm", "1 July 2026", "31 July 2026", "Access"):
        assert wanted in text
    assert mail["Subject"] == f"We have received your request ({case.reference})"
    assert "henvendelse" not in text


def test_without_a_known_right_none_is_named(folder: Path) -> None:
    case = mailed_case()
    text = words(delivered(acknowledgement(case), folder))
    assert "Vi leser henvendelsen" in text
    assert "  - " not in text


def test_it_is_written_once() -> None:
    case = mailed_case(Right.ACCESS)
    first = acknowledgement(case)
    assert acknowledgement(case) == first
    assert acknowledgements.acknowledge_anyway(case.pk, actor=factories.staff().as_actor()) == first
    assert OutboxEvent.objects.filter(name="MessageQueued", payload__message_id=first.pk).count() == 1


def test_its_headers_keep_robots_quiet_and_lead_answers_home(folder: Path, settings: Settings) -> None:
    case = mailed_case(Right.ACCESS, Message_ID="<kari-1@example.com>")
    message = acknowledgement(case)
    mail = delivered(message, folder)
    keys = ring().all("mail")
    assert mail["To"] == "kari.holm@example.com"
    assert mail["From"].addresses[0].addr_spec == "info@optimar.no"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-Loop"] == settings.SITE_URL
    assert mail["In-Reply-To"] == mail["References"] == "<kari-1@example.com>"
    assert threading.read_message_id(keys, mail["Message-ID"]) == (case.uuid.hex, message.uuid.hex)
    assert threading.case_of_address(keys, mail["Reply-To"].addresses[0].addr_spec) == case.uuid.hex


def test_the_link_leaves_in_clear_and_stays_as_a_marker(folder: Path, settings: Settings) -> None:
    case = mailed_case(Right.ACCESS)
    message = acknowledgement(case)
    text = words(delivered(message, folder))
    token = intake.link_token(case)
    assert f"{settings.SITE_URL}/s/{token}\n" in text.replace("\r\n", "\n")
    assert tokens.digest(token) == case.link_digest
    message.refresh_from_db()
    assert message.body.count("{{secret:link}}") == 1
    assert token not in kept()
    assert not LINK.search(kept())


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-generated"}, "auto_submitted"),
        ({"Return_Path": "<>"}, "null_sender"),
        ({"Precedence": "bulk"}, "list"),
        ({"sender": "no-reply@example.com"}, "local_part"),
    ],
)
def test_a_robot_gets_none_until_a_person_says_so(headers: dict[str, str], reason: str) -> None:
    case = mailed_case(Right.ACCESS, **headers)
    acknowledgements.acknowledge(case.pk)
    assert not case.messages.filter(direction=Direction.OUT.value).exists()
    assert acknowledgements.why_not_acknowledged(case) == reason
    message = acknowledgements.acknowledge_anyway(case.pk, actor=factories.staff().as_actor())
    assert (message.intent, message.state) == (Intent.ACKNOWLEDGEMENT, MessageState.QUEUED)
    assert AuditEntry.objects.filter(action="message.acknowledged_anyway").count() == 1


@pytest.mark.parametrize("channel", [Channel.FORM, Channel.API])
def test_form_and_api_always_get_one(channel: Channel) -> None:
    case = factories.case(channel=channel)
    Inquiry.objects.filter(case=case).update(auto_reply_allowed=False, auto_reply_reason="")
    assert acknowledgement(case).to_address == "kari.holm@example.com"


def test_whoever_was_not_understood_at_first_is_told_how_we_understand_it() -> None:
    case = factories.case(Right.ACCESS)
    case.dsrs.update(right="", stage="received")
    acknowledgements.acknowledge(case.pk)
    dsr = triage.set_right(case.dsrs.get().pk, Right.RECTIFICATION, actor=factories.staff().as_actor())
    for _ in range(2):
        run_owed("RequestNamed")
    first, second = case.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).order_by("id")
    assert "forteller deg hvordan vi har forstått den" in first.body
    assert "  - Retting" in second.body
    assert second.dsr == dsr


def test_one_more_right_is_confirmed_with_a_date_of_its_own() -> None:
    case = factories.case(Right.ACCESS)
    acknowledgements.acknowledge(case.pk)
    later = timezone.now() + timedelta(days=10)
    with time_machine.travel(later, tick=False):
        asked = correspondence.receive(case, body="Slett meg også", at=later)
        dsr = triage.add_right(case.pk, Right.ERASURE, asked_in=asked.pk, actor=factories.staff().as_actor())
        run_owed("RequestNamed")
    word = case.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).latest("id")
    with translation.override("nb"):
        assert f"senest {date(dsr.effective_due, 'j. F Y')}" in word.body
        assert date(clock.calendar().local_date(later), "j. F Y") in word.body
    assert "Innsyn" not in word.body


def test_an_acknowledgement_that_is_still_to_come_names_every_right() -> None:
    case = factories.case(Right.ACCESS)
    asked = correspondence.receive(case, body="Slett meg også", at=timezone.now())
    triage.add_right(case.pk, Right.ERASURE, asked_in=asked.pk, actor=factories.staff().as_actor())
    assert not OutboxEvent.objects.filter(name="RequestNamed").exists()
    body = acknowledgement(case).body
    assert "  - Innsyn" in body
    assert "  - Sletting" in body


def test_a_right_beside_what_took_effect_at_once_is_confirmed() -> None:
    case = factories.case(Right.MARKETING_OBJECTION)
    asked = correspondence.receive(case, body="Hva har dere om meg?", at=timezone.now())
    triage.add_right(case.pk, Right.ACCESS, asked_in=asked.pk, actor=factories.staff().as_actor())
    run_owed("RequestNamed")
    assert "  - Innsyn" in case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).body


def test_a_case_that_is_closed_gets_no_date_that_is_none() -> None:
    case = factories.case(Right.ACCESS)
    factories.close(case)
    acknowledgements.acknowledge(case.pk)
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "case_closed"):
        acknowledgements.acknowledge_anyway(case.pk, actor=factories.staff().as_actor())
    assert not case.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).exists()


def test_without_an_address_none_is_written() -> None:
    case = factories.case(email="")
    acknowledgements.acknowledge(case.pk)
    assert not case.messages.filter(direction=Direction.OUT.value).exists()
    assert acknowledgements.why_not_acknowledged(case) == "no_address"
    actor = factories.staff().as_actor()
    with pytest.raises(ActionRefused) as first:
        acknowledgements.acknowledge_anyway(case.pk, actor=actor)
    with pytest.raises(ActionRefused) as second:
        correspondence.write_to_person(case.pk, subject="a", body="b", actor=actor)
    assert {first.value.reason.code, second.value.reason.code} == {"no_address"}


def test_the_words_of_staff_are_a_persons_mail(folder: Path) -> None:
    case = mailed_case(Right.ACCESS, Message_ID="<kari-1@example.com>")
    hege = factories.staff()
    text = "Hei Kari\n\nGjelder det <butikken> i Bergen & Oslo?"
    message = correspondence.write_to_person(case.pk, subject="Ett spørsmål", body=text, actor=hege.as_actor())
    mail = delivered(message, folder)
    names = {name.lower() for name in mail}
    assert names.isdisjoint({"auto-submitted", "x-auto-response-suppress"})
    assert mail["Subject"] == f"Ett spørsmål ({case.reference})"
    assert mail["In-Reply-To"] == "<kari-1@example.com>"
    assert text in words(mail).replace("\r\n", "\n")
    message.refresh_from_db()
    assert message.author == hege
    assert AuditEntry.objects.get(action="message.written").actor == hege.as_actor().label


def test_a_form_that_comes_twice_is_sent_once() -> None:
    case, actor = factories.case(), factories.staff().as_actor()
    sent = [
        correspondence.write_to_person(case.pk, subject="a", body="b", actor=actor, key=key) for key in ("1", "1", "2")
    ]
    assert sent[0] == sent[1] != sent[2]
    assert case.messages.filter(intent=Intent.STAFF_MESSAGE.value).count() == 2


@pytest.mark.parametrize("nasty", ["Hei\r\nBcc: b@example.com", "Hei\nX-Loop: no\n\nEn annen tekst"])
def test_nothing_in_a_subject_or_a_name_becomes_a_header(nasty: str, folder: Path) -> None:
    factories.organisation(name=nasty)
    case = factories.case()
    Case.objects.filter(pk=case.pk).update(person_name=nasty)
    message = correspondence.write_to_person(case.pk, subject=nasty, body="Hei", actor=factories.staff().as_actor())
    for one in (message, acknowledgement(case)):
        mail = delivered(one, folder)
        assert mail["Bcc"] is None
        assert mail.get_all("X-Loop") != ["no"]
        assert len(mail.get_all("X-Loop", [])) == len(mail.get_all("Subject", [])) == 1
        assert "\n" not in one.subject


def test_a_mail_answers_the_latest_words_of_the_person() -> None:
    case = mailed_case(Right.ACCESS, Message_ID="<kari-1@example.com>")
    later = datetime(2026, 7, 4, tzinfo=UTC)
    correspondence.receive(case, body="På siden", at=datetime(2026, 7, 5, tzinfo=UTC))
    correspondence.receive(case, body="Igjen", at=later, message_id="<kari-2@example.com>")
    message = correspondence.write_to_person(case.pk, subject="a", body="b", actor=factories.staff().as_actor())
    assert message.in_reply_to == "<kari-2@example.com>"


def test_a_notice_to_staff_is_automatic_and_belongs_to_no_person(folder: Path) -> None:
    context: dict[str, object] = {
        "what": "Due",
        "kind": "due_2",
        "days": 2,
        "due_on": RECEIVED.date(),
        "reference": "DR-1",
    }
    message = correspondence.notify_staff(
        "hege@optimar.example", "nb", "requests_app/mail/reminder", context, key="reminder:1"
    )
    mail = delivered(message, folder)
    assert (mail["To"], mail["Auto-Submitted"], mail["Reply-To"]) == ("hege@optimar.example", "auto-generated", None)
    own = threading.read_message_id(ring().all("mail"), mail["Message-ID"])
    assert own is not None
    assert own.case_token == correspondence.STAFF_TOKEN
    assert "DR-1" in mail["Subject"]


def test_a_one_time_code_is_nowhere_but_in_the_mail(folder: Path) -> None:
    case = factories.case()
    secret = tokens.Secret("code", "test", str(case.uuid), 1, ring().active)
    message = correspondence.queue(
        case, Intent.ONE_TIME_CODE, "requests_app/mail/status_link", {}, key="code:1", secrets={"link": secret}
    )
    code = tokens.reveal(ring(), secret)
    assert code in words(delivered(message, folder))
    assert code not in kept()


def test_a_marker_that_nobody_meant_stays_a_marker(folder: Path) -> None:
    case, actor = factories.case(), factories.staff().as_actor()
    message = correspondence.write_to_person(case.pk, subject="a", body="Se {{secret:kode}}", actor=actor)
    assert "{{secret:kode}}" in words(delivered(message, folder))
