"""`stage` has one writer, and tasks stay hints."""

import ast
from pathlib import Path

import pytest

from tests.architecture.test_direction import ROOT, sources

WRITER = Path("requests_app/services/lifecycle.py")
MODEL = "DataSubjectRequest"
LONGEST_TASK = 8  # lines of body


WRITES = {"update", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "setattr", MODEL}


def _writes_stage(node: ast.AST) -> bool:
    """Tell whether a node writes a field `stage`, by whatever way Python and Django have for it."""
    if isinstance(node, ast.Attribute):  # an assignment, also one of several and in a loop or a `with`
        return node.attr == "stage" and isinstance(node.ctx, ast.Store)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in WRITES:
        return False
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    named = any(keyword.arg == "stage" for keyword in node.keywords)
    return named or any(_names_stage(part) for value in given for part in ast.walk(value))


def _names_stage(node: ast.AST) -> bool:
    """The word as a key of a mapping, in a list of fields, or as the argument of setattr."""
    return isinstance(node, ast.Constant) and node.value == "stage"


@pytest.mark.parametrize(
    "line",
    [
        "dsr.stage = x",
        "dsr.stage, dsr.outcome = x, y",
        "(a, (dsr.stage, *b)) = x",
        "dsr.stage: str = x",
        "for dsr.stage in x: pass",
        "setattr(dsr, 'stage', x)",
        "DataSubjectRequest(case=c, stage=x)",
        "models.DataSubjectRequest(**{'stage': x})",
        "rows.update(stage=x)",
        "rows.update(**{'stage': x})",
        "rows.update_or_create(pk=1, defaults={'stage': x})",
        "rows.bulk_update(found, ['stage'])",
        "rows.bulk_update(found, fields=('stage',))",
    ],
)
def test_every_way_to_write_a_stage_is_noticed(line: str) -> None:
    assert any(_writes_stage(node) for node in ast.walk(ast.parse(line)))


@pytest.mark.parametrize("line", ["x = dsr.stage", "rows.filter(stage=x).update(due=y)", "Reason('a', {'stage': x})"])
def test_reading_a_stage_is_no_writing(line: str) -> None:
    assert not any(_writes_stage(node) for node in ast.walk(ast.parse(line)))


def test_only_advance_writes_stage() -> None:
    writers = {
        path.relative_to(ROOT)
        for path in sources()
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _writes_stage(node)
    }
    assert writers == {WRITER}


def test_tasks_are_short_and_named_in_one_place_per_app() -> None:
    long = []
    for path in sources():
        if path.name != "tasks.py" or path.parent.name == "services":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                body = [n for n in node.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                if lines > LONGEST_TASK:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []
