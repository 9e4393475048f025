"""Where an answer may go: the rule of the address on file."""

from datetime import timedelta

import pytest

from identity.domain.enums import ContactChannel, DoubtReason
from identity.models import ContactPoint
from identity.services import contact_points, delivery, verify
from requests_app.domain.enums import RequirementKind, RequirementState, Right
from requests_app.models import AuditEntry, Case, Requirement
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def requirements(case: Case) -> dict[str, tuple[str, str]]:
    rows = Requirement.objects.filter(
        dsr__case=case, kind__in=[RequirementKind.IDENTITY, RequirementKind.DELIVERY_ADDRESS]
    )
    return {row.kind: (row.state, row.reason) for row in rows}


def test_a_contact_point_is_written_once() -> None:
    case = factories.case()
    first = contact_points.record(case, ContactChannel.EMAIL, " Kari@Example.com ", "website", None)
    again = contact_points.record(case, ContactChannel.EMAIL, "kari@example.com", "website", scenes.SINCE)
    elsewhere = contact_points.record(case, ContactChannel.EMAIL, "kari@example.com", "crm", None)
    assert first.pk == again.pk != elsewhere.pk
    assert ContactPoint.objects.get(pk=first.pk).since == scenes.SINCE
    for later in (scenes.SINCE + timedelta(days=700), None):  # an order, for instance, that holds it as well
        contact_points.record(case, ContactChannel.EMAIL, "kari@example.com", "website", later)
    assert ContactPoint.objects.get(pk=first.pk).since == scenes.SINCE
    entries = AuditEntry.objects.filter(action="contact_point.recorded")
    assert [entry.details for entry in entries] == [
        {"channel": "email", "system": "website"},
        {"channel": "email", "system": "crm"},
    ]


def test_the_same_address_on_file_gets_the_code() -> None:
    case = factories.case(email="Kari.Holm@Example.com")
    scenes.on_file(case, "other@work.example")
    scenes.on_file(case, "kari.holm@example.com", "crm")
    assert delivery.address_for(case) == "kari.holm@example.com"


def test_where_nothing_was_found_the_address_in_the_request_gets_it() -> None:
    case = factories.case()
    assert delivery.address_for(case) == "kari.holm@example.com"
    assert delivery.why_none(case) is None


@pytest.mark.parametrize(
    "channel,value", [(ContactChannel.EMAIL, scenes.ON_FILE), (ContactChannel.PHONE, "+47 400 00 000")]
)
def test_another_contact_on_file_means_nobody_yet(channel: ContactChannel, value: str) -> None:
    case = factories.case()
    contact_points.record(case, channel, value, "website", None)
    delivery.review(case)
    assert delivery.address_for(case) is None
    assert requirements(case) == {"delivery_address": ("open", "delivery_unknown_address")}


def test_nobody_gets_it_where_there_is_no_address_at_all() -> None:
    case = factories.case(email="")
    delivery.review(case)
    assert delivery.address_for(case) is None
    assert requirements(case) == {"delivery_address": ("open", "delivery_no_address")}


def test_a_question_stands_in_the_way_even_of_the_right_address() -> None:
    case = factories.case(email=scenes.ON_FILE)
    point = scenes.on_file(case)
    delivery.review(case)
    assert requirements(case) == {"delivery_address": ("met", "")}
    verify.ask(case.pk, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())
    assert delivery.address_for(case) is None
    assert requirements(case) == {
        "identity": ("open", "identity_not_confirmed"),
        "delivery_address": ("open", "delivery_identity_open"),
    }


def test_what_was_found_by_hand_waits_for_an_address_that_a_system_holds() -> None:
    case = factories.case()
    delivery.found_by_hand(case, {"hubspot"})
    assert delivery.address_for(case) is None
    assert requirements(case) == {"delivery_address": ("open", "delivery_found_by_hand")}
    scenes.on_file(case, "kari.holm@example.com", "hubspot")
    delivery.review(case)
    assert delivery.address_for(case) == "kari.holm@example.com"
    assert requirements(case) == {"delivery_address": ("met", "")}


def test_what_was_found_by_hand_under_another_address_is_not_for_the_one_in_the_request() -> None:
    case = factories.case()
    delivery.found_by_hand(case, {"hubspot"})
    scenes.on_file(case, system="hubspot")
    delivery.review(case)
    assert requirements(case) == {"delivery_address": ("open", "delivery_unknown_address")}


def test_an_address_in_another_system_does_not_tie_what_was_found_by_hand_to_its_owner() -> None:
    """Whoever signed up for a newsletter under another name has nothing that lies under that name."""
    case, handler = factories.case(), factories.staff().as_actor()
    scenes.on_file(case, case.person_email, "website")
    delivery.found_by_hand(case, {"hubspot"})
    assert delivery.address_for(case) is None
    assert delivery.is_unknown_address(case)
    assert requirements(case) == {"delivery_address": ("open", "delivery_found_by_hand")}
    contact_points.record(case, ContactChannel.EMAIL, scenes.ON_FILE, "hubspot", None, actor=handler)
    delivery.review(case)
    assert requirements(case) == {"delivery_address": ("open", "delivery_unknown_address")}
    contact_points.record(
        case, ContactChannel.EMAIL, case.person_email, "hubspot", None, reason="Står på kortet", actor=handler
    )
    delivery.review(case)
    assert requirements(case) == {"delivery_address": ("met", "")}
    assert delivery.address_for(case) == case.person_email


def test_a_finding_that_is_taken_back_holds_nothing_up() -> None:
    case = factories.case()
    delivery.found_by_hand(case, {"hubspot", "dynamics"})
    delivery.found_by_hand(case, {"dynamics"})
    assert requirements(case) == {"delivery_address": ("open", "delivery_found_by_hand")}
    delivery.found_by_hand(case, set())
    assert requirements(case) == {"delivery_address": ("met", "")}


def test_who_alone_vouches_for_an_address_is_known() -> None:
    case, handler = factories.case(email=scenes.ON_FILE), factories.staff()
    assert delivery.named_by_one(case) is None
    contact_points.record(case, ContactChannel.EMAIL, scenes.ON_FILE, "archive", None, actor=handler.as_actor())
    assert delivery.named_by_one(case) == handler.pk
    scenes.on_file(case)
    assert delivery.named_by_one(case) is None


def test_after_the_answer_the_confirmed_address_gets_it() -> None:
    row = scenes.doubted()
    verify.confirm(scenes.link_token(row))
    assert delivery.address_for(row.case) == scenes.ON_FILE
    assert requirements(row.case) == {"identity": ("met", ""), "delivery_address": ("met", "")}


def test_whatever_is_answered_by_a_letter_needs_an_address() -> None:
    case = factories.case(Right.ERASURE, Right.MARKETING_OBJECTION, Right.PORTABILITY)
    delivery.review(case)
    rows = Requirement.objects.filter(dsr__case=case, kind=RequirementKind.DELIVERY_ADDRESS).order_by("dsr_id")
    assert [(row.dsr.right, row.state) for row in rows] == [
        (Right.ERASURE, RequirementState.MET),
        (Right.PORTABILITY, RequirementState.MET),
    ]
