"""Who calls the API: a machine with a token (`Authorization: Bearer …`, RFC 6750)."""

from dataclasses import dataclass
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from identity.models import ApiToken
from identity.services import api_tokens

SCHEME = "Bearer"


@dataclass(frozen=True)
class ApiClient:
    """The machine behind a call; stands where Django puts the user."""

    pk: int
    name: str
    scopes: frozenset[str]

    @property
    def is_authenticated(self) -> bool:
        """Always true: without a token there is no client at all."""
        return True


class ApiTokenAuthentication(BaseAuthentication):
    """Sets `request.user` to an `ApiClient` and `request.auth` to its token's row."""

    def authenticate(self, request: Request) -> tuple[ApiClient, ApiToken] | None:
        """Return the client; None without a bearer token. Raises AuthenticationFailed (401) for a bad one."""
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        row = api_tokens.find(text.strip())
        if row is None:
            raise AuthenticationFailed("The token is not valid.")
        return ApiClient(row.pk, row.name, frozenset(row.scopes)), row

    def authenticate_header(self, request: Request) -> str:
        """Say how to authenticate, in the `WWW-Authenticate` header of a 401."""
        return f'{SCHEME} realm="api"'


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself untyped
    """How the OpenAPI document describes the token."""

    target_class = ApiTokenAuthentication
    name = "ApiToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token in the `Authorization` header."""
        return {"type": "http", "scheme": "bearer"}
