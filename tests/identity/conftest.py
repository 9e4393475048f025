"""Providers of electronic IDs and of single sign-on, real ones on loopback."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from identity.oidc import discovery
from tests.services.openid_program import OpenIdProgram, openid_program
from tests.services.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, openid_provider


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProgram]:
    """A provider of somebody else's, running for all tests of this process."""
    folder: Path = tmp_path_factory.mktemp("openid")
    with openid_program(folder) as running:
        yield running


@pytest.fixture
def wayward() -> Iterator[OpenIdProvider]:
    """A provider of our own that does what a test tells it."""
    discovery.forget()
    with openid_provider() as running:
        yield running
    discovery.forget()


@pytest.fixture
def switch_on(settings: Settings) -> Callable[..., None]:
    """Name a provider in the settings: `switch_on("EID", issuer, ACR="…")`."""

    def switch(prefix: str, issuer: str, **more: str) -> None:
        given = {"ISSUER": issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, **more}
        for name, value in given.items():
            setattr(settings, f"{prefix}_{name}", value)

    return switch
