"""Nobody learns from a page, a mail or a letter whether an address, or the person behind it, is known here.

Two people do the same: one is known, the other is not. What they see and get is compared word by word.
"""

import difflib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from time_machine import travel

from exports.demo.people import INGRID
from exports.services import collect, decide, letters, plan
from identity.domain.enums import ContactChannel, DoubtReason
from identity.models import OneTimeCode, Verification
from identity.services import contact_points, delivery, question_reminders, verify
from requests_app import outbox
from requests_app.domain.enums import Direction, Outcome, Right, Role
from requests_app.domain.grounds import Ground
from requests_app.models import Case, DataSubjectRequest, Message
from requests_app.services import intake, still_waiting
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, answer_the_rest
from tests.exports.services.test_letters import said
from tests.identity import scenes as identity_scenes

pytestmark = pytest.mark.django_db

STRANGER = "ingrid.solvong@example.com"  # as long as Ingrid's own, and nobody's
ASKED = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sent_folder(tmp_path: Path, settings: Settings) -> None:
    """Mail becomes files."""
    settings.SMTP_URL = ""
    settings.SENT_FOLDER = tmp_path / "sent"


def filled(client: Client, email: str, language: str, right: str) -> tuple[str, int]:
    """Fill in the form; return the receipt and how many queries the last step took."""
    answers: dict[str, dict[str, object]] = {
        "right": {"rights": [right]},
        "who": {"requester": "self", "name": "Ingrid Solvang"},
        "details": {"text": "Hva har dere om meg?"},
        "contact": {"email": email, "phone": "", "language": language},
    }
    for step, given in answers.items():
        assert client.post(f"/{language}/request/{step}/", given).status_code == 302
    with CaptureQueriesContext(connection) as queries:
        page = client.post(f"/{language}/request/send/", follow=True)
    return page.content.decode(), len(queries)


def worked() -> None:
    """Everything that is owed is done: systems are searched, mail leaves."""
    while outbox.relay():
        pass


def plain(text: str, case: Case) -> str:
    """A text without what is each case's own: number, secrets, form tokens, the address that was typed in."""
    text = re.sub(r'<input type="hidden"[^>]*>|nonce="[^"]*"', "", text)
    text = re.sub(r"Innsyn \d+", "Innsyn", re.sub(r"/s/[\w-]{20,}", "/s/#", text))
    for own in (case.reference, INGRID.email, STRANGER):
        text = text.replace(own, "#")
    return text


def mails(case: Case, to: str = "") -> list[tuple[str, str, str]]:
    """What was written to the person who asks, in its order: intent, subject, words."""
    rows = Message.objects.filter(case=case, direction=Direction.OUT, to_address__iexact=to or case.person_email)
    return [(row.intent, plain(row.subject, case), plain(row.body, case)) for row in rows.order_by("id")]


def status_page(case: Case) -> str:
    client = Client()
    client.post(f"/s/{intake.link_token(case)}")
    return plain(client.get("/s/").content.decode(), case)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE, Right.MARKETING_OBJECTION])
def test_the_form_the_mails_and_the_status_page_are_the_same(house: House, language: str, right: Right) -> None:
    def seen(email: str) -> tuple[object, ...]:
        page, queries = filled(Client(), email, language, right.value)
        case = Case.objects.latest("id")
        first = status_page(case)
        worked()
        case.refresh_from_db()
        return plain(page, case), queries, first, status_page(case), mails(case)

    with travel(ASKED, tick=False):
        filled(Client(), "warm@example.com", language, right.value)  # what is loaded once is loaded
        known, unknown = seen(INGRID.email), seen(STRANGER)
    same(known, unknown)
    assert known[-1]  # something was written to them
    if right is not Right.MARKETING_OBJECTION:
        states = Case.objects.filter(person_email__in=[INGRID.email, STRANGER]).order_by("id")
        rows = [case.dsrs.get().tasks.filter(rows__gt=0, system="website").exists() for case in states]
        assert rows == [True, False]  # and one of them was found


def same(known: object, unknown: object) -> None:
    """Fail with the lines that differ: what is compared are whole pages."""
    first, second = (str(one).replace("\\n", "\n").splitlines() for one in (known, unknown))
    assert "\n".join(difflib.unified_diff(first, second, lineterm="", n=0)) == ""


