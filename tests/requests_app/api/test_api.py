"""The API: inquiries once per key, cases without personal data, scopes, and a schema that is whole."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from time_machine import travel

from identity.domain import backoff
from identity.domain.enums import ApiScope
from identity.services import api_tokens
from requests_app.domain.enums import Right
from requests_app.models import Case, Inquiry
from requests_app.services import reading, shield, triage
from tests import factories

pytestmark = pytest.mark.django_db

BODY = {"email": "kari.holm@example.com", "name": "Kari Holm", "text": "Hva vet dere om meg?", "rights": ["access"]}


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def token(*scopes: str) -> str:
    """A token with these scopes."""
    return api_tokens.issue("-".join(scopes).replace(":", "-"), [ApiScope(scope) for scope in scopes])


def post(client: Client, bearer: str, key: str | None, body: Any = BODY) -> Any:
    """Hand in an inquiry."""
    headers = {"authorization": f"Bearer {bearer}"} | ({"idempotency-key": key} if key else {})
    return client.post("/api/v1/inquiries", body, content_type="application/json", headers=headers)


def get(client: Client, bearer: str, path: str) -> Any:
    """Read something."""
    return client.get(f"/api/v1/{path}", headers={"authorization": f"Bearer {bearer}"})


def test_an_inquiry_is_kept_once_per_key(client: Client) -> None:
    bearer = token("inquiries:write")
    first, again = post(client, bearer, "k-1"), post(client, bearer, "k-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["verdict"] == "unsorted"
    assert post(client, bearer, "k-2").status_code == 201
    assert Inquiry.objects.count() == 2


def test_a_key_with_other_content_is_refused_and_nothing_is_stored(client: Client) -> None:
    bearer = token("inquiries:write")
    post(client, bearer, "k-1")
    refused = post(client, bearer, "k-1", BODY | {"text": "noe annet"})
    assert refused.status_code == 409
    assert refused.json()["detail"]
    assert Inquiry.objects.count() == 1


def test_keys_of_two_clients_do_not_meet(client: Client) -> None:
    one, other = token("inquiries:write"), token("inquiries:write", "cases:read")
    assert post(client, one, "same").status_code == post(client, other, "same").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_the_same_key_in_parallel_is_one_inquiry() -> None:
    if connection.vendor == "sqlite":
        return  # threads share the one in-memory test database there; the constraint is the same
    factories.organisation()
    bearer = token("inquiries:write")

    def call(_number: int) -> int:
        try:
            return int(post(Client(), bearer, "k-1").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(call, range(6)))
    assert sorted(codes) == [200, 200, 200, 200, 200, 201]
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        BODY | {"email": "ingrid@"},
        BODY | {"text": ""},
        BODY | {"text": "x\x00y"},
        BODY | {"text": "x" * 100_001},
        BODY | {"rights": ["no_such_right"]},
        BODY | {"language": "xx"},
        ["not", "an", "object"],
    ],
)
def test_bad_content_is_told_apart_and_not_stored(client: Client, body: Any) -> None:
    answer = post(client, token("inquiries:write"), "k-1", body)
    assert answer.status_code == 400
    assert answer.json()
    assert Inquiry.objects.count() == 0


@pytest.mark.parametrize("body,status", [("[" * 100_000, 400), ("{", 400), (f'"{"a" * 13_000_000}"', 413)])
def test_what_no_parser_can_take_is_answered_in_json_and_in_one_language(
    client: Client, body: str, status: int
) -> None:
    headers = {"authorization": f"Bearer {token('inquiries:write')}", "idempotency-key": "k", "accept-language": "nb"}
    answer = client.post("/api/v1/inquiries", body, content_type="application/json", headers=headers)
    assert answer.status_code == status
    assert answer.json()["detail"].isascii()
    bad = post(client, token("cases:read", "inquiries:write"), "k-1", BODY | {"email": "nobody"})
    assert bad.json() == {"email": ["Enter a valid email address."]}


def test_a_page_that_does_not_exist_is_answered_in_json(client: Client) -> None:
    assert client.get("/api/v1/nowhere").json() == {"detail": "Not found."}


@pytest.mark.parametrize("key", [None, "x" * 201, "tab\there"])
def test_a_key_is_needed(client: Client, key: str | None) -> None:
    assert post(client, token("inquiries:write"), key).status_code == 400


def test_no_token_no_entry_and_a_scope_for_each_thing(client: Client) -> None:
    assert client.post("/api/v1/inquiries", BODY, content_type="application/json").status_code == 401
    assert post(client, "wrong", "k").status_code == 401
    assert post(client, token("cases:read"), "k").status_code == 403
    assert get(client, token("inquiries:write"), "cases").status_code == 403


def test_cases_are_read_without_names_or_addresses(client: Client) -> None:
    case = factories.case()
    bearer = token("cases:read")
    listed, one = get(client, bearer, "cases"), get(client, bearer, f"cases/{case.reference}")
    assert listed.json()["results"] == [one.json()]
    assert one.json()["requests"][0]["right"] == "access"
    assert one.json()["due"] == one.json()["requests"][0]["deadline"]
    for secret in (case.person_name, case.person_email, "Holm"):
        assert secret not in listed.content.decode()
    assert get(client, bearer, "cases/DR-2026-999999-99").status_code == 404
    assert client.post("/api/v1/cases", {}, headers={"authorization": f"Bearer {bearer}"}).status_code == 403


def test_an_inquiry_can_be_followed_to_its_case(client: Client) -> None:
    number = post(client, token("inquiries:write"), "k-1").json()["id"]
    reading.read_inquiry(number)
    row = Inquiry.objects.get(pk=number)
    assert row.suggested_rights == ["access"]
    case = triage.sort_as_request(number, [Right.ACCESS], actor=factories.staff().as_actor())
    assert Case.objects.get().person_email == BODY["email"]
    found = get(client, token("inquiries:read"), f"inquiries/{number}").json()
    assert (found["verdict"], found["case"]) == ("request", case.reference)


def test_the_schema_names_every_resource(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert schema.status_code == 200
    paths = schema.json()["paths"]
    assert {"/api/v1/inquiries", "/api/v1/cases", "/api/v1/cases/{reference}"} <= set(paths)
    assert "Idempotency-Key" in str(paths["/api/v1/inquiries"]["post"]["parameters"])


def test_a_machine_that_writes_without_end_is_slowed_down_and_may_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(backoff.STRANGERS, "api", backoff.Rule("api", 2, timedelta(minutes=5)))
    bearer, other = token("inquiries:write", "inquiries:read"), token("inquiries:write")
    with travel(datetime(2026, 6, 1, 8, 0, tzinfo=UTC), tick=False):
        codes = [post(client, bearer, f"k-{number}").status_code for number in range(4)]
        slow = post(client, bearer, "k-5")
        assert codes == [201, 201, 429, 429]
        assert slow.headers["Retry-After"] == "1"
        pk = Inquiry.objects.first().pk  # type: ignore[union-attr]
        assert get(client, bearer, f"inquiries/{pk}").status_code == 200
        assert post(client, other, "k-6").status_code == 201


def test_a_shielded_case_is_not_there_for_machines(client: Client) -> None:
    bearer = token("cases:read", "inquiries:read")
    case, handler = factories.case(), factories.staff()
    inquiry = case.inquiries.get()
    shown = get(client, bearer, "cases").json()["results"]
    assert [one["reference"] for one in shown] == [case.reference]
    assert get(client, bearer, f"inquiries/{inquiry.pk}").json()["case"] == case.reference
    shield.shield(case.pk, [handler.pk], "why", actor=handler.as_actor(), user=handler)
    assert get(client, bearer, "cases").json()["results"] == []
    hidden, nobodys = (get(client, bearer, f"cases/{one}") for one in (case.reference, "DR-2026-999999-38"))
    assert (hidden.status_code, hidden.content) == (404, nobodys.content)
    assert get(client, bearer, f"inquiries/{inquiry.pk}").json()["case"] is None
