"""Plain text from templates that one can send: a variable that nobody filled stops it instead of leaving a hole.

The words are the organisation's own (`models.LetterText`) where it has some, else those of the files. A letter of the
catalogue (`domain.letters`) that lacks what it must say is no letter, whoever wrote its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.template import Context, Node
from django.template.backends.django import DjangoTemplates
from django.template.base import Template
from django.template.exceptions import TemplateDoesNotExist, TemplateSyntaxError
from django.utils import translation

from requests_app.domain import letters
from requests_app.domain.letters import demands
from requests_app.domain.letters import language as small_language
from requests_app.domain.letters.variables import COMPLAINT
from requests_app.domain.snapshot import Reason
from requests_app.models import LetterText


class Unresolved(Exception):
    """A template cannot be filled in; the text names template and variable, and holds nothing of the case."""

    def __init__(self, template: str, variable: str) -> None:
        super().__init__(f"{template}: {variable}")
        self.template = template
        self.variable = variable

    @property
    def reason(self) -> Reason:
        """Why the letter cannot go, for whoever wants to send it."""
        return Reason("words_unresolved", {"ids": str(self)})


class PartLacking(Unresolved):
    """A letter does not say what it must; `variable` names the first such part."""

    @property
    def reason(self) -> Reason:
        """The complaint block has a sentence of its own: the law names it (GDPR Art. 12(4))."""
        complaint = self.variable == COMPLAINT.name
        return Reason("letter_complaint_missing" if complaint else "letter_part_missing", {"ids": str(self)})


@dataclass(frozen=True, slots=True)
class Words:
    """A letter in words. `version` is that of the organisation's own text, 0 for the text as delivered.

    What is no mail has an empty subject.
    """

    subject: str
    body: str
    version: int = 0

    def __repr__(self) -> str:
        return "<Words>"


@dataclass(frozen=True, slots=True)
class Source:
    """The texts that a letter is made from, not filled in; those of somebody who is no programmer are `own`."""

    subject: str
    body: str
    version: int = 0
    own: bool = False


class _Hole(Exception):
    """A variable without a value was met."""


class _Known(Context):
    """Values by name; whoever asks for a name that is none is noted, also where Django would take it for false."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.unknown: list[str] = []
        super().__init__(dict(values), autoescape=False)  # plain text

    def __getitem__(self, key: int | str | Node) -> Any:
        """Return the value of a name. Raises KeyError."""
        try:
            return super().__getitem__(key)
        except KeyError:
            self.unknown.append(str(key))
            raise


class _Stop(str):
    """What Django puts in place of a variable that does not exist: it formats the name into it, and that raises."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        raise _Hole(str(variable))


def write(template: str, language: str, context: Mapping[str, object]) -> Words:
    """Return a mail or a letter, by the path of its templates, filled in. Raises Unresolved, PartLacking.

    What is in no catalogue is written from its files alone.
    """
    letter = letters.BY_TEMPLATE.get(template)
    if letter is None:
        return Words(render(template, "subject", language, context), render(template, "body", language, context))
    return fill(letter, language, source(letter, language), context)


def source(letter: letters.StandardLetter, language: str) -> Source:
    """Return the texts of a letter that are in force: the organisation's own, else those of the files."""
    row = LetterText.objects.in_force(letter.key, language)
    if row is not None and not row.restored:
        return Source(row.subject, row.body, row.version, own=True)
    return delivered(letter, language, version=row.version if row else 0)


def delivered(letter: letters.StandardLetter, language: str, *, version: int = 0) -> Source:
    """Return the texts of a letter as the installation came with them. Raises Unresolved where a file is missing."""
    subject = _read(letter.file("subject", language)) if letter.is_mail else ""
    return Source(subject, _read(letter.file("body", language)), version)


def fill(letter: letters.StandardLetter, language: str, given: Source, context: Mapping[str, object]) -> Words:
    """Return a letter written from the given texts. Raises Unresolved, PartLacking."""
    context = _with_blocks(letter, language, context)
    subject = _filled(letter, "subject", language, given, context) if letter.is_mail else ""
    body = _filled(letter, "body", language, given, context)
    for name in demands.lacking(letter, context, lambda values: _filled(letter, "body", language, given, values)):
        raise PartLacking(letter.file("body", language), name)
    return Words(" ".join(subject.split()), body, given.version)


def render(folder: str, name: str, language: str, context: Mapping[str, object]) -> str:
    """Return `<folder>/<name>.<language>.txt` filled in, without blanks around it. Raises Unresolved."""
    return _file(f"{folder}/{name}.{language}.txt", language, context)


def _with_blocks(letter: letters.StandardLetter, language: str, context: Mapping[str, object]) -> dict[str, object]:
    return {**context, **{block.name: _block(block, language, context) for block in letter.blocks}}


def _block(block: letters.Block, language: str, context: Mapping[str, object]) -> str:
    if block.words is not None:
        return str(block.words.language(language))
    return _file(block.file.format(language=language), language, context)


def _filled(
    letter: letters.StandardLetter, part: str, language: str, given: Source, context: Mapping[str, object]
) -> str:
    """One part filled in. What is not from our own hand is read again each time: the catalogue may have changed."""
    name = letter.file(part, language)
    if not given.own:
        return _file(name, language, context)
    text = given.subject if part == "subject" else given.body
    if found := small_language.faults(text, letter, part):
        raise Unresolved(name, found[0].what or found[0].code)
    return _rendered(name, _compiled(name, text), language, context)


def _file(template: str, language: str, context: Mapping[str, object]) -> str:
    try:
        found = _engine().get_template(template).template
    except TemplateDoesNotExist as error:
        raise Unresolved(template, str(error)) from None
    return _rendered(template, found, language, context)


def _read(template: str) -> str:
    try:
        return str(_engine().get_template(template).template.source)
    except TemplateDoesNotExist as error:
        raise Unresolved(template, str(error)) from None


def _compiled(name: str, text: str) -> Template:
    try:
        return Template(text, engine=_engine().engine)
    except TemplateSyntaxError as error:
        raise Unresolved(name, type(error).__name__) from None


def _rendered(name: str, template: Template, language: str, context: Mapping[str, object]) -> str:
    try:
        with translation.override(language):
            known = _Known(context)
            text = str(template.render(known)).strip()
    except _Hole as hole:
        raise Unresolved(name, str(hole)) from None
    if known.unknown:
        raise Unresolved(name, known.unknown[0])
    return text


@cache
def _engine() -> DjangoTemplates:
    """The same templates as everywhere, read by an engine that knows no silence."""
    (given,) = settings.TEMPLATES
    options = {"string_if_invalid": _Stop("%s")}
    return DjangoTemplates(
        {"NAME": "wording", "DIRS": given["DIRS"], "APP_DIRS": given["APP_DIRS"], "OPTIONS": options}
    )
