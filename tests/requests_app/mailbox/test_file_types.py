"""Attachments are what their bytes are; the name and the type that a mail gives them are told beside that."""

import base64
import io
import zipfile

import pytest

from requests_app.mailbox import file_types
from requests_app.mailbox.parse import parse
from requests_app.mailbox.parsed import TNEF, Attachment

from .mails import multipart

PROGRAM = b"MZ" + b"\x90" * 58 + b"\x80\x00\x00\x00" + b"\x00" * 100
TNEF_FILE = b"\x78\x9f\x3e\x22" + b"\x01\x00" * 20
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def archive() -> bytes:
    """A document of Word, as far as its first bytes go."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
    return out.getvalue()


def attached(data: bytes, declared: str, name: str) -> Attachment:
    """How the one attachment of a mail is described."""
    text = base64.encodebytes(data).decode()
    part = f'Content-Type: {declared}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}'
    (found,) = parse(multipart("mixed", "Content-Type: text/plain\r\n\r\nHei", part)).attachments
    return found


@pytest.mark.parametrize(
    "data,declared,told",
    [
        (b"%PDF-1.7\n", "application/pdf", "application/pdf"),
        (b"%PDF-1.7\n", "application/octet-stream", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpg", "image/jpg"),
        (archive(), WORD, WORD),
        (archive(), "application/octet-stream", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "application/msword"),
        (b"{\\rtf1", "application/msword", "application/msword"),
        (b"Bare tekst", "application/octet-stream", "application/octet-stream"),
        (b"", "application/pdf", "application/pdf"),
    ],
)
def test_a_file_that_is_what_it_is_said_to_be(data: bytes, declared: str, told: str) -> None:
    found = attached(data, declared, "fil")
    assert (found.content_type, found.declared) == (told, "")


@pytest.mark.parametrize(
    "data,declared,told",
    [
        (PROGRAM, "application/pdf", file_types.PROGRAM),
        (PROGRAM, "text/plain", file_types.PROGRAM),
        (b"<!DOCTYPE html><script>", "application/pdf", "text/html"),
        (archive(), "image/png", "application/zip"),
        (b"%PDF-1.7\n", "image/png", "application/pdf"),
    ],
)
def test_a_file_that_is_another_than_it_is_said_to_be(data: bytes, declared: str, told: str) -> None:
    found = attached(data, declared, "faktura.pdf")
    assert (found.content_type, found.declared, found.size) == (told, declared, len(data))


@pytest.mark.parametrize("declared", ["application/ms-tnef", "application/octet-stream", "text/plain"])
def test_what_outlook_packed_is_kept_and_said(declared: str) -> None:
    text = base64.encodebytes(TNEF_FILE).decode()
    part = f'Content-Type: {declared}; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n{text}'
    found = parse(multipart("mixed", "Content-Type: text/plain\r\n\r\nHei", part))
    assert [(one.name, one.content_type) for one in found.attachments] == [("winmail.dat", file_types.TNEF)]
    assert found.problems == (TNEF,)
    assert found.text == "Hei"


def test_the_first_bytes_are_enough_however_long_the_file() -> None:
    found = attached(b"%PDF-1.7\n" + b"\x00" * 2_000_000, "application/octet-stream", "stor")
    assert (found.content_type, found.size) == ("application/pdf", 2_000_009)
