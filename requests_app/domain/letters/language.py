"""The small language of an organisation's own texts, and what is wrong with a text written in it.

A text is a template that a stranger to the code wrote, so nothing is allowed but what stands here: names that the
catalogue declares, a few filters, conditions, and a loop over a list. No tag loads, includes or calls anything, and no
dot reaches further than the declared name. The tokens are cut as Django cuts them; a test compares the two.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .shape import Block, Kind, StandardLetter, Variable

LONGEST = {"subject": 300, "body": 20_000}
"""Characters of each part."""

TOKEN = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})")
_HALF = re.compile(r"{{|}}|{%|%}|{#|#}")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_STRING = r"\"(?:[^\"\\{}%]|\\[a-zA-Z]){0,40}\"|'(?:[^'\\{}%]|\\[a-zA-Z]){0,40}'"
_NAME = r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*"
_PRINTED = re.compile(rf"({_NAME})((?:\|[a-z_]+(?::(?:{_STRING}))?)*)")
_FILTER = re.compile(rf"\|([a-z_]+)(?::({_STRING}))?")
_WORD = re.compile(rf"\s*(?:({_STRING})|(-?\d{{1,9}})(?![\w.])|(==|!=)|({_NAME})(?=[\s=!]|$))")
_CONDITION = re.compile(r"n*o(co)?(jn*o(co)?)*")
_LOOP = re.compile(rf"({_NAME}(?:\s*,\s*{_NAME})*)\s+in\s+({_NAME})")

# By kind of variable: the filters, and whether each takes an argument (None: it may).
_FILTERS: dict[Kind, dict[str, bool | None]] = {
    Kind.TEXT: {"capfirst": False, "lower": False, "upper": False},
    Kind.DAY: {"date": True},
    Kind.NUMBER: {"pluralize": None},
    Kind.LIST: {"join": True},
    Kind.YES_NO: {},
    Kind.CODE: {},
}
FILTERS = tuple(sorted({name for allowed in _FILTERS.values() for name in allowed}))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, as a code of `labels.TEXT_FAULTS`, in which line, counted from 1 (0: the text as a whole).

    `what` is the word in question as it was written, or a number.
    """

    code: str
    line: int = 0
    what: str = ""


def faults(text: str, letter: StandardLetter, part: str) -> list[Fault]:
    """Return all that is wrong with a text for the `subject` or `body` of a letter, line by line; [] when it may stand.

    Whether it says what it must is another question, which only rendering it can answer.
    """
    if len(text) > LONGEST[part]:
        return [Fault("too_long", what=str(LONGEST[part]))]
    if not text.strip():
        return [Fault("empty")]
    if bad := _UNSTORABLE.search(text):
        return [Fault("unstorable", _line(text, bad.start()))]
    return sorted(_Reader(letter).read(text), key=lambda fault: fault.line)


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    line: int
    had_else: bool = False
    items: tuple[str, ...] = ()


