"""What fault tests do with a real installation: open cases, wait until nothing is owed, count every effect."""

import json
import sqlite3
import time
from collections import Counter
from contextlib import closing
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psycopg

from exports.demo import website
from tests.services.installation import Installation

SETTINGS = "tests.faults.settings"
SETTLED_WITHIN = 60.0  # seconds

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
    print("opened", intake.open_case(inquiry, [Right.ACCESS], person, language="nb", scope="").reference)
"""
_AUDITED = """
import json
from django.db.models import Count
from requests_app.models import AuditEntry
rows = AuditEntry.objects.values("action", "subject").annotate(times=Count("number"))
print("audited", json.dumps(list(rows)))
"""

_ENTRIES = """
import json
from requests_app.models import AuditEntry
print("entries", json.dumps(list(AuditEntry.objects.order_by("number").values("action", "subject", "details"))))
"""


def entries(installation: Installation) -> list[dict[str, Any]]:
    """Every entry of the audit: action, subject, details."""
    return list(json.loads(_said(installation, _ENTRIES, "entries")[0]))


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


def open_cases(installation: Installation, *numbers: int) -> list[str]:
    """Open one access case per number and return their references."""
    return _said(installation, _OPEN.format(numbers=numbers), "opened")


def owed(installation: Installation) -> int:
    """How many effects are still owed; asked of the database itself, for it is asked often."""
    question = "SELECT count(*) FROM requests_outboxevent WHERE done_at IS NULL"
    if url := installation.environ.get("DATARETT_DATABASE_URL"):
        with psycopg.connect(url) as connection:
            row = connection.execute(question).fetchone()
            return int(row[0]) if row else 0
    with closing(sqlite3.connect(installation.var / "datarett.sqlite3", timeout=20)) as file:
        return int(file.execute(question).fetchone()[0])


def audited(installation: Installation) -> dict[tuple[str, str], int]:
    """How often each action on each subject stands in the audit."""
    rows: list[dict[str, Any]] = json.loads(_said(installation, _AUDITED, "audited")[0])
    return {(row["action"], row["subject"]): row["times"] for row in rows}


def state(installation: Installation, reference: str) -> dict[str, Any]:
    """What `manage.py case` says of a case."""
    return dict(json.loads(installation.manage("case", reference, "--json")))


def wait_settled(installation: Installation) -> None:
    """Return when nothing is owed any more; fail when that does not come about."""
    deadline = time.monotonic() + SETTLED_WITHIN
    while (left := owed(installation)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == 0, f"{left} effects are stuck: {installation.log('worker').read_text()[-2000:]}"


def dies(installation: Installation, name: str) -> bool:
    """Wait until a process has killed itself (True), or has done all there was to do without (False)."""
    process = installation.processes[name]
    deadline = time.monotonic() + SETTLED_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        if owed(installation) == 0:
            return False
        time.sleep(0.1)
    assert process.poll() is not None, (
        f"{name} neither dies nor gets done: {installation.log(name).read_text()[-2000:]}"
    )
    installation.kill(name)
    return True


def mails(installation: Installation) -> list[str]:
    """The Message-IDs of everything that was handed over."""
    folder = installation.var / "sent"
    return sorted(str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in folder.glob("*.eml"))


def handed_over(installation: Installation) -> Counter[str]:
    """How often each mail was handed over, by its key."""
    return Counter((installation.var / "handed-over").read_text(encoding="ascii").split())


def assert_searched_once(installation: Installation, reference: str) -> None:
    """The plan was made once, the website answered once, the person was acknowledged once, and the chain holds."""
    found = state(installation, reference)
    assert found["audit_ok"] is True
    assert [request["stage"] for request in found["requests"]] == ["in_progress"]
    website_tasks = [task for task in found["tasks"] if task["system"] == "website"]
    assert [task["state"] for task in website_tasks] == ["done"]
    sent = [message for message in found["messages"] if message["intent"] == "acknowledgement"]
    assert sent == [{"direction": "out", "intent": "acknowledgement", "state": "sent"}]


def _said(installation: Installation, code: str, word: str) -> list[str]:
    said = installation.manage("shell", "--no-imports", "-c", code)
    return [line.removeprefix(word).strip() for line in said.splitlines() if line.startswith(word)]