def told(known: bool, language: str, act: Callable[[Case, int | None], object]) -> tuple[object, ...]:
    """What somebody reads who writes from an address that no system holds, and is asked who they are.

    If `known`, a system holds another address of that person, and the link goes there.
    """
    with travel(ASKED, tick=False):
        case = factories.case(language=language, received_at=ASKED, email=STRANGER)
        point = identity_scenes.on_file(case) if known else None
        delivery.review(case)
        act(case, point.pk if point else None)
    pages = []
    for day in (1, 6, 13, 30):
        with travel(ASKED.replace(day=day, hour=12) if day > 1 else ASKED.replace(hour=9), tick=False):
            verify.expire()
            question_reminders.sweep()
            still_waiting.sweep()
            worked()
            pages.append(status_page(case))
    return pages, mails(case)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("doubt", [DoubtReason.UNKNOWN_ADDRESS, DoubtReason.MISMATCH, DoubtReason.FRAUD_SIGN])
def test_whoever_is_asked_reads_the_same_whether_or_not_a_link_went_anywhere(
    house: House, language: str, doubt: DoubtReason
) -> None:
    actor = factories.staff().as_actor()

    def ask(case: Case, point: int | None) -> None:
        verify.ask(case.pk, doubt, point, actor=actor)

    known, unknown = told(True, language, ask), told(False, language, ask)
    same(known, unknown)
    assert len(known[1]) >= 3  # type: ignore[arg-type]  # the question, two reminders
    assert Verification.objects.filter(sent_to="").exists()
    assert identity_scenes.ON_FILE not in str(known)


def held_elsewhere(dsr: DataSubjectRequest) -> None:
    """A system holds the person, at another address and with a number, which nobody has tied to the request."""
    contact_points.record(dsr.case, ContactChannel.EMAIL, identity_scenes.ON_FILE, "website", identity_scenes.SINCE)
    contact_points.record(dsr.case, ContactChannel.PHONE, "+47 400 00 000", "hubspot", None)


LETTERS = [
    pytest.param(Right.ACCESS, Outcome.REFUSED, (Ground.CANNOT_IDENTIFY,), id="T12"),
    pytest.param(Right.ERASURE, Outcome.NO_DATA, (), id="T13"),
    pytest.param(Right.ACCESS, Outcome.FORWARDED, (), id="T18"),
]


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("right,outcome,grounds", LETTERS)
def test_the_letters_say_the_same_whether_or_not_a_system_holds_the_person_elsewhere(
    house: House, language: str, right: Right, outcome: Outcome, grounds: tuple[Ground, ...]
) -> None:
    scenes.trial()
    handler = factories.staff(Role.HANDLER)

    def letter(known: bool) -> str:
        dsr = factories.case(right, email=STRANGER, language=language).dsrs.get()
        if known:
            held_elsewhere(dsr)
        plan.locate_and_plan(dsr.pk)
        for task in dsr.tasks.filter(mode="automatic"):
            collect.run_task(task.pk)
        answer_the_rest(dsr)
        decide.begin(dsr.pk, actor=handler.as_actor())
        decide.choose(dsr.pk, outcome, "Havbruk Example AS.", grounds=grounds, actor=handler.as_actor())
        return plain(said(letters.compose(letters.facts(scenes.fresh(dsr)), on=date(2026, 12, 1))), dsr.case)

    known = letter(known=True)
    assert known == letter(known=False)
    assert identity_scenes.ON_FILE not in known
    assert "400 00 000" not in known


def test_asking_for_a_code_looks_the_same_where_nobody_gets_one(house: House) -> None:
    """Before a release no code goes anywhere; the page takes the same steps for whoever is known."""

    def steps(email: str) -> tuple[int, str, list[str]]:
        case = factories.case(email=email, language="en")
        client = Client()
        client.post(f"/s/{intake.link_token(case)}")
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/s/answer/code/")
        return answer.status_code, answer.headers.get("Location", ""), [q["sql"].split()[0] for q in queries]

    steps("warm@example.com")
    assert steps(INGRID.email) == steps(STRANGER)
    assert not OneTimeCode.objects.exists()
