"""What fault tests do with a real installation: open cases, break things, wait until nothing is owed, count effects."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psycopg

from exports.demo import website
from tests.faults import steps
from tests.faults.waiting import eventually
from tests.services.installation import Installation

SETTINGS = "tests.faults.settings"
ONE_THREAD = {"WORKER_FLAGS": "-B", "WORKER_THREADS": "1"}
ONCE = ("case.opened", "request.start", "task.answered", "message.sent")

Opened = dict[str, str]
"""Cases by their reference, with the deadline that they had when they were opened ("" if nobody asked then)."""

_OPEN = """
from django.utils import timezone
from requests_app.domain.enums import Channel, Right
from requests_app.services import intake
for number in {numbers!r}:
    inquiry, _ = intake.record_inquiry(channel=Channel.FORM, received_at=timezone.now(), raw=b"form %d" % number)
    person = intake.Person(name="Ingrid Solvang", email="ingrid.solvang@example.com")
    # One address would be confirmed three times a day only.
    inquiry.sender_address, inquiry.reply_address = person.email, f"ingrid.solvang+{{number}}@example.com"
    inquiry.save(update_fields=["sender_address", "reply_address"])
    case = intake.open_case(inquiry, [Right.ACCESS], person, language="nb", scope="")
    print("opened", case.reference, case.dsrs.get().effective_due)
"""
_STATES = """
import json
from exports import selectors
from requests_app.models import Case
audit_ok = selectors.audit_holds()
for case in Case.objects.order_by("id"):
    print("state", json.dumps(selectors.state_of(case, audit_ok=audit_ok)))
"""

_ENTRIES = """
import json
from requests_app.models import AuditEntry
print("entries", json.dumps(list(AuditEntry.objects.order_by("number").values("action", "subject", "details"))))
"""


def entries(installation: Installation) -> list[dict[str, Any]]:
    """Every entry of the audit: action, subject, details."""
    return list(json.loads(said(installation, _ENTRIES, "entries")[0]))


def lay_website(installation: Installation, *, writable: bool = False) -> None:
    """Give the installation one system that a connector reads, and may change if asked: the invented website."""
    installation.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    database = installation.var / "website.sqlite3"
    website.build(database)
    (installation.var / "website.dataset.yaml").write_bytes(Path(website.DATASET).read_bytes())
    (installation.var / "systems.yaml").write_text(
        f"""schema: datarett-systems/1
systems:
  website:
    connector: sql
    url: "sqlite:///{database}"
    dataset: website.dataset.yaml
    writable: {str(writable).lower()}
""",
        encoding="utf-8",
    )


def open_cases(installation: Installation, *numbers: int) -> Opened:
    """Open one access case per number."""
    return dict(line.split() for line in said(installation, _OPEN.format(numbers=numbers), "opened"))


def said(installation: Installation, code: str, word: str) -> list[str]:
    """Run Python in the installation; return the lines that it printed and that begin with `word`, without it."""
    lines = installation.manage("shell", "--no-imports", "-c", code).splitlines()
    return [line.removeprefix(word).strip() for line in lines if line.startswith(word)]


def ask(installation: Installation, question: str) -> list[tuple[Any, ...]]:
    """Ask the database itself, for starting a program takes long and this is asked often."""
    if url := installation.environ.get("DATARETT_DATABASE_URL"):
        with psycopg.connect(url) as connection:
            return connection.execute(question.encode()).fetchall()
    with closing(sqlite3.connect(installation.var / "datarett.sqlite3", timeout=20)) as file:
        return file.execute(question).fetchall()


def number(installation: Installation, question: str) -> int:
    """The one number that answers a question."""
    return int(ask(installation, question)[0][0])


def owed(installation: Installation) -> int:
    """How many effects are still owed."""
    return number(installation, "SELECT count(*) FROM requests_outboxevent WHERE done_at IS NULL")


def inquiries(installation: Installation) -> int:
    """How many messages have reached us."""
    return number(installation, "SELECT count(*) FROM requests_inquiry")


def state(installation: Installation, reference: str) -> dict[str, Any]:
    """What `manage.py case` says of a case."""
    return dict(json.loads(installation.manage("case", reference, "--json")))


def states(installation: Installation) -> dict[str, dict[str, Any]]:
    """What it would say of every case."""
    found = (json.loads(line) for line in said(installation, _STATES, "state"))
    return {one["reference"]: one for one in found}


def wait_settled(installation: Installation) -> None:
    """Return when nothing is owed any more; fail when that does not come about."""

    def stuck() -> str:
        rows = ask(installation, "SELECT handler, attempts, error FROM requests_outboxevent WHERE done_at IS NULL")
        log = installation.log("worker")
        return f"{len(rows)} effects, such as {rows[:3]}: {log.read_text()[-2000:] if log.exists() else ''}"

    eventually(lambda: owed(installation) == 0, stuck)


def arm(installation: Installation, scope: str, step: int) -> None:
    """Let whoever works in this scope die before this step (tests/faults/steps.py)."""
    (installation.var / steps.NAME).write_text(f"{scope}:{step}", encoding="ascii")


def armed(installation: Installation) -> bool:
    """True while nobody has died of it."""
    return (installation.var / steps.NAME).exists()


def disarm(installation: Installation) -> None:
    """Let nobody die any more."""
    (installation.var / steps.NAME).unlink(missing_ok=True)


def dies(installation: Installation, name: str, done: Callable[[], bool]) -> bool:
    """Wait until a process has killed itself (True), or is `done` with all there was to do without (False)."""
    process = installation.processes[name]

    def ended() -> bool:
        return process.poll() is not None

    eventually(lambda: ended() or done(), lambda: f"{name}: {installation.log(name).read_text()[-2000:]}")
    if armed(installation):
        return False
    eventually(ended, f"the death of {name}")
    installation.kill(name)
    return True


def mails(installation: Installation) -> list[str]:
    """The Message-IDs of everything that was handed over."""
    folder = installation.var / "sent"
    return sorted(str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in folder.glob("*.eml"))


def handed_over(installation: Installation) -> Counter[str]:
    """How often each mail was handed over, by its key."""
    return Counter((installation.var / steps.HANDED_OVER).read_text(encoding="ascii").split())


def assert_each_once(installation: Installation, opened: Mapping[str, str], *, mail: str = "sent") -> None:
    """Nothing is owed, every effect of every case happened once, the chain holds, and no deadline has moved.

    `mail` is the state in which the one confirmation of each case has to be.
    """
    assert owed(installation) == 0
    found = states(installation)
    assert found.keys() == opened.keys()
    for reference, due in opened.items():
        one = found[reference]
        assert one["audit_ok"] is True
        assert due in ("", one["due"])
        assert [request["stage"] for request in one["requests"]] == ["in_progress"]
        (searched,) = [task["state"] for task in one["tasks"] if task["system"] == "website"]
        assert searched in ("done", "not_found")  # who fills in the form is nobody whom the website knows
        sent = [message for message in one["messages"] if message["direction"] == "out"]
        assert sent == [{"direction": "out", "intent": "acknowledgement", "state": mail}]
    # A deadline that moved would have been computed once more.
    computed = number(installation, "SELECT count(*) FROM requests_deadlinehistory")
    assert computed == sum(len(one["requests"]) for one in found.values())
    rows = ask(installation, "SELECT action, subject, count(*) FROM requests_auditentry GROUP BY action, subject")
    assert {(action, subject): times for action, subject, times in rows if action in ONCE and times > 1} == {}
