"""Draws one PDF in a process of its own and ends: `pdf_child.py CPU_SECONDS BYTES` on standard input and output.

The only file that imports WeasyPrint. What stands in people's data may make a layout endless (GDPR Art. 32:
availability), so the process gives itself limits first and then reads its one job as JSON:
`html css xmp created attachment{name description data} | null`, data in base64. The PDF goes to standard
output; standard error gets the name of an error and never its text, which may quote the data.
"""

import base64
import ctypes
import json
import logging
import resource
import sys
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    import pydyf
    from weasyprint import Attachment
    from weasyprint.document import Document

FORBIDDEN_EXIT = 4
NO_FONTS_EXIT = 5
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "urllib.")
_CHARACTER_OF_LATIN = 0x250  # every letter below is in Inter; asking the fonts begins here


class Job(TypedDict):
    """What is to be drawn."""

    html: str
    css: str
    xmp: str
    created: str
    attachment: dict[str, str] | None


def main() -> None:
    """Limit this process, read the job, write the PDF."""
    sys.excepthook = _name_only
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    job: Job = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(draw(job))


def draw(job: Job) -> bytes:
    """Return the job as PDF/A-3a and PDF/UA-1 in one file; nothing is fetched from anywhere."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class NothingToFetch(URLFetcher):  # type: ignore[misc]
        """The page is whole: whatever else it names was written by a stranger."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            raise FatalURLFetchingError("nothing may be fetched")

    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    logging.getLogger("weasyprint").propagate = False
    fetcher, fonts = NothingToFetch(), FontConfiguration()
    try:
        html = HTML(string=_with_glyphs(job["html"]), base_url="asset:/", url_fetcher=fetcher)
        css = CSS(string=job["css"], base_url="asset:/", url_fetcher=fetcher, font_config=fonts)
        document = html.render(stylesheets=[css], font_config=fonts, pdf_variant="pdf/a-3a")
        if job["attachment"] is not None:
            document.metadata.attachments.append(_attachment(job["attachment"], job["created"]))

        def finish(document: "Document", pdf: "pydyf.PDF") -> None:
            _claim_both_standards(pdf, job["xmp"])

        found: bytes = document.write_pdf(finisher=finish, pdf_variant="pdf/a-3a")
    except FatalURLFetchingError:
        sys.exit(FORBIDDEN_EXIT)
    return found


def _attachment(given: dict[str, str], created: str) -> "Attachment":
    from weasyprint import Attachment

    at = datetime.fromisoformat(created)
    return Attachment(
        string=base64.b64decode(given["data"]),
        name=given["name"],
        description=given["description"],
        created=at,
        modified=at,
        relationship="Source",
    )


def _claim_both_standards(pdf: "pydyf.PDF", xmp: str) -> None:
    """Replace the XMP packet: WeasyPrint can claim one standard only, validators read only the first packet."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [xmp.encode()]
    metadata.compress = False  # archives search uncompressed packets
    pdf.info.pop("Producer", None)  # must agree with the packet, which has none


def _with_glyphs(html: str) -> str:
    """Return the page with characters that no font has shown as [U+1F97A]; PDF/A forbids empty boxes."""
    strange = {character for character in html if ord(character) >= _CHARACTER_OF_LATIN}
    missing = strange - _covered(strange)
    return html.translate({ord(character): f"[U+{ord(character):04X}]" for character in missing})


def _covered(characters: set[str]) -> set[str]:
    """Return those characters that some font of the pinned configuration has, or that need no picture."""

    class FontSet(ctypes.Structure):
        _fields_ = [
            ("nfont", ctypes.c_int),
            ("sfont", ctypes.c_int),
            ("fonts", ctypes.POINTER(ctypes.c_void_p)),
        ]

    library = ctypes.CDLL("libfontconfig.so.1")
    library.FcConfigGetFonts.restype = ctypes.POINTER(FontSet)
    library.FcPatternGetCharSet.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    library.FcCharSetHasChar.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    fonts = library.FcConfigGetFonts(None, 0).contents
    if not fonts.nfont:
        sys.exit(NO_FONTS_EXIT)
    covered = {character for character in characters if _needs_no_picture(character)}
    for position in range(fonts.nfont):
        charset = ctypes.c_void_p()
        if library.FcPatternGetCharSet(fonts.fonts[position], b"charset", 0, ctypes.byref(charset)) == 0:
            covered |= {c for c in characters - covered if library.FcCharSetHasChar(charset, ord(c))}
    return covered


def _needs_no_picture(character: str) -> bool:
    return character in "\u200b\u200c\u200d" or "\ufe00" <= character <= "\ufe0f"


def _limit(seconds: int, size: int) -> None:
    """Bound CPU, memory and files, leave no core dump, and refuse network and further programs for good."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError("a page is drawn without network and without other programs")


def _name_only(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(kind.__name__)


if __name__ == "__main__":
    main()
