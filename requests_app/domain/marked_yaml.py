"""YAML files written by people: a tree that knows its lines, errors with file, line, key and what is wrong.

Scalars keep the text as it was written, so that `country: NO` is Norway and not the YAML 1.1 truth value.
The same tree can be built from JSON-like data, which has no lines.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import yaml

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"
Kind = Literal["text", "number", "truth", "nothing", "list", "mapping"]

_KIND_OF_TAG: dict[str, Kind] = {
    "tag:yaml.org,2002:bool": "truth",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:int": "number",
    "tag:yaml.org,2002:float": "number",
}
_KIND_IN_WORDS: dict[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "truth": "yes or no",
    "nothing": "empty",
    "list": "a list",
    "mapping": "a mapping",
}
_MOST_DIGITS = 20
"""Python refuses to read numbers of thousands of digits, and nobody can read them either."""
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping."""

    key: str
    value: "Node"
    line: int | None


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the file. `raw` is a scalar as written; `line` counts from 1, None for JSON."""

    kind: Kind
    line: int | None
    raw: str = ""
    items: tuple["Node", ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def in_words(self) -> str:
        """What the value is, for an error message: `a list`, `yes or no (NO)`."""
        words = _KIND_IN_WORDS[self.kind]
        return f"{words} ({self.raw})" if self.kind in ("truth", "number") else words

    @property
    def truth(self) -> bool | None:
        """The truth value, or None when the scalar is something else."""
        return _TRUTH.get(self.raw.lower()) if self.kind == "truth" else None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file; `str()` is the one line shown to the operator.

    `code` and `value` let a page say the same in its reader's language; the code is empty where only a file can be
    wrong in that way.
    """

    file: str
    line: int | None
    key: str
    message: str
    code: str = ""
    value: str = ""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class FileProblems(ValueError):
    """A file cannot be used; `problems` lists everything that is wrong with it, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Problems:
    """Collects what is wrong in one file, so that the operator sees all of it at once."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int | None, key: str, message: str, code: str = "", value: str = "") -> None:
        """Note one problem; the message is one line without a full stop."""
        self.found.append(Problem(self.file, line, key, message, code, value))


def read_text(path: Path, problems: Problems) -> str:
    """The file as text; a missing, unreadable or non-UTF-8 file is noted and reads as empty."""
    try:
        return decoded(path.read_bytes(), problems)
    except OSError as error:
        problems.add(None, "", f"the file cannot be read: {error.strerror}")
    return ""


def decoded(data: bytes, problems: Problems) -> str:
    """The content of a file as text; one that is not UTF-8 is noted and reads as empty."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add(line, "", "the file is not UTF-8")
    return ""


def parse(text: str, problems: Problems) -> Node | None:
    """The tree of a YAML document, or None after noting why it is none."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(mark.line + 1 if mark else None, "", f"no valid YAML: {error.problem or error.context}")
        return None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        problems.add(line, "", f"no valid YAML: character U+{int(error.character):04X} is not allowed")
        return None
    except RecursionError:
        problems.add(None, "", "no valid YAML: nested too deeply")
        return None
    if root is None:
        if not problems.found:
            problems.add(None, "", "the file is empty")
        return None
    return _Converter(problems).convert(root)


class _Converter:
    """Turns PyYAML's nodes into ours; notes repeated keys and aliases (which could hide an endless tree)."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.seen: set[int] = set()

    def convert(self, node: yaml.Node) -> Node:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            return Node(_KIND_OF_TAG.get(node.tag, "text"), line, raw=node.value)
        if id(node) in self.seen:
            self.problems.add(line, "", "aliases (*name) are not supported: write the value out")
            return Node("nothing", line)
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return Node("list", line, items=tuple(self.convert(item) for item in node.value))
        return Node("mapping", line, entries=self._entries(node))

    def _entries(self, node: yaml.Node) -> tuple[Entry, ...]:
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.add(line, "", "a key must be a plain word")
                continue
            key = key_node.value
            if key in entries:
                self.problems.add(line, key, f"stands twice (first on line {entries[key].line})")
                continue
            entries[key] = Entry(key, self.convert(value_node), line)
        return tuple(entries.values())


def from_data(data: Json) -> Node:
    """The same tree from JSON-like data."""
    if isinstance(data, Mapping):
        return Node("mapping", None, entries=tuple(Entry(k, from_data(v), None) for k, v in data.items()))
    if isinstance(data, list):
        return Node("list", None, items=tuple(from_data(item) for item in data))
    if isinstance(data, bool):
        return Node("truth", None, raw="true" if data else "false")
    if data is None:
        return Node("nothing", None)
    return Node("text" if isinstance(data, str) else "number", None, raw=str(data))


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean …?)` when a known word is close, else nothing."""
    meant = closest(word, known)
    return f" (did you mean {meant}?)" if meant else ""


