"""The bench measures what it says, on both databases, and leaves no file. How fast it was is not our business."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def measured(folder: Path, **variables: str) -> list[dict[str, object]]:
    """Run the bench over a few rows, with `folder` for its temporary files; return its figures."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DATARETT_")}
    command = [sys.executable, "bench/clock.py", "--json", "--rows=600", "--seconds=0.01"]
    done = subprocess.run(
        command, cwd=ROOT, env=environ | {"TMPDIR": str(folder)} | variables, capture_output=True, text=True, check=True
    )
    figures: list[dict[str, object]] = json.loads(done.stdout)["figures"]
    return figures


def test_it_finds_what_is_due_by_the_index_and_leaves_no_file(tmp_path: Path) -> None:
    figures = measured(tmp_path)
    assert [figure["target"] for figure in figures] == [20000, 20, None, None]
    assert all(isinstance(figure["value"], int | float) for figure in figures)
    assert figures[1]["what"] == "finding what is due by its index (SQLite, 53 due of 54 open of 600)"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.services
def test_it_measures_a_database_of_its_own_on_a_server(tmp_path: Path, postgres_url: str) -> None:
    figures = measured(tmp_path, DATARETT_DATABASE_URL=postgres_url)
    assert [figure["unit"] for figure in figures] == ["a second", "ms", "s", "s", "ms", "s", "s"]
    assert "PostgreSQL, 53 due" in str(figures[4]["what"])
