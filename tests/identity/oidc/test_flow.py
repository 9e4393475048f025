"""There and back: PKCE, state and nonce are asked for, codes work once, a broken provider becomes one plain error."""

import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from identity.oidc import discovery, flow
from identity.oidc.errors import OidcError
from identity.oidc.provider import Provider, check_address
from tests.services.openid_program import openid_program
from tests.services.openid_provider import CLIENT_SECRET, OpenIdProvider
from tests.services.process import free_port

Ours = Callable[..., Provider]


def arrive(provider: Provider, leaving: flow.Departure, query: dict[str, str]) -> dict[str, object]:
    return dict(flow.arrive(provider, query, nonce=leaving.nonce, verifier=leaving.verifier))


def refused(provider: Provider, leaving: flow.Departure, query: dict[str, str]) -> str:
    with pytest.raises(OidcError) as caught:
        arrive(provider, leaving, query)
    return caught.value.code


def test_what_a_browser_is_sent_away_with(ours: Ours, theirs: OpenIdProvider) -> None:
    provider = ours(scope="openid profile", asks_for={"acr_values": "high"})
    one, two = flow.depart(provider), flow.depart(provider)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(one.url).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid profile"
    assert asked["redirect_uri"] == provider.redirect_uri
    assert asked["acr_values"] == "high"
    assert (asked["state"], asked["nonce"]) == (one.state, one.nonce)
    assert one.verifier not in one.url
    assert CLIENT_SECRET not in one.url
    secrets = [one.state, one.nonce, one.verifier, two.state, two.nonce, two.verifier]
    assert len(set(secrets)) == 6
    assert min(len(secret) for secret in secrets) >= 43
    assert not any(secret in repr(one) for secret in secrets)


def test_a_code_works_once(ours: Ours, theirs: OpenIdProvider) -> None:
    provider = ours()
    leaving = flow.depart(provider)
    query = theirs.log_in(leaving.url)
    assert arrive(provider, leaving, query)["sub"] == "s1"
    assert refused(provider, leaving, query) == "code_refused"


def test_a_code_of_another_attempt_is_worthless(ours: Ours, theirs: OpenIdProvider) -> None:
    """Whoever sees a code on its way cannot use it: it is bound to the verifier that never left us (PKCE)."""
    provider = ours()
    mine, stolen = flow.depart(provider), flow.depart(provider)
    assert refused(provider, mine, theirs.log_in(stolen.url)) == "code_refused"


@pytest.mark.parametrize("methods", [["client_secret_post"], ["client_secret_basic", "client_secret_post"]])
def test_our_secret_goes_the_way_the_provider_takes_it(ours: Ours, theirs: OpenIdProvider, methods: list[str]) -> None:
    theirs.metadata = {"token_endpoint_auth_methods_supported": methods}
    provider = ours()
    leaving = flow.depart(provider)
    assert arrive(provider, leaving, theirs.log_in(leaving.url))["sub"] == "s1"
    assert ("client_secret" in theirs.forms[-1]) == (len(methods) == 1)
    leaving = flow.depart(provider)
    assert refused(ours(client_secret="wrong"), leaving, theirs.log_in(leaving.url)) == "code_refused"


def test_whoever_changes_their_mind_is_told_apart_from_a_fault(ours: Ours, theirs: OpenIdProvider) -> None:
    leaving = flow.depart(ours())
    assert refused(ours(), leaving, {"error": "access_denied", "state": leaving.state}) == "cancelled"
    assert refused(ours(), leaving, {"error": "server_error"}) == "provider_refuses"
    assert refused(ours(), leaving, {}) == "code_missing"
    assert refused(ours(), leaving, {"code": "c" * 5000}) == "code_missing"


def test_an_answer_of_another_provider_is_refused(ours: Ours, theirs: OpenIdProvider) -> None:
    """RFC 9207: the mix-up of two providers."""
    leaving = flow.depart(ours())
    query = theirs.log_in(leaving.url)
    assert refused(ours(), leaving, {**query, "iss": "https://evil.example"}) == "answer_of_another"
    assert arrive(ours(), leaving, {**query, "iss": theirs.issuer})["sub"] == "s1"
    discovery.forget()
    theirs.metadata = {"authorization_response_iss_parameter_supported": True}
    leaving = flow.depart(ours())
    assert refused(ours(), leaving, theirs.log_in(leaving.url)) == "answer_of_another"


def test_a_name_that_stands_elsewhere_is_fetched_of_the_same_person_only(ours: Ours, theirs: OpenIdProvider) -> None:
    provider = ours(scope="openid profile")
    theirs.profile = {"sub": "s1", "name": "Kari Holm", "iss": "https://evil.example"}
    leaving = flow.depart(provider)
    said = arrive(provider, leaving, theirs.log_in(leaving.url))
    assert (said["name"], said["iss"]) == ("Kari Holm", theirs.issuer)
    theirs.profile["sub"] = "s2"
    leaving = flow.depart(provider)
    assert refused(provider, leaving, theirs.log_in(leaving.url)) == "profile_of_another"
    leaving = flow.depart(ours())
    assert "name" not in arrive(ours(), leaving, theirs.log_in(leaving.url))


