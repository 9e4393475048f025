"""Who may answer a complaint: somebody who did not handle the matter that it is about, wherever there is anybody.

Where nobody else can do it, whoever handled the matter may, and says why; that is kept as a note and in the audit.
"""

from collections.abc import Iterable

from django.utils import timezone

from exports.models import ErasurePlan
from requests_app import audit, selectors
from requests_app.domain.enums import Right, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest, Decision, Note

LONGEST_WHY = 1000
_PREPARE = (Role.HANDLER, Role.DECISION_MAKER)
_RELEASE = (Role.APPROVER, Role.DECISION_MAKER)


def why_not_prepare(complaint: DataSubjectRequest, actor: Actor) -> Reason | None:
    """Return why this person may not prepare the answer to a complaint, or may only with a reason, or None."""
    releasers = _with(_RELEASE)
    return _why_not(complaint, actor, {one for one in _with(_PREPARE) if releasers - {one}})


def why_not_release(complaint: DataSubjectRequest, actor: Actor) -> Reason | None:
    """Return why this person may not release the answer to a complaint, or may only with a reason, or None."""
    prepared = Decision.objects.filter(dsr=complaint, prepared_by__isnull=False)
    return _why_not(complaint, actor, _with(_RELEASE) - set(prepared.values_list("prepared_by", flat=True)))


def allows_alone(reason: Reason | None) -> bool:
    """Tell whether a person who is barred by this may go on by saying why nobody else can."""
    return reason is not None and reason.code == "complaint_nobody_else"


def settle(complaint: DataSubjectRequest, reason: Reason | None, why: str, *, actor: Actor) -> None:
    """Stop whoever is barred, or keep why nobody else could. Needs the transaction of the step; raises ActionRefused.

    The audit is written last, so the step has to have taken its locks.
    """
    if reason is None:
        return
    if not allows_alone(reason) or not why.strip() or actor.user_id is None:
        raise ActionRefused(reason)
    if len(why) > LONGEST_WHY or "\0" in why:
        raise ActionRefused(Reason("complaint_why_too_long", {"most": str(LONGEST_WHY)}))
    said = {"case": complaint.case, "author_id": actor.user_id, "text": why.strip()}
    if not Note.objects.filter(**said).exists():
        Note.objects.create(**said, created_at=timezone.now())
    audit.record("complaint.nobody_else", f"dsr:{complaint.pk}", actor)


def handled_by(complaint: DataSubjectRequest) -> set[int]:
    """Return who handled what a complaint can be about: the person's other requests, as far as they were prepared.

    While nothing is, it is those who have the person's other cases.
    """
    cases = selectors.cases_of_person(complaint.case)
    others = DataSubjectRequest.objects.filter(case__in=cases).exclude(right=Right.COMPLAINT.value)
    prepared = set(_ids(Decision.objects.filter(dsr__in=others).values_list("prepared_by", flat=True)))
    prepared |= set(_ids(ErasurePlan.objects.filter(dsr__in=others).values_list("prepared_by", flat=True)))
    assigned = cases.filter(dsrs__in=others).exclude(pk=complaint.case_id).values_list("assignee", flat=True)
    return prepared or set(_ids(assigned))


def _why_not(complaint: DataSubjectRequest, actor: Actor, able: set[int]) -> Reason | None:
    """`able`: who could take the step at all, and leave somebody for the next one."""
    if complaint.right != Right.COMPLAINT:
        return None
    handlers = handled_by(complaint)
    if actor.user_id not in handlers:
        return None
    return Reason("complaint_own_matter") if able - handlers else Reason("complaint_nobody_else")


def _with(roles: tuple[Role, ...]) -> set[int]:
    return {person.pk for person in selectors.staff_with(*roles)}


def _ids(found: Iterable[int | None]) -> list[int]:
    return [pk for pk in found if pk is not None]
