"""Putting the question of a task to its connector: once a round, and once more when there is reason to."""

from django.db import transaction
from django.db.models import Q

from exports.domain.enums import NOTHING_TO_SEARCH_BY, TaskMode, TaskState
from exports.domain.events import TaskOpened
from exports.models import SystemTask
from identity import selectors as identity_selectors
from identity.models.user import normal_address
from requests_app import audit, outbox
from requests_app.domain.enums import Stage
from requests_app.domain.snapshot import SYSTEM, Actor
from requests_app.models import Case
from requests_app.services.rows import lock_open_requests

from . import requirements, task_files

_SEARCHED_IN = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT, Stage.IN_REVIEW)


def ask(task: SystemTask) -> None:
    """Owe the question to the connector of an automatic task; once per round. Needs a transaction."""
    if task.mode == TaskMode.AUTOMATIC:
        outbox.publish(TaskOpened(task.pk), key=f"task:{task.pk}:{task.round}")


def ask_anew(task: SystemTask, action: str, actor: Actor) -> None:
    """Forget the answer to a task but for its note, and put the question once more. Needs a transaction.

    `action` is what the audit calls it. The requirements are for the caller to review.
    """
    forget_answer(task)
    ask(task)
    audit.record(action, f"dsr:{task.dsr_id}", actor, task=task.pk, system=task.system)


def forget_answer(task: SystemTask) -> None:
    """Begin a new round of a task, without its answer. Needs a transaction; whom to ask is for the caller."""
    task.state, task.fault, task.error, task.fault_place = TaskState.OPEN.value, "", "", ""
    task.round += 1
    task.rows, task.otherwise, task.truncated, task.cannot_identify = 0, {}, False, False
    task.result_file = task.result_sha256 = ""
    task.evidence_file = task.evidence_name = task.evidence_type = ""
    task.extracted_at = task.done_at = task.begun_at = task.verified_at = task.finishes_on = None
    task.ground, task.kept_until = "", None
    task.done_by_id = None
    task.save()
    transaction.on_commit(lambda: task_files.forget(task, before_round=task.round))


def search_anew(case_id: int) -> None:
    """An address was confirmed: ask the connectors again that had to search without it.

    Answers given by hand stay, and so does what was released. Running twice changes nothing more.
    """
    case = Case.objects.get(pk=case_id)
    confirmed = identity_selectors.standing(case).confirmed
    if confirmed is None or confirmed.concluded_at is None:
        return
    if confirmed.sent_to == normal_address(case.person_email):  # the one they searched by
        return
    for dsr in lock_open_requests(case_id):
        if dsr.stage not in _SEARCHED_IN:
            continue
        before = Q(extracted_at__lt=confirmed.concluded_at, result_file__gt="")
        helpless = Q(state=TaskState.FAILED.value, fault=NOTHING_TO_SEARCH_BY)
        tasks = list(dsr.tasks.filter(before | helpless, mode=TaskMode.AUTOMATIC.value).order_by("id"))
        for task in tasks:
            ask_anew(task, "task.retried", SYSTEM)
        if tasks:
            requirements.review(dsr)
