"""Files at rest: sealed piece by piece with AES-256-GCM, so that a large one never stands whole in memory.

Every file has a random key of its own, which a key of the key ring seals (GDPR Art. 32). Format, version 1:

    magic "DRENV" · version (1 byte) · length of the key id (1 byte) · key id (UTF-8)
    nonce (12 bytes) · sealed file key (32 + 16 bytes)
    pieces: 65,536 bytes of text + 16 bytes of tag each, the last one shorter or equal

The nonce of a piece is its number (11 bytes) and whether it is the last (1 byte), in the manner of the STREAM
construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a piece that is cut off, moved, repeated or appended
no longer opens. Every seal covers the case, the bundle and the file name, so a file opens in its place only.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .keys import KeyRing

MAGIC = b"DRENV\x01"  # the last byte is the version; another piece size is another version
PIECE = 64 * 1024
PURPOSE = "envelope"

_NONCE, _TAG, _KEY = 12, 16, 32
_SEALED_KEY = _KEY + _TAG


class EnvelopeError(Exception):
    """A sealed file cannot be opened; the text holds no content and no key."""


class UnknownKey(EnvelopeError):
    """The key ring no longer holds the key that sealed the file."""


class DamagedEnvelope(EnvelopeError):
    """The file was cut, changed, mixed up, or belongs to another place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file belongs; it opens nowhere else."""

    case: str
    bundle: str
    file: str

    def associated_data(self) -> bytes:
        """Return the place as bytes that no other place has: each part with its length before it."""
        parts = [part.encode() for part in (self.case, self.bundle, self.file)]
        return MAGIC + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def encrypt(source: BinaryIO, target: BinaryIO, *, ring: KeyRing, place: Place) -> None:
    """Seal what `source` still holds into `target` with a new file key under the active key of the ring."""
    sealer = ring.active.encode()
    file_key, nonce, bound = AESGCM.generate_key(256), os.urandom(_NONCE), place.associated_data()
    header = MAGIC + bytes([len(sealer)]) + sealer
    sealed_key = AESGCM(ring.key(PURPOSE)).encrypt(nonce, file_key, header + bound)
    target.write(header + nonce + sealed_key)
    cipher = AESGCM(file_key)
    for number, piece, last in _pieces(source, PIECE):
        target.write(cipher.encrypt(_piece_nonce(number, last), piece, bound))


def decrypt(source: BinaryIO, target: BinaryIO, *, ring: KeyRing, place: Place) -> None:
    """Open `source` into `target`.

    Raises `UnknownKey` or `DamagedEnvelope`; what `target` then holds is not to be used.
    """
    for piece in decrypted_pieces(source, ring=ring, place=place):
        target.write(piece)


def decrypted_pieces(source: BinaryIO, *, ring: KeyRing, place: Place) -> Iterator[bytes]:
    """Yield the file piece by piece, each one checked; that it is whole is known only when this ends.

    Raises `UnknownKey` or `DamagedEnvelope`.
    """
    bound = place.associated_data()
    cipher = AESGCM(_file_key(source, ring, bound))
    for number, piece, last in _pieces(source, PIECE + _TAG):
        yield _open(cipher, _piece_nonce(number, last), piece, bound)


def _file_key(source: BinaryIO, ring: KeyRing, bound: bytes) -> bytes:
    header = _read_header(source)
    try:
        outer = AESGCM(ring.key(PURPOSE, _sealer(header)))
    except KeyError:
        raise UnknownKey("the key that sealed this file is not in the key ring") from None
    nonce = _exactly(source, _NONCE)
    return _open(outer, nonce, _exactly(source, _SEALED_KEY), header + bound)


def _read_header(source: BinaryIO) -> bytes:
    start = _exactly(source, len(MAGIC) + 1)
    if not start.startswith(MAGIC) or not start[-1]:
        raise DamagedEnvelope("this is no sealed file of a version that is known here")
    return start + _exactly(source, start[-1])


def _sealer(header: bytes) -> str:
    return header[len(MAGIC) + 1 :].decode(errors="replace")


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Yield (number, piece, whether it is the last); always at least one, empty for an empty source."""
    number, piece = 0, _up_to(source, size)
    while True:
        following = _up_to(source, size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def _piece_nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + bytes([last])


def _open(cipher: AESGCM, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, bound)
    except (InvalidTag, ValueError):  # ValueError: shorter than a tag
        raise DamagedEnvelope("this file was cut, changed, or belongs to another place") from None


def _exactly(source: BinaryIO, size: int) -> bytes:
    found = _up_to(source, size)
    if len(found) != size:
        raise DamagedEnvelope("this file ends before it begins")
    return found


def _up_to(source: BinaryIO, size: int) -> bytes:
    """Read `size` bytes or all there are: a raw stream may hand over fewer at a time."""
    parts: list[bytes] = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
