"""A trial that runs, with everything in it that there is to see; for the tests and for the pictures of the README."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services.installation import Installation

PASSWORD = "en lang setning ingen gjetter 7"
MARK = "scene "  # in front of the line in which `scene.lay` says where everything is
_LAY = "from tests.browser import scene; scene.lay()"


@dataclass(frozen=True)
class Trial:
    """A running installation and where everything in it is (`scene.lay` says what)."""

    installation: Installation
    places: dict[str, Any]

    @property
    def url(self) -> str:
        """Where the site is, without a slash at the end."""
        return self.installation.url

    def case(self, name: str) -> dict[str, Any]:
        """Where a case of the scene is."""
        return dict(self.places["cases"][name])

    def desk(self, name: str) -> str:
        """The path of a case on the desk."""
        return f"/desk/cases/{self.case(name)['reference']}/"

    def inquiry(self, subject: str) -> str:
        """The path of an inquiry, by the beginning of its subject line."""
        found = [pk for words, pk in self.places["inquiries"].items() if words.startswith(subject)]
        return f"/desk/inbox/{found[-1]}/"

    def task(self, case: str, *, mode: str = "manual", state: str = "open", action: str = "read") -> str:
        """The path of the first such task of a case."""
        wanted, tasks = (mode, state, action), self.case(case)["tasks"]
        found = (task["pk"] for task in tasks if (task["mode"], task["state"], task["action"]) == wanted)
        return f"/desk/tasks/{next(found)}/"

    def unsubscribe(self, language: str) -> str:
        """The path of the link in a mailing to somebody who reads this language."""
        return str(self.places["unsubscribe"][language]).removeprefix(self.url)

    def file(self, case: str, ending: str) -> int:
        """The id of the first file of a case's package whose name ends so."""
        return int(next(file["pk"] for file in self.case(case)["files"] if file["name"].endswith(ending)))


@contextmanager
def running(var: Path, static: Path) -> Iterator[Trial]:
    """Yield a trial with the whole scene, all its processes running; stop them on leaving."""
    installation = Installation(var, static)
    installation.environ["DJANGO_SETTINGS_MODULE"] = "tests.browser.settings"
    try:
        installation.manage("prepare", "--trial")
        said = installation.manage("shell", "--no-imports", "-c", _LAY)
        line = next(line for line in said.splitlines() if line.startswith(MARK))
        installation.start_all()
        yield Trial(installation, json.loads(line.removeprefix(MARK)))
    finally:
        installation.stop()
