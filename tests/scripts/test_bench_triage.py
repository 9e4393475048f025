"""The bench of the triage measures what it says and leaves no file. How fast it was is not our business."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_it_tells_what_the_model_adds_to_the_start_and_what_a_mail_costs(tmp_path: Path) -> None:
    command = [sys.executable, "bench/triage.py", "--json", "--starts=1", "--rounds=1"]
    environ = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)["figures"]
    assert [(figure["unit"], figure["target"]) for figure in figures] == [
        ("ms", None), ("ms", 300), ("ms", None), ("times", None), ("ms", None), ("ms", None), ("ms", None),
    ]  # fmt: skip
    assert figures[4]["what"].startswith("judging a mail")
    assert all(figure["value"] > 0 for figure in (figures[0], figures[2], figures[4]))
    assert list(tmp_path.iterdir()) == []
