"""A first guess, by word patterns, at which rights a mail is about. A person decides; recall comes first.

Sentences are judged one by one: a right is suggested where one sentence holds the wish and the person it is
about. Sentences of footers and notices ("you have the right to …") are passed over.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from . import language, right_words
from .quoting import strip_reply
from .right_words import pattern

MAX_READ = 50_000  # characters
MAX_REASONS = 5
BRIEF = 600  # characters up to which a mail is also judged as one sentence

_ANSWER = re.compile(r"\s*(?:re|sv|aw|antw|ad)\s*:", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:vs|fw|fwd|wg|vb)\s*:", re.IGNORECASE)
_ADDRESS = re.compile(r"\S{1,100}@\S+|https?://\S+")
_RULE_LINE = re.compile(r"^[ \t]*[-_=*]{3,}[ \t]*$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n\s*\n|\n(?=\s*(?:[-–•*]|\d+[.)]|[a-z]\)))")
# Wishes that are often spread over the whole of a short mail.
_SPREAD = frozenset({"automated_decision", "complaint", "rectification", "consent_withdrawal"})

_RULES = {right: [[*map(pattern, rule)] for rule in rules] for right, rules in right_words.RULES.items()}
_BARE_STOP = re.compile(rf"\W*{pattern(right_words.BARE_STOP).pattern}\W*", re.IGNORECASE)
# "Jeg ber om innsyn." is about oneself; "innsyn i" a thing is nearly always freedom of information.
_BARE_INSIGHT = re.compile(
    r"\b(?:ber|ønsker|ønskjer|ynskjer|krever|krev|vil\s+(?:gjerne\s+)?ha|kan\s+(?:jeg|eg)\s+(?:få|ha))\b"
    r"[^.!?\n]{0,25}?\binnsyn\b(?!\s+i\b)|\binnsyn\s+i\s+(?:hva|kva|det)\s+(?:dere|dykk|de)\b",
    re.IGNORECASE,
)
_NOTICE, _IN_PASSING = pattern(right_words.NOTICE), pattern(right_words.IN_PASSING)
_HINTS, _ME = pattern(right_words.HINTS), pattern(right_words.ME)


@dataclass(frozen=True)
class Suggestion:
    """Right codes in the order of the law, the language, and the sentences that speak for them.

    `unsure`: nothing was found, but the mail may be a request all the same (a language we do not know, or words
    of data protection in it).
    """

    rights: tuple[str, ...]
    language: str
    reasons: tuple[str, ...]
    unsure: bool = False


def suggest(subject: str, text: str) -> Suggestion:
    """Return which rights a mail seems to be about, judged by its subject and its whole text."""
    text = text[:MAX_READ]
    own = text if _FORWARD.match(subject) else strip_reply(text)
    named = "" if _ANSWER.match(subject) and own.strip() else subject
    sentences = _sentences(f"{named}\n\n{_without_footer(own)}")
    spoken = language.guess(f"{subject}\n{own}")
    found = {right: where for right in _RULES if (where := _where(right, sentences))}
    if "access" not in found and (bare := next(filter(_BARE_INSIGHT.search, sentences), "")):
        found = {"access": bare} | found
    return Suggestion(
        rights=tuple(found),
        language=spoken,
        reasons=tuple(dict.fromkeys(where[:300] for where in found.values()))[:MAX_REASONS],
        unsure=not found and (spoken == language.OTHER or any(map(_HINTS.search, sentences))),
    )


def _without_footer(text: str) -> str:
    """The text up to the last line of dashes with a notice below it and nothing about the writer."""
    last_notice = max((notice.start() for notice in _NOTICE.finditer(text)), default=0)
    rule = max((rule.start() for rule in _RULE_LINE.finditer(text, 0, last_notice)), default=len(text))
    return text if _ME.search(text, rule) else text[:rule]


def _sentences(text: str) -> list[str]:
    parts = (" ".join(_ADDRESS.sub(" ", part).split()) for part in _SENTENCE.split(text))
    return [part for part in parts if part and not _NOTICE.search(part)]


def _where(right: str, sentences: list[str]) -> str:
    """The sentence, two in a row or the whole of a short mail for which a rule of the right holds; "" for none."""
    spans = list(sentences)
    if right != "erasure":  # "Do not delete. …": a wish and its opposite stand side by side
        spans += [f"{one} {next_one}" for one, next_one in pairwise(sentences)]
    if right in _SPREAD and sum(map(len, sentences)) < BRIEF:
        spans.append(" ".join(sentences))
    if right == "marketing_objection" and (bare := next(filter(_BARE_STOP.fullmatch, sentences), "")):
        return bare
    judged = [span if right == "restriction" else _IN_PASSING.sub(" ", span) for span in spans]
    rules = _RULES[right]
    return next((a for a, b in zip(spans, judged, strict=True) if any(_holds(rule, b) for rule in rules)), "")


def _holds(rule: list[re.Pattern[str]], span: str) -> bool:
    return all(part.search(span) for part in rule)
