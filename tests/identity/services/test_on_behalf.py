"""The answer goes to the person it is about; to whoever writes for them only by a mandate that says so."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import travel

from identity import selectors
from identity.domain.enums import ContactChannel, DoubtReason, Level, Method
from identity.services import call_back, contact_points, delivery, proof
from requests_app.domain.enums import Requester, RequirementKind
from requests_app.models import Case, OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db

AGENT, PERSON = "advokat@example.com", "per.vik@example.com"


def for_another(known_as: str = PERSON, requester: Requester = Requester.REPRESENTATIVE) -> Case:
    """A case that somebody opened for Per; a system holds the address of both."""
    case = factories.case(email=AGENT)
    Case.objects.filter(pk=case.pk).update(requester=requester.value, concerned_known_as=known_as)
    case.refresh_from_db()
    for address in (AGENT, PERSON):
        contact_points.record(case, ContactChannel.EMAIL, address, "website", None)
    return case


def where(case: Case) -> str:
    """The address of the answer, or why there is none."""
    reason = delivery.why_none(case)
    return delivery.address_for(case) or (reason.code if reason else "")


def test_without_a_mandate_it_never_goes_to_whoever_writes_though_a_system_holds_their_address() -> None:
    assert where(for_another()) == PERSON
    assert where(for_another(known_as="kunde 4711")) == "delivery_to_the_person"
    assert where(for_another(known_as=AGENT)) == "delivery_to_the_person"


def test_a_mandate_that_says_nothing_of_delivery_sends_it_to_the_person() -> None:
    case = for_another()
    factories.mandate(case, to_agent=False)
    assert where(case) == PERSON


@pytest.mark.parametrize("requester", [Requester.REPRESENTATIVE, Requester.GUARDIAN])
def test_one_that_says_so_sends_it_to_whoever_writes_until_it_ends(requester: Requester) -> None:
    case = for_another(requester=requester)
    factories.mandate(case)
    assert where(case) == AGENT
    with travel(timezone.now() + timedelta(days=60), tick=False):
        assert where(case) == PERSON


def test_what_is_learnt_of_a_mandate_is_written_on_the_requests() -> None:
    case = for_another(known_as="")
    delivery.review(case)
    row = case.dsrs.get().requirements.get(kind=RequirementKind.DELIVERY_ADDRESS.value)
    assert row.reason == "delivery_to_the_person"
    factories.mandate(case)
    assert OutboxEvent.objects.filter(name="MandateChanged").exists()
    delivery.review_case(case.pk)
    row.refresh_from_db()
    assert row.state == "met"


def test_who_asks_for_themselves_is_answered_as_before() -> None:
    case = for_another(requester=Requester.SELF)
    assert where(case) == AGENT


@pytest.mark.parametrize("method", [Method.SHOWN_DOCUMENT, Method.VIDEO_CALL])
def test_what_the_person_showed_says_nothing_of_the_address_of_whoever_writes(method: Method) -> None:
    case = for_another()
    actor = factories.staff().as_actor()
    row = proof.shown(case.pk, method, Level.L4, actor=actor, doubt=DoubtReason.MISMATCH)
    assert row.sent_to == ""
    assert AGENT not in (one.sent_to for one in selectors.confirmed(case))
    assert selectors.assurance(case).level is Level.L4
    assert where(case) == PERSON
    factories.mandate(case)
    assert where(case) == AGENT


def test_the_number_of_whoever_writes_is_not_the_person_s() -> None:
    case = for_another()
    contact_points.record(case, ContactChannel.PHONE, "+4790000000", "website", None, found_by=AGENT)
    assert call_back.phones(case) == []


def test_what_was_shown_of_the_person_does_not_settle_a_mailbox_that_is_new() -> None:
    case = for_another()
    case.contact_points.filter(value=PERSON).update(since=case.received_at)
    proof.shown(
        case.pk, Method.SHOWN_DOCUMENT, Level.L4, actor=factories.staff().as_actor(), doubt=DoubtReason.MISMATCH
    )
    dsr = case.dsrs.get()
    delivery.review(case)
    row = dsr.requirements.get(kind=RequirementKind.DELIVERY_ADDRESS.value)
    assert (row.state, row.reason) == ("open", "delivery_changed_lately")
