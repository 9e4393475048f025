"""What two versions of a register differ in, as the page tells it: in words, and texts in both languages."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exports.domain import register as domain
from requests_app.domain.enums import Right
from requests_app.domain.grounds import Ground
from requests_app.ground_labels import GROUNDS
from requests_app.labels import RIGHTS

from .register_page import capital, name_of, title_of

_WORDS: dict[domain.Change, Promise] = {
    domain.Change.ADDED: gettext_lazy("Added"),
    domain.Change.REMOVED: gettext_lazy("Removed"),
    domain.Change.CHANGED: gettext_lazy("Changed"),
}
_COUNTED_FROM: dict[str, Promise] = {
    domain.CountedFrom.FINANCIAL_YEAR_END: gettext_lazy("the end of the financial year"),
    domain.CountedFrom.NEWEST: gettext_lazy("the newest data"),
    domain.CountedFrom.DELETION: gettext_lazy("the day of the deletion"),
}


@dataclass(frozen=True)
class Wording:
    """One thing that was said, in the reader's language; `other` is the other language where it says it otherwise."""

    text: str
    other: str = ""
    other_language: str = ""
    unknown: bool = False
    incomplete: bool = False


@dataclass(frozen=True)
class Line:
    """One field that differs, under the part of the register that it belongs to."""

    part: str
    label: str
    change: str
    before: tuple[Wording, ...]
    after: tuple[Wording, ...]


def lines(before: domain.Register, after: domain.Register, language: str) -> list[Line]:
    """Return the differences in the reader's language, in the order of the newer version."""
    return [_line(found, before, after, language) for found in domain.differences(before, after)]


def _line(found: domain.Difference, before: domain.Register, after: domain.Register, language: str) -> Line:
    holder = before if found.change is domain.Change.REMOVED else after
    segments = found.path.split(".")
    whole = len(segments) == domain.part_length(found.path)
    label = _("the whole part") if whole else domain.word_for(holder, found.path).in_language(language)
    return Line(
        part=title_of(holder, found.path, language),
        label=capital(label),
        change=str(_WORDS[found.change]),
        before=tuple(_wording(item, before, language) for item in found.before),
        after=tuple(_wording(item, after, language) for item in found.after),
    )


def _wording(item: domain.Said, said_in: domain.Register, language: str) -> Wording:
    if isinstance(item, domain.Text):
        other = "en" if language == "nb" else "nb"
        text, translated = item.in_language(language), item.in_language(other)
        second = (translated, other) if item.en != item.nb else ("", "")
        return Wording(text, *second, incomplete=item.incomplete)
    if isinstance(item, domain.Unknown):
        return Wording(_("unknown"), unknown=True)
    if isinstance(item, domain.RightRule):
        return _right(item, said_in, language)
    if isinstance(item, bool):
        return Wording(_("yes") if item else _("no"))
    if isinstance(item, int):
        return Wording(str(item))
    if isinstance(item, domain.CountedFrom):
        return Wording(str(_COUNTED_FROM[item]))
    if isinstance(item, Ground):
        return Wording(str(GROUNDS[item]))
    return Wording(name_of(said_in, item, language))


def _right(rule: domain.RightRule, said_in: domain.Register, language: str) -> Wording:
    name = str(RIGHTS[Right(rule.right)])
    if rule.when is None:
        return Wording(name)
    when = _wording(rule.when, said_in, language)
    return Wording(f"{name} ({when.text})", when.other, when.other_language)
