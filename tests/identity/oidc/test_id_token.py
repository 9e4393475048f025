"""A token is refused for one wrong claim, one wrong key, one wrong algorithm: against a real server each time."""

import time
from collections.abc import Callable

import pytest

from identity.oidc import flow
from identity.oidc.errors import OidcError
from identity.oidc.provider import Provider
from tests.services.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, curve_key, public, rsa_key

Ours = Callable[..., Provider]


def come_back(provider: Provider, theirs: OpenIdProvider) -> str:
    """Go there and back; return the subject that is vouched for."""
    leaving = flow.depart(provider)
    query = theirs.log_in(leaving.url, "s1")
    return str(flow.arrive(provider, query, nonce=leaving.nonce, verifier=leaving.verifier)["sub"])


def refused(provider: Provider, theirs: OpenIdProvider) -> str:
    """Return the code with which the next token is refused."""
    with pytest.raises(OidcError) as caught:
        come_back(provider, theirs)
    return caught.value.code


def test_an_honest_provider_is_believed(ours: Ours, theirs: OpenIdProvider) -> None:
    assert come_back(ours(), theirs) == "s1"
    theirs.algorithm, theirs.key, theirs.key_id = "ES256", curve_key(), "k2"
    assert come_back(ours(), theirs) == "s1"


WRONG = [
    ("token_nonce", {"nonce": "another"}),
    ("token_nonce", {"nonce": None}),
    ("token_nonce", {"nonce": 7}),
    ("token_issuer", {"iss": "https://evil.example"}),
    ("token_issuer", {"iss": None}),
    ("token_audience", {"aud": "another-client"}),
    ("token_audience", {"aud": ["another-client"]}),
    ("token_audience", {"aud": [CLIENT_ID, "another-client"]}),
    ("token_audience", {"aud": [CLIENT_ID, "another-client"], "azp": "another-client"}),
    ("token_audience", {"azp": "another-client"}),
    ("token_audience", {"aud": None}),
    ("token_expired", {"exp": 1_000_000_000}),
    ("token_malformed", {"exp": None}),
    ("token_malformed", {"exp": "tomorrow"}),
    ("token_malformed", {"exp": True}),
    ("token_malformed", {"exp": float("inf")}),
    ("token_malformed", {"iat": None}),
    ("token_not_of_now", {"iat": 1_000_000_000}),
    ("token_not_of_now", {"iat": 9_000_000_000}),
    ("token_not_of_now", {"nbf": 9_000_000_000}),
    ("token_subject", {"sub": None}),
    ("token_subject", {"sub": ""}),
    ("token_subject", {"sub": 7}),
    ("token_subject", {"sub": "s" * 256}),
]


@pytest.mark.parametrize("code, claims", WRONG)
def test_one_wrong_claim_is_enough(ours: Ours, theirs: OpenIdProvider, code: str, claims: dict[str, object]) -> None:
    theirs.claims = claims
    assert refused(ours(), theirs) == code
    theirs.claims = {}
    assert come_back(ours(), theirs) == "s1"


def test_a_token_that_is_just_over_is_refused_and_clocks_may_differ_a_little(
    ours: Ours, theirs: OpenIdProvider
) -> None:
    theirs.claims = {"exp": int(time.time()) - 61}
    assert refused(ours(), theirs) == "token_expired"
    theirs.claims = {"exp": int(time.time()) - 5, "iat": int(time.time()) + 5}
    assert come_back(ours(), theirs) == "s1"


