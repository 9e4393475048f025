"""The web process: killed at every step while people fill in the public form."""

from itertools import count

from tests.faults import house
from tests.faults.table import fault
from tests.faults.visitor import Visitor
from tests.services.installation import Installation

FEWEST_STEPS = 10  # each of the five answers and its page


@fault(
    breaks="kill -9 of the web before each of its steps, in turn, while somebody fills in the form",
    then="whoever presses again has one case, confirmed once",
)
def test_a_web_process_killed_at_any_step_leaves_one_case_for_whoever_presses_again(installation: Installation) -> None:
    installation.start("web")
    opened: house.Opened = {}
    for step in count(1):
        person = Visitor(installation, step)
        house.arm(installation, "web", step)
        person.fill()
        opened[person.send()] = ""
        if house.armed(installation):
            break  # there is no such step any more
    assert step > FEWEST_STEPS, "the steps of the form are not counted"
    house.disarm(installation)
    installation.start("worker", **house.ONE_THREAD)
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)
    assert sorted(house.handed_over(installation).values()) == [1] * len(opened)


@fault(breaks="kill -9 of the web with all it has started, between two pages", then="the form goes on where it was")
def test_a_form_outlives_the_whole_web(installation: Installation) -> None:
    installation.start("web")
    person = Visitor(installation, 1)
    person.fill()
    installation.kill("web")
    installation.start("web")
    opened = {person.send(): ""}
    installation.start("worker", **house.ONE_THREAD)
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)
    assert len(house.mails(installation)) == 1
