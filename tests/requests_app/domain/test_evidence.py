"""Evidence is known by its content, never by its name."""

import io
import zipfile

import pytest

from requests_app.domain import evidence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def archive(*names: str) -> bytes:
    """A zip file with members of these names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    "data, kind",
    [
        (b"%PDF-1.7\n...\nstartxref\n9\n%%EOF\n", "application/pdf"),
        (b"%PDF-1.7\nand no end", None),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        ("navn;by\nÅse;Bodø\n".encode(), "text/plain"),
        ("navn;by\nÅse;Bodø\n".encode("cp1252"), "text/plain"),
        ("navn;by\nÅse;Bodø\n".encode("utf-16"), "text/plain"),
        (b'{"contact": {"id": 7}}', "application/json"),
        (b"42", "text/plain"),
        (b"[" * 100_000, "text/plain"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (archive("xl/workbook.xml", "xl/vbaProject.bin"), None),
        (archive("anything.exe"), None),
        (b"PK\x03\x04broken", None),
        (b"MZ\x90\x00\x03\x00\x00\x00", None),
        (b"\x7fELF\x02\x01\x01\x00", None),
        (b"GIF89a\x00\x00", None),
        (b"", None),
        (b" \n", None),
        (b"text with a \x00 in it", None),
    ],
)
def test_the_content_decides(data: bytes, kind: str | None) -> None:
    assert evidence.media_type(data) == kind


@pytest.mark.parametrize(
    "name, kind, shown",
    [
        ("uttrekk.pdf", "application/pdf", "uttrekk.pdf"),
        ("faktura.exe", "application/pdf", "faktura.pdf"),
        ("kontakter.CSV", "text/plain", "kontakter.csv"),
        ("side.html", "text/plain", "side.txt"),
        ("C:\\Users\\kari\\skjermbilde.png", "image/png", "skjermbilde.png"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ('a"b\r\nSet-Cookie: x.pdf', "application/pdf", "a b Set-Cookie x.pdf"),
        ("", "image/png", "file.png"),
        (".hidden", "text/plain", "hidden.txt"),
        ("å" * 300 + ".json", "application/json", "å" * 120 + ".json"),
    ],
)
def test_the_name_is_made_harmless_and_fits_the_content(name: str, kind: str, shown: str) -> None:
    assert evidence.safe_name(name, kind) == shown
