"""Reading an Authentication-Results field (RFC 8601 section 2.2), in one pass and without recursion.

What a stranger chose stands in there too: the name of a machine in a comment, an envelope sender in quotes. Nothing
in comments or quotes may pass for a finding, so both are read as what they are and never cut out by a pattern.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_METHOD = re.compile(r"([a-z][a-z0-9-]*)(?:/\d+)?")


@dataclass(frozen=True)
class Finding:
    """What one check found, in lower case: `dkim`, `pass`, and beside it `{"header.d": "example.com"}`."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)

    def domain(self, *names: str) -> str:
        """Return the domain that the first of these properties names, "" for none of them."""
        value = next((self.properties[name] for name in names if name in self.properties), "")
        return value.rpartition("@")[2].strip("<>").rstrip(".")


@dataclass(frozen=True)
class Block:
    """One field: the server that speaks, in lower case ("" where it does not say who it is), and what it found."""

    authserv_id: str
    findings: tuple[Finding, ...]

    def of(self, method: str) -> tuple[Finding, ...]:
        """Return what this check found; a mail may bear several signatures."""
        return tuple(one for one in self.findings if one.method == method)


def read(value: str) -> Block:
    """Return what a field says; what is malformed in it is passed over."""
    sections = list(sections_of(value))
    first = sections[0] if sections else []
    named = bool(first) and "=" not in first[0]
    authserv_id = first[0].replace('"', "").lower() if named else ""
    found = (_finding(words) for words in (sections[1:] if named else sections))
    return Block(authserv_id, tuple(one for one in found if one))


def sections_of(value: str) -> Iterator[list[str]]:
    """Yield the words between the semicolons of a field, comments left out, `a = b` written `a=b`.

    A word in quotes that stands for no value of a property keeps a quotation mark, so that it is no name of anything.
    """
    words, word, depth, quoted, escaped = [""], 0, 0, False, False
    for char in value:
        if escaped:
            escaped = False
            words[word] += "" if depth else char
        elif char == "\\" and (depth or quoted):
            escaped = True
        elif quoted:
            quoted = char != '"'
            words[word] += "" if char == '"' else char
        elif char == "(" or (char == ")" and depth):
            depth += 1 if char == "(" else -1
            word = _next(words, word)
        elif depth:
            continue
        elif char == '"':
            quoted = True
            words[word] += "" if "=" in words[word] else '"'
        elif char == ";":
            yield _joined(words)
            words, word = [""], 0
        elif char.isspace():
            word = _next(words, word)
        else:
            words[word] += char
    yield _joined(words)


def _next(words: list[str], word: int) -> int:
    """Begin a new word, unless the last one is still empty."""
    if not words[word]:
        return word
    words.append("")
    return word + 1


def _joined(words: list[str]) -> list[str]:
    """Put together what belongs to one equals sign."""
    joined: list[str] = []
    for word in filter(None, words):
        if joined and (joined[-1].endswith("=") or word.startswith("=")) and joined[-1].count("=") <= 1:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _finding(words: list[str]) -> Finding | None:
    if not words:
        return None
    name, _, result = words[0].lower().partition("=")
    method = _METHOD.fullmatch(name)
    if method is None or not result:
        return None
    pairs = (word.lower().partition("=") for word in words[1:])
    properties: dict[str, str] = {}
    for key, sign, value in pairs:
        if sign:
            properties.setdefault(key, value)
    return Finding(method[1], result, properties)
