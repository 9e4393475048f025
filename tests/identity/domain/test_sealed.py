"""Secrets at rest open in their own place only."""

import base64

import pytest

from identity.domain import sealed
from requests_app.domain import keys


def ring(*names: str) -> keys.KeyRing:
    return keys.parse(
        " ".join(f"{name}:{base64.urlsafe_b64encode(name.encode() * 32)[:43].decode()}" for name in names)
    )


def test_what_was_sealed_opens() -> None:
    box = sealed.seal(ring("a"), "p", b"secret", bound_to="user:1")
    assert b"secret" not in box
    assert sealed.unseal(ring("a"), "p", box, bound_to="user:1", key_id="a") == b"secret"


def test_the_same_secret_never_looks_the_same() -> None:
    boxes = {sealed.seal(ring("a"), "p", b"secret", bound_to="user:1") for _ in range(5)}
    assert len(boxes) == 5


def test_an_older_key_of_the_ring_still_opens() -> None:
    box = sealed.seal(ring("a"), "p", b"secret", bound_to="user:1")
    assert sealed.unseal(ring("b", "a"), "p", box, bound_to="user:1", key_id="a") == b"secret"


@pytest.mark.parametrize(
    "purpose,bound_to,key_id,names",
    [
        ("other", "user:1", "a", ("a",)),
        ("p", "user:2", "a", ("a",)),
        ("p", "user:1", "b", ("a", "b")),
        ("p", "user:1", "gone", ("a",)),
    ],
)
def test_it_opens_nowhere_else(purpose: str, bound_to: str, key_id: str, names: tuple[str, ...]) -> None:
    box = sealed.seal(ring("a"), "p", b"secret", bound_to="user:1")
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(ring(*names), purpose, box, bound_to=bound_to, key_id=key_id)


@pytest.mark.parametrize("position", [0, 12, -1])
def test_a_changed_one_does_not_open(position: int) -> None:
    box = bytearray(sealed.seal(ring("a"), "p", b"secret", bound_to="user:1"))
    box[position] ^= 1
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(ring("a"), "p", bytes(box), bound_to="user:1", key_id="a")


def test_an_empty_one_does_not_open() -> None:
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(ring("a"), "p", b"", bound_to="user:1", key_id="a")
