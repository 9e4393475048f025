"""What people do with the plan of a deletion: change it line by line, submit it, approve it, take it back.

`version` is the version of the case that the page was opened with: what somebody else did meanwhile stops the step.
Whoever changes a plan has prepared it, and an approval is of the plan as it was: it falls with every change.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from exports.domain import erasure_rules as rules
from exports.domain.enums import Measure
from exports.domain.events import ErasureDue
from exports.models import ErasureLine, ErasurePlan
from requests_app import audit, outbox, selectors
from requests_app.domain.enums import Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest
from requests_app.services import collision, emergency, readers
from requests_app.services.rows import lock_request

from . import erasure_freeze, erasure_proposal, requirements
from .erasure_proposal import Holding

LONGEST_REASON = 500
_WORKABLE = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT)
GAPS: dict[rules.Gap, Reason] = {
    rules.Gap.GROUND: Reason("erasure_ground_missing"),
    rules.Gap.END: Reason("erasure_end_missing"),
    rules.Gap.PAST_END: Reason("erasure_end_past"),
    rules.Gap.JUSTIFICATION: Reason("erasure_end_unjustified"),
    rules.Gap.METHOD: Reason("erasure_method_missing"),
    rules.Gap.REASON: Reason("erasure_reason_missing"),
}


def change(line_id: int, decided: rules.Decision, *, actor: Actor, version: int | None = None) -> ErasureLine:
    """Decide what becomes of one line. The end of a duty is computed, whatever was given. Raises ActionRefused.

    Ground and end belong to what is kept, and are left out of everything else.
    """
    with transaction.atomic():
        dsr, plan = _lock_of_line(line_id, version)
        line = plan.lines.get(pk=line_id)
        found = erasure_proposal.holdings(erasure_proposal.reads(dsr))
        end = _computed_end(line, found)
        kept = decided.measure is Measure.KEEP
        line.measure, line.reason = decided.measure.value, decided.reason.strip()
        line.ground = decided.ground if kept else ""
        line.kept_until = (end or decided.kept_until) if kept else None
        if len(line.reason) > LONGEST_REASON or "\0" in line.reason:
            raise ActionRefused(Reason("erasure_reason_too_long", {"most": str(LONGEST_REASON)}))
        if missing := _gap(line, end):
            raise ActionRefused(missing)
        line.save()
        erasure_proposal.recount(plan, found)
        _changed(dsr, plan, actor)
        audit.record(
            "erasure.changed", f"dsr:{dsr.pk}", actor, line=line.pk, activity=line.activity, system=line.system,
            measure=line.measure, ground=line.ground, until=line.kept_until.isoformat() if line.kept_until else "",
        )  # fmt: skip
        line.refresh_from_db()
        return line


def leave_out(line_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Take a line out of the plan, because the person asked for a part only: its data stays. Raises ActionRefused."""
    with transaction.atomic():
        dsr, plan = _lock_of_line(line_id, version)
        if plan.lines.count() == 1:
            raise ActionRefused(Reason("erasure_last_line"))
        line = plan.lines.get(pk=line_id)
        line.delete()
        erasure_proposal.recount(plan, erasure_proposal.holdings(erasure_proposal.reads(dsr)))
        _changed(dsr, plan, actor)
        audit.record("erasure.left_out", f"dsr:{dsr.pk}", actor, activity=line.activity, system=line.system)


