"""A first guess at whether a mail asks for a right, and for which. A person decides; nothing is discarded.

A trained model judges the words of the writer (`triage_model`); what it is not sure of is said to be so, as is
everything in a language it does not know.
"""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import features, language, triage_model
from .concept_words import NOTICE
from .concepts import Matcher
from .quoting import strip_reply

if TYPE_CHECKING:  # the training has none of the libraries that mails are read with
    from .parsed import ParsedMail

MAX_READ = 50_000  # characters
HEAD, TAIL = 6_000, 2_000  # characters: a longer mail is judged by its beginning and its end
MAX_REASONS = 5
REASON_LENGTH = 300

_ANSWER = re.compile(r"\s*(?:re|sv|aw|antw|ad)\s*:", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:vs|fw|fwd|wg|vb)\s*:", re.IGNORECASE)
ADDRESS = re.compile(r"\S{1,100}@\S+|https?://\S+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n\s*\n|\n(?=\s*(?:[-–•*]|\d+[.)]|[a-z]\)))")
_notices = Matcher({"notice": NOTICE})


@dataclass(frozen=True)
class Suggestion:
    """Right codes in the order of the law, the language, and the sentences that speak for them.

    `probability` is that of a request, 0 to 1. `unsure`: no rights are named, but it may be a request all the same.
    """

    rights: tuple[str, ...]
    language: str
    reasons: tuple[str, ...]
    probability: float
    unsure: bool = False


def suggest(subject: str, text: str) -> Suggestion:
    """Return which rights a mail seems to be about, judged by its subject and the words of its writer."""
    model, spoken = triage_model.load(), language.guess(f"{subject}\n{text[:HEAD]}")
    own, sentences = read(subject, text)
    mail = features.of(own, sentences)
    probability, spoken_for = judged(model, mail, sentences)
    if probability < model.unsure_from:
        return Suggestion((), spoken, (), probability, unsure=spoken == language.OTHER)
    reasons = _reasons(model, spoken_for)
    if probability < triage_model.NAMED_FROM:
        return Suggestion((), spoken, reasons, probability, unsure=True)
    return Suggestion(tuple(model.rights(mail)), spoken, reasons, probability)


def judged(model: triage_model.Model, mail: features.Mail, sentences: list[str]) -> tuple[float, dict[str, float]]:
    """Return how likely a mail is a request, and what each sentence says; of what is far from one, no sentence is."""
    head = triage_model.REQUEST
    logit = model.logits(mail, (head,))[head]
    if logit < model.near:
        return triage_model.probable(logit), {}
    spoken = {one: model.logits(features.of(one, [one]), (head,))[head] for one in sentences}
    return triage_model.probable(logit + triage_model.PEAK * max(spoken.values(), default=0.0)), spoken


def read(subject: str, text: str) -> tuple[str, list[str]]:
    """Return the words of a mail that are judged, and its sentences without notices and addresses."""
    own = own_words(subject, text)
    judged = own if _ANSWER.match(subject) and own.strip() else f"{subject}\n\n{own}"
    parts = (" ".join(words(part)) for part in _SENTENCE.split(judged))
    return judged, [part for part in parts if part and not _notices.of(part)]


def own_words(subject: str, text: str) -> str:
    """Return what the writer wrote, of a long text its ends.

    The quoted history is left out, unless it is what is passed on.
    """
    text = text[:MAX_READ]
    own = text if _FORWARD.match(subject) else strip_reply(text) or text
    return own if len(own) <= HEAD + TAIL else f"{own[:HEAD]}\n\n{own[-TAIL:]}"


def of_mail(mail: "ParsedMail") -> Suggestion:
    """Return the guess at a whole mail: one of which we cannot read everything is never put aside."""
    suggestion = suggest(mail.subject, mail.text_to_sort)
    return replace(suggestion, unsure=True) if mail.unread and not suggestion.rights else suggestion


def words(text: str) -> list[str]:
    """Return the words of a text without addresses."""
    held = "@" in text or "://" in text  # few words are addresses, and to look for them in each takes long
    return (ADDRESS.sub(" ", text) if held else text).split()


def _reasons(model: triage_model.Model, spoken: dict[str, float]) -> tuple[str, ...]:
    """The sentences that speak most for a request, in the order of the mail."""
    bias = model.biases[triage_model.REQUEST]
    best = sorted((one for one in spoken if spoken[one] > bias), key=lambda one: -spoken[one])[:MAX_REASONS]
    return tuple(one[:REASON_LENGTH] for one in spoken if one in best)
