"""What is owed on a request today, from its rows: the facts that `domain.milestones` asks for."""

from datetime import date

from requests_app.domain import milestones as domain
from requests_app.domain.enums import (
    STAGE_ORDER,
    RequirementKind,
    RequirementState,
    Right,
    Stage,
)
from requests_app.domain.outcomes import AT_ONCE
from requests_app.models import DataSubjectRequest

from . import acknowledgements, clock, unverified, waiting


def owed(dsr: DataSubjectRequest, today: date) -> list[domain.Milestone]:
    """Return what is owed on a request today, the newest truth only, for everybody who hears of it."""
    return domain.owed(facts(dsr), calendar=clock.calendar(), today=today)


def days_at_once(dsr: DataSubjectRequest) -> list[tuple[domain.MilestoneKind, date]]:
    """Return by which day each thing is done that takes effect at once; nothing for a right with a month."""
    return domain.days_at_once(clock.derive(dsr), clock.calendar()) if dsr.right in AT_ONCE else []


def facts(dsr: DataSubjectRequest) -> domain.Facts:
    """Collect what the milestones of a request depend on."""
    deadline = clock.derive(dsr)
    open_kinds = set(dsr.requirements.filter(state=RequirementState.OPEN.value).values_list("kind", flat=True))
    assignee, stage = dsr.case.assignee, Stage(dsr.stage)
    started = STAGE_ORDER.index(stage) >= STAGE_ORDER.index(Stage.IN_PROGRESS)
    return domain.Facts(
        right=Right(dsr.right) if dsr.right else None,
        stage=stage,
        deadline=deadline,
        assigned=assignee is not None and assignee.is_active,
        acknowledged=_is_acknowledged(dsr),
        identity_asked_on=unverified.asked_on(dsr),
        question_owed=RequirementKind.IDENTITY in open_kinds and not dsr.suspensions.exists(),
        silent=RequirementKind.SYSTEMS in open_kinds,
        stopped=started and RequirementKind.BLOCK not in open_kinds,
        reasons_given=waiting.notice_given(dsr),
        answered=stage in (Stage.RELEASED, Stage.CLOSED) and dsr.answer_sent_at is not None,
    )


def _is_acknowledged(dsr: DataSubjectRequest) -> bool:
    """Tell whether the person knows that we have it, or cannot be told by mail."""
    case = dsr.case
    return not case.person_email or acknowledgements.confirmed_at_once(case) or acknowledgements.is_acknowledged(case)
