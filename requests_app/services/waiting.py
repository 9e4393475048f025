"""While we wait for the person: what was asked, and whether they were told in time why there is no answer yet.

A question stops the clock (EDPB 01/2022 paragraph 159), but not everybody reads the law so. At the alarm, which no
question moves, something with reasons has to be out: the answer, a notice of extension, or the notice that we still
wait (letter T07). With one of them a request whose clock stands is on time, without it is not.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Stage, SuspensionKind
from requests_app.models import Case, DataSubjectRequest, Message, Suspension

from . import clock

_ANSWERED = (Stage.RELEASED.value, Stage.CLOSED.value)


@dataclass(frozen=True)
class Question:
    """What we wait for: one kind of question on one case, whichever of its requests it holds up."""

    case: Case
    kind: SuspensionKind
    asked_on: date


def questions() -> QuerySet[Suspension]:
    """Return what nobody has answered yet, of requests that nobody has answered yet."""
    return Suspension.objects.filter(answered_at__isnull=True).exclude(dsr__stage__in=_ANSWERED)


def question(case: Case, kind: SuspensionKind) -> Question | None:
    """Return the question of a kind on a case; None where nothing is asked, or all is over."""
    first = questions().filter(dsr__case=case, kind=kind.value).order_by("asked_at", "id").first()
    return Question(case, kind, clock.calendar().local_date(first.asked_at)) if first else None


def notice_on(dsr: DataSubjectRequest) -> date | None:
    """Return the day on which the notice has to go out: that of the alarm, or the last working day before it.

    None while the clock runs: then an answer is owed, and no notice takes its place.
    """
    deadline = clock.derive(dsr)
    return deadline.act_by if deadline.paused and dsr.stage not in _ANSWERED else None


def notice(dsr: DataSubjectRequest) -> Message | None:
    """Return the notice that was written while a request waited, in time or not; it may not have left yet."""
    return selectors.notices_of_waiting(dsr).order_by("id").first()


def notice_given(dsr: DataSubjectRequest) -> bool:
    """Tell whether something with reasons went out in time: the answer, a notice of extension, or that we wait."""
    if dsr.answer_sent_at is not None or clock.derive(dsr).extension_valid:
        return True
    return DataSubjectRequest.objects.filter(selectors.told_that_we_wait(), pk=dsr.pk).exists()


def is_overdue(dsr: DataSubjectRequest) -> bool:
    """Tell whether something is owed to the person that should have reached them by now."""
    if dsr.stage in _ANSWERED or dsr.effective_due_end_utc is None or timezone.now() < dsr.effective_due_end_utc:
        return False
    return not (clock.derive(dsr).paused and notice_given(dsr))


def today() -> date:
    """Return the day by the organisation's clock."""
    return clock.calendar().local_date(timezone.now())
