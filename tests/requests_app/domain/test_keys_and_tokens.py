"""Key ring, derived links and codes, case references."""

import base64
import os
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain import keys, reference, tokens


def text(*ids: str) -> str:
    """A key ring with fresh keys under these ids."""
    return " ".join(f"{i}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}" for i in ids)


def test_the_first_key_is_active_and_the_others_still_open() -> None:
    ring = keys.parse(text("new", "old"))
    assert ring.active == "new"
    assert ring.key("files") == ring.key("files", "new") != ring.key("files", "old")
    assert ring.all("mail") == (ring.key("mail", "new"), ring.key("mail", "old"))


def test_each_purpose_has_its_own_key() -> None:
    ring = keys.parse(text("k"))
    assert len({ring.key(p) for p in ("files", "audit", "token", "mail")}) == 4


@pytest.mark.parametrize("bad", ["", "k1", "k1:", "k1:!!!", f"k1:{base64.b64encode(b'short').decode()}", ":AAAA"])
def test_a_bad_ring_is_refused_without_showing_it(bad: str) -> None:
    with pytest.raises(keys.KeyRingError) as error:
        keys.parse(bad)
    assert bad == "" or bad not in str(error.value)


def test_a_key_ring_does_not_show_its_keys() -> None:
    given_text = text("k")
    assert given_text.split(":")[1][:20] not in repr(keys.parse(given_text))


def test_tokens_differ_by_everything_that_names_them() -> None:
    ring = keys.parse(text("a", "b"))
    made = {
        tokens.derive_token(ring, purpose, subject, generation, key)
        for purpose in ("status-link", "identity-link")
        for subject in ("one", "two")
        for generation in (1, 2)
        for key in ("a", "b")
    }
    assert len(made) == 16
    assert all(len(token) == 32 for token in made)


def test_the_same_token_again_after_a_restart() -> None:
    ring_text = text("a")
    first, second = keys.parse(ring_text), keys.parse(ring_text)
    assert tokens.derive_token(first, "p", "s", 1) == tokens.derive_token(second, "p", "s", 1)


def test_codes_have_eight_digits_and_reveal_knows_both_forms() -> None:
    ring = keys.parse(text("a"))
    code = tokens.Secret("code", "download", "x", 1, "a")
    link = tokens.Secret("/s/{}", "status-link", "x", 1, "a")
    assert tokens.reveal(ring, code) == tokens.derive_code(ring, "download", "x", 1)
    assert len(tokens.reveal(ring, code)) == tokens.CODE_DIGITS
    assert tokens.reveal(ring, code).isdigit()
    assert tokens.reveal(ring, link) == "/s/" + tokens.derive_token(ring, "status-link", "x", 1)


@given(st.integers(2000, 9999), st.integers(1, 9_999_999))
def test_references_check_themselves(year: int, serial: int) -> None:
    made = reference.make(year, serial)
    assert reference.is_valid(made)
    assert reference.find(f"Sak {made.lower()}: hva skjer?") == made
    assert int(made[3:].replace("-", "")) % 97 == 1


@given(st.integers(2000, 9999), st.integers(1, 999_999), st.data())
def test_one_wrong_digit_or_two_swapped_ones_are_found_out(year: int, serial: int, data: st.DataObject) -> None:
    made = reference.make(year, serial)
    places = [i for i, c in enumerate(made) if c.isdigit()]
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != made[at]]))
    assert not reference.is_valid(made[:at] + digit + made[at + 1 :])
    left, right = data.draw(st.sampled_from(list(pairwise(places))))
    letters = list(made)
    letters[left], letters[right] = letters[right], letters[left]
    assert reference.is_valid("".join(letters)) == (made[left] == made[right])


@pytest.mark.parametrize("year,serial", [(26, 1), (2026, 0), (10000, 1)])
def test_references_out_of_range_are_refused(year: int, serial: int) -> None:
    with pytest.raises(ValueError, match="four digits"):
        reference.make(year, serial)
