"""Documents that are drawn from code are current, and what operators are told is complete."""

import re
import subprocess
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from config.env import NAMES

ROOT = Path(__file__).resolve().parents[2]


def test_the_lifecycle_page_is_current() -> None:
    out = StringIO()
    call_command("lifecycle_doc", "--print", stdout=out)
    assert (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8") == out.getvalue()


def test_the_page_of_roles_is_current() -> None:
    out = StringIO()
    call_command("roles_doc", "--print", stdout=out)
    assert (ROOT / "docs" / "roles.md").read_text(encoding="utf-8") == out.getvalue()


def test_nothing_that_is_tracked_is_a_link() -> None:
    """A link leads out of the checkout, or to another file on another machine."""
    if not (ROOT / ".git").exists():  # handed over as an archive, all of it is ours to walk
        tracked = [path for path in ROOT.rglob("*") if not path.relative_to(ROOT).parts[0].startswith(".")]
    else:
        said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        tracked = [ROOT / name for name in said.split("\0") if name]
    assert tracked
    assert [path for path in tracked if path.is_symlink()] == []


def test_the_example_environment_names_every_variable() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    documented = set(re.findall(r"^#?\s*([A-Z][A-Z_]+)=", text, flags=re.MULTILINE))
    assert set(NAMES) <= documented
