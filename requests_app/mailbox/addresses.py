"""Address lists of headers (RFC 5322 and what is sent in its name), read in one pass without recursion.

The address is found before encoded words are decoded: a display name can never become an address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import charsets, encoded_words
from .cleaning import one_line
from .headers import MAX_VALUE

MAX_ADDRESS = 320  # octets of the longest address, RFC 3696 erratum 1690
_ONE = re.compile(r"""(?:"[^"\r\n]{1,64}"|[^\s<>,;:"()\[\]@]{1,250})@[^\s<>,;"()@]{1,255}""")
_EDGE = r"""[^\s<>,;:"()\[\]]"""
_LOOSE = re.compile(rf"""(?<!{_EDGE})[^\s<>,;:"()\[\]@]{{1,250}}@[^\s<>,;:"()\[\]@]{{1,255}}(?!{_EDGE})""")


@dataclass(frozen=True)
class Address:
    """One mailbox: the name as shown ("" if none) and the address as written."""

    name: str
    address: str


def normal(address: str) -> str:
    """Return the form in which two addresses are compared."""
    return address.strip().lower().rstrip(".")


def domain(address: str) -> str:
    """Return the domain of an address in lower case, "" if it has none."""
    return normal(address).rpartition("@")[2] if "@" in address else ""


def without_tag(address: str) -> str:
    """Return the address in normal form without a plus-tag: info+sak-1@x.example -> info@x.example."""
    local, at, host = normal(address).rpartition("@")
    return local.partition("+")[0] + at + host


def read(value: bytes, limit: int = 100) -> tuple[Address, ...]:
    """Return up to `limit` addresses of a header value; entries without an address are passed over."""
    text = one_line(charsets.decode(value[:MAX_VALUE], detect=False)[0], MAX_VALUE)
    found = _take(text, limit)
    if not found and "=?" in text:  # some senders encode the address together with the name
        found = _take(one_line(encoded_words.decode(text), MAX_VALUE), limit)
    return found or tuple(Address("", word) for word in _LOOSE.findall(text)[:limit])


def _take(text: str, limit: int) -> tuple[Address, ...]:
    found: list[Address] = []
    surname = ""  # of `Nordmann, Ola <ola@…>`, where the comma should have been quoted
    for entry in _entries(text):
        one = entry.as_address(surname)
        surname = "" if one or "@" in entry.name else "".join(entry.name).strip()
        if one:
            found.append(one)
        elif "@" in entry.name:
            found += [Address("", word) for word in _LOOSE.findall("".join(entry.name))]
        if len(found) >= limit:
            break
    return tuple(found[:limit])


@dataclass
class _Entry:
    name: list[str] = field(default_factory=list)
    angle: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)

    def as_address(self, surname: str) -> Address | None:
        name = "".join(self.name).strip()
        angle = "".join(self.angle).rpartition(":")[2].strip()  # `<@relay:user@host>`, RFC 5322 4.4
        if _ONE.fullmatch(angle):
            shown = f"{surname}, {name}" if surname and name else name or "".join(self.comment)
            return Address(_shown(shown), angle[:MAX_ADDRESS])
        if not self.angle and _ONE.fullmatch(name):
            return Address(_shown("".join(self.comment)), name[:MAX_ADDRESS])
        return None


def _shown(name: str) -> str:
    return one_line(encoded_words.decode(name.replace('"', "")), 200).strip("' ")


def _entries(text: str) -> Iterator[_Entry]:
    """Cut a list at its commas, keeping apart what stands in quotes, comments and angle brackets."""
    entry, quoted, depth, angle, escaped = _Entry(), False, 0, False, False
    for char in text:
        target = entry.comment if depth else entry.angle if angle else entry.name
        if escaped:
            escaped = False
            target.append(char)
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
            target.append(char)
        elif quoted:
            target.append(char)
        elif char == "(" or (char == ")" and depth):
            depth += 1 if char == "(" else -1
        elif depth:
            target.append(char)
        elif char == "<":
            angle = True
            entry.angle.clear()
        elif char == ">":
            angle = False
        elif angle:
            target.append(char)
        elif char in ",;":
            yield entry
            entry = _Entry()
        elif char == ":":
            entry.name.clear()  # the label of a group
        else:
            target.append(char)
    yield entry
