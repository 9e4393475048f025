"""Outcomes that cannot be said of what was found and done, right by right."""

from collections.abc import Set

from django.db.models import Q

from exports.domain.enums import Measure, TaskAction, TaskState
from exports.domain.planning import PLANNED
from exports.models import Correction, ErasureLine
from requests_app import selectors
from requests_app.domain.enums import Outcome, RequirementState, Right
from requests_app.domain.outcomes import ENDINGS
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest, Override
from requests_app.services import unverified

# Rights that are about data which the systems may or may not hold: "no data" is an outcome of theirs.
_OF_DATA = frozenset({Right.ACCESS, Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION, Right.PORTABILITY})
_CHANGING = frozenset({TaskAction.RECTIFY, TaskAction.ERASE, TaskAction.ANONYMISE})
_HAPPENED = (TaskState.DONE.value, TaskState.ACCEPTED.value)  # what was ordered from a vendor happens, too
_HELD = frozenset({TaskState.DONE, TaskState.ACCEPTED, TaskState.KEPT})


def of_request(dsr: DataSubjectRequest, outcome: Outcome) -> Reason | None:
    """Return why an outcome cannot be said of a request as it stands, or None."""
    if outcome in ENDINGS:
        # Elsewhere a restriction only holds the data until the decision.
        restricts = {TaskAction.RESTRICT} if dsr.right == Right.RESTRICTION else set()
        if _something_done(dsr, _CHANGING | restricts):
            return Reason("outcome_ended_after_change")
        if outcome is Outcome.DUPLICATE and _came_first(dsr):
            return Reason("outcome_duplicate_first")
        return unverified.why_not_close(dsr) if outcome is Outcome.CLOSED_UNVERIFIED else None
    right = Right(dsr.right)
    if right in _OF_DATA:
        found = something_found(dsr)
        if reason := of_search(outcome, found=found, missing=bool(needed_overrides(dsr))):
            return reason
        if outcome is Outcome.FULFILLED and not found:
            return Reason("outcome_nothing_found")
    elif outcome is Outcome.FULFILLED and needed_overrides(dsr):
        return Reason("outcome_not_whole")
    if outcome is Outcome.PARTLY_FULFILLED and not needed_overrides(dsr) and (reason := _why_not_even_partly(dsr)):
        return reason
    if outcome is Outcome.FULFILLED and _something_stays(dsr):
        return Reason("outcome_something_stays")
    if outcome is Outcome.FULFILLED and right is Right.RECTIFICATION and not _something_corrected(dsr):
        return Reason("outcome_nothing_corrected")
    if outcome is Outcome.REFUSED and _something_done(dsr, _CHANGING):
        return Reason("outcome_something_done")
    return None


def _came_first(dsr: DataSubjectRequest) -> bool:
    """Tell whether the same is asked for in other cases of the person, and in all of them later than here.

    The earliest receipt counts for whichever goes on.
    """
    same = DataSubjectRequest.objects.open().filter(case__in=selectors.cases_of_person(dsr.case), right=dsr.right)
    others = same.exclude(case=dsr.case_id)
    return others.exists() and not others.filter(received_at__lte=dsr.received_at).exists()


def _why_not_even_partly(dsr: DataSubjectRequest) -> Reason | None:
    """Why nothing of what was asked for has been done, where nothing more is promised either; or None."""
    right = Right(dsr.right)
    if right in _OF_DATA and not something_found(dsr):
        return Reason("outcome_nothing_found")
    if right is Right.RECTIFICATION and not _something_corrected(dsr):
        return Reason("outcome_nothing_done")
    if right in (Right.RESTRICTION, Right.OBJECTION):
        stored = dsr.tasks.filter(action=TaskAction.RESTRICT.value, state__in=_HAPPENED)
        return None if stored.exists() else Reason("outcome_nothing_done")
    return None


def of_search(outcome: Outcome, *, found: bool, missing: bool) -> Reason | None:
    """Return why an outcome cannot be said of what was found, or None. `missing`: a part was left for later."""
    if outcome is Outcome.FORWARDED and found:
        return Reason("outcome_ours_found")
    if outcome is Outcome.NO_DATA and found:
        return Reason("outcome_data_found")
    if outcome in (Outcome.NO_DATA, Outcome.FORWARDED) and missing:
        return Reason("outcome_search_open")
    return Reason("outcome_not_whole") if outcome is Outcome.FULFILLED and missing else None


def needed_overrides(dsr: DataSubjectRequest) -> list[Override]:
    """Return the overrides whose requirement is still open; the others have become pointless."""
    still_open = dsr.requirements.filter(state=RequirementState.OPEN.value).values("kind")
    return list(dsr.overrides.filter(kind__in=still_open).order_by("id"))


def something_found(dsr: DataSubjectRequest) -> bool:
    """Tell whether any system holds something about the person: it was read, or restricted; or held it before.

    What an earlier plan of a deletion took away is not found again.
    """
    action = PLANNED.get(Right(dsr.right))
    held = dsr.tasks.filter(state__in=[state.value for state in _HELD])
    return action is not None and held.filter(Q(action=action.value) | Q(plan__current=False)).exists()


def _something_stays(dsr: DataSubjectRequest) -> bool:
    """Tell whether a system or the plan keeps what the person wants changed, or a correction was not made."""
    kept = Q(state=TaskState.KEPT.value) | Q(otherwise__keep__gt=0) | Q(otherwise__restrict__gt=0)
    after_the_answer = [TaskAction.NOTIFY.value, TaskAction.UNRESTRICT.value]
    # What an earlier plan kept was searched again, and stands in the one that followed it.
    if dsr.tasks.exclude(action__in=after_the_answer).exclude(plan__current=False).filter(kept).exists():
        return True
    planned = Q(measure=Measure.KEEP.value) | Q(measure=Measure.RESTRICT.value)
    if ErasureLine.objects.filter(planned, plan__dsr=dsr, plan__current=True).exists():
        return True
    ordered = dsr.tasks.filter(action=TaskAction.RECTIFY.value, state=TaskState.ACCEPTED.value).values("system")
    return Correction.objects.filter(dsr=dsr, done_at__isnull=True).exclude(system__in=ordered).exists()


def _something_corrected(dsr: DataSubjectRequest) -> bool:
    rectified = dsr.tasks.filter(action=TaskAction.RECTIFY.value, state__in=_HAPPENED)
    return rectified.exists() or Correction.objects.filter(dsr=dsr, done_at__isnull=False).exists()


def _something_done(dsr: DataSubjectRequest, changing: Set[TaskAction]) -> bool:
    """Tell whether a system changed something; a later round of its task forgets the answer to an earlier one."""
    if Correction.objects.filter(dsr=dsr, done_at__isnull=False).exists():
        return True
    return dsr.tasks.filter(action__in=[action.value for action in changing], state__in=_HAPPENED).exists()
