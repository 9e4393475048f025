"""Who calls the API."""

from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from identity.domain.enums import ApiScope
from identity.services import api_tokens
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

CASES = "/api/v1/cases"


def call(client: Client, authorization: str) -> int:
    return client.get(CASES, headers={"authorization": authorization} if authorization else {}).status_code


def test_a_token_with_the_scope_gets_in_whatever_the_capitals_of_the_scheme(client: Client) -> None:
    token = api_tokens.issue("crm", [ApiScope.CASES_READ])
    assert [call(client, f"{scheme} {token}") for scheme in ("Bearer", "bearer", "BEARER")] == [200] * 3


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic {}", "{}", "Bearer æ", "Bearer {} x"]
)
def test_everything_else_is_asked_to_authenticate(client: Client, header: str) -> None:
    token = api_tokens.issue("crm", [ApiScope.CASES_READ])
    text = header.format(token).encode().decode("latin-1")
    response = client.get(CASES, headers={"authorization": text} if header else {})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert token not in response.text


def test_a_token_without_the_scope_is_forbidden(client: Client) -> None:
    token = api_tokens.issue("form", [ApiScope.INQUIRIES_WRITE])
    assert call(client, f"Bearer {token}") == 403


def test_a_revoked_token_is_out(client: Client) -> None:
    token = api_tokens.issue("crm", [ApiScope.CASES_READ])
    api_tokens.revoke("crm")
    assert call(client, f"Bearer {token}") == 401


def test_a_session_of_the_desk_opens_no_api(client: Client) -> None:
    scenes.signed_in(client, factories.staff())
    assert call(client, "") == 401


def test_the_document_of_the_api_tells_about_the_token() -> None:
    generator: Any = SchemaGenerator
    document = generator().get_schema(request=None, public=True)
    assert document["components"]["securitySchemes"] == {"ApiToken": {"type": "http", "scheme": "bearer"}}
