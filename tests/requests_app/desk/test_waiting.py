"""What the case page shows while we wait, when an answer is late, and when a mandate is missing."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django import Settings
from time_machine import travel

from requests_app.domain.enums import Intent, MessageState, Requester, Role, SuspensionKind
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case
from requests_app.services import clock, still_waiting, waiting_reminders
from requests_app.templatetags import ui
from tests import factories
from tests.desk_client import desk_client

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # due, or told that we wait, on 1 October


@pytest.fixture(autouse=True)
def _with_their_panels(settings: Settings) -> None:
    settings.CASE_PANELS = ("requests_app.desk.late.panel",)
    settings.CASE_SIDE_PANELS = ("requests_app.desk.waiting.panel", "requests_app.desk.mandate.panel")


@pytest.fixture
def late() -> Iterator[Case]:
    """A case whose answer should have been there, on 6 October."""
    with travel(RECEIVED, tick=False):
        case = factories.case(received_at=RECEIVED)
    with travel(datetime(2026, 10, 6, 8, tzinfo=UTC), tick=False):
        yield case


def asked(*kinds: SuspensionKind) -> Case:
    with travel(RECEIVED, tick=False), transaction.atomic():
        case = factories.case(received_at=RECEIVED)
        for kind in kinds:
            clock.suspend(case.dsrs.get(), kind, "mismatch", SYSTEM)
    return case


def page(case: Case, day: int, *roles: Role) -> str:
    """The page as it is seen `day` days after the receipt."""
    with travel(RECEIVED + timedelta(days=day), tick=False):
        return " ".join(desk_client(*roles).read(reverse("requests:desk:case", args=[case.reference])).split())


def said(words: str) -> str:
    """The words with {n} as the n-th day since the last of August."""
    return re.sub(r"{(\d+)}", lambda found: ui.long_day(date(2026, 8, 31) + timedelta(days=int(found[1]))), words)


def test_the_box_says_what_was_asked_and_what_goes_out_next() -> None:
    case = asked(SuspensionKind.IDENTITY, SuspensionKind.CLARIFICATION)
    shown = page(case, 2)
    assert "Who is asking" in shown
    assert "What exactly is asked for" in shown
    for words in ("asked {1}", "the next reminder goes out {6}", "goes out {31}", "from {31}"):
        assert said(words) in shown
    assert "Waiting for the person" not in page(factories.case(email="per@example.com"), 2)


def test_the_box_tells_of_reminders_and_of_the_notice() -> None:
    case = asked(SuspensionKind.CLARIFICATION)
    with travel(RECEIVED + timedelta(days=5), tick=False):
        waiting_reminders.sweep(SuspensionKind.CLARIFICATION, waiting_reminders.remind_of_clarification)
    assert said("reminded {6}") in page(case, 6)
    with travel(RECEIVED + timedelta(days=30), tick=False):
        still_waiting.sweep()
    notice = case.messages.filter(intent=Intent.STILL_WAITING)
    notice.update(state=MessageState.SENT, sent_at=RECEIVED + timedelta(days=30))
    shown = page(case, 40)
    assert "in time: the request is not late while it waits" in shown
    assert "days overdue" not in shown
    assert "The answer is late" not in shown
    notice.update(sent_at=RECEIVED + timedelta(days=31))
    shown = page(case, 40)
    assert "too late: the alarm was over" in shown
    assert "days overdue" in shown


def test_the_box_says_why_no_notice_can_go() -> None:
    case = asked(SuspensionKind.IDENTITY)
    Case.objects.filter(pk=case.pk).update(person_email="")
    assert said("has to go out {31}") in page(case, 20)


def test_a_late_answer_is_told_after_a_look_at_the_letter(late: Case) -> None:
    desk, dsr = desk_client(), late.dsrs.get()
    url = reverse("requests:desk:late", args=[late.reference, dsr.pk])
    assert url in desk.read(reverse("requests:desk:case", args=[late.reference]))
    given = {"cause": "Et system var nede.", "new_date": "2026-10-20", "version": str(late.version)}
    looked = desk.post(url, given)
    assert looked.status_code == 200
    assert "Svaret vårt er forsinket" in looked.content.decode()
    assert not late.messages.filter(intent=Intent.LATE).exists()
    assert desk.post(url, given | {"send": "1"}).status_code == 302
    assert late.messages.get(intent=Intent.LATE).author_id == desk.user.pk
    shown = " ".join(desk.read(reverse("requests:desk:case", args=[late.reference])).split())
    assert said("the person was told that it comes by {50}") in shown
    assert said("Told the person that the answer is late and comes by {50}") in shown


@pytest.mark.parametrize(
    "wrong", [{"cause": " "}, {"cause": "a\0"}, {"cause": "x" * 2001}, {"new_date": "2026-10-06"}, {"new_date": "soon"}]
)
def test_a_letter_that_cannot_be_sent_is_shown_again_with_its_words(late: Case, wrong: dict[str, str]) -> None:
    desk, dsr = desk_client(), late.dsrs.get()
    given = {"cause": "Et system var nede.", "new_date": "2026-10-20", "version": str(late.version), "send": "1"}
    refused = desk.post(reverse("requests:desk:late", args=[late.reference, dsr.pk]), given | wrong)
    assert refused.status_code == 422
    assert not late.messages.filter(intent=Intent.LATE).exists()


def test_what_others_did_meanwhile_stops_the_letter_once(late: Case) -> None:
    desk, dsr = desk_client(), late.dsrs.get()
    url = reverse("requests:desk:late", args=[late.reference, dsr.pk])
    given = {"cause": "Et system var nede.", "new_date": "2026-10-20", "version": "0", "send": "1"}
    refused = desk.post(url, given)
    assert refused.status_code == 422
    assert "Et system var nede." in refused.content.decode()
    assert f'name="version" value="{late.version}"' in refused.content.decode()


def test_what_is_not_late_has_no_such_page() -> None:
    case = factories.case()
    desk = desk_client()
    assert desk.get(reverse("requests:desk:late", args=[case.reference, case.dsrs.get().pk])).status_code == 302


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO, Role.AUDITOR])
def test_only_whoever_decides_writes_of_a_late_answer(late: Case, role: Role) -> None:
    url = reverse("requests:desk:late", args=[late.reference, late.dsrs.get().pk])
    assert desk_client(role).get(url).status_code == 403


def test_a_mandate_is_asked_for_with_one_click() -> None:
    case = factories.case()
    Case.objects.filter(pk=case.pk).update(requester=Requester.REPRESENTATIVE.value)
    desk, url = desk_client(), reverse("requests:desk:mandate", args=[case.reference])
    assert "Send oss fullmakten" in desk.read(reverse("requests:desk:case", args=[case.reference]))
    assert desk_client(Role.INTAKE).post(url, {"version": str(case.version)}).status_code == 403
    desk.post(url, {"version": "nonsense"})
    assert not case.messages.filter(intent=Intent.MANDATE).exists()
    for _ in range(2):
        desk.post(url, {"version": str(Case.objects.get(pk=case.pk).version)})
    assert case.messages.filter(intent=Intent.MANDATE).count() == 1
    assert "Asked for" in desk.read(reverse("requests:desk:case", args=[case.reference]))
