"""Do not contact: whoever says no to marketing is blocked in the transaction in which that reaches us.

Art. 21(3) and 7(3) know no delay, no proof of identity and no refusal. A wish that nobody has sorted yet blocks
provisionally; whoever sorts it makes the entry standing, or lifts it (`suppression_lift`).

Locks: after the rows of the case, before the head of the audit. Whoever must write to the audit before the case is
known calls `suppression_list.hold` first.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Requester, Right, SuppressionState
from requests_app.domain.outcomes import AT_ONCE, BLOCKS_MARKETING
from requests_app.domain.snapshot import SYSTEM, Actor
from requests_app.models import Case, Inquiry, Suppression

from . import suppression_lift, suppression_list

_SAID_ONCE = timedelta(days=1)


def block(
    state: SuppressionState,
    *,
    cause: str,
    actor: Actor,
    email: str = "",
    phone: str = "",
    case: Case | None = None,
    inquiry: Inquiry | None = None,
) -> bool:
    """Block an address and a number, or make a provisional entry standing; return whether anything changed.

    `cause` is the code of the right that was used, blank for what nobody has sorted. Doing it again changes nothing,
    and a weaker block never replaces a stronger one. Needs a transaction, and `case` or `inquiry`.
    """
    changed = 0
    for row in suppression_list.hold(email, phone):
        fresh = row.case_id is None and row.inquiry_id is None
        stronger = row.state == SuppressionState.PROVISIONAL and state is SuppressionState.STANDING
        if not (fresh or stronger or (case and row.case_id is None)):
            continue
        if fresh or stronger:
            row.state, row.cause = state.value, cause
            row.case, row.inquiry = case or row.case, inquiry or row.inquiry
            row.renewed_at = None if fresh else timezone.now()
            changed += 1
        else:  # the message that made it has become this case
            row.case, row.cause = case, cause or row.cause
        row.save(update_fields=["state", "cause", "case", "inquiry", "renewed_at"])
    if changed:
        action = "marketing.blocked" if state is SuppressionState.STANDING else "marketing.held"
        audit.record(action, suppression_list.audit_subject(case, inquiry), actor, cause=cause, entries=changed)
    return bool(changed)


def on_receipt(inquiry: Inquiry, address: str, rights: Iterable[str], *, case: Case | None = None) -> None:
    """Block provisionally whoever seems to ask for something that stops marketing; nobody has read it yet.

    Needs a transaction.
    """
    if BLOCKS_MARKETING.isdisjoint(rights):
        return
    block(SuppressionState.PROVISIONAL, cause="", actor=SYSTEM, email=address, case=case, inquiry=inquiry)


def settle(
    case: Case, rights: Iterable[Right], *, actor: Actor, inquiry: Inquiry | None = None, again: bool = False
) -> None:
    """Do what the rights that were asked for say about marketing. Needs a transaction in which the case is locked.

    A right of Art. 7(3) or 21(2) makes the block standing, an erasure or objection leaves it provisional. Rights that
    have nothing to do with it lift what a guess had blocked; a "not sure" leaves it. The addresses of a
    representative are not those of the person: a member of staff finds out whom to block. `again`: nothing new was
    asked for, it is only made sure.

    Saying it once more in a case renews all that is held, whichever case holds it: no link that was mailed before takes
    that back. The first no of a case leaves what another one holds as it is, for either may be taken back by its own
    link, and the block stays until both are (`suppression_wishes`).
    """
    known = set(rights)
    stopping = sorted(known & BLOCKS_MARKETING, key=lambda right: right not in AT_ONCE)
    if stopping and case.requester == Requester.SELF:
        state = SuppressionState.STANDING if stopping[0] in AT_ONCE else SuppressionState.PROVISIONAL
        changed = block(
            state, cause=stopping[0].value, actor=actor, email=case.person_email, phone=case.person_phone,
            case=case, inquiry=inquiry,
        )  # fmt: skip
        if not again and not changed:
            held = suppression_list.locked(case.person_email, case.person_phone)
            once_more = _asked_before(case, stopping)
            _renew([row for row in held if once_more or row.case_id == case.pk])
        if inquiry and case.person_email:
            suppression_lift.lift_guess_of_another(inquiry, actor=actor)
    elif known and inquiry:
        suppression_lift.lift_guess(inquiry, actor=actor)


def _asked_before(case: Case, rights: Iterable[Right]) -> bool:
    """Whether a case asked for what stops marketing before the open requests of these rights came."""
    asked = case.dsrs.filter(right__in=[right.value for right in BLOCKS_MARKETING])
    return asked.exclude(right__in=[right.value for right in rights], closed_at__isnull=True).exists()


def attribute(inquiry: Inquiry, case: Case) -> None:
    """Show what was blocked for a message on the case that the message belongs to. Needs a transaction."""
    Suppression.objects.in_force().filter(inquiry=inquiry, case__isnull=True).update(case=case)


def confirm(case: Case, right: Right, *, actor: Actor) -> bool:
    """Make the block of a case's person stand for good: the erasure is done, the objection upheld.

    Needs a transaction; returns whether anything changed. No link that was mailed before takes it back.
    """
    changed = block(
        SuppressionState.STANDING, cause=right.value, actor=actor, email=case.person_email, phone=case.person_phone,
        case=case,
    )  # fmt: skip
    _renew(suppression_list.locked(case.person_email, case.person_phone))
    return changed


def renew(email: str = "", phone: str = "", *, actor: Actor) -> None:
    """Note that somebody whose address is blocked said no once more: no link that was mailed before takes it back.

    Needs a transaction. However often it is said, the audit hears of it once a day.
    """
    rows = list(suppression_list.locked(email, phone))
    since = timezone.now() - _SAID_ONCE
    news = {row.case_id for row in rows if row.case_id and (row.renewed_at is None or row.renewed_at < since)}
    _renew(rows)
    for case_id in sorted(news):
        audit.record("marketing.renewed", f"case:{case_id}", actor)


def _renew(rows: Iterable[Suppression]) -> None:
    Suppression.objects.filter(pk__in=[row.pk for row in rows]).update(renewed_at=timezone.now())