class _Reader:
    """Reads one text and remembers what is open."""

    def __init__(self, letter: StandardLetter) -> None:
        self.names = letter.names
        self.open: list[_Open] = []

    def read(self, text: str) -> Iterator[Fault]:
        at = 0
        for token in TOKEN.split(text):
            line = _line(text, at)
            at += len(token)
            if TOKEN.fullmatch(token):
                content = token[2:-2].strip()
                if token.startswith("{{"):
                    yield from self._printed(content, line)
                elif token.startswith("{%"):
                    yield from self._tag(content, line)
            elif half := _HALF.search(token):
                yield Fault("half", line + token.count("\n", 0, half.start()), half[0])
        for tag in self.open:
            yield Fault("not_closed", tag.line, tag.tag)

    def _printed(self, content: str, line: int) -> Iterator[Fault]:
        parts = _PRINTED.fullmatch(content)
        if parts is None:
            yield Fault("unreadable", line, content[:60])
            return
        kind = self._kind(parts[1])
        if kind is None:
            yield Fault("unknown_name", line, parts[1])
            return
        used = _FILTER.findall(parts[2])
        if kind in (Kind.YES_NO, Kind.CODE):
            yield Fault("only_condition", line, parts[1])
        elif kind is Kind.LIST and (not used or used[0][0] != "join" or self._has_parts(parts[1])):
            yield Fault("only_loop", line, parts[1])
        # What has been joined is a text.
        allowed = _FILTERS[kind] | (_FILTERS[Kind.TEXT] if kind is Kind.LIST else {})
        for name, argument in used:
            if name not in allowed or allowed[name] not in (None, bool(argument)):
                yield Fault("filter", line, name)

    def _tag(self, content: str, line: int) -> Iterator[Fault]:
        tag, _space, rest = content.partition(" ")
        match tag:
            case "if":
                self.open.append(_Open("if", line))
                yield from self._condition(rest, line)
            case "for":
                yield from self._loop(rest.strip(), line)
            case "elif" | "else" | "endif" | "endfor":
                yield from self._goes_on(tag, rest, line)
            case _:
                yield Fault("tag", line, tag[:60])

    def _goes_on(self, tag: str, rest: str, line: int) -> Iterator[Fault]:
        last = self.open[-1] if self.open else None
        fits = last is not None and last.tag == ("for" if tag == "endfor" else "if")
        if last is None or not fits or (last.had_else and tag in ("elif", "else")):
            yield Fault("not_open", line, tag)
            return
        if tag == "elif":
            yield from self._condition(rest, line)
        elif rest.strip():
            yield Fault("unreadable", line, f"{tag} {rest}"[:60])
        last.had_else = last.had_else or tag == "else"
        if tag.startswith("end"):
            self.open.pop()

    def _condition(self, text: str, line: int) -> Iterator[Fault]:
        shape, at, text = "", 0, text.strip()
        while at < len(text):
            word = _WORD.match(text, at)
            if word is None:
                yield Fault("unreadable", line, text[:60])
                return
            at = word.end()
            name = word[4]
            if name in ("and", "or", "not"):
                shape += "n" if name == "not" else "j"
                continue
            shape += "c" if word[3] else "o"
            if name and self._kind(name) is None:
                yield Fault("unknown_name", line, name)
        if not _CONDITION.fullmatch(shape):
            yield Fault("unreadable", line, f"if {text}"[:60])

    def _loop(self, text: str, line: int) -> Iterator[Fault]:
        parts = _LOOP.fullmatch(text)
        called = tuple(name.strip() for name in parts[1].split(",")) if parts else ()
        listed = self.names.get(parts[2]) if parts else None
        self.open.append(_Open("for", line, items=called))
        if parts is None:
            yield Fault("unreadable", line, f"for {text}"[:60])
        elif not isinstance(listed, Variable) or listed.kind is not Kind.LIST:
            yield Fault("no_list", line, parts[2])
        elif called != listed.items:
            yield Fault("loop_names", line, f"for {', '.join(listed.items)} in {listed.name}")
        if sum(tag.tag == "for" for tag in self.open) > 1:
            yield Fault("loop_in_loop", line)

    def _kind(self, name: str) -> Kind | None:
        """What a name is, None for one that does not exist here."""
        if any(name in tag.items for tag in self.open):
            return self._kind_of_item(name)
        part = self.names.get(name)
        return Kind.TEXT if isinstance(part, Block) else part.kind if part else None

    def _kind_of_item(self, name: str) -> Kind:
        """An item is a text, or, of a list of several things each, what the first sample says."""
        for part in self.names.values():
            if isinstance(part, Variable) and name in part.items:
                first = part.sample("en")[0]
                value = first[part.items.index(name)] if len(part.items) > 1 else first
                return Kind.TEXT if isinstance(value, str) else Kind.DAY
        return Kind.TEXT

    def _has_parts(self, name: str) -> bool:
        part = self.names.get(name)
        return isinstance(part, Variable) and len(part.items) > 1


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
