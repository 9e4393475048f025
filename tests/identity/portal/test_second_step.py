"""One more proof behind the confirmed link: only for the doubts that need it, counted, and without hints."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from identity import selectors
from identity.domain.enums import DoubtReason, Level, Method
from identity.models import ContactPoint, ExpectedAnswer, KnowledgeTry, Verification
from identity.services import delivery
from requests_app.models import AuditEntry
from tests import factories
from tests.identity import knowing, scenes

pytestmark = pytest.mark.django_db


def page(token: str) -> str:
    return f"/identity/{token}/questions"


def asks(client: Client, token: str) -> bool:
    return 'name="first_contact"' in client.get(page(token)).text


def test_right_answers_raise_the_level_and_the_answer_goes_where_the_link_went(client: Client) -> None:
    link, token = knowing.linked()
    knowing.offered(link.case)
    assert page(token) in client.get(f"/identity/{token}").text
    assert client.get(page(token)).status_code == 200
    assert client.post(page(token), knowing.RIGHT).status_code == 200
    found = Verification.objects.latest("id")
    assert (found.method, found.level, found.doubt_reason) == ("knowledge", "L2", "fraud_sign")
    assert (found.sent_to, found.asked_by) == (link.sent_to, link.asked_by)
    assurance = selectors.assurance(link.case)
    assert (assurance.level, assurance.method) == (Level.L2, Method.KNOWLEDGE)
    assert delivery.address_for(link.case) == scenes.ON_FILE
    assert not ExpectedAnswer.objects.exists()
    assert not asks(client, token)
    assert client.get(page(token)).status_code == 200


def test_nobody_is_told_that_they_are_done_while_a_second_proof_is_wanted(client: Client) -> None:
    """What lies under the address is only read once the link was pressed."""
    link, token = knowing.linked()
    factories.organisation(asks_own_data=False)
    page = f"/identity/{token}?lang=en"
    html = client.get(page).text
    assert "we need one more proof" in html
    assert "You need not do anything more" not in html
    scenes.shown(link.case, Level.L2, link.sent_to)
    assert "You need not do anything more" in client.get(page).text


def test_it_is_asked_wherever_the_table_asks_for_more_than_a_mailbox(client: Client) -> None:
    """An address that came on file lately takes a second proof, whatever the doubt was."""
    known, token = knowing.linked(DoubtReason.UNKNOWN_ADDRESS)
    knowing.offered(known.case)
    assert not asks(client, token)
    ContactPoint.objects.update(since=timezone.now())
    assert asks(client, token)


def test_wrong_answers_tell_neither_which_nor_how_many(client: Client) -> None:
    link, token = knowing.linked()
    knowing.offered(link.case)
    none = client.post(page(token), {"first_contact": "1.2001", "newsletter": "x", "city": "y"})
    one = client.post(page(token), {"first_contact": "1.2001", "newsletter": "x", "city": "Molde"})
    assert none.status_code == one.status_code == 422
    assert none.context["form"].errors.keys() == one.context["form"].errors.keys() == {"__all__"}
    assert "aria-invalid" not in one.text
    assert 'value="x"' in one.text


def test_five_tries_and_then_a_person_helps(client: Client) -> None:
    link, token = knowing.linked()
    knowing.offered(link.case)
    last = [client.post(page(token), knowing.WRONG) for _ in range(5)][-1]
    assert "finner" in last.text or "another way" in last.text
    after = client.post(page(token), knowing.RIGHT)
    assert "<input" not in after.text.partition("<main")[2].replace("csrfmiddlewaretoken", "")
    assert selectors.assurance(link.case).level is Level.L1
    assert AuditEntry.objects.filter(action="identity.review_wanted").count() == 1
    assert link.case.dsrs.get().closed_at is None


def test_looking_costs_no_try_and_neither_do_too_few_answers(client: Client) -> None:
    link, token = knowing.linked()
    knowing.offered(link.case)
    for method in (client.get, client.head, client.options):
        method(page(token))
    assert client.post(page(token), {"city": "Molde"}).status_code == 422
    assert client.post(page(token), {"city": "x" * 300, "newsletter": "a"}).status_code == 422
    assert not KnowledgeTry.objects.exists()


def test_an_ordinary_doubt_asks_for_nothing_more(client: Client) -> None:
    link, token = knowing.linked(DoubtReason.UNKNOWN_ADDRESS)
    knowing.offered(link.case)
    assert page(token) not in client.get(f"/identity/{token}").text
    assert not asks(client, token)
    client.post(page(token), knowing.RIGHT)
    assert selectors.assurance(link.case).level is Level.L1
    assert not KnowledgeTry.objects.exists()


def test_before_the_link_is_confirmed_and_after_a_day_there_is_no_second_step(client: Client) -> None:
    open_link = scenes.doubted()
    knowing.offered(open_link.case)
    assert client.get(page(scenes.link_token(open_link))).status_code == 410
    link, token = knowing.linked()
    knowing.offered(link.case)
    assert asks(client, token)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert not asks(client, token)
    assert client.get(page("nonsense")).status_code == 410


def test_where_nothing_can_be_asked_the_page_says_that_we_go_on(client: Client) -> None:
    _link, token = knowing.linked()
    factories.organisation(asks_own_data=True)
    response = client.get(page(token))
    assert response.status_code == 200
    assert page(token) not in client.get(f"/identity/{token}").text


def test_the_page_tells_nothing_about_the_person(client: Client) -> None:
    link, token = knowing.linked()
    knowing.offered(link.case)
    text = client.get(page(token)).text
    for secret in ("Kari", scenes.ON_FILE, "kari.holm@example.com", "website", link.case.reference, "Molde"):
        assert secret not in text
