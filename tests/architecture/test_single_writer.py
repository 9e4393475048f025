"""`stage` has one writer, and tasks stay hints."""

import ast
from pathlib import Path

from tests.architecture.test_direction import ROOT, sources

WRITER = Path("requests_app/services/lifecycle.py")
LONGEST_TASK = 8  # lines of body


def _writes_stage(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Attribute) and t.attr == "stage" for t in targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        writes = {"update", "create", "get_or_create", "update_or_create", "bulk_update"}
        return node.func.attr in writes and any(keyword.arg == "stage" for keyword in node.keywords)
    return False


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
