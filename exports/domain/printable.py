"""Text of strangers, made fit for paper: nothing invisible, nothing endless, nothing that turns the reading.

A PDF shows what stands in a system, also where somebody wrote it to mislead or to break the layout: controls
that reverse the reading order ("evil" + U+202E + "fdp.exe"), words without end, characters that no font has.
The machine-readable twin keeps every value untouched.
"""

import re
import unicodedata

CELL_LIMIT = 2000
LINE_LIMIT = 40
RUN_LIMIT = 40
SOFT_BREAK = "\u200b"

# Controls without a picture that words, emoji and scripts need: soft hyphen, soft break, (non-)joiners.
_KEPT = frozenset("\n\u00ad\u200b\u200c\u200d")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LONG_RUN = re.compile(rf"[^\s{SOFT_BREAK}]{{{RUN_LIMIT + 1},}}")


def printable(text: str) -> str:
    """Return `text` with invisible characters shown as [U+202E] and places to break in long words."""
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _LONG_RUN.sub(_breakable, "".join(_visible(character) for character in lines))


def clipped(text: str) -> tuple[str, bool]:
    """Return at most CELL_LIMIT characters and LINE_LIMIT lines of `text`, and whether anything was left."""
    lines = _LINE_ENDS.sub("\n", text[: CELL_LIMIT * 2]).split("\n", LINE_LIMIT)
    short = "\n".join(lines[:LINE_LIMIT])[:CELL_LIMIT]
    return short, len(lines) > LINE_LIMIT or len(text) > CELL_LIMIT


def code_point(character: str) -> str:
    """Return how a character without a picture is shown."""
    return f"[U+{ord(character):04X}]"


def runs_right_to_left(text: str) -> bool:
    """Tell by the first letter whether a text is read from right to left (rule P2 of Unicode's UAX 9)."""
    for character in text:
        if (kind := unicodedata.bidirectional(character)) in {"L", "R", "AL"}:
            return kind != "L"
    return False


def _visible(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _INVISIBLE:
        return character
    return code_point(character)


def _breakable(run: re.Match[str]) -> str:
    """Put a soft break after every RUN_LIMIT characters: not before a mark, unless marks never end."""
    parts, length = [], 0
    for character in run.group():
        joins = unicodedata.combining(character) or character == "\u200d" or "\ufe00" <= character <= "\ufe0f"
        if length >= RUN_LIMIT * 2 or (length >= RUN_LIMIT and not joins):
            parts.append(SOFT_BREAK)
            length = 0
        parts.append(character)
        length += 1
    return "".join(parts)
