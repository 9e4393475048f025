"""Sealed files open whole, in their place, with a key of the ring, or not at all."""

import io
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain.envelope import (
    MAGIC,
    PIECE,
    DamagedEnvelope,
    EnvelopeError,
    Place,
    UnknownKey,
    decrypt,
    decrypted_pieces,
    encrypt,
)
from requests_app.domain.keys import KeyRing

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
RING = KeyRing("2026", {"2026": NEW})
PLACE = Place("DR-2026-000418-52", "bundle-1", "data.json")
HEADER = len(MAGIC) + 1 + len("2026") + 12 + 48
SEALED_PIECE = PIECE + 16

# Around the edges of a piece, where an error of one shows.
sizes = st.one_of(
    st.integers(0, 200), st.sampled_from([PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1, 2 * PIECE, 2 * PIECE + 1])
)


def seal(content: bytes, place: Place = PLACE, ring: KeyRing = RING) -> bytes:
    target = io.BytesIO()
    encrypt(io.BytesIO(content), target, ring=ring, place=place)
    return target.getvalue()


def unseal(sealed: bytes, place: Place = PLACE, ring: KeyRing = RING) -> bytes:
    target = io.BytesIO()
    decrypt(io.BytesIO(sealed), target, ring=ring, place=place)
    return target.getvalue()


def filler(size: int) -> bytes:
    return (b"personal data " * (size // 14 + 1))[:size]


class Trickle(io.RawIOBase):
    """A source that hands over a few bytes at a time, as sockets and pipes do."""

    def __init__(self, content: bytes) -> None:
        self.rest = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self.rest.read(min(size, 999))


@given(sizes)
def test_what_was_sealed_comes_back(size: int) -> None:
    assert unseal(seal(filler(size))) == filler(size)


def test_a_source_may_trickle() -> None:
    content = filler(2 * PIECE + 5)
    target, opened = io.BytesIO(), io.BytesIO()
    encrypt(Trickle(content), target, ring=RING, place=PLACE)  # type: ignore[arg-type]
    decrypt(Trickle(target.getvalue()), opened, ring=RING, place=PLACE)  # type: ignore[arg-type]
    assert opened.getvalue() == content


def test_pieces_come_one_by_one() -> None:
    pieces = decrypted_pieces(io.BytesIO(seal(filler(2 * PIECE + 5))), ring=RING, place=PLACE)
    assert [len(piece) for piece in pieces] == [PIECE, PIECE, 5]


def test_sealing_twice_never_gives_the_same_and_shows_nothing() -> None:
    first, second = seal(filler(100)), seal(filler(100))
    assert first[HEADER:] != second[HEADER:]
    assert b"personal" not in first


@given(sizes, st.data())
def test_a_file_cut_anywhere_does_not_open(size: int, data: st.DataObject) -> None:
    sealed = seal(filler(size))
    edges = [n for n in (0, HEADER, HEADER + SEALED_PIECE, HEADER + 2 * SEALED_PIECE) if n < len(sealed)]
    length = data.draw(st.one_of(st.integers(0, len(sealed) - 1), st.sampled_from(edges)))
    with pytest.raises(DamagedEnvelope):
        unseal(sealed[:length])


@given(st.sampled_from([10, PIECE + 10]), st.data())
def test_one_changed_bit_anywhere_is_seen(size: int, data: st.DataObject) -> None:
    sealed = bytearray(seal(filler(size)))
    where = data.draw(st.one_of(st.integers(0, HEADER + 20), st.integers(0, len(sealed) - 1)))
    sealed[where] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(EnvelopeError):
        unseal(bytes(sealed))


@pytest.mark.parametrize(
    "order",
    [
        pytest.param([1, 0, 2], id="swapped"),
        pytest.param([0, 0, 1, 2], id="repeated"),
        pytest.param([0, 2], id="one left out"),
        pytest.param([0, 1, 2, 2], id="the last one twice"),
    ],
)
def test_pieces_open_in_their_order_only(order: list[int]) -> None:
    sealed = seal(filler(2 * PIECE + 7))
    pieces = [sealed[HEADER + n * SEALED_PIECE :][:SEALED_PIECE] for n in range(3)]
    with pytest.raises(DamagedEnvelope):
        unseal(sealed[:HEADER] + b"".join(pieces[n] for n in order))


def test_bytes_added_behind_are_seen() -> None:
    with pytest.raises(DamagedEnvelope):
        unseal(seal(filler(100)) + b"x")


def test_a_piece_of_another_file_does_not_fit() -> None:
    ours, theirs = seal(filler(100)), seal(filler(100))
    with pytest.raises(DamagedEnvelope):
        unseal(ours[:HEADER] + theirs[HEADER:])


@given(st.tuples(st.text(max_size=4), st.text(max_size=4), st.text(max_size=4)))
def test_a_file_opens_in_its_place_only(parts: tuple[str, str, str]) -> None:
    place, sealed = Place(*parts), seal(b"x", Place("a", "bc", "d"))
    if place == Place("a", "bc", "d"):
        assert unseal(sealed, place) == b"x"
        return
    with pytest.raises(DamagedEnvelope):
        unseal(sealed, place)


@pytest.mark.parametrize("place", [Place("ab", "c", "d"), Place("a", "b", "cd"), Place("abc", "", "d")])
def test_the_parts_of_a_place_do_not_run_together(place: Place) -> None:
    with pytest.raises(DamagedEnvelope):
        unseal(seal(b"x", Place("a", "bc", "d")), place)


def test_an_old_key_still_opens_and_new_files_take_the_new_one() -> None:
    before, after = KeyRing("2025", {"2025": OLD}), KeyRing("2026", {"2026": NEW, "2025": OLD})
    old_file, new_file = seal(b"old", ring=before), seal(b"new", ring=after)
    assert unseal(old_file, ring=after) == b"old"
    assert unseal(new_file, ring=after) == b"new"
    with pytest.raises(UnknownKey):
        unseal(old_file, ring=RING)


def test_a_key_of_the_same_name_but_other_bytes_does_not_open() -> None:
    with pytest.raises(DamagedEnvelope):
        unseal(seal(b"x"), ring=KeyRing("2026", {"2026": OLD}))


@pytest.mark.parametrize("content", [b"", b"DRENV", b"DRENV\x02" + bytes(100), b"%PDF-1.7 and more" * 9])
def test_something_else_is_no_sealed_file(content: bytes) -> None:
    with pytest.raises(DamagedEnvelope):
        unseal(content)


def test_files_of_this_version_stay_readable() -> None:
    """A file sealed when the format was made; if this fails, stored files no longer open."""
    sealed = b64decode(FROZEN)
    assert unseal(sealed) == "Blåbærsyltetøy".encode()


FROZEN = (
    "RFJFTlYBBDIwMjZwu/0FIY8k7Xaf8Epp9Ocz/KaJaA4wYrydezPQ8oWNbINLOzR3OL/GONNpyicA"
    "kD6bh7UEgaIzKBfI/EouSxq/xhdFMaTKWu8uwlZ8tkKzxcNJAnnHHb8oRER9b4M="
)
