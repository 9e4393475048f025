"""A deletion in a system that is not ours: the worker is killed at every step, the system keeps what it has done."""

import json
import shutil
from itertools import count
from typing import Any

from exports.demo.people import INGRID
from tests.faults import house
from tests.faults.table import fault
from tests.flows import site
from tests.services.installation import ROOT, Installation

REGISTER = ROOT / "tests" / "data" / "register-story.yaml"
FEWEST_STEPS = 5  # begun, announced, the rows, the answer, the next step of the plan

_STAFF = """
from identity.models import StaffRole, User
from requests_app.domain.enums import Role
for name, roles in (("hanne", [Role.HANDLER]), ("astrid", [Role.APPROVER, Role.DECISION_MAKER])):
    user = User.objects.create(email=f"{name}@optimar.example", name=name)
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role.value) for role in roles)
"""

# A deletion that two persons stand behind and whose time has come: what is owed now is its being carried out.
_APPROVED = """
from datetime import timedelta
from django.utils import timezone
from exports.domain.enums import Measure, TaskMode, TaskState
from exports.domain.erasure_rules import Decision
from exports.models import ErasurePlan, SystemTask
from exports.services import erasure, tasks
from identity.models import User
from requests_app import outbox
from requests_app.domain.enums import Channel, Right
from requests_app.services import intake
hanne, astrid = (User.objects.get(name=name).as_actor() for name in ("hanne", "astrid"))
inquiry, _ = intake.record_inquiry(channel=Channel.FORM, received_at=timezone.now(), raw=b"form {number}")
inquiry.sender_address, inquiry.reply_address = "{email}", "ingrid.solvang+{number}@example.com"
inquiry.save(update_fields=["sender_address", "reply_address"])
person = intake.Person(name="Ingrid Solvang", email="{email}")
dsr = intake.open_case(inquiry, [Right.ERASURE], person, language="nb", scope="").dsrs.get()
while outbox.relay():
    pass
for task in SystemTask.objects.filter(dsr=dsr, mode=TaskMode.MANUAL.value):
    tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="Ingen treff", actor=hanne)
while outbox.relay():
    pass
plan = ErasurePlan.objects.get(dsr=dsr)
for line in plan.lines.all():
    if erasure.gap_of(line):
        end = timezone.localdate() + timedelta(days=700)
        erasure.change(line.pk, Decision(Measure.KEEP, line.ground, end, "Tvist om ordre"), actor=hanne)
erasure.submit(dsr.pk, actor=hanne)
erasure.approve(dsr.pk, actor=astrid)
print("approved", dsr.pk)
"""

_RESULT = """
import json
from exports.models import SystemTask
from requests_app.models import AuditEntry
tasks = SystemTask.objects.filter(dsr={dsr}).exclude(action="read").order_by("system", "action")
answers = AuditEntry.objects.filter(subject="dsr:{dsr}", action="task.answered", details__verb="erase")
print("result", json.dumps({{
    "tasks": [[t.system, t.action, t.state, t.rows, t.otherwise, t.emptied, bool(t.verified_at)] for t in tasks],
    "answers": [[entry.details["rows"], entry.details["verified"]] for entry in answers],
}}))
"""


@fault(
    breaks="kill -9 of the worker before each step of a deletion in the database of the website, in turn",
    then="the rows go once, nobody else's are touched, and task and audit tell what was done, not what was planned",
)
def test_a_worker_killed_at_any_step_of_a_deletion_tells_what_was_done(installation: Installation) -> None:
    house.lay_website(installation, writable=True)
    installation.manage("load_register", str(REGISTER), "--force")
    installation.environ["UNDO_SECONDS"] = "0"
    house.said(installation, _STAFF, "")
    website, fresh = installation.var / "website.sqlite3", installation.var / "fresh.sqlite3"
    shutil.copy(website, fresh)
    results: list[tuple[dict[str, Any], site.Rows]] = []
    for step in count(1):
        shutil.copy(fresh, website)
        others = site.others(installation)
        (dsr,) = house.said(installation, _APPROVED.format(number=step, email=INGRID.email), "approved")
        house.arm(installation, "worker", step)
        installation.start("worker", **house.ONE_THREAD)
        died = house.dies(installation, "worker", lambda: house.owed(installation) == 0)
        if died:
            installation.start("worker", **house.ONE_THREAD)
            house.wait_settled(installation)
        installation.kill("worker")
        assert site.others(installation) == others
        (result,) = house.said(installation, _RESULT.format(dsr=dsr), "result")
        results.append((json.loads(result), site.hers(installation)))
        if not died:
            break
    undisturbed, left = results[-1]
    assert ["website", "erase", "done"] in [task[:3] for task in undisturbed["tasks"]]
    assert len(undisturbed["answers"]) == 1
    for told, rows in results:
        assert told == undisturbed
        assert {table: len(some) for table, some in rows.items()} == {table: len(some) for table, some in left.items()}
    assert step > FEWEST_STEPS, "the steps of deleting are not counted"
    installation.manage("verify_audit")
