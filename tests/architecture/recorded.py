"""What the product writes into its audit, read from its source.

Nothing is guessed: an action that cannot be followed to its words is an error, so that none slips through.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from requests_app.domain import enums

from .test_direction import ROOT, sources

# What can stand behind the dot where it is put in: every member counts, whether it is recorded today or not.
MEMBERS: dict[str, type[StrEnum]] = {
    "request.": enums.Action,
    "message.": enums.MessageState,
    "outside.": enums.Outside,
}


@dataclass(frozen=True)
class Recorded:
    """One call that writes entries: their actions, and how the source names the row they are about."""

    actions: frozenset[str]
    subject: str


@dataclass(frozen=True)
class _Place:
    """Where an expression stands: its file, what that is called in imports, and the function around it."""

    module: ast.Module
    path: str
    function: ast.FunctionDef

    def __str__(self) -> str:
        return f"{self.path}.{self.function.name}()"


@cache
def calls() -> tuple[Recorded, ...]:
    """Return every call that writes into the audit."""
    source = _Source()
    return tuple(
        Recorded(frozenset(source.words(call.args[0], place)), ast.unparse(call.args[1]))
        for name in ("record", "record_all")
        for place, call in source.calls[name]
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "audit"
    )


class _Source:
    """The product's files, and its calls by the last name of what is called."""

    def __init__(self) -> None:
        paths = [path for path in sources() if path.name != "audit.py" and "migrations" not in path.parts]
        self.modules = {_dotted(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
        self.calls: dict[str, list[tuple[_Place, ast.Call]]] = defaultdict(list)
        for path, module in self.modules.items():
            for function in ast.walk(module):
                if isinstance(function, ast.FunctionDef):
                    self._index(_Place(module, path, function))

    def words(self, node: ast.expr, place: _Place) -> Iterator[str]:
        """Yield each text that an expression can be."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp():
                yield from self.words(node.body, place)
                yield from self.words(node.orelse, place)
            case ast.JoinedStr(values=[ast.Constant(value=str(before)), ast.FormattedValue()]) if before in MEMBERS:
                yield from (f"{before}{member}" for member in MEMBERS[before])
            case ast.Subscript(value=ast.Name(id=table)):
                yield from self._values(table, place)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="get"), args=[_, default]):
                yield from self._values(table, place)
                yield from self.words(default, place)
            case ast.Name(id=name):
                yield from self._behind(name, place)
            case _:
                raise AssertionError(f"cannot tell what is recorded by {ast.unparse(node)} in {place}")

    def _index(self, place: _Place) -> None:
        for node in ast.walk(place.function):
            match node:
                case ast.Call(func=ast.Attribute(attr=name)):
                    self.calls[name].append((place, node))
                case ast.Call(func=ast.Name(id=name)):
                    for called in (name, *_last_names(_assigned(name, place))):
                        self.calls[called].append((place, node))

    def _values(self, table: str, place: _Place) -> Iterator[str]:
        values = self._constant(table, place)
        assert isinstance(values, ast.Dict), f"{table} in {place} is no table"
        for value in values.values:
            yield from self.words(value, place)

    def _constant(self, name: str, place: _Place) -> ast.expr:
        """What a module assigns to a name, be it this one or one that it takes the name from."""
        for statement in place.module.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                    return value
                case ast.ImportFrom(module=str(path), names=names) if name in [one.name for one in names]:
                    (full,) = [one for one in self.modules if one == path or one.endswith(f".{path}")]
                    return self._constant(name, _Place(self.modules[full], full, place.function))
        raise AssertionError(f"cannot tell what {name} is in {place}")

    def _behind(self, name: str, place: _Place) -> Iterator[str]:
        """What a name stands for: what was assigned to it in its function, or what the callers of that pass in."""
        arguments = place.function.args
        names = [one.arg for one in (*arguments.args, *arguments.kwonlyargs)]
        if assigned := _assigned(name, place):
            for value in assigned:
                yield from self.words(value, place)
        elif name not in names:
            yield from self.words(self._constant(name, place), place)
        else:
            position, passed = names.index(name), 0
            for caller, call in self.calls[place.function.name]:
                if _is_of(call, caller, place):
                    given = [one.value for one in call.keywords if one.arg == name]
                    for value in given or call.args[position : position + 1]:
                        passed += 1
                        yield from self.words(value, caller)
            assert passed, f"nobody passes {name} to {place}"


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _is_of(call: ast.Call, caller: _Place, called: _Place) -> bool:
    """Whether this is a call of that function: by its name in its own file, or by that of its module elsewhere."""
    named = [call.func]
    if isinstance(call.func, ast.Name) and not (named := _assigned(call.func.id, caller)):
        return caller.module is called.module
    module = called.path.rpartition(".")[2]
    wanted = [f"{one}.{called.function.name}" for one in (module, *_aliases(module, caller.module))]
    return any(ast.unparse(node) in wanted for node in _attributes(named))


def _aliases(name: str, module: ast.Module) -> list[str]:
    """What else a file calls a module that it imports."""
    imports = [one for node in module.body if isinstance(node, ast.ImportFrom) for one in node.names]
    return [one.asname for one in imports if one.name == name and one.asname]


def _assigned(name: str, place: _Place) -> list[ast.expr]:
    """What a function assigns to a name."""
    return [
        node.value
        for node in ast.walk(place.function)
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets)
    ]


def _last_names(nodes: list[ast.expr]) -> list[str]:
    return [node.attr for node in _attributes(nodes)]


def _attributes(nodes: list[ast.expr]) -> list[ast.Attribute]:
    return [node for one in nodes for node in ast.walk(one) if isinstance(node, ast.Attribute)]
