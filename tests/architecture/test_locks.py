"""Cases, requests and the serial are locked in one place, which keeps the order; the rest has no order to keep."""

import ast
from pathlib import Path

from tests.architecture.test_direction import ROOT, sources

IN_ORDER = Path("requests_app/services/rows.py")
HEAD = Path("requests_app/audit.py")
# Locked after those of `rows`, or without any of them.
OTHERS = {
    "ApiToken", "Attachment", "CaseReader", "Correction", "ErasurePlan", "Extension", "Fee", "Heartbeat", "Inquiry",
    "IntakeDraft", "Lifting", "LoginThrottle", "MailboxHealth", "Message", "Organisation", "RegisterVersion",
    "SecondFactor", "SentMail", "SystemTask", "TaskLink", "User", "_alive", "_invitations", "_owned", "_tokens",
    "_waiting", "dsr", "due", "get_user_model", "guesses", "made", "rows", "suppression_list",
}  # fmt: skip


def _root(node: ast.expr) -> str:
    """The name that a chain of calls and attributes begins with."""
    while not isinstance(node, ast.Name):
        node = node.func if isinstance(node, ast.Call) else node.value  # type: ignore[attr-defined]
    return node.id


def test_what_has_an_order_is_locked_in_one_place() -> None:
    elsewhere = [
        f"{path.relative_to(ROOT)}: {_root(node.value)}"
        for path in sources()
        if path.relative_to(ROOT) not in (IN_ORDER, HEAD)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "select_for_update" and _root(node.value) not in OTHERS
    ]
    assert elsewhere == []
