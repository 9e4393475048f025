"""The kinds of value in a register file, read one by one: texts, lists, answers, references, rights.

What is wrong is noted with file, line and key, and reading goes on, so that one look shows all of it.
"""

import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TypeVar

from requests_app.domain.enums import Right
from requests_app.domain.marked_yaml import Node, Problems, Section, did_you_mean

from .register_model import RightRule
from .register_values import UNKNOWN, Answer, Text, TextList, TextValue, Unknown, is_unknown

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
LONGEST_ID = 64
"""Characters; tasks and lines of a plan hold an id beside them."""
# Art. 15(1)(c) wants the recipients by name (C-154/21): these phrases of a policy name nobody.
NAMES_NOBODY = re.compile(r"\b(unknown|ukjente?|unnamed|any other|others possible)\b", re.IGNORECASE)
SAYS_UNKNOWN = re.compile(r"\b(unknown|ukjente?)\b", re.IGNORECASE)
_Code = TypeVar("_Code", bound=StrEnum)


class Reader:
    """Reads the values of one mapping. `infer`: a text that admits to be incomplete is taken at its word."""

    def __init__(
        self,
        node: Node,
        path: str,
        problems: Problems,
        *,
        required: Collection[str],
        optional: Collection[str] = (),
        infer: bool,
    ) -> None:
        self.section = Section(node, path, problems, required=required, optional=optional)
        self.problems = problems
        self.infer = infer

    def text(self, key: str) -> TextValue | None:
        """A text, `unknown`, or None when the key is absent (which the section has noted if it matters)."""
        node = self.section.get(key)
        return None if node is None else self._text(node, self.section.path_of(key), SAYS_UNKNOWN)

    def demanded(self, key: str) -> TextValue:
        """A text that the section requires; `UNKNOWN` stands in for one that could not be read."""
        return self.text(key) or UNKNOWN

    def texts(self, key: str, *, incomplete: re.Pattern[str] = SAYS_UNKNOWN) -> TextList:
        """A list of texts; `unknown` in its place is a list of one `UNKNOWN`, an absent key an empty list."""
        path = self.section.path_of(key)
        return tuple(self._text(item, path, incomplete) for item in self._items(key))

    def recipients(self, key: str) -> TextList:
        """A list of recipients; one that names nobody is incomplete."""
        return self.texts(key, incomplete=NAMES_NOBODY)

    def answer(self, key: str) -> Answer | None:
        """Yes, no, a text that tells more, `unknown`, or None when the key is absent."""
        node = self.section.get(key)
        if node is not None and node.kind == "truth":
            return node.truth
        return self.text(key)

    def flag(self, key: str) -> bool | None:
        """Plain yes or no."""
        node = self.section.get(key)
        if node is not None and node.kind != "truth":
            self.section.complain(key, f"must be yes or no, not {node.in_words}")
        return node.truth if node is not None else None

    def days(self, key: str) -> int | Unknown:
        """A number of days, or `unknown`."""
        node = self.section.get(key)
        if node is None or _says_unknown(node):
            return UNKNOWN
        return self.section.whole_number(key, least=1, most=365) or UNKNOWN

    def choice(self, key: str, known: Sequence[_Code]) -> _Code | None:
        """One of a closed set of codes."""
        word = self.section.string(key)
        for code in known:
            if word == code.value:
                return code
        if word is not None:
            hint = did_you_mean(word, [code.value for code in known])
            self.section.complain(key, f'must be one of {", ".join(known)}, not "{word}"{hint}')
        return None

    def identifier(self) -> str:
        """The `id` of a part: letters, digits, _ and -, because paths are made of it."""
        value = self.section.string("id") or ""
        if value and not _ID.fullmatch(value):
            self.section.complain("id", f'must be letters, digits, _ and -, not "{value}"')
        if self.infer and len(value) > LONGEST_ID:
            self.section.complain("id", f"must have at most {LONGEST_ID} characters, not {len(value)}")
        return value

    def references(self, key: str, what: str, known: Collection[str]) -> tuple[str | Unknown, ...]:
        """A list of ids, each known and none twice, with `unknown` among them or in its place."""
        found: list[str | Unknown] = []
        for item in self._items(key):
            value = UNKNOWN if _says_unknown(item) else self._reference(item, key, what, known)
            if value is None:
                continue
            if value in found:
                named = "unknown" if is_unknown(value) else f'"{value}"'
                self.problems.add(item.line, self.section.path_of(key), f"names {named} twice")
            else:
                found.append(value)
        return tuple(found)

    def categories(self, key: str, known: Collection[str]) -> tuple[str | Text | Unknown, ...]:
        """A list of ids of categories; a mapping {en, nb} is a kind of data in its own words."""
        path = self.section.path_of(key)
        found: list[str | Text | Unknown] = []
        for item in self._items(key):
            if item.kind == "mapping":
                found.append(self._text(item, path, SAYS_UNKNOWN))
            elif _says_unknown(item):
                found.append(UNKNOWN)
            elif reference := self._reference(item, key, "data category", known):
                found.append(reference)
        return tuple(found)

    def rights(self, key: str) -> tuple[RightRule, ...]:
        """A list of right codes, or mappings {right, when} for conditional ones."""
        rules = [self._right(item, key) for item in self._items(key)]
        return tuple(rule for rule in rules if rule is not None)

    def parts(self, key: str) -> tuple[Node, ...]:
        """The members of a list of mappings."""
        return tuple(self._items(key, may_be_unknown=False))

    def _items(self, key: str, *, may_be_unknown: bool = True) -> tuple[Node, ...]:
        node = self.section.get(key)
        if node is None:
            return ()
        if may_be_unknown and _says_unknown(node):
            return (node,)
        if node.kind != "list":
            self.section.complain(key, f"must be a list, not {node.in_words}")
            return ()
        if not node.items:
            self.section.complain(key, "is an empty list: write unknown, or say in words that there is none")
        return node.items

    def _text(self, node: Node, path: str, incomplete: re.Pattern[str]) -> TextValue:
        if _says_unknown(node):
            return UNKNOWN
        if node.kind == "mapping":
            return self._text_in_both(node, path, incomplete)
        if node.kind not in ("text", "number"):
            wanted = "must be a text, or {en: …, nb: …}"
            self.problems.add(node.line, path, f"{wanted}, not {node.in_words}")
            return UNKNOWN
        raw = node.raw.strip()
        return self._made(node, path, raw, raw, self.infer and bool(incomplete.search(raw)), False)

    def _text_in_both(self, node: Node, path: str, incomplete: re.Pattern[str]) -> TextValue:
        part = Reader(
            node,
            path,
            self.problems,
            required=("en", "nb"),
            optional=("incomplete", "example"),
            infer=self.infer,
        )
        en, nb = part.section.string("en"), part.section.string("nb")
        if en is None or nb is None:
            return UNKNOWN
        said = part.flag("incomplete")
        partial = self.infer and bool(incomplete.search(en) or incomplete.search(nb)) if said is None else said
        return self._made(node, path, en, nb, partial, bool(part.flag("example")))

    def _made(self, node: Node, path: str, en: str, nb: str, incomplete: bool, example: bool) -> TextValue:
        try:
            return Text(en, nb, incomplete=incomplete, example=example)
        except ValueError as error:
            self.problems.add(node.line, path, str(error))
            return UNKNOWN

    def _reference(self, item: Node, key: str, what: str, known: Collection[str]) -> str | None:
        word = item.raw.strip()
        if word in known:
            return word
        hint = did_you_mean(word, known) if word else ""
        message = f'no {what} has the id "{word}"{hint}' if word else f"must list ids, not {item.in_words}"
        self.problems.add(item.line, self.section.path_of(key), message)
        return None

    def _right(self, item: Node, key: str) -> RightRule | None:
        path = self.section.path_of(key)
        if item.kind != "mapping":
            right = self._right_code(item.raw.strip(), item, path)
            return RightRule(right) if right else None
        part = Reader(item, path, self.problems, required=("right",), optional=("when",), infer=False)
        code = part.section.string("right")
        right = self._right_code(code, item, path) if code is not None else None
        when = part.text("when")
        known = when if isinstance(when, Text) and not (when.incomplete or when.example) else None
        if when is not None and known is None:
            self.problems.add(item.line, f"{path}.when", "must be known, or be left out")
        return RightRule(right, known) if right else None

    def _right_code(self, code: str, item: Node, path: str) -> Right | None:
        try:
            return Right(code)
        except ValueError:
            self.problems.add(item.line, path, f'no right has the code "{code}"{did_you_mean(code, Right)}')
            return None


def _says_unknown(node: Node) -> bool:
    return node.kind == "text" and node.raw.strip().lower() == "unknown"
