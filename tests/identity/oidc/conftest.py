"""Providers on loopback, and what we are to them."""

from collections.abc import Callable, Iterator

import pytest

from identity.oidc import discovery
from identity.oidc.provider import Provider
from tests.services.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, openid_provider

BACK = "https://rights.example.com/back"


@pytest.fixture
def theirs() -> Iterator[OpenIdProvider]:
    """A provider that does what it is told."""
    discovery.forget()
    with openid_provider() as running:
        yield running
    discovery.forget()


@pytest.fixture
def ours(theirs: OpenIdProvider) -> Callable[..., Provider]:
    """What we say of that provider, with changes."""

    def make(**changes: object) -> Provider:
        given: dict[str, object] = {
            "issuer": theirs.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uri": BACK,
        }  # fmt: skip
        return Provider(**{**given, **changes})  # type: ignore[arg-type]

    return make
