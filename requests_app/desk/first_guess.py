"""What the triage made of an inquiry, in words: how sure it is, of which rights, and by which sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from requests_app.labels import right_label
from requests_app.mailbox import language
from requests_app.models import Inquiry

_LONGEST_QUOTE = 160  # characters; the whole sentence is one click away

_REQUEST = _("It reads like a request.")
_UNSURE = _("It may be a request: something speaks for it, but too little to name a right. Read it yourself.")
_UNKNOWN_LANGUAGE = _(
    "It may be a request: it is written in a language that the triage does not know. Have it read by somebody who does."
)
_NOTHING = _("Nothing in it reads like a request.")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `number` of the passage that it is, 0 for what lies between them."""

    text: str
    number: int


@dataclass(frozen=True)
class Spoken:
    """What speaks for one right, or for a request as such where `right` is empty."""

    right: Promise | str
    sentences: tuple[Piece, ...]


@dataclass(frozen=True)
class Guess:
    """The guess as the page shows it; `percent`: how likely the model finds a request."""

    words: Promise
    percent: int
    spoken: tuple[Spoken, ...]


def of(inquiry: Inquiry) -> Guess | None:
    """Return what was guessed; None where no model judged the text, or the text is gone."""
    if inquiry.request_probability is None or inquiry.forgotten_at:
        return None
    return Guess(
        words=_words(inquiry),
        percent=min(99, max(1, round(100 * inquiry.request_probability))),  # no guess is ever certain
        spoken=tuple(_spoken(inquiry)),
    )


def marked(inquiry: Inquiry, part: str, text: str) -> list[Piece]:
    """Return a part of an inquiry cut at its passages; a passage beyond its end is left out."""
    pieces, at = [], 0
    for number, passage in enumerate(inquiry.passages, start=1):
        if passage["part"] == part and at <= passage["start"] < passage["end"] <= len(text):
            pieces += [Piece(text[at : passage["start"]], 0), Piece(text[passage["start"] : passage["end"]], number)]
            at = passage["end"]
    return [piece for piece in (*pieces, Piece(text[at:], 0)) if piece.text]


def _words(inquiry: Inquiry) -> Promise:
    if inquiry.suggested_rights:
        return _REQUEST
    if not inquiry.maybe_request:
        return _NOTHING
    return _UNKNOWN_LANGUAGE if inquiry.language == language.OTHER else _UNSURE


def _spoken(inquiry: Inquiry) -> Iterator[Spoken]:
    """Each suggested right with its sentences, then the sentences that speak for none of them."""
    texts = {"subject": inquiry.subject, "text": inquiry.text, "inside": inquiry.forwarded_text}
    quoted = {
        piece.number: Piece(Truncator(" ".join(piece.text.split())).chars(_LONGEST_QUOTE), piece.number)
        for part, text in texts.items()
        for piece in marked(inquiry, part, text)
        if piece.number
    }
    named = {number: set(inquiry.passages[number - 1]["rights"]) for number in sorted(quoted)}
    for code in inquiry.suggested_rights:
        yield Spoken(right_label(code), tuple(quoted[number] for number, rights in named.items() if code in rights))
    others = [number for number, rights in named.items() if rights.isdisjoint(inquiry.suggested_rights)]
    if others:
        yield Spoken("", tuple(quoted[number] for number in others))
