"""Taking a block on marketing back: a guess that was wrong, a click on a link, a decision of the staff.

What the same person has asked for elsewhere keeps its block, in the name of that. A lifted entry stays as a trace.
"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Outcome, SuppressionState
from requests_app.domain.outcomes import AT_ONCE, BLOCKS_MARKETING
from requests_app.domain.snapshot import Actor
from requests_app.domain.suppression import asker
from requests_app.mailbox import suggest
from requests_app.models import Case, Inquiry, Suppression

from . import suppression_list, suppression_wishes


def lift_guess(inquiry: Inquiry, *, actor: Actor) -> bool:
    """Lift what was blocked provisionally for a message that turned out to ask for something else.

    Needs a transaction; returns whether anything was lifted. Where the same person has asked elsewhere, it stays.
    """
    return _lift_guesses(Suppression.objects.in_force().filter(inquiry=inquiry), inquiry, actor)


def lift_guess_of_another(inquiry: Inquiry, *, actor: Actor) -> bool:
    """Lift what was blocked for a message in which, as a person now says, somebody else asks. Needs a transaction.

    What has been put on a case belongs to who asks there, and stays; so does the block of a sender who says no to
    marketing in words of their own. Returns whether anything was lifted.
    """
    own = suggest.suggest("", inquiry.text).rights
    if inquiry.attached_original and not BLOCKS_MARKETING.isdisjoint(own):
        return False
    left = Suppression.objects.in_force().filter(inquiry=inquiry, case__isnull=True)
    return _lift_guesses(left, inquiry, actor)


def lift_unmeant(case: Case, *, actor: Actor) -> bool:
    """Lift what is blocked provisionally for the person of a case, whose wish it was not. Needs a transaction.

    Returns whether anything was lifted. Where the same person has asked elsewhere, it stays in the name of that, and
    what came with a message that nobody has sorted waits for whoever does.
    """
    rights = [right.value for right in BLOCKS_MARKETING]
    held = suppression_list.locked(case.person_email, case.person_phone)
    rows = list(held.filter(state=SuppressionState.PROVISIONAL.value, cause__in=rights))
    return _lift_unless_wanted(rows, [case.person_email], actor, case, None)


def undo(case: Case, issued_at: datetime, *, actor: Actor) -> bool:
    """Take back what a case had blocked at a time, on the word of whoever reads the mailbox. Needs a transaction.

    Returns whether this case no longer wants what it wanted before. What was asked for again since, or was made to
    stand by a deletion, is not touched. Where the same person has asked elsewhere, too, the block stays in the name of
    that, and only a trace says that this case no longer wants it.
    """
    rows = list(suppression_list.locked(case.person_email, case.person_phone))
    own = [row for row in rows if row.case_id == case.pk]
    if any(_is_newer(row, issued_at) for row in rows) or not (own or (rows and not was_lifted(case))):
        return False
    if not own or not _lift_unless_wanted(own, [case.person_email], actor, case, None, issued_at):
        Suppression.objects.bulk_create(_trace(row, case) for row in own or rows)
        audit.record("marketing.lifted", f"case:{case.pk}", actor, entries=0)
    return True


def was_lifted(case: Case) -> bool:
    """Tell whether something that a case had blocked was lifted, or taken back, at some time."""
    return case.suppressions.filter(state=SuppressionState.LIFTED.value).exists()


def lift(case: Case, *, actor: Actor) -> bool:
    """Lift every entry of a case and of the addresses of its person: somebody has decided it. Needs a transaction."""
    return _lift(list(suppression_list.entries_of(case).select_for_update(of=("self",))), actor, case, None)


def was_undone(case: Case) -> bool:
    """Tell whether what a case had blocked was taken back last by whoever reads the mailbox, not by the staff."""
    last = case.suppressions.filter(state=SuppressionState.LIFTED.value).order_by("lifted_at", "id").last()
    return last is not None and last.lifted_by_id is None


def _lift_unless_wanted(
    rows: list[Suppression],
    addresses: list[str],
    actor: Actor,
    case: Case | None,
    inquiry: Inquiry | None,
    since: datetime | None = None,
) -> bool:
    """Lift each entry, or leave it in the name of who else wants it; return whether any was lifted."""
    if not rows:
        return False
    wanted = suppression_wishes.elsewhere(rows, addresses, case=case, inquiry=inquiry, since=since)
    for row in rows:
        if row.digest in wanted:
            _leave_to(wanted[row.digest], row)
    return _lift([row for row in rows if row.digest not in wanted], actor, case, inquiry)


def _leave_to(other: Case | Inquiry, row: Suppression) -> None:
    sure = isinstance(other, Case) and _stands_by_itself(other)
    row.case = other if isinstance(other, Case) else other.case
    row.inquiry = None if isinstance(other, Case) else other
    row.state = row.state if sure else SuppressionState.PROVISIONAL.value
    row.save(update_fields=["case", "inquiry", "state"])


def _stands_by_itself(case: Case) -> bool:
    """Whether a case blocks for good: by a right that takes effect at once, or an erasure or objection that is met."""
    met = Q(outcome__in=[Outcome.FULFILLED.value, Outcome.PARTLY_FULFILLED.value])
    at_once = Q(right__in=[right.value for right in AT_ONCE])
    return case.dsrs.filter(at_once | (met & Q(right__in=[right.value for right in BLOCKS_MARKETING]))).exists()


def _lift(rows: list[Suppression], actor: Actor, case: Case | None, inquiry: Inquiry | None) -> bool:
    if not rows:
        return False
    lifted = {"state": SuppressionState.LIFTED.value, "lifted_at": timezone.now(), "lifted_by_id": actor.user_id}
    Suppression.objects.filter(pk__in=[row.pk for row in rows]).update(**lifted)
    audit.record("marketing.lifted", suppression_list.audit_subject(case, inquiry), actor, entries=len(rows))
    return True


def _trace(row: Suppression, case: Case) -> Suppression:
    return Suppression(
        digest=row.digest, key_id=row.key_id, channel=row.channel, cause=row.cause, case=case,
        created_at=row.created_at, state=SuppressionState.LIFTED.value, lifted_at=timezone.now(),
    )  # fmt: skip


def _lift_guesses(entries: QuerySet[Suppression], inquiry: Inquiry, actor: Actor) -> bool:
    guesses = entries.filter(state=SuppressionState.PROVISIONAL.value)
    rows = list(guesses.select_for_update(of=("self",)).order_by("id"))
    addresses = [asker(inquiry.sender_address, forwarded=inquiry.forwarded, original=inquiry.forwarded_address)]
    if inquiry.case is not None:
        addresses.append(inquiry.case.person_email)
    return _lift_unless_wanted(rows, addresses, actor, inquiry.case, inquiry)


def _is_newer(row: Suppression, moment: datetime) -> bool:
    return (row.renewed_at or row.created_at) > moment
