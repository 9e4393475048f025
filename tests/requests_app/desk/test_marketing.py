"""The marketing panel: what is blocked and why, and who may change it."""

import pytest
from django.urls import reverse
from pytest_django import Settings

from requests_app.domain.enums import Action, Requester, Right, Role
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case
from requests_app.services import at_once, lifecycle, suppression_list
from tests import factories
from tests.desk_client import desk_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_its_panel(settings: Settings) -> None:
    settings.CASE_SIDE_PANELS = ("requests_app.desk.marketing.panel",)


def url(case: Case, verb: str = "case") -> str:
    """The address of the case, or of something done to it."""
    return reverse(f"requests:desk:{verb}", args=[case.reference])


def test_the_panel_says_since_when_and_why() -> None:
    case = factories.case(Right.MARKETING_OBJECTION)
    page = desk_client().read(url(case))
    assert "Objection to direct marketing" in page[page.index('id="marketing"') :]
    assert "Marketing blocked" in page  # on the timeline
    assert "Not blocked." in desk_client().read(url(factories.case(email="per@example.com")))


def test_it_is_lifted_with_a_reason_only() -> None:
    case, desk = factories.case(Right.MARKETING_OBJECTION), desk_client()
    for bad, words in ((" ", "Say why marketing is allowed again."), ("x" * 10_001, "x" * 10_001), ("a\0b", "a")):
        refused = desk.post(url(case, "marketing-lift"), {"reason": bad})
        assert refused.status_code == 422
        assert words in refused.text
    assert suppression_list.is_blocked(case.person_email)
    desk.post(url(case, "marketing-lift"), {"reason": "Kari ringte og angret."})
    assert not suppression_list.is_blocked(case.person_email)
    page = desk.read(url(case))
    assert "Kari ringte og angret." in page
    assert "Marketing allowed again" in page


def test_it_is_blocked_for_an_address_that_was_found() -> None:
    case, desk = factories.case(), desk_client(Role.INTAKE)
    for bad in ("", "tull", "x" * 400, "a\0b@example.com"):
        refused = desk.post(url(case, "marketing-block"), {"address": bad})
        assert refused.status_code == 422
        assert bad.replace("\0", "") in refused.text.replace("\0", "")  # nothing typed is lost
    assert not suppression_list.entries_of(case).exists()
    desk.post(url(case, "marketing-block"), {"address": "barn@example.com"})
    assert suppression_list.is_blocked("barn@example.com")


@pytest.mark.parametrize(
    ("role", "may_block", "may_lift"),
    [(Role.HANDLER, True, True), (Role.INTAKE, True, False), (Role.APPROVER, False, False), (Role.DPO, False, False)],
)
def test_who_may_do_what(role: Role, may_block: bool, may_lift: bool) -> None:
    case, desk = factories.case(Right.MARKETING_OBJECTION), desk_client(role)
    page = desk.read(url(case))
    assert (url(case, "marketing-block") in page, url(case, "marketing-lift") in page) == (may_block, may_lift)
    assert (desk.post(url(case, "marketing-block"), {"address": "a@example.com"}).status_code == 302) is may_block
    assert (desk.post(url(case, "marketing-lift"), {"reason": "Fordi"}).status_code == 302) is may_lift
    assert desk.get(url(case, "marketing-lift")).status_code == 405


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"person_email": ""}, "no e-mail address to confirm it to"),
     ({"requester": Requester.GUARDIAN.value}, "Somebody writes for another person")],
)  # fmt: skip
def test_the_panel_says_who_was_not_told(changes: dict[str, str], words: str) -> None:
    case = factories.case(Right.CONSENT_WITHDRAWAL)
    Case.objects.filter(pk=case.pk).update(**changes)
    dsr = lifecycle.advance(case.dsrs.get().pk, Action.START, SYSTEM)
    at_once.confirm(dsr.pk)
    assert words in desk_client().read(url(case))


def test_whoever_writes_for_another_needs_a_block_or_a_reason() -> None:
    case, desk = factories.case(Right.CONSENT_WITHDRAWAL), desk_client()
    assert url(case, "marketing-nobody") not in desk.read(url(case))
    Case.objects.filter(pk=case.pk).update(
        requester=Requester.REPRESENTATIVE.value, concerned_known_as="klient@example.com"
    )
    page = desk.read(url(case))
    assert url(case, "marketing-nobody") in page
    assert 'value="klient@example.com"' in page
    assert desk.post(url(case, "marketing-nobody"), {"reason": " "}).status_code == 422
    assert desk_client(Role.INTAKE).post(url(case, "marketing-nobody"), {"reason": "x"}).status_code == 403
    desk.post(url(case, "marketing-nobody"), {"reason": "Klienten er ikke i noe system."})
    page = desk.read(url(case))
    assert url(case, "marketing-nobody") not in page
    assert "Klienten er ikke i noe system." in page
    assert "Nobody is blocked, with a reason" in page
