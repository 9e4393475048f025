"""The identity panel of the case page, and what its buttons do."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from identity.desk import panels
from identity.domain.enums import ContactChannel, DoubtReason, Level
from identity.models import ContactPoint, User, Verification
from identity.services import codes, contact_points, delivery, question_reminders, verify
from requests_app.domain.enums import DeliveryWay, Right, Role
from requests_app.models import Case, Decision
from tests import factories
from tests.desk_client import desk_client
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def drawn(case: Case, user: User, language: str = "en") -> str:
    request = RequestFactory().get("/")
    request.user, request.session = user, SessionStore()
    with translation.override(language):
        return panels.identity(request, case)


def at(case: Case, verb: str) -> str:
    return f"/desk/cases/{case.reference}/identity/{verb}/"


def data(point: ContactPoint, doubt: str = "unknown_address") -> dict[str, object]:
    return {"ask-doubt": doubt, "ask-contact_point": point.pk}


def test_at_first_nothing_is_asked() -> None:
    case = factories.case()
    html = drawn(case, factories.staff(Role.HANDLER))
    assert "L0" in html
    assert "No system has told us one." in html
    assert "kari.holm@example.com" in html
    assert at(case, "ask") in html


def test_without_an_address_on_file_the_question_goes_out_without_a_link(client: Client) -> None:
    case, handler = factories.case(), scenes.signed_in(client, factories.staff(Role.HANDLER))
    assert "no link" in drawn(case, handler)
    client.post(at(case, "ask"), {"ask-doubt": "mismatch"})
    assert Verification.objects.get().sent_to == ""
    html = drawn(case, handler)
    assert "No address was on file, so nobody has a link." in html
    assert at(case, "withdraw") in html


def test_the_panel_leads_to_where_the_address_of_what_was_found_is_named(client: Client) -> None:
    case, handler = factories.case(), scenes.signed_in(client, factories.staff(Role.HANDLER))
    assert "Name the address" not in drawn(case, handler)
    with transaction.atomic():
        delivery.found_by_hand(case, {"hubspot"})
    html = drawn(case, handler)
    assert "Something was found by hand" in html
    assert "Name the address" in html
    same = {"value": "Kari.Holm@example.com", "system": "hubspot", "since": "", "reason": ""}
    refused = client.post(at(case, "address"), same)
    assert set(refused.context["form"].errors) == {"reason"}
    assert not ContactPoint.objects.exists()
    client.post(at(case, "address"), same | {"reason": "Ringte nummeret i HubSpot."})
    html = drawn(case, handler)
    assert "Name the address" not in html
    assert "Ringte nummeret i HubSpot." in html
    assert case.dsrs.get().requirements.get(kind="delivery_address").state == "met"


@pytest.mark.parametrize("way", [DeliveryWay.POST, DeliveryWay.IN_PERSON])
def test_an_answer_that_is_posted_or_handed_over_asks_for_no_address(way: DeliveryWay) -> None:
    case = factories.case(email="")
    with transaction.atomic():
        delivery.found_by_hand(case, {"hubspot"})
    handler = factories.staff(Role.HANDLER)
    assert "Name the address" in drawn(case, handler)
    Case.objects.filter(pk=case.pk).update(person_address="Nordre Vei 7, 6270 Brattvåg")
    Decision.objects.create(dsr=case.dsrs.get(), delivery_way=way.value)
    html = drawn(Case.objects.get(pk=case.pk), handler)
    assert "Name the address" not in html
    assert "The answer is posted or handed over" in html


def test_addresses_are_shown_with_where_and_since_when() -> None:
    case = factories.case(email=scenes.ON_FILE)
    scenes.on_file(case)
    html = drawn(case, factories.staff(Role.HANDLER))
    assert "in website since 3 Mar 2024" in html
    assert "the same as in the request" in html
    assert "New within 30 days" not in html
    assert at(case, "ask") in html


def test_what_only_the_number_in_the_request_led_to_is_shown_as_such() -> None:
    case, handler = factories.case(), factories.staff(Role.HANDLER)
    Case.objects.filter(pk=case.pk).update(person_phone="90000000")
    case.refresh_from_db()
    scenes.on_file(case)
    assert "only the phone number in the request" not in drawn(case, handler)
    contact_points.record(case, ContactChannel.EMAIL, "other@example.com", "website", scenes.SINCE)
    assert drawn(case, handler).count("only the phone number in the request led to it") == 1


@pytest.mark.parametrize("since", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_a_day_on_which_no_system_can_have_got_it_is_refused(since: str) -> None:
    case = factories.case()
    given = {"value": "kari@example.com", "system": "crm", "since": since}
    answer = desk_client(Role.HANDLER).post(at(case, "address"), given)
    assert "Give a day from 1970 to today." in answer.content.decode()
    assert not ContactPoint.objects.exists()


def test_the_day_of_today_can_be_given() -> None:
    case = factories.case()
    given = {"value": "kari@example.com", "system": "crm", "since": timezone.localdate().isoformat()}
    assert desk_client(Role.HANDLER).post(at(case, "address"), given).status_code == 302
    assert ContactPoint.objects.get().since is not None


def test_a_new_address_deserves_a_second_look() -> None:
    case = factories.case(received_at=scenes.SINCE + timedelta(days=29))
    scenes.on_file(case)
    assert "New within 30 days" in drawn(case, factories.staff(Role.HANDLER))


def test_the_level_needed_is_shown_with_the_reason_in_words() -> None:
    case, handler = factories.case(email=scenes.ON_FILE), factories.staff(Role.HANDLER)
    scenes.on_file(case)
    html = drawn(case, handler)
    assert "L1 – Control of the address on file, when the answer is handed over" in html
    assert "Nothing is asked before." in html
    assert "L0 – Control of the channel only" in html  # the level reached
    assert "Not reached yet" not in html
    verify.ask(case.pk, DoubtReason.FRAUD_SIGN, ContactPoint.objects.get().pk, actor=handler.as_actor())
    html = drawn(case, handler)
    assert "L2 – Address on file and one more proof, before anything is done" in html
    assert "A sign of fraud" in html
    assert "Not reached yet" in html
    verify.confirm(scenes.link_token(Verification.objects.get()))
    assert "Not reached yet" in drawn(case, handler)
    scenes.shown(case, Level.L3)
    html = drawn(case, handler)
    assert "Not reached yet" not in html
    assert "L3 – Electronic ID" in html


def test_several_requests_show_what_each_of_them_needs_the_highest_first() -> None:
    case = factories.case(Right.MARKETING_OBJECTION, Right.ACCESS)
    html = drawn(case, factories.staff(Role.HANDLER))
    first, second = html.index("Level needed: Access"), html.index("Level needed: Objection to direct marketing")
    assert first < second
    assert "never needs more than the channel it came through" in html[second:]


def test_where_the_answer_goes_is_shown_with_where_the_address_comes_from() -> None:
    handler = factories.staff(Role.HANDLER)
    case = factories.case(email=scenes.ON_FILE)
    assert "the address in the request; no system holds it" in drawn(case, handler)
    scenes.on_file(case)
    contact_points.record(case, ContactChannel.EMAIL, scenes.ON_FILE, "crm", None)
    html = drawn(case, handler)
    assert "on file in website since 3 Mar 2024" in html
    assert "on file in crm, nobody knows since when" in html
    assert "no system holds it" not in html


def test_a_new_address_of_the_answer_is_seen_and_its_level_named() -> None:
    case = factories.case(email=scenes.ON_FILE, received_at=scenes.SINCE + timedelta(days=30))
    scenes.on_file(case)
    html = drawn(case, factories.staff(Role.HANDLER))
    assert html.count("New within 30 days") == 2
    assert "came on file within 30 days before the request" in html
    assert "Not reached yet" in html


@pytest.mark.parametrize("role", list(Role))
def test_who_may_not_ask_reads_why(role: Role) -> None:
    case = factories.case()
    scenes.on_file(case)
    html = drawn(case, factories.staff(role))
    may_ask = role in (Role.HANDLER, Role.DECISION_MAKER)
    assert (at(case, "ask") in html) is may_ask
    assert ("Handlers and decision-makers ask about identity." in html) is not may_ask


def test_rights_that_need_no_identity_say_so() -> None:
    case = factories.case(Right.MARKETING_OBJECTION)
    scenes.on_file(case)
    assert "never asked about for this right" in drawn(case, factories.staff(Role.HANDLER))


def test_asking_waiting_confirming_on_the_page(client: Client) -> None:
    case, handler = factories.case(), scenes.signed_in(client, factories.staff(Role.HANDLER, name="Ola Lie"))
    point = scenes.on_file(case)
    response = client.post(at(case, "ask"), data(point))
    assert response["Location"] == f"/desk/cases/{case.reference}/"
    row = Verification.objects.get()
    assert (row.sent_to, row.asked_by, row.doubt_reason) == (scenes.ON_FILE, handler, "unknown_address")
    html = drawn(case, handler)
    assert "Waiting for identity" in html
    assert "by Ola Lie" in html
    assert at(case, "withdraw") in html
    verify.confirm(scenes.link_token(row))
    html = drawn(case, handler)
    assert "L1" in html
    assert "Link to the address on file" in html
    assert "Waiting for identity" not in html
    assert at(case, "withdraw") not in html


def test_a_link_that_ran_out_is_seen() -> None:
    row = scenes.doubted()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert "The link has expired unused." in drawn(row.case, factories.staff(Role.HANDLER))


def test_a_reminder_does_not_move_the_day_of_asking() -> None:
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False):
        row = scenes.doubted()
    with time_machine.travel("2026-03-07T09:00:00Z", tick=False):
        question_reminders.sweep()
        assert Verification.objects.count() == 2
        assert "Asked 2 Mar 2026" in drawn(row.case, factories.staff(Role.HANDLER))


def test_without_a_doubt_nothing_is_asked(client: Client) -> None:
    case = factories.case()
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    point = scenes.on_file(case)
    for bad in ({}, data(point, doubt=""), data(point, doubt="curiosity"), {"ask-doubt": "mismatch"}):
        assert client.post(at(case, "ask"), bad).status_code == 302
    elsewhere = scenes.on_file(factories.case())
    assert client.post(at(case, "ask"), data(elsewhere)).status_code == 302
    assert not Verification.objects.exists()


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR])
def test_other_roles_cannot_ask(client: Client, role: Role) -> None:
    case = factories.case()
    point = scenes.on_file(case)
    scenes.signed_in(client, factories.staff(role))
    for verb in ("ask", "withdraw", "address"):
        assert client.post(at(case, verb), data(point)).status_code == 403
    assert client.get(at(case, "address")).status_code == 403


def test_asking_is_a_post_of_a_case_that_exists(client: Client) -> None:
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    case = factories.case()
    assert client.get(at(case, "ask")).status_code == 405
    assert client.post("/desk/cases/DR-2026-999999-99/identity/ask/").status_code == 404


def test_withdrawing(client: Client) -> None:
    row = scenes.doubted()
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    client.post(at(row.case, "withdraw"))
    client.post(at(row.case, "withdraw"))
    assert Verification.objects.get().state == "withdrawn"


def test_an_address_read_by_a_person_shows_who_read_it(client: Client) -> None:
    case = factories.case()
    handler = scenes.signed_in(client, factories.staff(Role.HANDLER, name="Ola Lie"))
    page = at(case, "address")
    assert client.get(page).status_code == 200
    bad = client.post(page, {"value": "not an address", "system": "archive", "since": "2024-02-31"})
    assert set(bad.context["form"].errors) == {"value", "since"}
    assert "not an address" in bad.text
    client.post(page, {"value": scenes.ON_FILE, "system": "archive", "since": "2024-02-29"})
    point = ContactPoint.objects.get()
    assert (point.value, point.system, point.recorded_by) == (scenes.ON_FILE, "archive", handler)
    html = drawn(case, handler)
    assert "in archive since 29 Feb 2024" in html
    assert "written down by Ola Lie" in html
    assert case.dsrs.get().requirements.get(kind="delivery_address").state == "open"


def test_a_pause_of_codes_is_seen() -> None:
    case = factories.case()
    handler = factories.staff(Role.HANDLER)
    assert "Five codes within a day" not in drawn(case, handler)
    for _ in range(5):
        codes.send(case, "download", case.person_email)
    assert "Five codes within a day" in drawn(case, handler)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_people_wrote_is_escaped(language: str) -> None:
    case = factories.case()
    scenes.on_file(case, system="<script>alert(1)</script>")
    assert "<script>" not in drawn(case, factories.staff(Role.HANDLER), language)


def test_a_reference_in_small_letters_finds_the_case_here_too() -> None:
    case = factories.case(email=scenes.ON_FILE)
    point = scenes.on_file(case)
    browser = desk_client(Role.HANDLER)
    url = at(case, "ask").replace(case.reference, case.reference.lower())
    assert browser.post(url, data(point)).status_code == 302
    assert Verification.objects.filter(case=case).exists()
