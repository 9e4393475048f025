"""The kinds of value in a dataset file, read one by one; what is wrong is noted with file, line and key."""

import re
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from exports.domain.records import Label
from requests_app.domain.marked_yaml import Node, Section, did_you_mean

_Code = TypeVar("_Code", bound=StrEnum)

_CATEGORY = re.compile(r"(user|system)(\.[a-z0-9_]+)*")
_DATA_TYPES = ("string", "integer", "float", "boolean", "object_id", "object")


def part(section: Section, key: str, optional: tuple[str, ...]) -> Section:
    """The mapping under a key; an absent one reads as empty."""
    node = section.get(key) or Node("mapping", section.node.line)
    return Section(node, section.path_of(key), section.problems, required=(), optional=optional)


def items(section: Section, key: str, *, may_be_empty: bool = False) -> tuple[Node, ...]:
    """The nodes of a list; none if the key is absent."""
    node = section.get(key)
    if node is None:
        return ()
    if node.kind != "list":
        section.complain(key, f"must be a list, not {node.in_words}")
    elif not node.items and not may_be_empty:
        section.complain(key, "must not be empty")
    return node.items


def truth(section: Section, key: str, *, default: bool = False) -> bool:
    """Yes or no."""
    node = section.get(key)
    if node is None:
        return default
    if node.truth is None:
        section.complain(key, f"must be true or false, not {node.in_words}")
    return bool(node.truth)


def code(section: Section, key: str, codes: type[_Code]) -> _Code | None:
    """One word of a closed set, or None when the key is absent."""
    word = section.string(key)
    if word is None:
        return None
    known = [member.value for member in codes]
    if word not in known:
        section.complain(key, f"must be one of {', '.join(known)}, not {word}{did_you_mean(word, known)}")
        return None
    return codes(word)


def label(section: Section, otherwise: str) -> Label:
    """A name in both languages under `label`; without one the technical name in plain letters."""
    if section.get("label") is None:
        plain = otherwise.replace("_", " ").strip()
        plain = plain[:1].upper() + plain[1:]
        return Label(en=plain, nb=plain)
    texts = Section(
        section.get("label") or section.node,
        section.path_of("label"),
        section.problems,
        required=("en", "nb"),
    )
    return Label(en=texts.string("en") or "", nb=texts.string("nb") or "")


def categories(section: Section) -> tuple[str, ...]:
    """Data categories of fideslang, or of the operator's own under `user` or `system`."""
    found = section.strings("data_categories") or ()
    for category in found:
        if not _CATEGORY.fullmatch(category):
            section.complain("data_categories", f"{category} is no category: they read user.contact.email")
    return found


def data_type(section: Section) -> str | None:
    """A type of fideslang, `[]` after it for a list of them."""
    word = section.string("data_type")
    if word is not None and word.removesuffix("[]") not in _DATA_TYPES:
        known = ", ".join(_DATA_TYPES)
        section.complain("data_type", f"must be one of {known}, not {word}{did_you_mean(word, _DATA_TYPES)}")
    return word


def redacts_name(section: Section) -> bool:
    """True for `redact: name`, the one thing that can be redacted here."""
    word = section.string("redact")
    if word not in (None, "name"):
        section.complain("redact", f"can only be name, not {word}")
    return word == "name"


def zone(section: Section) -> ZoneInfo:
    """The zone of times that are stored without one; UTC if the file names none."""
    name = section.string("timezone") or "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of the zone database is an OSError
        section.complain("timezone", f"{name} is no time zone: they read Europe/Oslo")
        return ZoneInfo("UTC")
