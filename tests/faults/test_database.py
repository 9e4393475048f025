"""The database goes away for a while: whoever is at work waits, and what was refused is done again, once."""

from tests.faults import house
from tests.faults.services import Service
from tests.faults.table import fault
from tests.faults.visitor import Visitor
from tests.faults.waiting import eventually
from tests.requests_app.services.post import drop, letter
from tests.services.installation import Installation


@fault(
    embedded="another program holds the lock of the database file until web, worker and ingest have given up waiting",
    scaled_out="PostgreSQL is stopped and started, with web, worker, timetable and ingest at work",
    then="the same processes go on; the form answers with an error and then with one case; the mail is one inquiry",
)
def test_a_database_that_goes_away_and_comes_back(installation: Installation, database: Service) -> None:
    installation.start_all()
    opened = house.open_cases(installation, 1, 2)
    person = Visitor(installation, 3)
    person.fill()
    house.wait_settled(installation)

    database.stop()
    drop(installation.var / "mailbox", "1.eml", letter())
    assert person.try_to_send() >= 500
    for name, word in (("ingest", "ingest_waits"), ("worker", "OperationalError")):
        log = installation.log(name)
        eventually(lambda log=log, word=word: word in log.read_text(encoding="utf-8"), f"{name} to notice")  # type: ignore[misc]
    database.start()

    opened[person.send()] = ""
    eventually(lambda: house.inquiries(installation) == 4, "the mail")
    house.wait_settled(installation)
    installation.wait_healthy()
    house.assert_each_once(installation, opened)
    assert sorted(house.handed_over(installation).values()) == [1] * len(opened)
