"""Reminders to the person while we wait for them (letter T04): on day 5 and day 12, each once.

What an app asks, it reminds of: it hands its letter to `sweep`, which knows when. Nobody is reminded whose answer
came, whose case ended, whose address does not work, or whose last words nobody has read yet. After days of silence
only the newest reminder goes, and none once the notice that we still wait is due.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from requests_app.domain.enums import Direction, Intent, MessageState, SuspensionKind
from requests_app.models import Case, Message

from . import clock, correspondence, one_by_one, portal_access, rows, still_waiting, waiting

REMINDED_AFTER = (5, 12)
"""Calendar days after the question (our own choice)."""

_CLARIFICATION = "requests_app/mail/clarification_reminder"


def sweep(kind: SuspensionKind, write: Callable[[waiting.Question, str], None]) -> int:
    """Have `write` remind of every question of a kind that has waited long enough; return of how many it did.

    It gets the question and the key of the reminder, in a transaction that holds the case. The key of each message
    that it queues begins with this one and a colon; once there is such a message, the reminder was sent.
    """
    latest = clock.calendar().end_of_day_utc(waiting.today() - timedelta(days=REMINDED_AFTER[0]))
    cases = waiting.questions().filter(kind=kind.value, asked_at__lt=latest).values_list("dsr__case", flat=True)
    return one_by_one.each("waiting_reminder", sorted(set(cases)), lambda pk: _remind(pk, kind, write))


def remind_of_clarification(asked: waiting.Question, key: str) -> None:
    """Write the reminder of a clarification, which is given by a reply or on the status page."""
    case = asked.case
    if not reaches(case, case.person_email):
        return
    portal_access.keep_link_until(case, timezone.now() + still_waiting.LINK_OPEN)
    correspondence.queue(
        case, Intent.WAITING_REMINDER, _CLARIFICATION, {"asked_on": asked.asked_on}, key=f"{key}:person",
        secrets={"link": correspondence.status_link_secret(case)},
    )  # fmt: skip


def written(asked: waiting.Question) -> QuerySet[Message]:
    """Return the reminders of a question, on their way or not, without those that were no longer needed."""
    return asked.case.messages.filter(key__startswith=_key(asked)).exclude(state=MessageState.DROPPED.value)


def next_on(asked: waiting.Question) -> date | None:
    """Return the day on which the person is reminded next, should they not answer; None when all is written."""
    days = (asked.asked_on + timedelta(days=after) for after in REMINDED_AFTER)
    return next((day for day in days if day > waiting.today()), None)


def reaches(case: Case, address: str) -> bool:
    """Tell whether a mail may be expected to arrive: there is an address, and the last mail to it reached it."""
    sent = case.messages.filter(direction=Direction.OUT.value, to_address__iexact=address)
    known = [MessageState.SENT.value, MessageState.BOUNCED.value, MessageState.FAILED.value]
    last = sent.filter(state__in=known).order_by("-id").first()
    return bool(address) and (last is None or last.state == MessageState.SENT)


def _remind(case_id: int, kind: SuspensionKind, write: Callable[[waiting.Question, str], None]) -> bool:
    with transaction.atomic():
        dsrs = rows.lock_open_requests(case_id)
        asked = waiting.question(dsrs[0].case, kind) if dsrs else None
        if asked is None or asked.case.unread_since is not None or any(still_waiting.is_due(dsr) for dsr in dsrs):
            return False
        waited = (waiting.today() - asked.asked_on).days
        after = max((days for days in REMINDED_AFTER if days <= waited), default=None)
        if after is None:  # the question that was due has been answered meanwhile
            return False
        key = f"{_key(asked)}{after}"
        sent = asked.case.messages.filter(key__startswith=f"{key}:")
        if sent.exists():
            return False
        write(asked, key)
        return sent.exists()


def _key(asked: waiting.Question) -> str:
    """How the keys of all reminders of a question begin."""
    return f"waiting:{asked.case.pk}:{asked.kind}:{asked.asked_on}:"