def include_all(dsr_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Put everything that was found into the plan again; lines that stand there stay as they are."""
    with transaction.atomic():
        dsr, plan = _lock(dsr_id, version)
        erasure_proposal.include(plan, erasure_proposal.holdings(erasure_proposal.reads(dsr)))
        _changed(dsr, plan, actor)
        audit.record("erasure.included", f"dsr:{dsr.pk}", actor, lines=plan.lines.count())


def submit(dsr_id: int, *, actor: Actor, version: int | None = None) -> ErasurePlan:
    """Hand the plan over to a second person. Raises ActionRefused while a line lacks something."""
    with transaction.atomic():
        dsr, plan = _lock(dsr_id, version)
        if reason := why_not_submit(plan):
            raise ActionRefused(reason)
        plan.prepared_by_id, plan.prepared_at = actor.user_id, timezone.now()
        plan.save(update_fields=["prepared_by", "prepared_at"])
        collision.touch(dsr.case_id)
        requirements.review(dsr)
        audit.record("erasure.submitted", f"dsr:{dsr.pk}", actor, plan=plan.pk)
        return plan


def approve(dsr_id: int, *, actor: Actor, version: int | None = None) -> ErasurePlan:
    """Approve the plan as the second person; it begins when the time to take it back is over. Raises ActionRefused.

    The database refuses one person alone, too.
    """
    with transaction.atomic():
        dsr, plan = _lock(dsr_id, version)
        if reason := why_not_approve(dsr, plan, actor):
            raise ActionRefused(reason)
        undo = undo_window()
        plan.approved_by_id, plan.approved_at = actor.user_id, timezone.now()
        plan.runs_at = plan.approved_at + undo
        plan.save(update_fields=["approved_by", "approved_at", "runs_at"])
        outbox.publish(ErasureDue(dsr.pk), delay=undo)
        collision.touch(dsr.case_id)
        requirements.review(dsr)
        audit.record("erasure.approved", f"dsr:{dsr.pk}", actor, plan=plan.pk, runs_at=plan.runs_at.isoformat())
        emergency.used(dsr.case, actor)
        return plan


def cancel(dsr_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Take the approval back before the deletion begins; the plan stays as it was submitted. Raises ActionRefused."""
    with transaction.atomic():
        dsr, plan = _lock(dsr_id, version)
        if plan.approved_at is None:
            raise ActionRefused(Reason("erasure_not_approved"))
        _unapprove(plan)
        plan.save()
        collision.touch(dsr.case_id)
        requirements.review(dsr)
        audit.record("erasure.cancelled", f"dsr:{dsr.pk}", actor, plan=plan.pk)


def undo_window() -> timedelta:
    """Return how long an approved deletion can be taken back; in a trial nobody waits for a day."""
    window: timedelta = settings.ERASURE_UNDO_IN_TRIAL if selectors.organisation().trial else settings.ERASURE_UNDO
    return window


def why_not_change(dsr: DataSubjectRequest, plan: ErasurePlan) -> Reason | None:
    """Return why the plan cannot be changed any more, or None."""
    if plan.begun_at is not None:
        return Reason("erasure_begun")
    return None if dsr.stage in _WORKABLE else Reason("task_not_now", {"stage": dsr.stage})


def why_not_submit(plan: ErasurePlan) -> Reason | None:
    """Return why the plan cannot be submitted, or None."""
    if plan.prepared_at is not None:
        return Reason("erasure_submitted_already")
    return Reason("erasure_incomplete") if any(gap_of(line) for line in plan.lines.all()) else None


def why_not_approve(dsr: DataSubjectRequest, plan: ErasurePlan, actor: Actor) -> Reason | None:
    """Return why this person cannot approve the plan now, or None."""
    if plan.approved_at is not None:
        return Reason("erasure_approved_already")
    if plan.prepared_at is None:
        return Reason("erasure_not_submitted")
    if plan.prepared_by_id == actor.user_id:
        return Reason("erasure_second_person")
    if aside := readers.why_stands_aside(dsr.case_id, actor):
        return aside
    return erasure_freeze.why(dsr)


def gap_of(line: ErasureLine) -> Reason | None:
    """Return what a stored line lacks, or None; an end without a reason was computed, for nobody can type one."""
    return _gap(line, line.kept_until)


def _gap(line: ErasureLine, computed_end: date | None) -> Reason | None:
    decided = rules.Decision(Measure(line.measure), line.ground, line.kept_until, line.reason)
    end = line.kept_until if computed_end == line.kept_until else None
    found = rules.gap(decided, computed_end=end, today=erasure_proposal.today())
    return GAPS[found] if found else None


def _computed_end(line: ErasureLine, found: list[Holding]) -> date | None:
    holding = next((one for one in found if one.system == line.system), None)
    return erasure_proposal.computed_end(line.activity, holding)


def _lock_of_line(line_id: int, version: int | None) -> tuple[DataSubjectRequest, ErasurePlan]:
    found = ErasureLine.objects.filter(pk=line_id).values_list("plan__dsr_id", flat=True).first()
    if found is None:  # somebody left it out, or the systems are being searched again
        raise ActionRefused(Reason("case_changed"))
    dsr, plan = _lock(found, version)
    if not plan.lines.filter(pk=line_id).exists():
        raise ActionRefused(Reason("case_changed"))
    return dsr, plan


def _lock(dsr_id: int, version: int | None) -> tuple[DataSubjectRequest, ErasurePlan]:
    """The request and its plan, locked in this order; refused when it is not as it was seen, or has begun."""
    dsr = lock_request(dsr_id)
    collision.check(dsr.case, version)
    plan = ErasurePlan.objects.current().select_for_update(of=("self",), no_key=True).filter(dsr=dsr).first()
    if plan is None:
        raise ActionRefused(Reason("erasure_no_plan"))
    if reason := why_not_change(dsr, plan):
        raise ActionRefused(reason)
    return dsr, plan


def _changed(dsr: DataSubjectRequest, plan: ErasurePlan, actor: Actor) -> None:
    _unapprove(plan)
    plan.prepared_by_id, plan.prepared_at = actor.user_id, None
    plan.save()
    collision.touch(dsr.case_id)
    requirements.review(dsr)


def _unapprove(plan: ErasurePlan) -> None:
    plan.approved_by_id = plan.approved_at = plan.runs_at = None
