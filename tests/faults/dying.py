"""A worker that is killed before each of its steps in turn, and the installation in which that is done."""

from collections.abc import Callable, Iterator
from itertools import count

from tests.faults import house, scenes
from tests.faults.console import Console
from tests.services.installation import ROOT, Installation

REGISTER = ROOT / "tests" / "data" / "register-story.yaml"


def prepare(installation: Installation, inside: Console) -> None:
    """Lay a website that may be changed, a full register with few systems, and two members of staff."""
    house.lay_website(installation, writable=True)
    installation.manage("load_register", str(REGISTER), "--force")
    inside(scenes.hire)
    inside(scenes.fill_register)


def each_step(installation: Installation, owe: Callable[[int], object]) -> Iterator[int]:
    """Have something owed, kill the worker before the n-th step of it, let the next one go on: n = 1, 2, 3 …

    `owe` gets the number of the step. It arms it (`scenes.arm`) before the last thing that it does; for what comes
    before there is a living worker. Yields the step when nothing is owed any more; ends after the first that nobody
    reached, for that one was disturbed by nobody.
    """
    installation.start("worker", **house.ONE_THREAD)
    for step in count(1):
        owe(step)
        died = house.dies(installation, "worker", lambda: house.owed(installation) == 0)
        if died:
            installation.start("worker", **house.ONE_THREAD)
            house.wait_settled(installation)
        yield step
        if not died:
            break
    house.disarm(installation)
    installation.kill("worker")
