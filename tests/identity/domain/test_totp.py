"""Codes as RFC 6238 wants them, each accepted once."""

import pytest

from identity.domain import totp

RFC_SECRET = b"12345678901234567890"

# RFC 6238, appendix B, the SHA-1 column: Unix time in seconds and the eight digits.
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize("seconds,expected", VECTORS)
def test_the_vectors_of_the_rfc(seconds: int, expected: str) -> None:
    step = totp.step_at(seconds)
    assert totp.code(RFC_SECRET, step, digits=8) == expected
    assert totp.code(RFC_SECRET, step) == expected[-6:]


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_clocks_may_be_one_step_off(drift: int) -> None:
    given = totp.code(RFC_SECRET, 1000 + drift)
    assert totp.matching_step(RFC_SECRET, given, now_step=1000, after=-1) == 1000 + drift


@pytest.mark.parametrize("drift", [-2, 2])
def test_but_not_more(drift: int) -> None:
    given = totp.code(RFC_SECRET, 1000 + drift)
    assert totp.matching_step(RFC_SECRET, given, now_step=1000, after=-1) is None


def test_a_used_step_does_not_match_again() -> None:
    given = totp.code(RFC_SECRET, 1000)
    assert totp.matching_step(RFC_SECRET, given, now_step=1000, after=1000) is None
    assert totp.matching_step(RFC_SECRET, given, now_step=1000, after=999) == 1000


@pytest.mark.parametrize("given", ["", "12345", "abcdef", "١٢٣٤٥٦", "000000 "])
def test_what_is_no_code_does_not_match(given: str) -> None:
    assert totp.matching_step(RFC_SECRET, given, now_step=1000, after=-1) is None


def test_the_address_for_the_app_names_issuer_and_account() -> None:
    address = totp.uri(RFC_SECRET, account="ola@optimar.example", issuer="Datarett")
    assert address.startswith("otpauth://totp/Datarett%3Aola%40optimar.example?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Datarett" in address
