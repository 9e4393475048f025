"""What import contracts cannot see: foreign keys as strings, and look-ups of models by name."""

import ast
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["requests", "identity", "exports", "config"]  # lowest first
OURS = ("config", "exports", "identity", "requests_app")


def sources() -> list[Path]:
    """Every Python file of the product."""
    return [path for app in OURS for path in sorted((ROOT / app).rglob("*.py"))]


def test_foreign_keys_point_down_or_to_the_account() -> None:
    upward = []
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in ORDER:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey | ManyToManyField) or not field.concrete:
                continue
            if isinstance(field.related_model, str):
                continue
            target = field.related_model._meta
            if target.label == settings.AUTH_USER_MODEL or target.app_label not in ORDER:
                continue
            if ORDER.index(target.app_label) > ORDER.index(label):
                upward.append(f"{model._meta.label}.{field.name} -> {target.label}")
    assert upward == []


def test_models_are_imported_not_looked_up() -> None:
    found = []
    for path in sources():
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "get_model":
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_the_audit_points_to_nothing() -> None:
    from requests_app.models import AuditEntry

    assert [f.name for f in AuditEntry._meta.get_fields() if f.is_relation] == []
