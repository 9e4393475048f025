"""Who may open and do what: every page of the desk against every role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from requests_app.domain.enums import Direction, Role
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Inquiry, Message, Note, OutboxEvent
from tests import factories
from tests.desk_client import desk_client

SEES_CASES = {Role.INTAKE, Role.HANDLER, Role.APPROVER, Role.DECISION_MAKER, Role.DPO}
SORTS = {Role.INTAKE, Role.HANDLER, Role.DECISION_MAKER}
WRITES = SORTS | {Role.APPROVER}
EDITS_SETTINGS = {Role.DECISION_MAKER, Role.ADMINISTRATOR}
READS_SETTINGS = EDITS_SETTINGS | {Role.HANDLER, Role.APPROVER, Role.DPO, Role.AUDITOR}


@dataclass(frozen=True)
class Scene:
    """What the addresses below point to."""

    case: Case
    unsorted: Inquiry
    sorted: Inquiry
    message: Message
    dsr: DataSubjectRequest


Address = Callable[[Scene], str]


def _url(name: str, *args: object) -> str:
    return reverse(f"requests:desk:{name}", args=args)


PAGES: dict[str, tuple[set[Role], Address]] = {
    "queue": (SEES_CASES, lambda s: _url("queue")),
    "inbox": (SORTS, lambda s: _url("inbox")),
    "unsorted inquiry": (SORTS, lambda s: _url("inquiry", s.unsorted.pk)),
    "its raw bytes": (SORTS, lambda s: _url("raw", s.unsorted.pk)),
    "inquiry of a case": (SEES_CASES, lambda s: _url("inquiry", s.sorted.pk)),
    "the raw bytes of that": (SEES_CASES, lambda s: _url("raw", s.sorted.pk)),
    "case": (SEES_CASES, lambda s: _url("case", s.case.reference)),
    "organisation": (READS_SETTINGS, lambda s: _url("organisation")),
    "organisation's form": (EDITS_SETTINGS, lambda s: _url("organisation-edit")),
}
VERBS: dict[str, tuple[set[Role], Address]] = {
    "search": (SEES_CASES, lambda s: _url("search")),
    "sort": (SORTS, lambda s: _url("sort", s.unsorted.pk)),
    "attach": (SORTS, lambda s: _url("attach", s.unsorted.pk)),
    "message": (WRITES, lambda s: _url("message", s.case.reference)),
    "note": (WRITES, lambda s: _url("note", s.case.reference)),
    "acknowledge": (WRITES, lambda s: _url("acknowledge", s.case.reference)),
    "again": (WRITES, lambda s: _url("again", s.case.reference, s.message.pk)),
    "assign": (SORTS, lambda s: _url("assign", s.case.reference)),
    "add-right": (SORTS, lambda s: _url("add-right", s.case.reference)),
    "set-right": (SORTS, lambda s: _url("set-right", s.case.reference, s.dsr.pk)),
    "act": (SEES_CASES, lambda s: _url("act", s.case.reference, s.dsr.pk, "start")),
}


@pytest.fixture
def scene() -> Scene:
    """A case with a message, and an inquiry that waits."""
    case = factories.case()
    return Scene(
        case, factories.inquiry(), case.inquiries.get(), case.messages.get(direction=Direction.IN), case.dsrs.get()
    )


@pytest.mark.parametrize("role", list(Role))
def test_pages_open_for_those_who_need_them(role: Role, scene: Scene) -> None:
    browser = desk_client(role)
    for name, (allowed, address) in PAGES.items():
        status = browser.get(address(scene)).status_code
        if name == "queue" and role in {Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM_OWNER}:
            assert status == 302, name
        else:
            assert status == (200 if role in allowed else 403), name


@pytest.mark.parametrize("role", list(Role))
def test_verbs_are_for_those_who_may(role: Role, scene: Scene) -> None:
    browser = desk_client(role)
    for name, (allowed, address) in VERBS.items():
        status = browser.post(address(scene)).status_code
        assert (status == 403) == (role not in allowed), (name, status)


def test_whoever_sees_no_cases_is_led_to_what_they_may_see() -> None:
    response = desk_client(Role.ADMINISTRATOR).get("/desk/")
    assert response.headers["Location"] == reverse("exports:desk:register")


def test_nobody_gets_in_without_a_login_or_without_the_second_factor(scene: Scene) -> None:
    stranger, half = Client(), Client()
    half.force_login(factories.staff())
    for _allowed, address in [*PAGES.values(), *VERBS.values()]:
        for browser, door in ((stranger, "identity:login"), (half, "identity:second-factor")):
            for ask in (browser.get, browser.post):
                response = ask(address(scene))
                assert response.status_code == 302
                assert response.headers["Location"].startswith(reverse(door))


def _fingerprint() -> list[object]:
    tables = (Case, DataSubjectRequest, Inquiry, Message, Note, OutboxEvent, AuditEntry)
    versions = list(Case.objects.order_by("pk").values_list("version", "assignee", "due_on"))
    verdicts = list(Inquiry.objects.order_by("pk").values_list("verdict", "case", "sorted_at"))
    return [
        *(table.objects.count() for table in tables),
        AuditEntry.objects.aggregate(Max("number")),
        versions,
        verdicts,
    ]


def test_reading_changes_nothing(scene: Scene) -> None:
    browser = desk_client(Role.DECISION_MAKER)
    before = _fingerprint()
    for _allowed, address in PAGES.values():
        assert browser.get(address(scene)).status_code == 200
        assert browser.head(address(scene)).status_code == 200
    assert _fingerprint() == before


def test_verbs_do_nothing_when_they_are_merely_visited(scene: Scene) -> None:
    browser = desk_client(Role.DECISION_MAKER)
    before = _fingerprint()
    for _allowed, address in VERBS.values():
        assert browser.get(address(scene)).status_code == 405
    assert _fingerprint() == before


def test_a_form_from_elsewhere_is_refused(scene: Scene) -> None:
    browser = desk_client(Role.DECISION_MAKER, enforce_csrf_checks=True)
    before = _fingerprint()
    for _allowed, address in VERBS.values():
        assert browser.post(address(scene), {"verdict": "spam", "text": "x"}).status_code == 403
    assert _fingerprint() == before


def test_no_personal_data_in_titles_and_addresses(scene: Scene) -> None:
    Inquiry.objects.filter(pk=scene.unsorted.pk).update(subject="Kari Holm og sykmeldingen")
    browser = desk_client(Role.DECISION_MAKER)
    for _allowed, address in PAGES.values():
        url = address(scene)
        body = browser.get(url).content.decode(errors="replace")
        title = body.partition("<title>")[2].partition("</title>")[0]
        for secret in ("Kari", "Holm", "sykmelding", "example.com"):
            assert secret not in title + url


def test_the_scene_is_due_some_day(scene: Scene) -> None:
    """Every open case has a due date: the queue goes by it, and a case without one would sink out of sight."""
    assert isinstance(Case.objects.get(pk=scene.case.pk).due_on, date)
