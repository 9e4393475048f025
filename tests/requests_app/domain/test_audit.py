"""The audit chain notices every change, insertion, removal and cut."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain import audit, keys

RING = keys.parse(f"k1:{base64.urlsafe_b64encode(b'a' * 32).decode()}")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def chain(length: int) -> list[audit.Entry]:
    """A whole chain."""
    entries: list[audit.Entry] = []
    for number in range(1, length + 1):
        entry = audit.Entry(
            number, START + timedelta(minutes=number), "user:1", "request.start", f"dsr:{number}", {"n": number},
            "k1", entries[-1].seal if entries else audit.GENESIS,
        )  # fmt: skip
        entries.append(replace(entry, seal=audit.seal(RING, entry)))
    return entries


def head(entries: list[audit.Entry]) -> tuple[int, str]:
    """Where the chain ends."""
    return (entries[-1].number, entries[-1].seal) if entries else (0, audit.GENESIS)


@given(st.integers(0, 30))
def test_a_whole_chain_is_whole(length: int) -> None:
    entries = chain(length)
    assert audit.first_broken(RING, entries, head(entries)) is None


@given(st.integers(1, 20), st.data())
def test_any_changed_field_is_found_at_its_place(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length - 1))
    field, value = data.draw(
        st.sampled_from(
            [("actor", "user:9"), ("action", "x"), ("subject", "dsr:0"), ("details", {"n": -1}),
             ("at", START - timedelta(days=1)), ("seal", "f" * 64), ("key_id", "k9"), ("previous", "e" * 64)]
        )
    )  # fmt: skip
    changes: dict[str, Any] = {field: value}
    changed = [*entries[:at], replace(entries[at], **changes), *entries[at + 1 :]]
    assert audit.first_broken(RING, changed, head(entries)) == at + 1


@given(st.integers(2, 20), st.data())
def test_a_removed_or_swapped_entry_is_found(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length - 2))
    assert audit.first_broken(RING, entries[:at] + entries[at + 1 :], head(entries)) == at + 1
    swapped = [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]
    assert audit.first_broken(RING, swapped, head(entries)) == at + 1


def test_a_cut_tail_is_found_by_the_head_kept_apart() -> None:
    entries = chain(5)
    assert audit.first_broken(RING, entries[:3], head(entries)) == 4
    assert audit.first_broken(RING, entries[:3], None) is None


def test_what_is_appended_while_somebody_looks_is_no_breach() -> None:
    entries = chain(5)
    assert audit.first_broken(RING, entries, head(entries[:3])) is None
    assert audit.first_broken(RING, entries, head(entries[:0])) is None


def test_who_lacks_the_key_cannot_forge() -> None:
    other = keys.parse(f"k1:{base64.urlsafe_b64encode(b'b' * 32).decode()}")
    assert audit.seal(other, chain(1)[0]) != chain(1)[0].seal


@pytest.mark.parametrize("offset", [0, 2, -8])
def test_the_seal_is_the_same_in_every_time_zone(offset: int) -> None:
    from datetime import timezone

    entry = chain(1)[0]
    assert audit.seal(RING, replace(entry, at=entry.at.astimezone(timezone(timedelta(hours=offset))))) == entry.seal
