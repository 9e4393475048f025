"""A withdrawal of consent by the link in a mailing: the worker is killed at every step of what follows from it."""

import sqlite3
from contextlib import closing
from typing import Any

from exports.domain.enums import TaskAction
from exports.models import SystemTask
from requests_app.domain.enums import Direction
from requests_app.models import AuditEntry, Case
from tests.faults import dying, house, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.flows import site
from tests.services.installation import Installation

READERS = 40  # of the newsletter; one withdraws for each step
FEWEST_STEPS = 8  # planned, begun, the row, the answer, done; the letter, handed over and noted
_READER = """
INSERT INTO newsletter_consents (email, list, given_at, given_on_page, ip_address)
VALUES (?, 'Produktnytt', '2025-01-23 12:00:00', '/min-side', '192.0.2.1')
"""
_JOURNAL = """
CREATE TABLE journal (email TEXT NOT NULL);
CREATE TRIGGER withdrawn AFTER UPDATE ON newsletter_consents BEGIN INSERT INTO journal VALUES (OLD.email); END;
"""


@fault(
    breaks="kill -9 of the worker before each step of a withdrawal of consent, in turn",
    then="marketing is blocked before any of them; the website hears of it once, and the person is told once",
)
def test_a_worker_killed_at_any_step_of_a_withdrawal_spreads_and_tells_it_once(
    installation: Installation, inside: Console
) -> None:
    dying.prepare(installation, inside)
    _lay_readers(installation)
    hers = site.hers(installation)
    blocked: list[bool] = []
    told: list[dict[str, Any]] = []
    for step in dying.each_step(
        installation, lambda step: blocked.append(inside(scenes.owe_withdrawal, step, _reader(step)))
    ):
        told.append(inside(result, _reader(step)))
        assert _withdrawn(installation) == [_reader(number) for number in range(1, step + 1)]
    assert all(blocked)
    assert told == [told[-1]] * step
    assert told[-1]["requests"] == [["consent_withdrawal", "released"]]  # two systems wait for a person
    assert told[-1]["website"] == [["done", True]]
    assert told[-1]["blocks"] == ["standing"]
    assert told[-1]["mails"] == [["confirmation", "sent"]]
    assert told[-1]["audit"] == {"marketing.blocked": 1, "case.opened": 1}
    assert site.hers(installation) == hers
    assert len(house.mails(installation)) == step
    assert step > FEWEST_STEPS, "the steps of withdrawing are not counted"
    installation.manage("verify_audit")


def _reader(number: int) -> str:
    return f"leser.{number:02}@example.com"


def _lay_readers(installation: Installation) -> None:
    with closing(sqlite3.connect(installation.var / "website.sqlite3")) as website:
        website.executemany(_READER, [(_reader(number),) for number in range(1, READERS + 1)])
        website.executescript(_JOURNAL)


def _withdrawn(installation: Installation) -> list[str]:
    """Whose consent the website has ended, each as often as it did."""
    with closing(sqlite3.connect(installation.var / "website.sqlite3")) as website:
        return [email for (email,) in website.execute("SELECT email FROM journal ORDER BY email")]


def result(email: str) -> dict[str, Any]:
    """What is told of a withdrawal: by its case, its task at the website, the block, the mails and the audit."""
    case = Case.objects.get(person_email=email)
    dsr = case.dsrs.get()
    orders = SystemTask.objects.filter(dsr=dsr, system="website", action=TaskAction.WITHDRAW.value)
    entries = AuditEntry.objects.filter(subject=f"case:{case.pk}")
    out = case.messages.filter(direction=Direction.OUT.value)
    return {
        "requests": [[one.right, one.stage] for one in case.dsrs.all()],
        "website": [[task.state, bool(task.verified_at)] for task in orders],
        "blocks": [row.state for row in case.suppressions.all()],
        "mails": list(map(list, out.values_list("intent", "state"))),
        "audit": {name: entries.filter(action=name).count() for name in ("marketing.blocked", "case.opened")},
    }
