"""The moment a deletion begins: its tasks are made once, when the time to take it back is over.

The event that was published with the approval says when to look; a sweep looks as well, so that no lost event and no
frozen plan is forgotten. That the plan has begun is written in the transaction that makes its tasks: whoever is killed
before it commits has done nothing, whoever comes second finds it done.
"""

from collections import defaultdict
from datetime import date

import structlog
from django.db import transaction
from django.utils import timezone

from exports.domain.enums import Measure, TaskAction, TaskMode
from exports.domain.erasure_order import ACTIONS, measures_that_change
from exports.domain.records import Verb
from exports.models import ErasureLine, ErasurePlan, SystemTask
from requests_app import audit, outbox
from requests_app.domain.enums import Stage
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest
from requests_app.services import clock
from requests_app.services.rows import lock_request

from . import erasure_freeze, erasure_perform, owner_mail, plan, register, registers, requirements
from .due_days import due_on

log = structlog.get_logger(__name__)

BY_HAND_WITHIN = 5
"""Working days after the beginning by which people have done by hand what no connector does."""

_RUNS_IN = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT, Stage.IN_REVIEW, Stage.RELEASED)


def begin(dsr_id: int) -> None:
    """Begin an approved deletion whose time has come, unless something freezes it. Running twice changes nothing.

    Raises `outbox.Later` while the systems file cannot be read.
    """
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        row = ErasurePlan.objects.current().select_for_update(of=("self",), no_key=True).filter(dsr=dsr).first()
        if row is None or not _is_due(row) or dsr.stage not in _RUNS_IN or erasure_freeze.why(dsr):
            return
        row.begun_at = timezone.now()
        row.save(update_fields=["begun_at"])
        for system, lines in _by_system(row).items():
            _make_tasks(row, dsr, system, lines)
        erasure_perform.go_on(dsr)
        requirements.review(dsr)
        audit.record("erasure.begun", f"dsr:{dsr.pk}", SYSTEM, plan=row.pk)


def sweep() -> int:
    """Begin every deletion whose time has come; return how many were looked at."""
    due = ErasurePlan.objects.filter(approved_at__isnull=False, begun_at__isnull=True, runs_at__lte=timezone.now())
    ids = list(due.order_by("runs_at", "id").values_list("dsr_id", flat=True))
    for dsr_id in ids:
        try:
            begin(dsr_id)
        except outbox.Later as error:
            log.warning("erasure_waits", request=dsr_id, why=str(error))
        except Exception:  # one plan that cannot begin must not hold up those behind it
            log.exception("erasure_cannot_begin", request=dsr_id)
    return len(ids)


def _is_due(row: ErasurePlan) -> bool:
    return row.begun_at is None and row.runs_at is not None and row.runs_at <= timezone.now()


def _by_system(row: ErasurePlan) -> dict[str, list[ErasureLine]]:
    found: dict[str, list[ErasureLine]] = defaultdict(list)
    for line in row.lines.exclude(measure=Measure.KEEP.value):
        found[line.system].append(line)
    return found


def _make_tasks(row: ErasurePlan, dsr: DataSubjectRequest, system: str, lines: list[ErasureLine]) -> None:
    """A task for each kind of change; a connector does all of them if it can do the one that leads."""
    kinds = measures_that_change(Measure(line.measure) for line in lines)
    automatic = system in plan.automatic_systems(dsr.case, Verb(ACTIONS[kinds[0]]))
    search = dsr.tasks.filter(system=system, action=TaskAction.READ.value).first()
    for measure in kinds:
        task = SystemTask.objects.create(
            dsr=dsr, plan=row, system=system, action=ACTIONS[measure].value, due_on=_due_on(dsr),
            system_name=search.system_name if search else _name(system, dsr.case.language)[: plan.LONGEST_NAME],
            mode=(TaskMode.AUTOMATIC if automatic else TaskMode.MANUAL).value,
            activities=[line.activity for line in lines if line.measure == measure],
        )  # fmt: skip
        owner_mail.announce(task)  # the connectors are asked in their order, by `erasure_perform.go_on`


def _due_on(dsr: DataSubjectRequest) -> date:
    due = due_on(timezone.now(), clock.calendar(), BY_HAND_WITHIN)
    return min(due, dsr.act_by) if dsr.act_by and dsr.act_by >= clock.calendar().local_date(timezone.now()) else due


def _name(system: str, language: str) -> str:
    current = registers.everything()
    found = next((one for one in current.systems if one.id == system), None)
    return register.system_name(found.name, system, language) if found else system
