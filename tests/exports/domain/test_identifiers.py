"""Spellings of addresses and numbers: enough to find the person, never another one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain.identifiers import email_variants, phone_variants


@pytest.mark.parametrize(
    ("address", "variants"),
    [
        ("Ola@Example.COM", {"ola@example.com"}),
        ("  ola@example.com\n", {"ola@example.com"}),
        ("ola+shop@example.com", {"ola+shop@example.com"}),
        ("ola@blåbær.example", {"ola@blåbær.example", "ola@bla\u030abær.example", "ola@xn--blbr-roah.example"}),
        ("ola@XN--blbr-roah.example", {"ola@blåbær.example", "ola@bla\u030abær.example", "ola@xn--blbr-roah.example"}),
        ("ola@straße.example", {"ola@straße.example"}),  # not strasse.example, which is another domain
        ("a@b@example.com", {"a@b@example.com"}),
        ("ola@..", {"ola@.."}),
        ("ola", set()),
        ("@example.com", set()),
        ("ola@", set()),
        ("", set()),
    ],
)
def test_spellings_of_an_address(address: str, variants: set[str]) -> None:
    assert email_variants(address) == variants


@given(st.emails())
def test_the_address_itself_is_always_among_them(address: str) -> None:
    assert unicodedata.normalize("NFC", address.lower()) in email_variants(address)


@given(st.text())
def test_every_spelling_leads_to_the_same_spellings(text: str) -> None:
    variants = email_variants(f"ola@{text}")
    for variant in variants:
        assert email_variants(variant) == variants


@pytest.mark.parametrize(
    ("number", "variants"),
    [
        ("+47 100 00 101", {"4710000101", "004710000101", "10000101"}),
        ("0047 10000101", {"4710000101", "004710000101", "10000101"}),
        ("10 00 01 01", {"4710000101", "004710000101", "10000101"}),
        ("+46 70 123 45 67", {"46701234567", "0046701234567"}),
        ("+44 (0)7700 900106", {"4407700900106", "004407700900106"}),
        ("+47 112", set()),
        ("112", set()),
        ("", set()),
        ("ring meg", set()),
    ],
)
def test_spellings_of_a_number(number: str, variants: set[str]) -> None:
    assert phone_variants(number, "47") == variants


@given(st.text(), st.sampled_from(["47", "1", "358"]))
def test_spellings_of_anything_are_digits(text: str, calling_code: str) -> None:
    for variant in phone_variants(text, calling_code):
        assert len(variant) >= 6
        assert variant.isascii()
        assert variant.isdecimal()
