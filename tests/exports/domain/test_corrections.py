"""How a right value is read from a form and sealed."""

import pytest

from exports.domain import corrections
from exports.domain.records import FieldValue, Label, Scalar, ValueNote, Withheld

KEY = b"k" * 32


def holding(value: Scalar, category: str = "", **more: object) -> FieldValue:
    """Return a field that holds a value now."""
    return FieldValue("x", Label("X", "X"), value, category, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "now, text, value",
    [
        ("Kari", " Kåre ", "Kåre"),
        ("Kari ", "Kari", "Kari"),
        (None, "4", "4"),
        (3, "-4", -4),
        (3.5, "4,25", 4.25),
        (True, "false", False),
        ("2026-01-31", "1.2.2026", "2026-02-01"),
        ("2026-01-31T10:00:00+01:00", "2026-02-01 11:00:00+01:00", "2026-02-01T11:00:00+01:00"),
        ("Kari", "  ", None),
        ("20260131-7", "anything", "anything"),
    ],
)
def test_a_value_is_read_as_the_kind_that_stands_there(now: Scalar, text: str, value: Scalar) -> None:
    read = corrections.parse(text, holding(now))
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    "now, text, category",
    [
        (3, "3.5", ""),
        (3, "9" * 20, ""),
        (3.5, "nan", ""),
        (3.5, "many", ""),
        (True, "perhaps", ""),
        ("2026-01-31", "31.2.2026", ""),
        ("2026-01-31T10:00:00+01:00", "tomorrow", ""),
        ("a@example.com", "a@b@example.com", "user.contact.email"),
        ("a@example.com", "a b@example.com", "user.contact.email"),
        ("a@example.com", "<b@example.com>", "user.contact.email"),
        ("a@example.com", "mailto:b@example.com", "user.contact.email"),
        ("a@example.com", "B<b@example.com>", "user.contact.email"),
        ("a@example.com", "b,@x..com", "user.contact.email"),
        ("a@example.com", "b@example.com.", "user.contact.email"),
        ("Kari", "a\0b", ""),
        ("Kari", "\ud800", ""),
        ("Kari", "x" * 4001, ""),
    ],
)
def test_what_cannot_stand_there_is_refused_without_being_told(now: Scalar, text: str, category: str) -> None:
    with pytest.raises(corrections.WrongType) as caught:
        corrections.parse(text, holding(now, category))
    assert text not in str(caught.value)


@pytest.mark.parametrize("now", [None, "n/a", "a\nb", "a\rb ", 3, 3.0, False, "2026-01-31T10:00:00", "x" * 5000])
def test_what_stands_there_now_comes_back_as_it_is(now: Scalar) -> None:
    seen = holding(now, "user.contact.email")
    assert corrections.parse(corrections.as_text(now).replace("\n", "\r\n"), seen) is now


def test_what_is_kept_back_or_binary_is_not_for_reading() -> None:
    assert corrections.can_be_shown(holding("Kari"))
    assert not corrections.can_be_shown(holding(None, withheld=Withheld.SECURITY))
    assert not corrections.can_be_shown(holding("<3 bytes>", note=ValueNote.BINARY))


def test_a_seal_is_of_one_value_in_one_place() -> None:
    place = {"dsr_id": 1, "system": "website", "collection": "users", "field": "name", "value": "Kari"}
    seal = corrections.seal(KEY, **place)  # type: ignore[arg-type]
    assert len(seal) == 64
    for name, other in {"dsr_id": 2, "system": "x", "collection": "x", "field": "x", "value": "x"}.items():
        assert corrections.seal(KEY, **(place | {name: other})) != seal  # type: ignore[arg-type]
    assert corrections.seal(b"l" * 32, **place) != seal  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text, found",
    [
        ("Kari@Example.com", {"kari@example.com"}),
        ("Kari <kari@example.com> (privat).", {"kari@example.com"}),
        ("mailto:a@example.com; 'b@example.com'.", {"a@example.com", "b@example.com"}),
        ("kari@localhost, 3 @ 5", set()),
        ("", set()),
    ],
)
def test_an_address_is_found_whatever_is_written_around_it(text: str, found: set[str]) -> None:
    assert corrections.addresses_in(text) == found
