"""Answers as PDF: a letter, what the law wants explained, and the data; PDF/A-3a and PDF/UA-1 in one file.

Drawn by WeasyPrint in a child process (`pdf_child`), because the data is written by strangers and may make a
layout endless. What the child is given is HTML whose every value was escaped, and a style sheet.
"""

import base64
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from pathlib import Path
from signal import SIGABRT, SIGKILL, SIGSEGV, SIGTRAP, SIGXCPU
from typing import Literal

from django.template.loader import get_template, render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from exports.domain.answer import AccessAnswer
from exports.domain.bundle import DATA_JSON
from exports.domain.letter import Letter

from . import pdf_child, pdf_letter_view, pdf_view

MEMORY = 1024**3  # bytes of address space
EMBED_LIMIT = 8 * 1024**2  # bytes of JSON; a larger twin lies beside the PDF only
_FOLDER = "exports/pdf"
_KEPT_ENVIRONMENT = ("PATH", "HOME", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "TZ")


class PdfReason(StrEnum):
    """Why a PDF could not be drawn."""

    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    FORBIDDEN = "forbidden"
    NO_FONTS = "no_fonts"
    FAILED = "failed"


_EXPLAINED = {
    PdfReason.TOO_SLOW: "drawing the PDF took longer than it may",
    PdfReason.TOO_LARGE: "drawing the PDF needed more memory than it may",
    PdfReason.FORBIDDEN: "the page named something outside itself, which is never fetched",
    PdfReason.NO_FONTS: "none of the fonts of the answer is installed (Debian: fonts-inter, fonts-noto-core)",
    PdfReason.FAILED: "the PDF could not be drawn",
}


class PdfError(Exception):
    """The PDF could not be drawn. The text holds nothing of the answer and may be logged."""

    def __init__(self, reason: PdfReason, detail: str = "") -> None:
        super().__init__(f"{_EXPLAINED[reason]} ({detail})" if detail else _EXPLAINED[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Limits:
    """What one drawing may use: seconds of CPU, seconds on the wall, bytes of address space."""

    cpu: int
    wall: int
    memory: int = MEMORY

    @classmethod
    def of(cls, rows: int) -> "Limits":
        """Return the limits for so many drawn rows: a minute and 5 s a thousand, on the wall three times that."""
        cpu = 60 + 5 * -(-rows // 1000)
        return cls(cpu, 3 * cpu)


def render_access_answer(answer: AccessAnswer, data_json: bytes) -> bytes:
    """Return the PDF of an answer in its language, with `data_json` (`twin.to_json`) embedded as `data.json`.

    Raises `PdfError`. The same answer gives the same pages; the bytes may differ in the file identifier.
    """
    embedded = len(data_json) <= EMBED_LIMIT
    with override(answer.language):
        page = {
            **pdf_view.context(answer, embedded=embedded),
            "title": _("Answer to your access request, %(reference)s") % {"reference": answer.reference},
            "created": answer.cut_off.astimezone(UTC).replace(microsecond=0).isoformat(),
        }
        note = _("All the data of this answer, for machines")
        job = _job("answer.html", page, _style_sheets("answer.css", trial=answer.trial), embedded and data_json, note)
    return draw(job, Limits.of(pdf_view.drawn_rows(answer)))


def render_letter(letter: Letter, data_json: bytes) -> bytes:
    """Return the PDF of a letter in its language, with `data_json` (`letter_twin.to_json`) embedded.

    Raises `PdfError`.
    """
    embedded = len(data_json) <= EMBED_LIMIT
    with override(letter.language):
        page = {
            **pdf_letter_view.context(letter, embedded=embedded),
            "title": f"{letter.title}, {letter.reference}",
            "created": datetime.combine(letter.answered_on, time(), UTC).isoformat(),
        }
        styles = _style_sheets("answer.css", "reply.css", trial=letter.trial)
        note = _("What this letter says, for machines")
        job = _job("reply.html", page, styles, embedded and data_json, note)
    return draw(job, Limits.of(sum(len(section.lines) for section in letter.sections)))


def render_mail(page: dict[str, object], language: str, *, trial: bool) -> bytes:
    """Return the PDF of a mail, for the post, from what `exports/pdf/mail.html` draws. Raises `PdfError`."""
    with override(language):
        job = _job("mail.html", page, _style_sheets("answer.css", "reply.css", trial=trial), data_json=False, note="")
    return draw(job, Limits.of(0))


def _job(
    template: str, page: dict[str, object], styles: tuple[str, ...], data_json: bytes | Literal[False], note: str
) -> pdf_child.Job:
    """What the child is given; `data_json` is left out where it is too large to be embedded."""
    return {
        "html": render_to_string(f"{_FOLDER}/{template}", page),
        "css": "\n".join(render_to_string(f"{_FOLDER}/{name}") for name in styles),
        "xmp": render_to_string(f"{_FOLDER}/metadata.xml", page),
        "created": str(page["created"]),
        "attachment": {"name": DATA_JSON, "description": note, "data": base64.b64encode(data_json).decode()}
        if data_json
        else None,
    }


def draw(job: pdf_child.Job, limits: Limits) -> bytes:
    """Let a child process draw, within the limits and without network. Raises `PdfError`."""
    command = [sys.executable, "-I", pdf_child.__file__, str(limits.cpu), str(limits.memory)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own file, numbers
            command,
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=limits.wall,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfError(PdfReason.TOO_SLOW) from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise _error(done.returncode, done.stderr)
    return done.stdout


def _error(code: int, stderr: bytes) -> PdfError:
    name = stderr.decode("ascii", "replace").strip()
    if code == pdf_child.FORBIDDEN_EXIT:
        return PdfError(PdfReason.FORBIDDEN)
    if code == pdf_child.NO_FONTS_EXIT:
        return PdfError(PdfReason.NO_FONTS)
    if code in (-SIGXCPU, -SIGKILL):
        return PdfError(PdfReason.TOO_SLOW)
    if name == "MemoryError" or code in (-SIGABRT, -SIGTRAP, -SIGSEGV):
        return PdfError(PdfReason.TOO_LARGE)
    return PdfError(PdfReason.FAILED, name if re.fullmatch(r"\w{1,60}", name) else "")


def _environment() -> dict[str, str]:
    """Return what the child sees: no secrets, and the fonts that we name instead of those of the host."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    fonts = Path(str(get_template(f"{_FOLDER}/fonts.conf").origin))  # type: ignore[attr-defined]
    return {**kept, "LANG": "C.UTF-8", "FONTCONFIG_FILE": str(fonts)}


def _style_sheets(*names: str, trial: bool) -> tuple[str, ...]:
    return (*names, "trial.css") if trial else names
