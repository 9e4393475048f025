"""What staff may put into a case as a file: a few kinds of file that are safe to hand on, known by their content.

The name of a file proves nothing and is never looked at.
"""

import io
import json
import re
import zipfile

LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""

EXTENSIONS: dict[str, str] = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "application/json": "json",
    "text/plain": "txt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
"""The kinds that are taken, with the ending of their names."""

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_OFFICE = (
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_LONGEST_NAME = 120
_END_OF_PDF = 2048  # bytes; signatures and blanks may follow the pointer


def media_type(data: bytes) -> str | None:
    """Return the kind of a file (a key of EXTENSIONS), or None for one that is not taken or empty."""
    if not data.strip():
        return None
    if data.startswith(b"%PDF-"):  # cut short or made up, no reader opens it: the pointer to its contents ends it
        return "application/pdf" if b"startxref" in data[-_END_OF_PDF:] else None
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    return _office(data) if data.startswith(b"PK\x03\x04") else _text(data)


def safe_name(name: str, kind: str) -> str:
    """Return a file name for showing: without folders and signs that files cannot have, with the ending of its kind."""
    last = name.replace("\\", "/").rpartition("/")[2]
    words = _NOT_IN_A_NAME.sub(" ", last.rpartition(".")[0] or last).split()
    stem = " ".join(words).strip(" .")[:_LONGEST_NAME].strip()
    ending = "csv" if kind == "text/plain" and last.lower().endswith(".csv") else EXTENSIONS[kind]
    return f"{stem or 'file'}.{ending}"


def _office(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "xl/vbaProject.bin" in names or "word/vbaProject.bin" in names:  # macros: not safe to hand on
        return None
    return next((kind for part, kind in _OFFICE if part in names), None)


def _text(data: bytes) -> str | None:
    text = _decoded(data)
    if text is None or _NOT_IN_TEXT.search(text):
        return None
    try:
        return "application/json" if isinstance(json.loads(text), dict | list) else "text/plain"
    except (ValueError, RecursionError):
        return "text/plain"


def _decoded(data: bytes) -> str | None:
    """UTF-8, UTF-16 with its mark, or the Windows code page in which spreadsheets still save CSV."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
