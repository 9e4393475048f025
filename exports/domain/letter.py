"""What a letter says that answers any other right than access, frozen before it is drawn.

Whoever composes it fills these classes in the language of the letter; the PDF and its machine-readable twin are made
of nothing else. Salutation, facts of the case, complaint block and signature belong to the template.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from requests_app.domain.enums import Outcome, Right

from .answer import LANGUAGES, MissingPart, Organisation


class LetterKind(StrEnum):
    """The letters by the numbers of the house's list; the part behind the dash is the right."""

    RECTIFIED = "T09a"
    RESTRICTED = "T09b"
    PORTABILITY = "T09c"
    OBJECTION_UPHELD = "T09d"
    HUMAN_REVIEW = "T09e"
    FIRST_PART = "T06"
    PARTLY = "T10"
    REFUSED = "T11"
    CANNOT_IDENTIFY = "T12"
    NO_DATA = "T13"
    DELETED = "T14"
    NOT_CONTROLLER = "T18"
    COMPLAINT = "T23"
    CHILD_DELETED = "T24"


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One row of a table of a letter: a label, and texts in the columns of its section."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Section:
    """A heading, what is said under it, and a table if there is one. Raises ValueError for a row that does not fit."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        if any(len(line.cells) != len(self.columns) for line in self.lines):
            raise ValueError("a row has another number of cells than the section has columns")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Letter:
    """One letter. `opening` answers in the first sentence, `sections` say it in full.

    `complaint`: the obligatory block about `authority` and the courts is printed; it must be for everything that is
    not full fulfilment (GDPR Art. 12(4)). `signed_by` names those who stand behind a certificate of deletion. Raises
    ValueError for a language that no letter is written in and for a block that is missing or names nobody.
    """

    kind: LetterKind
    language: str
    organisation: Organisation
    reference: str
    right: Right
    outcome: Outcome
    received_on: date
    answered_on: date
    title: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    recipient_name: str = ""
    recipient_address: tuple[str, ...] = ()
    reasoning: str = ""
    grounds: tuple[str, ...] = ()
    missing: tuple[MissingPart, ...] = ()
    signed_by: tuple[str, ...] = ()
    complaint: bool = True
    authority: str = ""
    outside_norway: bool = False
    trial: bool = False
    time_zone: str = "Europe/Oslo"
    schema: str = field(default="datarett-letter/1", init=False)

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError("no letter is written in this language")
        if self.outcome is not Outcome.FULFILLED and not self.complaint:
            raise ValueError("a letter that does not fulfil the request lacks the complaint block")
        if self.complaint and not self.authority.strip():
            raise ValueError("a complaint block names no authority")
