"""The link to the owner of a system: killed are the worker that mails it, and the web at every step from sending it
until it is answered."""

from itertools import count
from typing import Any

from django.conf import settings

from exports.domain.enums import TaskState
from exports.models import SystemOwner, SystemTask, TaskLink
from exports.services import ownership
from requests_app.domain.enums import Right
from requests_app.models import AuditEntry, Message
from tests.faults import dying, house, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.faults.visitor import Browser, press
from tests.identity.scenes import revealed
from tests.services.installation import Installation

SYSTEM, OWNER = "hubspot", "eier@leverandor.example"
CSRF = "c" * 32
FEWEST_WEB_STEPS = 8  # sent; opened, and the browser remembers it; answered, and forgotten; and each is told
FEWEST_WORKER_STEPS = 3  # begun, handed over, noted


@fault(
    breaks="kill -9 of the worker before each step of mailing the owner of a system the link to a task, in turn",
    then="one mail holds the link that works",
)
def test_a_worker_killed_at_any_step_mails_a_link_once(installation: Installation, inside: Console) -> None:
    dying.prepare(installation, inside)
    before: list[int] = []
    for _ in dying.each_step(installation, lambda step: before.append(inside(owe, step))):
        assert inside(mails, before[-1]) == ["sent"]
        assert inside(path, before[-1])
    assert len(before) > FEWEST_WORKER_STEPS, "the steps of a mail are not counted"
    # Into a folder a mail is handed over again, as the same file.
    assert len(house.mails(installation)) == len(house.handed_over(installation))
    installation.manage("verify_audit")


@fault(
    breaks="kill -9 of the web before each of its steps, in turn, from sending an owner a link until it is answered",
    then="whoever presses again has one link, in one mail, opened and answered once",
)
def test_a_web_process_killed_at_any_step_sends_opens_and_answers_a_link_once(
    installation: Installation, inside: Console
) -> None:
    dying.prepare(installation, inside)
    installation.start("web")
    installation.start("worker", **house.ONE_THREAD)
    session = inside(scenes.logged_in, scenes.APPROVER)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    asked: list[int] = []
    for step in count(1):
        asked.append(inside(ask, step))
        house.arm(installation, "web", step)
        form = {"csrfmiddlewaretoken": CSRF, "after": "0"}
        press(f"{installation.url}/desk/tasks/{asked[-1]}/link/", form, cookie=cookie)
        browser, link = Browser(installation), inside(path, asked[-1])
        browser.open(link)
        task = browser.press(link, {})
        assert 'name="outcome"' in task
        browser.press("/task/", {"outcome": "not_found", "note": "Ingen treff"})
        if house.armed(installation):
            break  # there is no such step any more
    assert step > FEWEST_WEB_STEPS, "the steps of the pages are not counted"
    house.disarm(installation)
    house.wait_settled(installation)
    for one in asked:
        assert inside(mails, one) == ["sent"]
        assert inside(result, one) == {
            "task": ["not_found", "Ingen treff"],
            "links": [[True, True, False]],
            "audit": {"task.link_sent": 1, "task.link_opened": 1, "task.answered": 1, "task.link_withdrawn": 0},
        }
    assert len(house.mails(installation)) == len(house.handed_over(installation))
    installation.manage("verify_audit")


def ask(number: int) -> int:
    """A task that waits for the owner of a system, who has no account: its number."""
    SystemOwner.objects.get_or_create(system=SYSTEM, defaults={"email": OWNER})
    dsr = scenes.asked_of(Right.ACCESS, number)
    return SystemTask.objects.get(dsr=dsr, system=SYSTEM, state=TaskState.OPEN.value).pk


def owe(step: int) -> int:
    """Somebody has sent the link to a task: it is to be mailed."""
    task = ask(step)
    scenes.arm(step)
    ownership.send(task, actor=scenes.actor(scenes.HANDLER))
    return task


def path(task: int) -> str:
    """The path of the one link that works, as the mail holds it."""
    link = TaskLink.objects.get(task=task, withdrawn_at=None, answered_at=None)
    found = revealed(Message.objects.get(key=f"task-link:{link.pk}"))["task_link"]
    assert ownership.find(found.rpartition("/")[2]) == link
    return "/task/" + found.rpartition("/")[2]


def mails(task: int) -> list[str]:
    """The state of each mail with a link to a task."""
    keys = [f"task-link:{link.pk}" for link in TaskLink.objects.filter(task=task)]
    return list(Message.objects.filter(key__in=keys).values_list("state", flat=True))


def result(task_id: int) -> dict[str, Any]:
    """What became of a task and of its links, and what the history says of both."""
    task = SystemTask.objects.get(pk=task_id)
    links = [[bool(one.opened_at), bool(one.answered_at), bool(one.withdrawn_at)] for one in task.links.all()]
    entries = AuditEntry.objects.filter(subject=f"dsr:{task.dsr_id}", details__task=task_id)
    actions = ("task.link_sent", "task.link_opened", "task.answered", "task.link_withdrawn")
    return {
        "task": [task.state, task.note],
        "links": links,
        "audit": {name: entries.filter(action=name).count() for name in actions},
    }
