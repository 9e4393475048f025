"""What an attachment is by its first bytes. What the mail says of it, and its name, are the sender's words."""

import re
from dataclasses import dataclass

from . import cms

START = 512  # bytes that tell
PGP, CMS, TNEF = "application/pgp-encrypted", "application/pkcs7-mime", "application/ms-tnef"
PROGRAM = "application/x-msdownload"

# Said by programs that do not know: no contradiction to whatever it is.
_VAGUE = frozenset(
    {"", "application/octet-stream", "application/binary", "application/x-download", "application/download"}
)
_OFFICE = re.compile(
    r"application/(?:vnd\.(?:openxmlformats|oasis\.opendocument|ms-|apple\.)|zip|x-zip|epub|java-archive)"
)
_OLD_OFFICE = re.compile(r"application/(?:msword|vnd\.ms-|vnd\.visio|x-ole|x-msi|x-tika)")


@dataclass(frozen=True)
class _Kind:
    """A type with the beginning of its files; what is declared as one of `others` may well be one too."""

    name: str
    begins: "re.Pattern[bytes]"
    others: "re.Pattern[str] | None" = None


def _kind(name: str, begins: bytes, others: "str | re.Pattern[str] | None" = None) -> _Kind:
    pattern = re.compile(others) if isinstance(others, str) else others
    return _Kind(name, re.compile(begins, re.DOTALL), pattern)


_KINDS = (
    _kind("application/pdf", rb"%PDF-", r"application/x-pdf"),
    _kind("image/png", rb"\x89PNG\r\n\x1a\n", r"image/x-png"),
    _kind("image/jpeg", rb"\xff\xd8\xff", r"image/p?jpe?g"),
    _kind("image/gif", rb"GIF8[79]a"),
    _kind("image/webp", rb"RIFF....WEBP"),
    _kind("image/tiff", rb"II\*\x00|MM\x00\*", r"image/"),
    _kind("image/heic", rb"....ftyp(?:hei|hev|mif)", r"image/hei"),
    _kind("application/zip", rb"PK\x03\x04", _OFFICE),
    _kind("application/x-ole-storage", rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    _kind("application/rtf", rb"\{\\rtf", r"text/|application/(?:msword|x-rtf)"),
    _kind("application/gzip", rb"\x1f\x8b\x08", r"application/(?:x-|tar)"),
    _kind("application/x-7z-compressed", rb"7z\xbc\xaf\x27\x1c"),
    _kind("application/vnd.rar", rb"Rar!\x1a\x07", r"application/(?:x-)?rar"),
    _kind(PROGRAM, rb"MZ.{58}..\x00\x00", r"application/(?:x-dosexec|vnd\.microsoft|x-msdos)"),
    _kind("application/x-executable", rb"\x7fELF", r"application/x-"),
    _kind("application/x-ms-shortcut", rb"L\x00\x00\x00\x01\x14\x02\x00"),
    _kind(TNEF, rb"\x78\x9f\x3e\x22", r"application/vnd\.ms-tnef"),
    _kind(PGP, rb"\s*-----BEGIN PGP MESSAGE-----"),
    _kind("text/html", rb"(?i)(?:\xef\xbb\xbf)?\s{0,100}<(?:!doctype\s+html|html)\b", r"text/|application/xhtml"),
)


def by_content(start: bytes) -> str | None:
    """Return the type that the first START bytes of a file tell, None for one that tells nothing."""
    if cms.kind(start):
        return CMS
    return next((one.name for one in _KINDS if one.begins.match(start)), None)


def judge(declared: str, start: bytes) -> tuple[str, bool]:
    """Return the type of an attachment, and whether its bytes contradict what the mail declares."""
    found = by_content(start)
    if found is None or found == declared or _agrees(found, declared):
        return declared, False
    return found, declared not in _VAGUE


def _agrees(found: str, declared: str) -> bool:
    if found == CMS:  # a signature beside its text is a container of the same kind
        return declared.startswith("application/") and ("pkcs7" in declared or "cms" in declared)
    others = next(one.others for one in _KINDS if one.name == found)
    return bool(others and others.match(declared))
