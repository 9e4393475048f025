"""Texts of strangers on paper."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain.printable import (
    CELL_LIMIT,
    LINE_LIMIT,
    RUN_LIMIT,
    SOFT_BREAK,
    clipped,
    printable,
    runs_right_to_left,
)

anything = st.text(st.characters(), max_size=300)


@pytest.mark.parametrize(
    "given_text, shown",
    [
        ("Blåbærsyltetøy Šiŋŋa", "Blåbærsyltetøy Šiŋŋa"),
        ("\u202etxt.exe", "[U+202E]txt.exe"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("a\x00b\x1b[31m", "a[U+0000]b[U+001B][31m"),
        ("\ud800", "[U+D800]"),
        ("\ue000", "[U+E000]"),
        ("\U000e0067", "[U+E0067]"),
        ("\ufeffa", "[U+FEFF]a"),
        ("a\tb", "a b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("👩\u200d👧 ☃\ufe0f", "👩\u200d👧 ☃\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # noqa: RUF001 - Persian
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_nothing_stays_invisible(given_text: str, shown: str) -> None:
    assert printable(given_text) == shown


@given(anything)
def test_no_control_is_left(text: str) -> None:
    kept = "\n\u00ad\u200b\u200c\u200d"
    left = {c for c in printable(text) if unicodedata.category(c)[0] == "C" and c not in kept}
    assert left == set()


@given(st.text(st.sampled_from("ab\u0301é👩\u200d "), max_size=400))
def test_no_run_is_endless(text: str) -> None:
    runs = printable(text).replace(SOFT_BREAK, " ").split()
    assert max(map(len, runs), default=0) <= 2 * RUN_LIMIT


@given(anything)
def test_breaking_changes_nothing_else(text: str) -> None:
    short = "".join(printable(c) for c in text.replace("\r\n", "\n").replace(SOFT_BREAK, ""))
    assert printable(text.replace(SOFT_BREAK, "")).replace(SOFT_BREAK, "") == short


def test_a_long_word_breaks_between_letters_not_before_marks() -> None:
    word = "e\u0301" * RUN_LIMIT
    assert SOFT_BREAK + "\u0301" not in printable(word)
    assert SOFT_BREAK in printable(word)


def test_what_is_short_is_left_whole() -> None:
    assert clipped("a\nb") == ("a\nb", False)
    assert clipped("x" * CELL_LIMIT) == ("x" * CELL_LIMIT, False)


def test_what_is_endless_is_cut_and_says_so() -> None:
    assert clipped("x" * (CELL_LIMIT + 1)) == ("x" * CELL_LIMIT, True)
    short, cut = clipped("a\r\n" * (LINE_LIMIT + 1))
    assert (short.count("\n"), cut) == (LINE_LIMIT - 1, True)


@pytest.mark.parametrize(
    "text, expected",
    [("شكرا Kåre", True), ("Kåre شكرا", False), ("12 שלום", True), ("12", False), ("", False)],
)
def test_the_first_letter_decides_the_direction(text: str, expected: bool) -> None:
    assert runs_right_to_left(text) is expected
