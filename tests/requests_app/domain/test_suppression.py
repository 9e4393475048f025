"""Which spellings are one person, what a digest is keyed with, and links that carry an address."""

import base64

import pytest

from requests_app.domain import keys, sealed_link
from requests_app.domain.suppression import ContactWay, digest, email_forms, every_digest, phone_forms


def _ring(*ids: str) -> keys.KeyRing:
    return keys.parse(" ".join(f"{one}:{base64.urlsafe_b64encode(one.encode() * 32)[:43].decode()}" for one in ids))


@pytest.mark.parametrize(
    ("address", "forms"),
    [
        ("Kari.Holm@Example.COM ", ("kari.holm@example.com",)),
        ("kari+nytt@example.com", ("kari+nytt@example.com",)),
        ("K.Holm+nytt@Gmail.com", ("k.holm+nytt@gmail.com", "kholm@gmail.com")),
        ("kholm@googlemail.com", ("kholm@googlemail.com", "kholm@gmail.com")),
        ("post@blåskjell.example", ("post@xn--blskjell-b0a.example",)),
        ("post@xn--blskjell-b0a.example", ("post@xn--blskjell-b0a.example",)),
        ("A\u030ase@example.com", ("åse@example.com",)),
        ("kari", ()), ("@example.com", ()), ("kari@", ()), ("a@b@example.com", ()), ("ka ri@example.com", ()),
        ("kari@example.com\nkari@example.org", ()), ("kari\0@example.com", ()), ("", ()),
    ],
)  # fmt: skip
def test_spellings_of_an_address(address: str, forms: tuple[str, ...]) -> None:
    assert email_forms(address) == forms


@pytest.mark.parametrize(
    ("number", "country", "forms"),
    [
        ("+47 100 00 104", "NO", ("4710000104",)), ("0047 10000104", "NO", ("4710000104",)),
        ("100 00 104", "NO", ("4710000104",)), ("4710000104", "NO", ("4710000104",)),
        ("(+47) 10 00 01 04", "SE", ("4710000104",)), ("070-174 06 05", "SE", ("46701740605",)),
        ("06 12345678", "IT", ("390612345678",)), ("10000104", "XX", ()), ("+47 10000104", "XX", ("4710000104",)),
        ("1881", "NO", ()), ("ring meg", "NO", ()), ("", "NO", ()),
    ],
)  # fmt: skip
def test_the_form_of_a_number(number: str, country: str, forms: tuple[str, ...]) -> None:
    assert phone_forms(number, country) == forms


def test_a_digest_depends_on_the_key_and_the_way_and_old_keys_still_match() -> None:
    old, new = _ring("a"), _ring("b", "a")
    assert digest(old, ContactWay.EMAIL, "x@example.com") != digest(new, ContactWay.EMAIL, "x@example.com")
    assert digest(old, ContactWay.EMAIL, "4710000104") != digest(old, ContactWay.PHONE, "4710000104")
    assert digest(old, ContactWay.EMAIL, "x@example.com") in every_digest(new, ContactWay.EMAIL, "x@example.com")


def test_a_sealed_link_hides_what_it_carries_and_opens_under_an_older_key() -> None:
    token = sealed_link.seal(_ring("a"), "unsubscribe", "kari@example.com")
    assert "kari" not in base64.urlsafe_b64decode(token + "==").decode("latin-1")
    assert sealed_link.unseal(_ring("b", "a"), "unsubscribe", token) == "kari@example.com"
    assert sealed_link.seal(_ring("a"), "unsubscribe", "kari@example.com") != token


def test_a_link_altered_by_any_one_character_opens_nothing() -> None:
    ring, signs = _ring("a"), "ABab01-_"
    token = sealed_link.seal(ring, "unsubscribe", "kari@example.com")
    for place, was in enumerate(token):
        for sign in signs.replace(was, ""):
            with pytest.raises(sealed_link.LinkBroken):
                sealed_link.unseal(ring, "unsubscribe", token[:place] + sign + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "A", "ø" * 40, "A" * 5000, "a b", "====", "\0" * 40])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    with pytest.raises(sealed_link.LinkBroken):
        sealed_link.unseal(_ring("a"), "unsubscribe", token)


def test_a_link_opens_for_its_own_purpose_and_ring_only() -> None:
    one, other = (sealed_link.seal(_ring("a"), "unsubscribe", name) for name in ("kari", "per"))
    spliced = one[:16] + other[16:]
    for ring, purpose, token in ((_ring("a"), "else", one), (_ring("c"), "unsubscribe", one),
                                 (_ring("a"), "unsubscribe", spliced)):  # fmt: skip
        with pytest.raises(sealed_link.LinkBroken):
            sealed_link.unseal(ring, purpose, token)