def test_several_audiences_with_us_as_the_party_it_was_given_to(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.claims = {"aud": [CLIENT_ID, "another-client"], "azp": CLIENT_ID}
    assert come_back(ours(), theirs) == "s1"


def test_a_token_without_a_signature_is_refused(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.algorithm, theirs.listed = "none", [public(rsa_key(), "k1")]
    assert refused(ours(), theirs) == "token_algorithm"


@pytest.mark.parametrize("pem", [True, False])
def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    ours: Ours, theirs: OpenIdProvider, pem: bool
) -> None:
    """HS256 with what everybody can fetch."""
    key = rsa_key()
    theirs.listed = [public(key, "k1")]
    written = key.as_pem(private=False) if pem else str(key.as_dict(private=False)["n"]).encode()
    theirs.algorithm, theirs.secret = "HS256", written
    assert refused(ours(), theirs) == "token_algorithm"


def test_a_token_signed_with_the_client_secret_is_refused(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.algorithm, theirs.secret = "HS256", CLIENT_SECRET.encode()
    assert refused(ours(), theirs) == "token_algorithm"


@pytest.mark.parametrize("algorithm", ["RS512", "PS256"])
def test_an_algorithm_that_was_not_agreed_on_is_refused(ours: Ours, theirs: OpenIdProvider, algorithm: str) -> None:
    theirs.algorithm = algorithm
    assert refused(ours(), theirs) == "token_algorithm"


def test_a_token_of_another_key_under_the_same_name_is_refused(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.listed, theirs.key = [public(rsa_key(), "k1")], rsa_key("evil")
    assert refused(ours(), theirs) == "token_signature"


def test_a_token_that_was_changed_on_the_way_is_refused(ours: Ours, theirs: OpenIdProvider) -> None:
    now = int(time.time())
    said = {"iss": theirs.issuer, "aud": CLIENT_ID, "nonce": "n", "iat": now, "exp": now + 60}
    good, other = (theirs.sign({**said, "sub": subject}) for subject in ("s1", "s2"))
    head, _claims, seal = good.split(".")
    theirs.id_token = f"{head}.{other.split('.')[1]}.{seal}"
    assert refused(ours(), theirs) == "token_signature"


def test_new_keys_of_the_provider_are_fetched_once_for_a_name_we_do_not_know(
    ours: Ours, theirs: OpenIdProvider
) -> None:
    come_back(ours(), theirs)
    come_back(ours(), theirs)
    assert theirs.heard.count("/keys") == 1
    theirs.key, theirs.key_id = rsa_key("second"), "k2"
    assert come_back(ours(), theirs) == "s1"
    assert theirs.heard.count("/keys") == 2
    theirs.listed, theirs.key_id = [public(rsa_key("second"), "k2")], "unheard-of"
    assert refused(ours(), theirs) == "token_key"
    assert theirs.heard.count("/keys") == 3


def test_a_token_that_names_no_key_needs_a_provider_with_one_only(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.listed, theirs.key_id = [public(rsa_key(), "k1")], None
    assert come_back(ours(), theirs) == "s1"
    theirs.listed = [public(rsa_key(), "k1"), public(rsa_key("second"), "k2")]
    provider = ours()
    theirs.key = rsa_key("third")
    assert refused(provider, theirs) in ("token_key", "token_signature")


def test_a_weak_key_or_one_of_another_kind_is_refused(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.listed = [{**public(rsa_key(), "k1"), "use": "enc"}]
    assert refused(ours(), theirs) == "token_key"
    theirs.listed = [public(curve_key(), "k1")]
    assert refused(ours(), theirs) == "token_key"


@pytest.mark.parametrize(
    "raw", ["", "a.b", "a.b.c.d.e", "æ.b.c", "{}.{}.x", "a" * 40_000 + "..", "bnVsbA..", "W10.W10.x"]
)
def test_what_is_no_token_is_refused(ours: Ours, theirs: OpenIdProvider, raw: str) -> None:
    theirs.id_token = raw or "."
    assert refused(ours(), theirs) == "token_malformed"


def test_a_refusal_tells_nothing_of_what_was_sent(ours: Ours, theirs: OpenIdProvider) -> None:
    theirs.claims = {"name": "Kari Holm", "nonce": "hemmelig"}
    with pytest.raises(OidcError) as caught:
        come_back(ours(), theirs)
    assert caught.value.__cause__ is None
    assert str(caught.value) == "token_nonce"
    assert "hemm" not in repr(ours())
