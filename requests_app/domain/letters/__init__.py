"""The catalogue of letters: every text that leaves the house, one entry each.

A new letter is a folder of templates and an entry here; a test finds the one without the other. What an organisation
writes in place of a template (`models.LetterText`) may use the names of the entry and has to keep what it must say.
"""

from .answers import ANSWERS
from .mails import MAILS
from .notices import NOTICES
from .recipients import RECIPIENTS
from .shape import LANGUAGES, Approval, Audience, Block, In, Kind, Must, StandardLetter, Variable
from .waiting import WAITING

__all__ = [
    "BY_TEMPLATE", "LANGUAGES", "LETTERS", "Approval", "Audience", "Block", "In", "Kind", "Must", "StandardLetter",
    "Variable",
]  # fmt: skip

LETTERS: dict[str, StandardLetter] = {
    letter.key: letter for letter in (*MAILS, *WAITING, *ANSWERS, *RECIPIENTS, *NOTICES)
}
BY_TEMPLATE: dict[str, StandardLetter] = {letter.template: letter for letter in LETTERS.values()}
