"""The brake on strangers: short pauses after very many tries, told in words, and nothing filled in is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from identity.domain import backoff
from identity.domain.backoff import Rule
from requests_app.models import Case, OutboxEvent
from tests import factories

from .test_form import ANSWERS, fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands, and an organisation."""
    factories.organisation()
    with time_machine.travel(datetime(2026, 6, 1, 8, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tries are free at each door."""
    for door in ("form", "link"):
        monkeypatch.setitem(backoff.STRANGERS, door, Rule(door, 2, timedelta(seconds=30)))


def sent(client: Client) -> Any:
    """Fill the form in and send it."""
    for step, answers in ANSWERS.items():
        client.post(f"/en/request/{step}/", answers)
    return client.post("/en/request/send/")


def test_two_hundred_people_who_ask_for_links_owe_a_few_rows_only(client: Client) -> None:
    codes = [client.post("/s/link/", {"email": f"a{number}@example.com"}).status_code for number in range(200)]
    assert codes.count(200) == backoff.STRANGERS["link"].free
    assert OutboxEvent.objects.filter(name="LinkWanted").count() == codes.count(200)
    assert set(codes) == {200, 429}


@pytest.mark.usefixtures("two")
def test_whoever_has_to_wait_is_told_how_long_and_loses_nothing(clock: time_machine.Traveller) -> None:
    clients = [Client() for _ in range(3)]
    assert [sent(client).status_code for client in clients[:2]] == [302, 302]
    sent(Client())  # the third is still made, and opens the pause
    slow = sent(clients[2])
    assert (slow.status_code, slow.headers["Retry-After"]) == (429, "1")
    assert "wait 1 second and send again" in slow.content.decode()
    assert "Åse-Marie Østby" in slow.content.decode()
    made = Case.objects.count()
    clock.shift(timedelta(seconds=2))
    assert clients[2].post("/en/request/send/").status_code == 302
    assert Case.objects.count() == made + 1


@pytest.mark.usefixtures("two")
def test_another_click_on_send_is_no_other_try() -> None:
    client = Client()
    assert fill(client).status_code == 200
    for _ in range(5):
        assert client.post("/nb/request/send/").status_code == 302
    assert Case.objects.count() == 1
    assert sent(Client()).status_code == 302


@pytest.mark.usefixtures("two")
def test_another_network_does_not_wait(client: Client) -> None:
    slow = [client.post("/s/link/", {"email": "kari.holm@example.com"}) for _ in range(4)][-1]
    assert slow.status_code == 429
    assert "kari.holm@example.com" in slow.content.decode()
    other = client.post("/s/link/", {"email": "kari.holm@example.com"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


def test_an_invalid_address_is_no_try(client: Client) -> None:
    for _ in range(backoff.STRANGERS["link"].free + 5):
        assert client.post("/s/link/", {"email": "x"}).status_code == 400
