"""Somebody asks for another person: the mandate that a member of staff has seen, and what it opens.

Without one that holds on the day of the release no answer is released and nothing is deleted; what takes effect at once
needs none, nor does the word to whoever writes that they have not shown that they may. The answer goes to the person,
unless the mandate says that it goes to whoever writes.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone

from requests_app import audit, outbox
from requests_app.domain import events, mandates
from requests_app.domain.enums import MandateCheck, MandateKind, Outcome, Requester, RequirementKind, Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest, Decision, Mandate

from . import clock, collision, rows
from .requirements import drop, put


def record(
    case_id: int,
    kind: MandateKind,
    *,
    checks: Collection[MandateCheck],
    rights: Collection[Right],
    valid_from: date,
    valid_until: date | None,
    to_agent: bool,
    actor: Actor,
    version: int | None = None,
) -> Mandate:
    """Write down a mandate in place of the one before. Raises ActionRefused.

    Refused are a kind that does not fit whoever writes, a mandate of which something has not been looked at, and one
    that ends before it begins.
    """
    with transaction.atomic():
        case = rows.lock_case(case_id)
        collision.check(case, version)
        if reason := _why_not(case, kind, checks, valid_from, valid_until):
            raise ActionRefused(reason)
        if actor.user_id is None:
            raise ActionRefused(Reason("staff_only"))
        now = timezone.now()
        case.mandates.living().update(taken_back_at=now, taken_back_by=actor.user_id)
        row = Mandate.objects.create(
            case=case, kind=kind.value, rights=sorted(right.value for right in rights),
            checks=sorted(check.value for check in checks), valid_from=valid_from, valid_until=valid_until,
            to_agent=to_agent, checked_by_id=actor.user_id, checked_at=now,
        )  # fmt: skip
        collision.touch(case.pk)
        audit.record(
            "mandate.recorded", f"case:{case.pk}", actor, kind=kind.value, checks=list(row.checks),
            rights=list(row.rights), until=valid_until.isoformat() if valid_until else None, to_agent=to_agent,
        )  # fmt: skip
        look_again(case)
        return row


def take_back(case_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Say that the mandate does not hold any more: it was revoked, or was none. Raises ActionRefused without one."""
    with transaction.atomic():
        case = rows.lock_case(case_id)
        collision.check(case, version)
        if not case.mandates.living().update(taken_back_at=timezone.now(), taken_back_by=actor.user_id):
            raise ActionRefused(Reason("mandate_missing"))
        collision.touch(case.pk)
        audit.record("mandate.taken_back", f"case:{case.pk}", actor)
        look_again(case)


def current(case: Case) -> Mandate | None:
    """Return the mandate that was recorded last and not taken back."""
    return case.mandates.living().select_related("checked_by").first()


def why_not(dsr: DataSubjectRequest) -> Reason | None:
    """Return why this request of somebody else may not be answered today, or None."""
    if not _is_needed(dsr):
        return None
    row = current(dsr.case)
    code = mandates.fault(row.scope if row else None, Right(dsr.right), _today())
    return Reason(code) if code else None


def goes_to_agent(case: Case) -> bool:
    """Tell whether the answer goes to whoever writes, by a mandate that holds today, or since it says that none did."""
    dsrs = list(case.dsrs.open().select_related("case"))
    if dsrs and all(is_turned_away(dsr) for dsr in dsrs):
        return True
    row = current(case)
    return row is not None and row.to_agent and all(why_not(dsr) is None for dsr in dsrs)


def let_go_to_agent_by(case: Case) -> int | None:
    """Return the id of whoever recorded that the answer goes to whoever writes; None where it does not."""
    row = current(case)
    return row.checked_by_id if row is not None and row.to_agent and goes_to_agent(case) else None


def review(case: Case) -> None:
    """Write down on each open request whether a mandate stands in the way of its release. Needs a transaction."""
    for dsr in case.dsrs.open().select_related("case"):
        if _is_needed(dsr):
            reason = why_not(dsr)
            put(dsr, RequirementKind.MANDATE, met=reason is None, reason=reason.code if reason else "")
        else:
            drop(dsr, RequirementKind.MANDATE)


def look_again(case: Case) -> None:
    """Do what `review` does, and have it looked at anew where the answers go. Needs a transaction."""
    if case.requester == Requester.SELF:
        return
    review(case)
    outbox.publish(events.MandateChanged(case.pk))


def is_turned_away(dsr: DataSubjectRequest) -> bool:
    """Whether a request is refused for nothing else but that nobody has shown that they may ask."""
    row = Decision.objects.filter(dsr=dsr, outcome=Outcome.REFUSED.value).first()
    return row is not None and row.grounds == [Ground.IDENTITY_NOT_CONFIRMED.value]


def _is_needed(dsr: DataSubjectRequest) -> bool:
    for_another = dsr.case.requester != Requester.SELF and bool(dsr.right) and Right(dsr.right) not in AT_ONCE
    return for_another and not is_turned_away(dsr)


def _why_not(
    case: Case, kind: MandateKind, checks: Collection[MandateCheck], valid_from: date, valid_until: date | None
) -> Reason | None:
    if case.requester == Requester.SELF:
        return Reason("mandate_not_needed")
    if case.closed_at is not None:
        return Reason("case_closed")
    if (kind is MandateKind.GUARDIAN) != (case.requester == Requester.GUARDIAN):
        return Reason("mandate_other_kind")
    if mandates.missing(kind, checks):
        return Reason("mandate_unchecked")
    if valid_until is not None and valid_until < valid_from:
        return Reason("mandate_ends_first")
    return None


def _today() -> date:
    return clock.calendar().local_date(timezone.now())
