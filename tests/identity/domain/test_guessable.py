"""Well-known parts count little, whatever is written around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.guessable import LEAST, fold, name_parts, points
from identity.domain.norwegian_passwords import WORDS

NAMES = name_parts("Kari Solheim", "kari.solheim@optimar.no", "Optimar")


@pytest.mark.parametrize(
    "password",
    [
        "Passord2026!",
        "P@ssord2026!",
        "pa55ord12345",
        "passordpassord",
        "Sommer2026!!",
        "sommer2026sommer",
        "Kjæreste1234",
        "KJAERESTE!!!!",
        "JegElskerDeg1",
        "Vinter2025Oslo",
        "Optimar2026!",
        "optimar-norge1",
        "kari.solheim.26",
        "qwertyuiop12",
        "123456789012",
        "098765432109",
        "aaaaaaaaaaaa",
        "æøåæøåæøåæøå",
    ],
)
def test_weak_though_long(password: str) -> None:
    assert len(password) >= 12
    assert points(password, WORDS, NAMES) < LEAST


@pytest.mark.parametrize(
    "password",
    [
        "kort-nok-men-lang-nok-7",
        "gul hest flyr sakte",
        "x7Kq9mWp2LrT",
        "hund4839201174",
        "sommer og vinter på hytta med katten",
        "Optimar tvxqzrbk",
        "",
    ],
)
def test_long_enough_beside_what_is_known(password: str) -> None:
    assert points(password, WORDS, NAMES) >= LEAST or not password


def test_the_list_of_our_own_is_written_as_it_is_compared() -> None:
    assert len(WORDS) > 300
    assert {word for word in WORDS if fold(word) != word} == set()


def test_short_names_are_no_parts() -> None:
    assert name_parts("Bo Li", "bo.li@x.no") == frozenset()
    assert name_parts("Åse-Marie Ødegård", "a_b+pluss@fjord.example") == {
        "ase", "marie", "odegard", "pluss", "fjord", "example",
    }  # fmt: skip


@given(st.text(max_size=300))
def test_any_text_has_points_and_never_more_than_letters(password: str) -> None:
    assert 0 <= points(password, WORDS, NAMES) <= max(LEAST, len(fold(password)))


@given(
    st.text(alphabet="abcdefghijkmnpqrstuvwxyz", min_size=4, max_size=12), st.sampled_from(["2026", "!", "123", "!!"])
)
def test_a_word_with_something_at_its_end_is_little_more_than_the_word(word: str, end: str) -> None:
    assert points(word.title() + end, {word}, ()) <= 3
