"""What the template of a letter draws: the frozen letter as texts that are fit to be printed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from exports.domain.columns import plan
from exports.domain.letter import Letter, Section
from requests_app.domain.enums import Outcome, Right
from requests_app.labels import right_label

from .pdf_text import Text, line, long_day, text

LONGEST_WHOLE = 40  # characters of a word that a column is made wide enough for
PAGE_EM = 170 / 25.4 * 72 / 8  # 170 mm of paper in em of the table font, 8 pt: reply.css says the same


@dataclass(frozen=True, slots=True)
class Block:
    """One section: heading, paragraphs, and a table: its columns with their widths, and its rows."""

    heading: str
    paragraphs: tuple[Text, ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Text, ...], ...]


def context(letter: Letter, *, embedded: bool) -> dict[str, object]:
    """Return what `exports/pdf/reply.html` draws; `embedded` tells whether the JSON lies inside the PDF."""
    sender = letter.organisation
    return {
        "embedded": embedded,
        "heading": line(letter.title),
        "about": line(str(right_label(letter.right))),
        "opening": [text(part) for part in letter.opening],
        "reasoning": [text(part) for part in letter.reasoning.splitlines() if part.strip()],
        "reasoning_head": _reasoning_head(letter),
        "grounds": [line(ground) for ground in letter.grounds],
        "missing": [(line(part.what), long_day(part.due_on, letter.language)) for part in letter.missing],
        "missing_data": letter.right is Right.PORTABILITY,
        "blocks": [_block(section) for section in letter.sections],
        "signed_by": [line(name) for name in letter.signed_by],
        "complaint": letter.complaint,
        "outside_norway": letter.outside_norway,
        "authority": line(letter.authority),
        "trial": letter.trial,
        "received_on": long_day(letter.received_on, letter.language),
        "answered_on": long_day(letter.answered_on, letter.language),
        "recipient": line(letter.recipient_name),
        "recipient_address": [line(part) for part in letter.recipient_address],
        "organisation": line(sender.name),
        "organisation_address": [line(part) for part in sender.postal_address],
        "organisation_place": line(sender.place),
        "contact": line(sender.contact_mail),
        "dpo_contact": line(sender.dpo_contact),
        "reference": line(letter.reference),
    }


def _reasoning_head(letter: Letter) -> str:
    if letter.outcome is Outcome.FORWARDED:
        return _("Who decides about this data")
    return _("Why") if letter.grounds else _("What we found")


def _block(section: Section) -> Block:
    return Block(
        heading=line(section.heading),
        paragraphs=tuple(text(part) for part in section.paragraphs),
        columns=tuple(zip(section.columns, _widths(section), strict=True)),
        rows=tuple(tuple(text(cell) for cell in row.cells) for row in section.lines),
    )


def _widths(section: Section) -> tuple[str, ...]:
    """The share of the page of each column in per cent; addresses and days are kept on one line if they fit."""
    if not section.columns:
        return ()
    cells = [row.cells for row in section.lines]
    whole = [
        all(" " not in row[i] and len(row[i]) <= LONGEST_WHOLE for row in cells) for i in range(len(section.columns))
    ]
    alike = [100 / len(section.columns)] * len(section.columns)
    return tuple(f"{width:.2f}" for width in plan(section.columns, cells, whole, PAGE_EM) or alike)
