"""What the owner of a system sees of one task, whether they log in or come by a link: what to do, for whom, the form.

Nothing else of the case is on the page: no messages, no other system, no stage, nothing that others wrote. Whoever
logs in reads the reference, too; behind a link it does not stand.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from exports.domain.enums import SILENT, TaskAction, TaskMode, TaskState
from exports.domain.erasure_order import ACTIONS
from exports.models import Correction, SystemTask, TaskLink
from exports.services import erasure_by_hand, erasure_freeze, holdings, ownership, tasks
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.reasons import sentence

from . import erasure_words
from .erasure_forms import ByHandForm
from .row_words import Names
from .task_forms import HandForm, form_for
from .task_instructions import instruction
from .task_panel import line, system_names, why_not


def form_of(row: SystemTask, request: HttpRequest) -> HandForm | ByHandForm:
    """Return the form of a task, as it was filled in if it was."""
    data, files = request.POST or None, request.FILES or None
    return ByHandForm(row, data, files) if row.is_part_of_deletion else form_for(row, data, files)


def answered(row: SystemTask, form: HandForm | ByHandForm, *, actor: Actor, link: TaskLink | None = None) -> bool:
    """Take the answer of a valid form, and spend the link it came by; what is refused stands at the form then."""
    try:
        with transaction.atomic():
            if link is not None:
                ownership.use(link)
            if isinstance(form, ByHandForm):
                erasure_by_hand.complete(row.pk, form.answer(), actor=actor, evidence=form.file())
            else:
                tasks.complete(row.pk, actor=actor, **form.answer())
    except ActionRefused as refused:
        form.refuse(refused.reason)
        return False
    return True


def context(row: SystemTask, form: HandForm | ByHandForm) -> dict[str, Any]:
    """Return what the page of the task shows."""
    lines = erasure_words.plan_lines(row.dsr, row.plan, system=row.system) if row.is_part_of_deletion else []
    wanted = {action: measure for measure, action in ACTIONS.items()}.get(TaskAction(row.action))
    frozen = erasure_freeze.why(row.dsr) if row.is_part_of_deletion else None
    return {
        "form": form,
        "line": line(row, system_names()),
        "task": row,
        "case": row.dsr.case,
        "silent": TaskState(row.state) in SILENT and row.mode == TaskMode.MANUAL,
        "why_not": why_not(row),
        "frozen": sentence(frozen) if frozen else "",
        "instruction": instruction(row),
        "wanted": [one for one in lines if one.row.measure == wanted],
        "corrections": _corrections(row),
        "searches": row.action == TaskAction.READ,
    }


def _corrections(row: SystemTask) -> list[tuple[Correction, str]]:
    """What is to be corrected in this system, each with what its row is called."""
    if row.action != TaskAction.RECTIFY:
        return []
    called = Names(holdings.of_request(row.dsr))
    rows = Correction.objects.filter(dsr=row.dsr_id, system=row.system, ordered_in=row.round)
    return [(one, called.of(one.system, one.collection, one.record_key).full) for one in rows]
