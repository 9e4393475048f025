"""The bench of the answers to known and unknown addresses tells its ratios and leaves no file."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_it_tells_a_ratio_for_each_page(tmp_path: Path) -> None:
    command = [sys.executable, "bench/identity.py", "--json", "--rounds=1"]
    environ = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)["figures"]
    assert [figure["what"].partition(",")[0] for figure in figures] == ["login", "a new link", "a wrong code"]
    assert all(figure["unit"] == "times" and figure["value"] > 0 for figure in figures)
    assert list(tmp_path.iterdir()) == []
