"""The dates of open requests when country, time zone or promise of the organisation are others.

What happens is told by the outbox, case by case in batches; each batch and the next one's event are one
transaction, so a worker that is killed leaves whole batches behind and the rest owed.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from requests_app import audit, outbox
from requests_app.domain.events import DatesOutdated
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest, DeadlineHistory

from . import clock, rows

BATCH = 50  # cases


@dataclass(frozen=True)
class Effect:
    """What other settings would do to the open requests: how many there are, move, and in which direction.

    `overdue`: due on a day that is over already, and not before.
    """

    open: int
    earlier: int
    later: int
    overdue: int

    @property
    def moved(self) -> int:
        """How many get another due date."""
        return self.earlier + self.later


def effect_of(rule: clock.Rule) -> Effect:
    """Reckon every open request by other settings, and write nothing."""
    today = rule.calendar.local_date(timezone.now())
    requests = earlier = later = overdue = 0
    for dsr in DataSubjectRequest.objects.open().prefetch_related("suspensions", "extensions").iterator(chunk_size=500):
        before, after = dsr.effective_due, clock.derive(dsr, rule).effective_due
        requests += 1
        if before is None or before == after:
            continue
        earlier += after < before
        later += after > before
        overdue += after < today <= before
    return Effect(requests, earlier, later, overdue)


def owe(version: int) -> None:
    """Have every open request reckoned anew by this version of the settings. Needs the transaction of the change.

    A request that is being written down meanwhile is not seen yet, and may have read the settings of before; the
    second look finds it.
    """
    outbox.publish(DatesOutdated(version, after=0), key=f"dates:{version}")
    second = settings.ORGANISATION_SECOND_LOOK
    outbox.publish(DatesOutdated(version, after=0), key=f"dates:{version}:again", delay=second)


def recompute(version: int, after: int) -> None:
    """Reckon the next BATCH of open cases anew, and owe the batch after it; whoever comes twice finds it done."""
    cause = f"organisation:{version}"
    owed = DataSubjectRequest.objects.open().exclude(deadline_history__cause=cause)
    cases = list(owed.filter(case__gt=after).order_by("case").values_list("case", flat=True).distinct()[:BATCH])
    rows.lock_cases(cases)
    dsrs = [dsr for case in cases for dsr in rows.lock_open_requests(case)]
    done = set(DeadlineHistory.objects.filter(dsr__in=dsrs, cause=cause).values_list("dsr", flat=True))
    moved = [(dsr, dsr.effective_due, clock.recompute(dsr, cause)) for dsr in dsrs if dsr.pk not in done]
    for dsr, before, deadline in moved:
        was, until = str(before or ""), deadline.effective_due.isoformat()
        audit.record("clock.recomputed", f"dsr:{dsr.pk}", SYSTEM, settings=version, was=was, until=until)
    if cases:
        outbox.publish(DatesOutdated(version, after=cases[-1]))
