"""The notice that we still wait (letter T07): at the alarm, to everybody for whom the clock stands, without a person.

It says what we asked and when, why we cannot act, how to go on, and where to complain (Art. 12(4)). It is written once
for each question, on the day of the alarm or the last working day before; found by a sweep, so a day on which nothing
ran is made up for by the next.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation

from requests_app.domain.enums import Intent, SuspensionKind
from requests_app.domain.snapshot import Reason
from requests_app.labels import right_label
from requests_app.models import Case, DataSubjectRequest

from . import clock, complaint_block, correspondence, one_by_one, portal_access, rows, waiting

TEMPLATE = "requests_app/mail/still_waiting"
LINK_OPEN = timedelta(days=60)
"""How long the link of the letter opens the status page at least."""

_LONGEST_HOLIDAY = timedelta(days=10)  # so many days off in a row never come before an alarm


def sweep() -> int:
    """Write every notice that is owed; return how many."""
    soon = waiting.today() + _LONGEST_HOLIDAY
    cases = waiting.questions().filter(dsr__effective_due__lte=soon).values_list("dsr__case", flat=True)
    return one_by_one.each("still_waiting", sorted(set(cases)), _send)


def is_due(dsr: DataSubjectRequest) -> bool:
    """Tell whether the day of the notice has come, written or not."""
    on = waiting.notice_on(dsr)
    return on is not None and on <= waiting.today()


def why_not(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the notice cannot go by itself, or None."""
    if not dsr.case.person_email:
        return Reason("no_address")
    return None if "authority" in complaint_block.context(dsr.case) else Reason("answer_waits_authority")


def _send(case_id: int) -> bool:
    with transaction.atomic():
        dsrs = [dsr for dsr in rows.lock_open_requests(case_id) if waiting.notice_on(dsr)]
        due = next((dsr for dsr in dsrs if is_due(dsr) and waiting.notice(dsr) is None), None)
        if due is None or why_not(due):
            return False
        asked = due.suspensions.filter(answered_at__isnull=True).earliest("asked_at", "id")
        portal_access.keep_link_until(due.case, timezone.now() + LINK_OPEN)
        correspondence.queue(
            due.case, Intent.STILL_WAITING, TEMPLATE, _reasons(due.case, dsrs), key=f"still-waiting:{asked.pk}",
            secrets={"link": correspondence.status_link_secret(due.case)},
        )  # fmt: skip
        return True


def _reasons(case: Case, dsrs: Sequence[DataSubjectRequest]) -> dict[str, object]:
    """What the letter says of all requests of the case that wait."""
    asked = {kind: waiting.question(case, kind) for kind in SuspensionKind}
    with translation.override(case.language):
        rights = [str(right_label(dsr.right)) for dsr in dsrs]
    return {
        "received_on": clock.calendar().local_date(min(dsr.received_at for dsr in dsrs)),
        "rights": rights,
        **{f"{kind}_asked_on": found.asked_on if found else None for kind, found in asked.items()},
    } | complaint_block.context(case)
