"""The worker is killed at every step of collecting, and its hints are thrown away: each effect happens once."""

import shutil
from itertools import count

from redis import Redis

from tests.faults import house
from tests.services.installation import Installation

FEWEST_STEPS = 6  # plan, begin, file, answer, acknowledgement and its mail
ONE_THREAD = {"WORKER_FLAGS": "-B", "WORKER_THREADS": "1"}


def test_a_worker_killed_at_any_step_leaves_nothing_undone_and_nothing_done_twice(installation: Installation) -> None:
    house.lay_website(installation)
    references: list[str] = []
    for number in count(1):
        references += house.open_cases(installation, number)
        installation.start("worker", FAULT_AT=str(number), **ONE_THREAD)
        if not house.dies(installation, "worker"):
            break  # there is no such step any more
        installation.start("worker", **ONE_THREAD)
        house.wait_settled(installation)
        installation.kill("worker")
    assert number > FEWEST_STEPS, "the steps of collecting are not counted"
    for reference in references:
        house.assert_searched_once(installation, reference)
    doubled = {key: times for key, times in house.audited(installation).items() if key[0] in _ONCE and times != 1}
    assert doubled == {}
    assert len(house.mails(installation)) == len(references)
    # A file may be written again, it is the same one; that happens to the one mail whose hand-over nobody noted.
    again = {key: times for key, times in house.handed_over(installation).items() if times > 1}
    assert list(again.values()) in ([], [2])


def test_a_broker_that_forgets_everything_costs_time_only(installation: Installation) -> None:
    house.lay_website(installation)
    references = house.open_cases(installation, *range(10))
    _forget_hints(installation)
    installation.start("worker", WORKER_FLAGS="-B")
    references += house.open_cases(installation, *range(10, 20))
    _forget_hints(installation)
    references += house.open_cases(installation, *range(20, 25))
    house.wait_settled(installation)
    for reference in references:
        house.assert_searched_once(installation, reference)
    assert sorted(house.handed_over(installation).values()) == [1] * len(references)


def test_four_workers_race_for_the_same_work(installation: Installation) -> None:
    house.lay_website(installation)
    references = house.open_cases(installation, *range(12))
    for number in range(4):
        flags = "-B" if number == 0 else ""
        installation.start(f"worker-{number}", line="worker", WORKER_FLAGS=flags, WORKER_THREADS="1")
    house.wait_settled(installation)
    for reference in references:
        house.assert_searched_once(installation, reference)
    assert sorted(house.handed_over(installation).values()) == [1] * len(references)


_ONCE = {"request.start", "task.answered", "message.sent", "case.opened"}


def _forget_hints(installation: Installation) -> None:
    """Flush the broker, or delete its folder."""
    if broker := installation.environ.get("DATARETT_BROKER_URL"):
        with Redis.from_url(broker) as client:
            client.flushdb()
    else:
        shutil.rmtree(installation.var / "hints", ignore_errors=True)
