"""The broker carries hints: what it forgets, or cannot take, costs time only."""

from tests.faults import house
from tests.faults.services import Broker
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.services.installation import Installation


@fault(
    embedded="the folder of hints is deleted, before and while a worker runs",
    scaled_out="Redis is flushed, before and while a worker runs",
    then="each case is searched and confirmed once",
)
def test_a_broker_that_forgets_everything_costs_time_only(installation: Installation, broker: Broker) -> None:
    opened = house.open_cases(installation, *range(10))
    broker.forget()
    installation.start("worker", WORKER_FLAGS="-B")
    opened |= house.open_cases(installation, *range(10, 20))
    broker.forget()
    opened |= house.open_cases(installation, *range(20, 25))
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)
    assert sorted(house.handed_over(installation).values()) == [1] * len(opened)


@fault(
    embedded="a file takes the place of the folder of hints, and goes away again",
    scaled_out="Redis is stopped and started, with worker, timetable and web at work",
    then="the same processes go on; what came meanwhile is a case, and is done once",
)
def test_a_broker_that_goes_away_and_comes_back(installation: Installation, broker: Broker) -> None:
    installation.start_all()
    opened = house.open_cases(installation, 1)
    house.wait_settled(installation)
    broker.stop()
    opened |= house.open_cases(installation, 2, 3)
    log = installation.log("worker")
    eventually(lambda: "Connection" in log.read_text(encoding="utf-8"), "the worker to miss its broker")
    assert house.owed(installation) > 0
    broker.start()
    house.wait_settled(installation)
    installation.wait_healthy()
    house.assert_each_once(installation, opened)
    assert sorted(house.handed_over(installation).values()) == [1] * len(opened)
