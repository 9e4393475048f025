"""What the pages of the letters call things, and what they say about a text that may not be used."""

from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from requests_app.domain.letters import Approval, In, Kind
from requests_app.domain.letters.language import FILTERS, LONGEST, Fault

from .text_errors import UNSTORABLE

APPROVALS: dict[Approval, Promise] = {
    Approval.AUTOMATIC: _("It goes by itself"),
    Approval.STAFF: _("Whoever handles the case sends it"),
    Approval.SECOND_PERSON: _("A second person approves it"),
    Approval.DECISION_MAKER: _("The decision-maker approves it"),
}
KINDS: dict[Kind, Promise] = {
    Kind.TEXT: pgettext_lazy("kind of variable", "text"),
    Kind.DAY: pgettext_lazy("kind of variable", "day"),
    Kind.NUMBER: pgettext_lazy("kind of variable", "number"),
    Kind.LIST: pgettext_lazy("kind of variable", "list"),
    Kind.YES_NO: pgettext_lazy("kind of variable", "yes or no, for conditions"),
    Kind.CODE: pgettext_lazy("kind of variable", "code, for conditions"),
}
LANGUAGES: dict[str, Promise] = {"nb": _("Norwegian"), "en": _("English")}

FAULTS: dict[str, Promise] = {
    "too_long": _("The text is too long. It can be up to %(what)s characters long."),
    "empty": _("The text is empty."),
    "empty_once": _("With some of the samples nothing is left of the text."),
    "title_only": _("The first paragraph is the title. Write at least one paragraph more, after an empty line."),
    "unstorable": UNSTORABLE,
    "half": _("“%(what)s” stands alone. What is filled in has to begin and end in the same line."),
    "not_closed": _("“%(what)s” is never ended."),
    "not_open": _("“%(what)s” stands where it ends or continues nothing."),
    "unreadable": _("“%(what)s” cannot be read."),
    "unknown_name": _("This letter knows no “%(what)s”. Use the names in the list."),
    "only_condition": _("“%(what)s” can only be asked about in a condition."),
    "only_loop": _("“%(what)s” is a list. Go through it with “for”, or join a plain list."),
    "no_list": _("“%(what)s” is not a list."),
    "loop_names": _("Write the loop like this: %(what)s"),
    "loop_in_loop": _("A loop cannot stand inside another."),
    "filter": _("“%(what)s” cannot be used here, or not like this. There are: %(filters)s."),
    "tag": _("“%(what)s” is not allowed. There are: if, elif, else, endif, for, endfor."),
    "lacks": _("“%(what)s” has to stand in the text, whatever the conditions around it."),
}


class Line(NamedTuple):
    """A line of a text beside another: `here` only in this one, `there` only in the other, or in both."""

    text: str
    here: bool = False
    there: bool = False


def said(fault: Fault) -> str:
    """Return what is wrong with a text, with the line where it is."""
    words = str(FAULTS[fault.code]) % {"what": fault.what, "filters": ", ".join(FILTERS)}
    return gettext("Line %(line)s: %(words)s") % {"line": fault.line, "words": words} if fault.line else words


def in_language(text: In, language: str | None) -> str:
    """Return a text of the catalogue for a reader of the desk."""
    return str(text.language(language or "nb"))


def compared(text: str, other: str) -> list[Line]:
    """Return a text line by line, with what differs from another."""
    mine, theirs = text[: LONGEST["body"]].splitlines(), other[: LONGEST["body"]].splitlines()
    lines: list[Line] = []
    for tag, their_from, their_to, my_from, my_to in SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line(line) for line in mine[my_from:my_to]]
        else:
            lines += [Line(line, there=True) for line in theirs[their_from:their_to]]
            lines += [Line(line, here=True) for line in mine[my_from:my_to]]
    return lines
