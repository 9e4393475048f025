"""The clock of the machine jumps while effects are owed: nothing waits for the old time, no deadline moves."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.faults import clock, house
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.services.installation import Installation
from tests.services.smtp import smtp_server

JUMPS = {
    "3 days": [timedelta(days=3)],
    "minus 2 hours": [timedelta(hours=-2)],
    "3 days, and back to minus 2 hours": [timedelta(days=3), timedelta(hours=-2)],
}
TRIED = "SELECT id FROM requests_outboxevent WHERE done_at IS NULL AND error <> ''"


@fault(
    breaks="the clock jumps by {jumps} while mails wait to be tried again and every process is at work",
    then="the timetable goes on, /healthz is well, each mail goes out once without waiting for the old time; "
    "no deadline has moved",
)
@pytest.mark.parametrize("jumps", JUMPS)
def test_a_clock_that_jumps_moves_no_deadline_and_holds_nothing_up(installation: Installation, jumps: str) -> None:
    with smtp_server(RCPT="451 later") as server:
        installation.environ["DATARETT_SMTP_URL"] = server.url
        installation.start_all()
        opened = house.open_cases(installation, 1, 2)
        eventually(lambda: len(house.ask(installation, TRIED)) == len(opened), "the first tries")
        for jump in JUMPS[jumps]:
            clock.jump(installation.var, jump)
            eventually(lambda jump=jump: _tells(installation, jump), f"a sign of life after {jump}")  # type: ignore[misc]
        del server.answers["RCPT"]
        opened |= house.open_cases(installation, 3)
        house.wait_settled(installation)
        installation.wait_healthy()
        house.assert_each_once(installation, opened)
        assert len(server.taken) == len(opened)


def _tells(installation: Installation, jump: timedelta) -> bool:
    """True when the last sign of life of the worker is by the clock that has jumped."""
    ((at,),) = house.ask(installation, "SELECT at FROM requests_heartbeat WHERE name = 'worker'")
    told = datetime.fromisoformat(str(at))
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return abs(told - datetime.now(UTC) - jump) < timedelta(hours=1)
