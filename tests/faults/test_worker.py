"""Workers: killed at every step, four at a time, with ten thousand effects owed."""

from itertools import count

from tests.faults import house
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.services.installation import Installation

FEWEST_STEPS = 6  # plan, begin, file, answer, acknowledgement and its mail
ROWS = 10_000

# Effects that are cheap to have and easy to count: each leaves one line in a table without any key.
_OWE = """
from django.db import connection
from django.utils import timezone
from requests_app import outbox
from requests_app.models import OutboxEvent
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS effects (number integer)")
now = timezone.now()
OutboxEvent.objects.bulk_create(
    [
        OutboxEvent(
            key=f"effect:{{number}}", name="Effect", handler="tests.faults.effects.leave_a_line",
            payload={{"number": number}}, created_at=now, run_at=now,
        )
        for number in range({first}, {last})
    ],
    batch_size=500,
)
for _ in range({hints}):
    outbox.nudge()
"""


@fault(
    breaks="kill -9 of the worker before each of its steps, in turn",
    then="each case is searched and confirmed once; only an unfinished hand-over to the file folder is repeated",
)
def test_a_worker_killed_at_any_step_leaves_nothing_undone_and_nothing_done_twice(installation: Installation) -> None:
    opened: house.Opened = {}
    for step in count(1):
        opened |= house.open_cases(installation, step)
        house.arm(installation, "worker", step)
        installation.start("worker", **house.ONE_THREAD)
        if not house.dies(installation, "worker", lambda: house.owed(installation) == 0):
            break  # there is no such step any more
        installation.start("worker", **house.ONE_THREAD)
        house.wait_settled(installation)
        installation.kill("worker")
    assert step > FEWEST_STEPS, "the steps of collecting are not counted"
    house.assert_each_once(installation, opened)
    assert len(house.mails(installation)) == len(opened)
    # A file may be written again, it is the same one; that happens to mails whose hand-over nobody could note.
    again = [times for times in house.handed_over(installation).values() if times > 1]
    assert again in ([], [2], [2, 2])


@fault(breaks="four workers race for the same work", then="each case is searched and confirmed once")
def test_four_workers_race_for_the_same_work(installation: Installation) -> None:
    opened = house.open_cases(installation, *range(12))
    for number in range(4):
        flags = "-B" if number == 0 else ""
        installation.start(f"worker-{number}", line="worker", WORKER_FLAGS=flags, WORKER_THREADS="1")
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)
    assert sorted(house.handed_over(installation).values()) == [1] * len(opened)


@fault(
    breaks="four workers race for one job, each with a hint of its own",
    then="the job is done once",
)
def test_four_workers_race_for_one_job(installation: Installation) -> None:
    for number in range(4):
        flags = "-B" if number == 0 else ""
        installation.start(f"worker-{number}", line="worker", WORKER_FLAGS=flags, WORKER_THREADS="2")
    for jobs in range(3):
        _owe(installation, jobs, jobs + 1, hints=8)
        house.wait_settled(installation)
        assert _effects(installation) == (jobs + 1, jobs + 1)


@fault(
    breaks="10,000 effects are owed, all hints are lost, and one of four workers is killed half-way",
    then="each of the 10,000 happens once",
)
def test_ten_thousand_effects_are_drained_once_each(installation: Installation) -> None:
    _owe(installation, 0, ROWS, hints=0)
    for number in range(4):
        flags = "-B" if number == 0 else ""
        installation.start(f"worker-{number}", line="worker", WORKER_FLAGS=flags)
    eventually(lambda: house.owed(installation) < ROWS // 2, "half of the work")
    installation.kill("worker-3")
    house.wait_settled(installation)
    assert _effects(installation) == (ROWS, ROWS)


def _owe(installation: Installation, first: int, last: int, *, hints: int) -> None:
    installation.manage("shell", "--no-imports", "-c", _OWE.format(first=first, last=last, hints=hints))


def _effects(installation: Installation) -> tuple[int, int]:
    """How many effects there were, and how many different ones."""
    ((times, different),) = house.ask(installation, "SELECT count(*), count(DISTINCT number) FROM effects")
    return times, different
