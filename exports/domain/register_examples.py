"""A trial: every unknown of the register gets an example value, marked as one in the data itself.

The marks travel with the texts into the database and onto paper; `art15` refuses them outside a trial.
An unknown *system* stays unknown, because an example of a system cannot be searched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from requests_app.domain.marked_yaml import Node, Problems, parse, read_text

from .register_fields import (
    Field,
    Kind,
    all_fields,
    applies,
    is_lacking,
    item_is_lacking,
    part_at,
    value_at,
    with_value,
)
from .register_load import RegisterError
from .register_model import Register
from .register_read import Reader
from .register_values import Text

SCHEMA: Final = "datarett-register-examples/1"
Examples: TypeAlias = Mapping[str, tuple[Text, ...]]
"""Example texts by the path of the field they stand in for."""


class MissingExample(ValueError):
    """A field is unknown and no example was given for it; `path` names it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"no example for {path}")
        self.path = path


def unknown_paths(register: Register) -> list[str]:
    """The paths of all fields that a trial fills, whether a letter prints them or not."""
    return [path for path, field in all_fields(register) if _wants_example(register, path, field)]


def load_examples(path: Path, register: Register) -> Examples:
    """Read an example file; RegisterError for a path that the register does not have, or a wrong text."""
    problems = Problems(str(path))
    return _examples(parse(read_text(path, problems), problems), register, problems)


def parse_examples(text: str, register: Register, *, file: str = "register.trial.yaml") -> Examples:
    """Read examples from YAML text; `file` is the name used in errors."""
    problems = Problems(file)
    return _examples(parse(text, problems), register, problems)


def with_examples(register: Register, examples: Examples) -> Register:
    """The register with an example for whatever is unknown or incomplete; what is known stays.

    MissingExample if one is wanting; examples for known fields are left aside.
    """
    for path in unknown_paths(register):
        if path not in examples:
            raise MissingExample(path)
        given = tuple(replace(text, example=True) for text in examples[path])
        current = value_at(register, path)
        if isinstance(current, tuple):
            known = tuple(item for item in current if not item_is_lacking(item))
            register = with_value(register, path, (*known, *given))
        else:
            register = with_value(register, path, given[0])
    return register


def has_examples(register: Register) -> bool:
    """True if any value anywhere in the register is an example."""
    return any(text.example for text in _texts(register))


def _wants_example(register: Register, path: str, field: Field) -> bool:
    value = value_at(register, path)
    if not applies(part_at(register, path), field):
        return False
    return field.kind is not Kind.SYSTEMS and value is not None and is_lacking(field, value, trial=True)


def _examples(node: Node | None, register: Register, problems: Problems) -> Examples:
    found: dict[str, tuple[Text, ...]] = {}
    if node is not None:
        top = Reader(node, "", problems, required=("schema", "examples"), infer=False)
        schema = top.section.string("schema")
        if schema is not None and schema != SCHEMA:
            top.section.complain("schema", f'must be "{SCHEMA}", not "{schema}"')
        inner = top.section.get("examples")
        if inner is not None:
            found = _texts_by_path(inner, register, problems)
    if problems.found:
        raise RegisterError(problems.found)
    return found


def _texts_by_path(node: Node, register: Register, problems: Problems) -> dict[str, tuple[Text, ...]]:
    known = dict(all_fields(register))
    read = Reader(node, "examples", problems, required=(), optional=known, infer=False)
    found = {}
    for path, field in known.items():
        if read.section.get(path) is None:
            continue
        several = field.kind in (Kind.LIST, Kind.CATEGORIES)
        texts = read.texts(path) if several else (read.demanded(path),)
        found[path] = tuple(text for text in texts if isinstance(text, Text))
        if len(found[path]) < len(texts) and not problems.found:
            read.section.complain(path, "an example must say something")
    return found


def _texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
