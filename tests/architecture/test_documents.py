"""Documents that are drawn from code are current, and what operators are told is complete."""

import re
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from config.env import NAMES

ROOT = Path(__file__).resolve().parents[2]


def test_the_lifecycle_page_is_current() -> None:
    out = StringIO()
    call_command("lifecycle_doc", "--print", stdout=out)
    assert (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8") == out.getvalue()


def test_the_example_environment_names_every_variable() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    documented = set(re.findall(r"^#?\s*([A-Z][A-Z_]+)=", text, flags=re.MULTILINE))
    assert set(NAMES) <= documented
