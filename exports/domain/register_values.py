"""What the register says, and how it says that it does not know.

`unknown` in the file is `UNKNOWN` in code. A text in both languages is a `Text`; it may be incomplete
("service providers (unnamed)") or an example of a trial, and only a text that is neither may stand in an
answer.
"""

import enum
import unicodedata
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeGuard

LANGUAGES: Final = ("en", "nb")
LONGEST_TEXT: Final = 2000
"""Characters; longer texts do not belong in a register and cost too much on paper."""

_SAYS_NOTHING = {"unknown", "ukjent"}
_EXAMPLE_MARK = {"en": "(example value)", "nb": "(eksempelverdi)"}


class Unknown(enum.Enum):
    """The type of `UNKNOWN`, so that a type checker sees where it has not been dealt with."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


def is_unknown(value: object) -> TypeGuard[Unknown]:
    """True for the register's `unknown`."""
    return isinstance(value, Unknown)


WORDINGS: Final = {
    "empty": "is empty",
    "says_nothing": "says nothing: the whole value must be unknown",
    "too_long": f"is longer than {LONGEST_TEXT} characters",
    "unprintable": "holds a character that cannot be printed",
}
"""What can be wrong with a wording, as the messages about a file say it."""


class BadWording(ValueError):
    """A wording cannot stand in the register; `code` is a key of WORDINGS, the message its English line."""

    def __init__(self, code: str) -> None:
        super().__init__(WORDINGS[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class Text:
    """A text in English and bokmål; BadWording if one is empty, too long, unprintable or says `unknown`.

    `incomplete`: true as far as it goes, but an answer needs more. `example`: invented for a trial.
    """

    en: str
    nb: str
    incomplete: bool = False
    example: bool = False

    def __post_init__(self) -> None:
        for text in (self.en, self.nb):
            if code := what_is_wrong_with(text):
                raise BadWording(code)

    def in_language(self, language: str) -> str:
        """The text in `en` or `nb`, an example always marked as one; ValueError for other codes."""
        text = self.en if check_language(language) == "en" else self.nb
        return f"{text} {_EXAMPLE_MARK[language]}" if self.example else text


def same(text: str) -> Text:
    """One wording for both languages: names, addresses, register files in one language."""
    return Text(en=text, nb=text)


def check_language(language: str) -> str:
    """The code itself if the register speaks it, else ValueError."""
    if language not in LANGUAGES:
        raise ValueError(f"the register speaks en and nb, not {language}")
    return language


def what_is_wrong_with(text: str) -> str | None:
    """Return the code of why a wording cannot stand in the register (a key of WORDINGS), or None."""
    if not text.strip():
        return "empty"
    if text.strip().lower() in _SAYS_NOTHING:
        return "says_nothing"
    if len(text) > LONGEST_TEXT:
        return "too_long"
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n" for sign in text):
        return "unprintable"
    return None


TextValue: TypeAlias = Text | Unknown
"""One text, known or not."""
TextList: TypeAlias = tuple[Text | Unknown, ...]
"""Several texts; a list that is unknown as a whole is `(UNKNOWN,)`."""
Answer: TypeAlias = bool | Text | Unknown
"""Yes, no, or a text that tells what yes or no means in this case."""
