"""The timetable: killed at every step, and two of it at once."""

from tests.faults import house
from tests.faults.services import Broker
from tests.faults.table import fault
from tests.services.installation import Installation


@fault(
    breaks="kill -9 of the timetable before each of its hints, in turn, with all other hints lost",
    then="each case is searched and confirmed once, by the timetable that is started next",
)
def test_a_timetable_killed_at_any_step_is_taken_up_again(installation: Installation, broker: Broker) -> None:
    opened = house.open_cases(installation, 1, 2)
    installation.start("worker")
    lines = house.said(installation, _LINES, "lines")
    for step in range(1, int(lines[0]) + 1):
        broker.forget()
        house.arm(installation, "beat", step)
        installation.start("beat")
        assert house.dies(installation, "beat", lambda: False)
    opened |= house.open_cases(installation, 3)
    broker.forget()
    installation.start("beat")
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)


@fault(breaks="two timetables run at once", then="each case is searched and confirmed once")
def test_two_timetables_do_nothing_twice(installation: Installation, broker: Broker) -> None:
    installation.start("worker")
    installation.start("beat")
    installation.start("beat-2", line="beat")
    opened = house.open_cases(installation, *range(6))
    broker.forget()
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)
    assert sorted(house.handed_over(installation).values()) == [1] * len(opened)
    assert all(process.poll() is None for process in installation.processes.values())


_LINES = """
from config.celery import app
print("lines", len(app.conf.beat_schedule))
"""