class Section:
    """Reads one mapping: unknown and missing keys are noted at once, wrong values as they are read.

    A reader returns None for what is missing or wrong; the caller goes on, and raises at the end if
    anything was noted.
    """

    def __init__(
        self,
        node: Node,
        path: str,
        problems: Problems,
        *,
        required: Collection[str],
        optional: Collection[str] = (),
    ) -> None:
        self.node = node
        self.path = path
        self.problems = problems
        self._values: dict[str, Node] = {}
        if node.kind != "mapping":
            problems.add(node.line, path, f"must be a mapping (key: value), not {node.in_words}")
            return
        known = [*required, *optional]
        misspelt = set()
        for entry in node.entries:
            if entry.key in known:
                self._values[entry.key] = entry.value
            else:
                meant = closest(entry.key, known)
                misspelt.add(meant)
                message = "is no key of this place" + (f" (did you mean {meant}?)" if meant else "")
                problems.add(entry.line, self.path_of(entry.key), message)
        missing = [key for key in required if key not in self._values and key not in misspelt]
        if missing:
            problems.add(node.line, path, f"lacks the key{'s' * (len(missing) > 1)} {', '.join(missing)}")

    def path_of(self, key: str) -> str:
        """The dotted name of a key, for messages."""
        return f"{self.path}.{key}" if self.path else key

    def complain(self, key: str, message: str, code: str = "", value: str = "") -> None:
        """Note a problem with the value of a key."""
        node = self._values.get(key, self.node)
        self.problems.add(node.line, self.path_of(key), message, code, value)

    def get(self, key: str) -> Node | None:
        """The value of a key, or None when it is absent."""
        return self._values.get(key)

    def string(self, key: str) -> str | None:
        """A short text as written; a truth value counts as the word that was typed (`NO`)."""
        node = self.get(key)
        if node is None:
            return None
        if node.kind in ("list", "mapping", "nothing") or not node.raw.strip():
            self.complain(key, f"must be a text, not {node.in_words}", "missing")
            return None
        return node.raw.strip()

    def strings(self, key: str) -> tuple[str, ...] | None:
        """A list of short texts; may be empty, no text may stand twice."""
        node = self.get(key)
        if node is None:
            return None
        if node.kind != "list":
            self.complain(key, f"must be a list, not {node.in_words}")
            return None
        words = []
        for item in node.items:
            word = item.raw.strip()
            if item.kind in ("list", "mapping") or not word:
                self.problems.add(item.line, self.path_of(key), f"must list texts, not {item.in_words}")
            elif word in words:
                self.problems.add(item.line, self.path_of(key), f'names "{word}" twice', "twice", word)
            else:
                words.append(word)
        return tuple(words)

    def truth(self, key: str) -> bool | None:
        """Yes or no."""
        node = self.get(key)
        if node is None:
            return None
        if node.truth is None:
            self.complain(key, f"must be yes or no, not {node.in_words}")
        return node.truth

    def whole_number(self, key: str, *, least: int, most: int) -> int | None:
        """A whole number within bounds (both included)."""
        node = self.get(key)
        if node is None:
            return None
        digits = node.raw.strip()
        readable = node.kind == "number" and digits.isdecimal() and len(digits) <= _MOST_DIGITS
        if not readable or not least <= int(digits) <= most:
            said = digits if len(digits) <= _MOST_DIGITS else "such a long one"
            message = f"must be a whole number from {least} to {most}, not {said or node.in_words}"
            self.complain(key, message, "out_of_range")
            return None
        return int(digits)
