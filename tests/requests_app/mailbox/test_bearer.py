"""Tokens are asked for as seldom as possible, replaced in time, and nothing secret shows when none is given."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from requests_app.mailbox import bearer, retry_after
from requests_app.mailbox.bearer import ClientCredentials, TokenError
from requests_app.mailbox.graph_address import Service
from tests.services.graph import CLIENT_ID, OTHER_SECRET, SECRET, TENANT, Graph, graph
from tests.services.process import free_port

SCOPE = "https://graph.microsoft.com/.default"
OTHER = "https://outlook.office365.com/.default"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Graph]:
    """A token server of this test's own."""
    with graph(tmp_path / "graph") as running:
        yield running


class Watch:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def application(
    server: Graph, *, tenant: str = TENANT, client_id: str = CLIENT_ID, secret: str = SECRET, host: str = ""
) -> ClientCredentials:
    """An application that the token server knows, unless something is changed."""
    verify = Service(ca=str(server.certificates.authority)).context()
    return ClientCredentials(tenant, client_id, secret, host or f"127.0.0.1:{server.port}", verify)


def test_a_token_is_kept_until_shortly_before_its_end_and_for_each_scope(server: Graph) -> None:
    watch = Watch()
    tokens = replace(application(server), clock=watch)
    first = tokens.token(SCOPE)
    watch.now = 3599 - bearer.EARLY - 1
    assert tokens.token(SCOPE) == first
    watch.now += 1
    second = tokens.token(SCOPE)
    assert second != first
    assert tokens.token(OTHER) not in (first, second)
    assert len(server.tokens) == 3


def test_a_token_that_was_refused_is_replaced_once_however_many_ask(server: Graph) -> None:
    tokens = application(server)
    first = tokens.token(SCOPE)
    second = tokens.token(SCOPE, instead_of=first)
    assert tokens.token(SCOPE, instead_of=first) == second
    assert second != first


@pytest.mark.parametrize(
    "changed, number",
    [
        ({"secret": OTHER_SECRET}, "AADSTS7000215"),
        ({"client_id": "a1b2c3d4-0000-4000-8000-000000000000"}, "AADSTS700016"),
        ({"tenant": "example.com"}, "AADSTS90002"),
    ],
)
def test_an_application_that_is_refused_learns_the_number_and_nothing_else_is_shown(
    server: Graph, changed: dict[str, str], number: str
) -> None:
    tokens = application(server, **changed)
    with pytest.raises(TokenError) as error:
        tokens.token(SCOPE)
    assert str(error.value) == f"the token server refuses the application ({number})"
    assert error.value.refused
    assert SECRET not in repr(tokens)


@pytest.mark.parametrize("status, waits", [(429, 17.0), (500, 17.0), (503, 17.0)])
def test_a_token_server_that_is_at_its_limits_is_asked_again(server: Graph, status: int, waits: float) -> None:
    server.fail("oauth2", status, headers={"Retry-After": "17"})
    with pytest.raises(TokenError) as error:
        application(server).token(SCOPE)
    assert (error.value.refused, error.value.retry_after) == (False, waits)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>", b"[]", b"{}", b'{"access_token": 7, "expires_in": 9}', b'{"access_token": "a b", "expires_in": 9}',
        b'{"access_token": "a\\r\\nX: y", "expires_in": 9}', b'{"access_token": "ab", "expires_in": "9"}',
        b'{"access_token": "ab", "expires_in": -1}',
    ],
)  # fmt: skip
def test_a_token_that_is_none_is_not_handed_out(server: Graph, body: bytes) -> None:
    server.fail("oauth2", 200, body=body)
    with pytest.raises(TokenError, match="make sense"):
        application(server).token(SCOPE)


def test_a_token_server_that_is_away_is_told_by_the_kind_of_failure(server: Graph) -> None:
    with pytest.raises(TokenError, match=r"is away \(ConnectError"):
        application(server, host=f"127.0.0.1:{free_port()}").token(SCOPE)


@pytest.mark.parametrize(
    "given, says",
    [
        (("", CLIENT_ID, SECRET), "DATARETT_OAUTH_TENANT must be given"),
        (("", "", ""), "DATARETT_OAUTH_TENANT, DATARETT_OAUTH_CLIENT_ID, DATARETT_OAUTH_CLIENT_SECRET must"),
        (("https://login/hemmelig", CLIENT_ID, SECRET), "DATARETT_OAUTH_TENANT must be the id"),
        ((TENANT, "hemmelig", SECRET), "DATARETT_OAUTH_CLIENT_ID must be the id"),
        ((TENANT, CLIENT_ID, CLIENT_ID), "is the id of a secret; give its value"),
    ],
)
def test_what_is_wrong_with_an_application_is_said_without_it(given: tuple[str, str, str], says: str) -> None:
    assert says in bearer.problem(*given)
    assert "hemmelig" not in bearer.problem(*given)
    with pytest.raises(TokenError) as error:
        ClientCredentials(*given).token(SCOPE)
    assert error.value.refused


def test_an_application_that_is_named_in_full_is_no_problem() -> None:
    assert bearer.problem(TENANT, CLIENT_ID, SECRET) == ""
    assert bearer.problem("optimar.onmicrosoft.com", CLIENT_ID, SECRET) == ""


@pytest.mark.parametrize(
    "said, seconds",
    [
        ("120", 120.0), ("0", 0.0), ("", 0.0), ("soon", 0.0), ("-5", 0.0), ("1.5", 0.0),
        ("9" * 50, retry_after.LONGEST),
        ("Wed, 01 Jul 2026 00:01:30 GMT", 90.0), ("Tue, 30 Jun 2026 00:00:00 GMT", 0.0),
        ("Wed, 01 Jul 9999 00:00:00 GMT", retry_after.LONGEST), ("Wed, 01 Jul 2026 00:01:30 -0000", 90.0),
    ],
)  # fmt: skip
def test_how_long_a_server_wants_to_be_left_alone(said: str, seconds: float) -> None:
    assert retry_after.seconds({"Retry-After": said}, datetime(2026, 7, 1, tzinfo=UTC)) == seconds
