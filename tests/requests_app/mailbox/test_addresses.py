"""Address lists: what real headers hold, and what attackers put there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.mailbox import addresses
from requests_app.mailbox.addresses import Address


@pytest.mark.parametrize(
    "value, expected",
    [
        ("kari@example.com", [("", "kari@example.com")]),
        ("Kari Nes <kari@example.com>", [("Kari Nes", "kari@example.com")]),
        ('"Nes, Kari" <kari@example.com>', [("Nes, Kari", "kari@example.com")]),
        ("Nes, Kari <kari@example.com>", [("Nes, Kari", "kari@example.com")]),
        ("kari@example.com (Kari Nes)", [("Kari Nes", "kari@example.com")]),
        ("a@example.com, b@example.com; c@example.com", [("", f"{one}@example.com") for one in "abc"]),
        (", a@example.com,,", [("", "a@example.com")]),
        ("Alle: a@example.com, B <b@example.com>;", [("", "a@example.com"), ("B", "b@example.com")]),
        ("undisclosed-recipients:;", []),
        ("<@relay.example,@two.example:a@example.com>", [("", "a@example.com")]),
        ("=?utf-8?B?S8OlcmU=?= <kaare@example.com>", [("Kåre", "kaare@example.com")]),
        ("=?utf-8?Q?K=C3=A5re_=3Ckaare=40example.com=3E?=", [("Kåre", "kaare@example.com")]),
        ("a@example.com b@example.com", [("", "a@example.com"), ("", "b@example.com")]),
        ('"ola@bank.example" <thief@example.com>', [("ola@bank.example", "thief@example.com")]),
        ("=?utf-8?Q?ola=40bank.example=2C?= <thief@example.com>", [("ola@bank.example,", "thief@example.com")]),
        ("ola@bank.example <thief@example.com>", [("ola@bank.example", "thief@example.com")]),
        ('"broken <kari@example.com>', [("", "kari@example.com")]),
        ("<>", []),
        ("no address here", []),
        ("(" * 5_000 + "a@example.com", [("", "a@example.com")]),
    ],
)
def test_lists_are_read(value: str, expected: list[tuple[str, str]]) -> None:
    assert addresses.read(value.encode()) == tuple(Address(*one) for one in expected)


@given(st.text(st.sampled_from('a@.,;:<>()"\\ =?\x00\n'), max_size=300))
def test_whatever_comes_out_is_an_address(value: str) -> None:
    for one in addresses.read(value.encode()):
        assert one.address.count("@") >= 1
        assert not set(one.address) & set("<>,\n\x00")


def test_a_hidden_turn_of_direction_is_taken_out_of_names() -> None:
    (one,) = addresses.read("\u202eksabsremark\u202c <a@example.com>".encode())
    assert one.name == "ksabsremark"


def test_tags_and_case_do_not_matter_for_whose_mailbox_it_is() -> None:
    assert addresses.without_tag("Info+sak-12@Optimar.NO") == "info@optimar.no"
    assert addresses.domain("a@B.Example.") == "b.example"
    assert addresses.domain("nothing") == ""