def test_a_provider_that_is_another_than_was_asked_for_is_refused(ours: Ours, theirs: OpenIdProvider) -> None:
    """Also the shared address of Entra, which names no tenant."""
    for other in ("https://evil.example", "https://login.microsoftonline.com/{tenantid}/v2.0", f"{theirs.issuer}/"):
        theirs.says_it_is = other
        with pytest.raises(OidcError, match="provider_is_another"):
            flow.depart(ours())


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_a_provider_cannot_lead_us_off_https(ours: Ours, theirs: OpenIdProvider, name: str) -> None:
    theirs.metadata = {name: "http://provider.example/x"}
    with pytest.raises(OidcError, match="address_not_https"):
        flow.depart(ours())


def test_addresses_that_are_asked() -> None:
    for good in ("https://id.example/x", "http://localhost:9/x", "http://127.0.0.1:9", "http://[::1]:9"):
        assert check_address(good) == good
    for bad in (
        "http://id.example", "ftp://localhost", "file:///etc/passwd", "https://me:secret@id.example", "https://",
        "https://h:port", "https://id.example/#x", "https://id.example/\n", "", None, 7, "http://localhost.evil.example",
    ):  # fmt: skip
        with pytest.raises(OidcError):
            check_address(bad)


def test_a_provider_that_is_down_is_one_plain_error_and_asked_anew_next_time(
    ours: Ours, theirs: OpenIdProvider
) -> None:
    with pytest.raises(OidcError, match="provider_away"):
        flow.depart(ours(issuer=f"http://127.0.0.1:{free_port()}"))
    theirs.status = 503
    with pytest.raises(OidcError, match="provider_out_of_order"):
        flow.depart(ours())
    theirs.status = 200
    assert flow.depart(ours()).url


def test_a_provider_that_does_not_answer_holds_nobody_up(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.silent = True
    with pytest.raises(OidcError, match="provider_away"):
        flow.depart(ours(seconds=0.2))


def test_an_answer_that_is_too_large_is_not_read_to_its_end(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.raw = b"{" + b" " * 300_000 + b"}"
    with pytest.raises(OidcError, match="provider_too_large"):
        flow.depart(ours())
    theirs.raw, theirs.encoding = zlib.compress(b"{" + b" " * 5_000_000 + b"}"), "deflate"
    with pytest.raises(OidcError, match="provider_nonsense"):
        flow.depart(ours())


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b"\xff", b"[" * 100_000, b'{"issuer": NaN}'])
def test_an_answer_that_is_none_is_refused(ours: Ours, theirs: OpenIdProvider, raw: bytes) -> None:
    theirs.raw = raw
    with pytest.raises(OidcError, match=r"provider_nonsense|provider_is_another"):
        flow.depart(ours())


def test_nobody_is_followed_elsewhere(ours: Ours, theirs: OpenIdProvider) -> None:
    provider = ours()
    leaving = flow.depart(provider)
    query = theirs.log_in(leaving.url)
    theirs.moved_to = f"{theirs.issuer}/elsewhere"
    assert refused(provider, leaving, query) == "provider_redirects"
    discovery.forget()
    with pytest.raises(OidcError, match="provider_redirects"):
        flow.depart(provider)
    assert "/elsewhere" not in theirs.heard


def test_what_a_provider_says_of_itself_is_kept_for_a_while(
    ours: Ours, theirs: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        flow.depart(ours())
        discovery.keys(ours())
    asked = ("/.well-known/openid-configuration", "/keys")
    assert [theirs.heard.count(path) for path in asked] == [1, 1]
    monkeypatch.setattr(discovery, "KEPT", -1.0)
    discovery.keys(ours())
    assert [theirs.heard.count(path) for path in asked] == [2, 2]


def test_a_provider_of_somebody_else(ours: Ours, tmp_path: Path) -> None:
    """The program knows nothing of us: it is asked as any other provider is."""
    with openid_program(tmp_path) as running:
        running.knows("s1", name="Kari Holm", email="kari@example.com")
        provider = ours(issuer=running.issuer, scope="openid profile")
        leaving = flow.depart(provider)
        query = running.log_in(leaving.url, "s1")
        assert query["state"] == leaving.state
        said = arrive(provider, leaving, query)
        assert (said["sub"], said["name"], said["iss"]) == ("s1", "Kari Holm", running.issuer)
        assert "email" not in said
        assert refused(provider, leaving, query) == "code_refused"
        again = flow.depart(provider)
        crossed = running.log_in(again.url, "s1")
        assert refused(provider, leaving, crossed) == "token_nonce"
        assert refused(provider, again, running.cancel(flow.depart(provider).url)) in ("cancelled", "code_missing")
