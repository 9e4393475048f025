"""The dates of open requests after an upgrade that reckons otherwise: by another rule, or another table of holidays.

Found by a sweep over the versions that stand beside the newest dates of each request, and done case by case, each in
a transaction of its own: whoever is killed half-way leaves the rest to the next sweep.
"""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from requests_app import audit
from requests_app.domain import clock as domain
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest, DeadlineHistory, Organisation

from . import clock, rows

CAUSE = "rule"


def sweep() -> int:
    """Reckon anew what was reckoned by another version; return how many cases. Nothing before the set-up."""
    if not Organisation.objects.exists():
        return 0
    cases = list(_outdated().order_by("case").values_list("case", flat=True).distinct())
    for case_id in cases:
        _reckon(case_id)
    return len(cases)


def _outdated() -> QuerySet[DataSubjectRequest]:
    newest = DeadlineHistory.objects.filter(dsr=OuterRef("pk")).order_by("-id")
    dated = DataSubjectRequest.objects.open().annotate(
        rule=Subquery(newest.values("rule_version")[:1]), holidays=Subquery(newest.values("holiday_version")[:1])
    )
    return dated.exclude(rule=domain.RULE_VERSION, holidays=clock.calendar().version)


def _reckon(case_id: int) -> None:
    versions = {"rule": domain.RULE_VERSION, "holidays": clock.calendar().version}
    with transaction.atomic():
        dsrs = rows.lock_open_requests(case_id)
        outdated = set(_outdated().filter(case=case_id).values_list("pk", flat=True))
        moved = [(dsr, dsr.effective_due, clock.recompute(dsr, CAUSE)) for dsr in dsrs if dsr.pk in outdated]
        for dsr, before, deadline in moved:
            was, until = str(before or ""), deadline.effective_due.isoformat()
            audit.record("clock.rule_changed", f"dsr:{dsr.pk}", SYSTEM, **versions, was=was, until=until)
