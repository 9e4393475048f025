"""An organisation's own texts for its letters: checked, tried out on the samples, kept version by version."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.errors import ActionRefused
from requests_app.domain.letters import StandardLetter
from requests_app.domain.letters import language as small_language
from requests_app.domain.letters.language import Fault
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import LetterText

from . import wording
from .wording import Source, Words

_WRAPPER = ("{% autoescape off %}", "{% endautoescape %}")
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A fault of one part of a letter, `subject` or `body`."""

    part: str
    fault: Fault


class BadText(Exception):
    """A text may not be used for a letter; `found` says all that is wrong with it."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(", ".join(f"{one.part}: {one.fault.code}" for one in found))
        self.found = found


def in_force(letter: StandardLetter, language: str) -> Source:
    """Return the texts of a letter as they are now, fit to be edited."""
    return _plain(wording.source(letter, language))


def default(letter: StandardLetter, language: str) -> Source:
    """Return the texts of a letter as the installation came with them, fit to be edited."""
    return _plain(wording.delivered(letter, language))


def version(letter: StandardLetter, language: str) -> int:
    """Return the number of the newest version, 0 while nobody has changed the delivered text."""
    row = LetterText.objects.in_force(letter.key, language)
    return row.version if row else 0


def check(letter: StandardLetter, language: str, subject: str, body: str) -> list[Found]:
    """Return all that is wrong with the texts of a letter; [] when they may be used.

    A text that can be read is written from every sample of the catalogue, so that a mandatory part behind a condition
    that does not always hold is found, too.
    """
    parts = {"subject": subject, "body": body} if letter.is_mail else {"body": body}
    found = [Found(part, fault) for part, text in parts.items() for fault in small_language.faults(text, letter, part)]
    return found or list(dict.fromkeys(_tried(letter, language, Source(subject, body, own=True))))


def sample(letter: StandardLetter, language: str, given: Source) -> Words:
    """Return a letter written from the usual samples. Raises `wording.Unresolved`."""
    return wording.fill(letter, language, given, letter.variants(language)[0])


def save(
    letter: StandardLetter, language: str, subject: str, body: str, *, expected: int, reason: str, actor: Actor
) -> LetterText:
    """Put the organisation's own text in force as a new version.

    Raises BadText, and ActionRefused without a reason, for a letter that nobody may write in other words, when nothing
    is different, or when somebody else has saved another version since `expected` was read.
    """
    if not letter.editable:
        raise ActionRefused(Reason("text_fixed"))
    subject, body = tidy(subject) if letter.is_mail else "", tidy(body)
    if found := check(letter, language, subject, body):
        raise BadText(found)
    now = in_force(letter, language)
    if (now.subject, now.body) == (subject, body) and now.version == expected:
        raise ActionRefused(Reason("text_same"))
    return _add(letter, language, Source(subject, body), expected=expected, reason=reason, actor=actor)


def restore(letter: StandardLetter, language: str, *, expected: int, reason: str, actor: Actor) -> LetterText:
    """Put the delivered text in force again, as a new version that says so. Raises ActionRefused as `save` does."""
    given = default(letter, language)
    if not wording.source(letter, language).own:
        raise ActionRefused(Reason("text_same"))
    return _add(letter, language, given, expected=expected, reason=reason, actor=actor, restored=True)


def tidy(text: str) -> str:
    """Return a text as it is kept: line ends of one kind, no blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def _add(
    letter: StandardLetter, language: str, given: Source, *, expected: int, reason: str, actor: Actor,
    restored: bool = False,
) -> LetterText:  # fmt: skip
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise ActionRefused(Reason("note_missing"))
    if actor.user_id is None:
        raise ActionRefused(Reason("staff_only"))
    try:
        with transaction.atomic():
            if version(letter, language) != expected:
                raise ActionRefused(Reason("text_changed"))
            row = LetterText.objects.create(
                letter=letter.key,
                language=language,
                version=expected + 1,
                subject=given.subject,
                body=given.body,
                restored=restored,
                reason=reason,
                created_at=timezone.now(),
                created_by_id=actor.user_id,
            )
            audit.record(
                "letter.restored" if restored else "letter.edited", f"letter:{letter.key}", actor,
                language=language, version=row.version,
            )  # fmt: skip
    except IntegrityError:  # two saved at the same moment, and the database gives each number once
        raise ActionRefused(Reason("text_changed")) from None
    return row


def _tried(letter: StandardLetter, language: str, given: Source) -> Iterator[Found]:
    for context in letter.variants(language):
        try:
            words = wording.fill(letter, language, given, context)
        except wording.PartLacking as error:
            yield Found("body", Fault("lacks", what=error.variable))
            continue
        except wording.Unresolved as error:
            yield Found("body", Fault("unreadable", what=error.variable))
            continue
        if letter.is_mail and not words.subject:
            yield Found("subject", Fault("empty_once"))
        if not letter.is_mail and len([part for part in words.body.split("\n\n") if part.strip()]) <= 1:
            yield Found("body", Fault("title_only"))


def _plain(given: Source) -> Source:
    """Without what only a file needs."""
    return Source(_unwrapped(given.subject), _unwrapped(given.body), given.version, given.own)


def _unwrapped(text: str) -> str:
    for tag in _WRAPPER:
        text = text.replace(tag, "")
    return tidy(text)
