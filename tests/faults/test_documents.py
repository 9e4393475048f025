"""Identity documents that nobody asked for: the worker is killed while it hides them, and while it deletes them."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db.models import F

from requests_app.domain.enums import Right
from requests_app.models import AuditEntry, HeldFile, Inquiry
from requests_app.services import excision, triage, unasked
from tests.faults import dying, house, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.requests_app.services.post import drop, letter
from tests.services.installation import Installation

PICTURE = "UGFzc3BvcnQgb2YgS2FyaSBIb2xt"
SWEEP = timedelta(minutes=5)  # config/celery.py
FEWEST_STEPS = 4  # of each of the two files: taken, and cut out
_PARTS = (
    "Content-Type: text/plain; charset=utf-8\r\n\r\nHva vet dere om meg? Her er passet mitt.",
    "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n"
    f'Content-Disposition: attachment; filename="pass.jpg"\r\n\r\n{PICTURE}',
    'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="avtale.pdf"\r\n\r\n%PDF-1.4',
    "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    f'Content-Disposition: attachment; filename="kari holm førerkort.png"\r\n\r\n{PICTURE}',
)


@fault(
    breaks="kill -9 of the worker before each step of hiding, and of deleting, identity documents that came unasked",
    then="each is hidden once and gone within a day, from the raw mail too; that it is gone is noted once",
)
def test_a_worker_killed_at_any_step_deletes_each_document_once_and_in_time(
    installation: Installation, inside: Console
) -> None:
    dying.prepare(installation, inside)
    installation.start("ingest")
    told: list[dict[str, Any]] = []
    for step in count(1):
        read_by_one = _read(installation, step)
        inside(sort, step)
        house.wait_settled(installation)
        assert inside(result, step)["hidden"] == [0, 2]
        deleted_by_one = _delete(installation, inside, step)
        told.append(inside(result, step))
        if read_by_one and deleted_by_one:
            break  # nobody reached this step
    assert told == [told[-1]] * step
    assert told[-1] == {
        "hidden": [],
        "gone": [True, True],
        "names": ["removed.txt", "avtale.pdf", "removed.txt"],
        "copies": 0,
        "owed in the mailbox": 1,
        "audit": {"inquiry.document_held": 1, "inquiry.document_removed": 2, "case.document_removed": 2},
    }
    assert step > FEWEST_STEPS, "the steps of deleting are not counted"
    house.disarm(installation)
    installation.manage("verify_audit")


def _read(installation: Installation, step: int) -> bool:
    """A mail with two documents comes, and the worker is to read it; tell whether it lived."""
    installation.start("worker", **house.ONE_THREAD)
    house.arm(installation, "worker", step)
    drop(installation.var / "mailbox", f"{step}.eml", _mail(step))
    eventually(lambda: house.inquiries(installation) == step, "the mail")
    died = house.dies(installation, "worker", lambda: house.owed(installation) == 0)
    if died:
        installation.start("worker", **house.ONE_THREAD)
        house.wait_settled(installation)
    house.disarm(installation)
    return not died


def _delete(installation: Installation, inside: Console, step: int) -> bool:
    """The day is nearly over: a worker that starts looks at once for what is to go. Tell whether it lived."""
    installation.kill("worker")
    house.arm(installation, "documents", step)
    passed = timedelta()
    passed += _wait(inside, step, unasked.KEPT + SWEEP)
    installation.start("worker", **house.ONE_THREAD)
    died = house.dies(installation, "worker", lambda: _hidden(installation) == 0)
    if died:
        passed += _wait(inside, step, unasked.TRIED_AGAIN + SWEEP)
        installation.start("worker", **house.ONE_THREAD)
        eventually(lambda: _hidden(installation) == 0, "the deletion")
    assert passed < timedelta(hours=24)
    house.disarm(installation)
    installation.kill("worker")
    return not died


def _hidden(installation: Installation) -> int:
    return house.number(installation, "SELECT count(*) FROM requests_heldfile WHERE deleted_at IS NULL")


def _wait(inside: Console, step: int, time: timedelta) -> timedelta:
    inside(let_pass, step, int(time.total_seconds()))
    return time


def _mail(step: int) -> bytes:
    body = "".join(f"--cut\r\n{part}\r\n" for part in _PARTS) + "--cut--"
    return letter(body, sender=f"Kari Holm <{_address(step)}>", Content_Type="multipart/mixed; boundary=cut")


def _address(step: int) -> str:
    return f"kari.{step}@example.com"


def sort(step: int) -> None:
    """A member of staff says that the mail is a request."""
    mail = Inquiry.objects.get(sender_address=_address(step))
    triage.sort_as_request(mail.pk, [Right.ACCESS], actor=scenes.actor(scenes.HANDLER))


def let_pass(step: int, seconds: int) -> None:
    """All that is noted of the hidden files of a mail happened so much earlier."""
    by = timedelta(seconds=seconds)
    files = HeldFile.objects.filter(inquiry__sender_address=_address(step), deleted_at__isnull=True)
    files.update(held_at=F("held_at") - by, delete_at=F("delete_at") - by, tried_at=F("tried_at") - by)


def result(step: int) -> dict[str, Any]:
    """What became of the documents: the files, every copy, the mailbox, and the audit."""
    mail = Inquiry.objects.get(sender_address=_address(step))
    files = mail.held_files.order_by("position")
    entries = AuditEntry.objects.filter(subject__in=[f"inquiry:{mail.pk}", f"case:{mail.case_id}"])
    actions = ("inquiry.document_held", "inquiry.document_removed", "case.document_removed")
    return {
        "hidden": [one.position for one in files.hidden()],
        "gone": [one.deleted_at is not None for one in files],
        "names": [one["name"] for one in mail.attachments],
        "copies": bytes(mail.raw).decode().count(PICTURE),
        "owed in the mailbox": excision.originals().filter(pk=mail.pk).count(),
        "audit": {name: entries.filter(action=name).count() for name in actions},
    }
