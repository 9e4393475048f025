"""What the catalogue says of a letter: when it goes, what its text may name, and what it must not lack."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any, NamedTuple, cast

LANGUAGES = ("nb", "en")


class In(NamedTuple):
    """The same thing in both languages; a text for people, or a sample that differs."""

    en: Any
    nb: Any

    def language(self, language: str) -> Any:
        """Return it in `nb` or `en`."""
        return self.nb if language == "nb" else self.en


class Kind(StrEnum):
    """What can be done with a variable in a text."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    LIST = "list"
    YES_NO = "yes_no"
    CODE = "code"


class Approval(StrEnum):
    """Whose word a letter needs before it goes."""

    AUTOMATIC = "automatic"
    STAFF = "staff"
    SECOND_PERSON = "second_person"
    DECISION_MAKER = "decision_maker"


class Audience(StrEnum):
    """Who gets a letter."""

    PERSON = "person"
    STAFF = "staff"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that a text may use, dotted or not.

    `samples` are values as they come when the letter is sent, an `In` where they differ by language: the first is the
    usual one, the others are there so that every branch of the text is tried. Items of a list are called `items` in a
    loop. A `code` is only good for conditions: nobody wants to read it.
    """

    name: str
    what: In
    samples: tuple[Any, ...]
    items: tuple[str, ...] = ()
    code: bool = False

    @property
    def kind(self) -> Kind:
        """What can be done with it, told by its example."""
        value = self.example("en")
        if self.code:
            return Kind.CODE
        if isinstance(value, bool):
            return Kind.YES_NO
        if isinstance(value, date):  # a datetime is a date
            return Kind.DAY
        if isinstance(value, int):
            return Kind.NUMBER
        return Kind.LIST if isinstance(value, tuple) else Kind.TEXT

    def example(self, language: str) -> Any:
        """Return the first sample that is something."""
        return next(
            value for number in range(len(self.samples)) if (value := self.sample(language, number)) is not None
        )

    def sample(self, language: str, number: int = 0) -> Any:
        """Return one of the samples in a language."""
        given = self.samples[number]
        return given.language(language) if isinstance(given, In) else given


@dataclass(frozen=True, slots=True)
class Block:
    """A name whose words are no organisation's to change, such as the one on complaints.

    `file` is a template; `{language}` in it stands for the language. A plain sentence has its `words` here instead.
    """

    name: str
    what: In
    file: str = ""
    words: In | None = None


@dataclass(frozen=True, slots=True)
class Must:
    """A name whose value has to stand in the body; with `when`, only if that name is true."""

    name: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class StandardLetter:
    """One letter: `number` is its number among the reply templates (T01 ...), empty for the others.

    `key` names it in addresses and beside its stored texts. `template` is the folder of a mail, or the path of a letter
    without language and ending; the first paragraph of such a letter is its title. `beside` says what is printed with
    the text whatever it says. What is not `editable` is put together from lists, and nobody writes it in other words.
    """

    key: str
    number: str
    template: str
    name: In
    trigger: In
    approval: Approval
    variables: tuple[Variable, ...]
    blocks: tuple[Block, ...] = ()
    must: tuple[Must, ...] = ()
    audience: Audience = Audience.PERSON
    beside: In | None = None
    editable: bool = True

    @property
    def is_mail(self) -> bool:
        """True for a mail, which has a subject; a letter has a title instead."""
        return "/mail/" in self.template

    @property
    def names(self) -> dict[str, Variable | Block]:
        """Everything that its text may name."""
        parts: tuple[Variable | Block, ...] = (*self.variables, *self.blocks)
        return {part.name: part for part in parts}

    def file(self, part: str, language: str) -> str:
        """Return which template holds `subject` or `body` as the installation delivers it."""
        return f"{self.template}/{part}.{language}.txt" if self.is_mail else f"{self.template}.{language}.txt"

    def variants(self, language: str) -> list[dict[str, object]]:
        """Return contexts that between them take every branch, the usual one first."""
        counts = [range(len(variable.samples)) for variable in self.variables]
        return [
            _nested({v.name: v.sample(language, number) for v, number in zip(self.variables, chosen, strict=True)})
            for chosen in product(*counts)
        ]


def _nested(flat: dict[str, object]) -> dict[str, object]:
    """Return `case.reference` as `{"case": {"reference": ...}}`."""
    nested: dict[str, object] = {}
    for name, value in flat.items():
        first, dot, rest = name.partition(".")
        if dot:
            cast(dict[str, object], nested.setdefault(first, {}))[rest] = value
        else:
            nested[name] = value
    return nested
