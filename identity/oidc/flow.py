"""Away to the provider and back: authorization code with PKCE (RFC 7636, S256), state and nonce."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.client import OAuth2Client

from . import asking, discovery, id_token
from .errors import OidcError
from .provider import Provider

_NAMES = ("name", "given_name", "family_name")
LONGEST_CODE = 4096


@dataclass(frozen=True)
class Departure:
    """Where a browser is sent, and what we have to remember until it comes back. Secrets do not show in `repr`."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def depart(provider: Provider) -> Departure:
    """Begin an attempt. Raises OidcError while the provider does not answer."""
    known = discovery.metadata(provider)
    state, nonce, verifier = (secrets.token_urlsafe(size) for size in (32, 32, 48))
    client = OAuth2Client(
        session=None, client_id=provider.client_id, redirect_uri=provider.redirect_uri, scope=provider.scope,
        code_challenge_method="S256",
    )  # fmt: skip
    url, _state = client.create_authorization_url(
        known.authorization, state=state, code_verifier=verifier, nonce=nonce, **provider.asks_for
    )
    return Departure(url, state, nonce, verifier)


def arrive(provider: Provider, query: Mapping[str, str], *, nonce: str, verifier: str) -> Mapping[str, Any]:
    """Return the checked claims of whoever came back with this query. Raises OidcError.

    Names that stand at the userinfo endpoint only are fetched from there.
    """
    known = discovery.metadata(provider)
    if (known.names_itself or "iss" in query) and query.get("iss") != provider.issuer:
        raise OidcError("answer_of_another")
    if "error" in query:
        raise OidcError("cancelled" if query["error"] == "access_denied" else "provider_refuses")
    code = query.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        raise OidcError("code_missing")
    given = _tokens(provider, known, code, verifier)
    said = id_token.claims(provider, given.get("id_token"), nonce=nonce)
    access = given.get("access_token")
    profile = "profile" in provider.scope.split() and not any(said.get(name) for name in _NAMES)
    if profile and known.userinfo and isinstance(access, str) and access.isascii() and access.isprintable():
        return {**_profile(provider, known.userinfo, access, said), **said}
    return said


def _tokens(provider: Provider, known: discovery.Metadata, code: str, verifier: str) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": provider.redirect_uri,
        "code_verifier": verifier,
    }
    if known.by_form:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
        answer = asking.post(provider, known.token, form)
    else:
        # RFC 6749 section 2.3.1: both are encoded as in a form before they are encoded for HTTP.
        pair = (quote_plus(provider.client_id), quote_plus(provider.client_secret))
        answer = asking.post(provider, known.token, form, basic=pair)
    if answer.refused or "error" in answer.fields:
        raise OidcError("code_refused")
    return answer.fields


def _profile(provider: Provider, url: str, access: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the userinfo endpoint says of the same person (section 5.3.2)."""
    profile = asking.get(provider, url, bearer=access)
    subject = profile.get("sub")
    if not isinstance(subject, str) or not hmac.compare_digest(subject.encode(), str(said["sub"]).encode()):
        raise OidcError("profile_of_another")
    return profile
