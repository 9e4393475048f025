"""Somebody writes for another person: whose marketing is stopped has to be found out before the request is met.

The addresses of whoever writes are not those of the person, so nothing is blocked by itself. A request that takes
effect at once is confirmed only when a member of staff has blocked somebody, or has written down why nobody.
"""

from django.db import transaction

from requests_app import audit
from requests_app.domain.enums import Requester, RequirementKind, RequirementState
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Staff

from . import notes, rows, suppression_list
from .requirements import put


def review(dsr: DataSubjectRequest) -> None:
    """Write down that somebody has to be found for a request, unless that is done. Needs a transaction.

    Who is known by an address that is blocked already has been found. Twice changes nothing.
    """
    if dsr.case.requester == Requester.SELF or dsr.right not in AT_ONCE:
        return
    known = suppression_list.is_blocked(dsr.case.concerned_known_as)
    if known or not dsr.requirements.filter(kind=RequirementKind.BLOCK.value).exists():
        put(dsr, RequirementKind.BLOCK, met=known, reason="nobody_blocked")


def found(case: Case, *, met: bool = True) -> None:
    """Say that somebody is blocked for a case, or is not any more. Needs a transaction in which the case is locked."""
    for dsr in _waiting(case):
        put(dsr, RequirementKind.BLOCK, met=met, reason="nobody_blocked")


def nobody(case_id: int, reason: str, *, actor: Actor, user: Staff) -> None:
    """Write down why nobody is blocked, as a note on the case. Raises ActionRefused.

    Refused are an empty reason, and a case in which nobody writes for another or nothing of this kind is open.
    """
    if not reason.strip():
        raise ActionRefused(Reason("note_missing"))
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if not _waiting(case):
            raise ActionRefused(Reason("nobody_to_find"))
        found(case)
        notes.add_note(case.pk, reason, actor=actor, user=user)
        audit.record("marketing.nobody", f"case:{case.pk}", actor)


def is_open(case: Case) -> bool:
    """Tell whether somebody still has to be found."""
    waiting = (dsr.requirements.filter(kind=RequirementKind.BLOCK.value).first() for dsr in _waiting(case))
    return any(row is None or row.state == RequirementState.OPEN for row in waiting)


def _waiting(case: Case) -> list[DataSubjectRequest]:
    if case.requester == Requester.SELF:
        return []
    return list(DataSubjectRequest.objects.open().filter(case=case, right__in=[right.value for right in AT_ONCE]))
