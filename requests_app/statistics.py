"""Figures of a period for the data protection officer: requests, their time and their end. Nobody is named.

A period is one of local days of the organisation's zone. What was received, asked or answered counts in the period
of that moment; what is open or overdue, as things stood when the period ended, or now if it has not. Small numbers
are not told (`domain.small_cells`): None in their place. Days are calendar days.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from requests_app import selectors
from requests_app.domain import calendars
from requests_app.domain.clock import compute_deadline
from requests_app.domain.enums import Channel, ExtensionReason, Outcome, Right, Stage, SuspensionKind
from requests_app.domain.grounds import Ground
from requests_app.domain.outcomes import AT_ONCE, NEEDS_GROUND
from requests_app.domain.periods import Period
from requests_app.domain.reckoning import add_months
from requests_app.domain.small_cells import Table, count, protect
from requests_app.domain.spread import Spread, spread
from requests_app.models import (
    AuditEntry,
    Case,
    DataSubjectRequest,
    Decision,
    Extension,
    Organisation,
    Suppression,
    Suspension,
)

PROMISE_DAYS = 30
_NO_PROMISE = 3650  # days: so far away that only the month of the law counts
_AT_A_TIME = 500
UNSORTED = "unsorted"


class Age(StrEnum):
    """How long an open request has been here."""

    UP_TO_30_DAYS = "up_to_30_days"
    UP_TO_90_DAYS = "up_to_90_days"
    LONGER = "longer"


class Lateness(StrEnum):
    """Where a request lay when the day of its answer was over."""

    WAITING_FOR_PERSON = "waiting_for_person"
    SORTING = "sorting"
    START = "start"
    SEARCH = "search"
    DRAFT = "draft"
    APPROVAL = "approval"
    SENDING = "sending"


_LATE_IN: dict[str, Lateness] = {
    Stage.RECEIVED: Lateness.SORTING,
    Stage.TRIAGED: Lateness.START,
    Stage.IN_PROGRESS: Lateness.SEARCH,
    Stage.DECISION_DRAFT: Lateness.DRAFT,
    Stage.IN_REVIEW: Lateness.APPROVAL,
    Stage.RELEASED: Lateness.SENDING,
    Stage.CLOSED: Lateness.SENDING,
}


@dataclass(frozen=True)
class Span:
    """A period as instants; `until` is where things are looked at: its end, or now if that is earlier."""

    start: datetime
    end: datetime
    until: datetime
    calendar: calendars.Calendar

    def day(self, moment: datetime) -> date:
        """The local day of a moment."""
        return self.calendar.local_date(moment)

    def days(self, start: datetime, end: datetime) -> int:
        """How many local days lie between two moments."""
        return (self.day(end) - self.day(start)).days


@dataclass(frozen=True)
class Received:
    """How many requests came in, of what kind, on which way, in which language."""

    by_right: Table
    by_channel: Table
    by_language: Table


@dataclass(frozen=True)
class Open:
    """How many have no answer yet, and for how long."""

    by_age: Table
    days: Spread


@dataclass(frozen=True)
class Answered:
    """How long the answers took that were sent, and the share in percent that came within a time, receipt to answer."""

    days: Spread
    within_30_days: float | None
    within_one_month: float | None
    within_three_months: float | None


@dataclass(frozen=True)
class Overdue:
    """What is overdue, and what of the requests received has ever been, by where it lay then."""

    now: Table
    ever: Table
    in_time: float | None


@dataclass(frozen=True)
class Extensions:
    """How many of the requests received were extended, why, and their share in percent."""

    by_reason: Table
    share: float | None


@dataclass(frozen=True)
class Suspensions:
    """How often we waited for a person, for what, and for how many days where there was an answer."""

    by_kind: Table
    days: Spread


@dataclass(frozen=True)
class RequestFigures:
    """Everything that is counted of requests. `askers`: how many people asked once, and how many again."""

    received: Received
    open: Open
    answered: Answered
    overdue: Overdue
    extensions: Extensions
    suspensions: Suspensions
    outcomes: Table
    refusals_by_ground: Table
    marketing_stop_hours: Spread
    complaints: Table
    reopened: int | None
    askers: Table


def span(period: Period) -> Span:
    """The period in the zone of the organisation."""
    organisation = Organisation.objects.get(pk=1)
    calendar = calendars.for_country(organisation.country, tz=organisation.time_zone)
    start, end = period.instants(calendar.zone)
    return Span(start, end, min(end, timezone.now()), calendar)


def figures(period: Span) -> RequestFigures:
    """Count the requests of a period."""
    received, closed = _received(period), _closed(period)
    kinds, outcomes = _kinds(received), _outcomes(closed)
    return RequestFigures(
        received=kinds,
        open=_open(period),
        answered=_answered(period),
        overdue=_overdue(period, received),
        extensions=_extensions(received),
        suspensions=_suspensions(period),
        outcomes=outcomes,
        refusals_by_ground=_if_told(outcomes, NEEDS_GROUND, _refusals(closed)),
        marketing_stop_hours=_marketing_stop(period, kinds.by_right),
        complaints=_if_told(kinds.by_right, [Right.COMPLAINT], _complaints(received)),
        reopened=count(_during(AuditEntry.objects.filter(action="request.reopen"), "at", period).count()),
        askers=_askers(period),
    )


def extended(requests: Iterable[DataSubjectRequest]) -> Mapping[int, list[str]]:
    """The requests whose time was extended, by number, each with the codes of its reasons: the person was told so."""
    told = Extension.objects.living().filter(dsr__in=[dsr.pk for dsr in requests], notice_sent_at__isnull=False)
    return dict(told.values_list("dsr_id", "reasons"))


def _if_told(whole: Table, cells: Collection[str], part: Table) -> Table:
    """A table that breaks down some cells of another one, told only if that one tells how many they are."""
    return part if whole.sum_of(cells) is not None else part.untold()


def tally(values: Iterable[str], every: Iterable[str]) -> Table:
    """A table of how often each value occurs; those that never do are zeros."""
    return protect({**dict.fromkeys(every, 0), **Counter(values)})


def _during(rows: QuerySet, field: str, period: Span) -> QuerySet:  # type: ignore[type-arg]
    return rows.filter(**{f"{field}__gte": period.start, f"{field}__lt": period.end})


def _received(period: Span) -> list[DataSubjectRequest]:
    return list(_during(DataSubjectRequest.objects.select_related("case"), "received_at", period).order_by("pk"))


def _closed(period: Span) -> list[DataSubjectRequest]:
    return list(_during(DataSubjectRequest.objects.all(), "closed_at", period).order_by("pk"))


def _kinds(received: list[DataSubjectRequest]) -> Received:
    return Received(
        by_right=tally((dsr.right or UNSORTED for dsr in received), (*Right, UNSORTED)),
        by_channel=tally((dsr.case.channel for dsr in received), Channel),
        by_language=tally((dsr.case.language for dsr in received), ("nb", "en")),
    )


def _unanswered(until: datetime) -> QuerySet[DataSubjectRequest]:
    """What had come in and had no answer yet at a moment; what was opened again since counts as never answered."""
    not_closed = Q(closed_at__isnull=True) | Q(closed_at__gte=until)
    not_sent = Q(answer_sent_at__isnull=True) | Q(answer_sent_at__gte=until)
    return DataSubjectRequest.objects.filter(not_closed, not_sent, received_at__lt=until).order_by("pk")


def _open(period: Span) -> Open:
    days = [period.days(dsr.received_at, period.until) for dsr in _unanswered(period.until)]
    return Open(tally(map(_age, days), Age), spread(days))


def _age(days: int) -> Age:
    if days <= 30:
        return Age.UP_TO_30_DAYS
    return Age.UP_TO_90_DAYS if days <= 90 else Age.LONGER


def _answered(period: Span) -> Answered:
    sent = list(_during(DataSubjectRequest.objects.all(), "answer_sent_at", period).order_by("pk"))
    times = [(period.day(dsr.received_at), period.day(dsr.answer_sent_at), dsr) for dsr in sent if dsr.answer_sent_at]
    # Told as one table of who kept which time: the difference of two shares could be a single person.
    kept = [_times_kept(received, answered, _month_end(dsr, period.calendar), period.calendar)
            for received, answered, dsr in times]  # fmt: skip
    table = protect(Counter(kept))
    within = [table.percent_of([key for key in table.cells if key[place] == "1"]) for place in range(3)]
    return Answered(spread((answered - received).days for received, answered, _ in times), *within)


def _month_end(dsr: DataSubjectRequest, calendar: calendars.Calendar) -> date:
    """The last day of the month of the law, whatever may have stopped the clock."""
    due = compute_deadline(dsr.received_at, calendar=calendar, policy_days=_NO_PROMISE).statutory_due
    assert due is not None  # noqa: S101 - only a pause leaves it open
    return due


def _times_kept(received: date, answered: date, month_end: date, calendar: calendars.Calendar) -> str:
    """Three digits: within 30 days, within one month, within three months (1) or not (0)."""
    three_months = calendar.roll_forward(add_months(received, 3))
    kept = ((answered - received).days <= PROMISE_DAYS, answered <= month_end, answered <= three_months)
    return "".join("1" if one else "0" for one in kept)


def _overdue(period: Span, received: list[DataSubjectRequest]) -> Overdue:
    unanswered, excused = list(_unanswered(period.until)), _excused()
    now = [dsr for dsr in unanswered if _is_late(dsr, period.until) and dsr.pk not in excused]
    ever = [dsr for dsr in received if _is_late(dsr, period.until) and dsr.pk not in excused]
    causes = _causes({dsr.pk: dsr for dsr in (*now, *ever)}.values())
    still = protect({"late": len(now), "in_time": len(unanswered) - len(now)})
    shares = protect({"late": len(ever), "in_time": len(received) - len(ever)})
    return Overdue(
        now=_if_told(still, ["late"], tally((causes[dsr.pk] for dsr in now), Lateness)),
        ever=_if_told(shares, ["late"], tally((causes[dsr.pk] for dsr in ever), Lateness)),
        in_time=shares.percent_of(["in_time"]),
    )


def _excused() -> set[int]:
    """The requests whose clock stands, and whose person was told in time that we wait: no more is owed them yet."""
    still = Suspension.objects.filter(dsr=OuterRef("pk"), answered_at__isnull=True)
    told = DataSubjectRequest.objects.filter(Exists(still), selectors.told_that_we_wait())
    return set(told.values_list("pk", flat=True))


def _is_late(dsr: DataSubjectRequest, until: datetime) -> bool:
    """Whether the day of the answer was over before the answer went, or is over without one."""
    end = dsr.effective_due_end_utc
    answered = dsr.answer_sent_at or dsr.closed_at
    return end is not None and end <= min(answered or until, until)


def _causes(late: Iterable[DataSubjectRequest]) -> dict[int, Lateness]:
    """Where each of these requests lay when its day was over: the audit knows when it went from stage to stage."""
    by_number = {dsr.pk: dsr for dsr in late}
    found = {number: _first_cause(dsr) for number, dsr in by_number.items()}
    numbers = list(by_number)
    for start in range(0, len(numbers), _AT_A_TIME):
        some = numbers[start : start + _AT_A_TIME]
        entries = AuditEntry.objects.filter(
            subject__in=[f"dsr:{number}" for number in some], action__startswith="request."
        )
        for subject, at, details in entries.order_by("number").values_list("subject", "at", "details"):
            number = int(subject.partition(":")[2])
            end = by_number[number].effective_due_end_utc
            if details.get("target") in _LATE_IN and end is not None and at < end:
                found[number] = _LATE_IN[details["target"]]
        for row in Suspension.objects.filter(dsr__in=some):
            end = by_number[row.dsr_id].effective_due_end_utc
            if end is not None and row.asked_at < end and (row.answered_at is None or row.answered_at >= end):
                found[row.dsr_id] = Lateness.WAITING_FOR_PERSON
    return found


def _first_cause(dsr: DataSubjectRequest) -> Lateness:
    """Where a request lies that nobody has moved yet."""
    return Lateness.START if dsr.right else Lateness.SORTING


def _extensions(received: list[DataSubjectRequest]) -> Extensions:
    reasons = extended(received)
    share = protect({"extended": len(reasons), "not": len(received) - len(reasons)})
    by_reason = tally(chain.from_iterable(reasons.values()), ExtensionReason)
    return Extensions(_if_told(share, ["extended"], by_reason), share.percent_of(["extended"]))


def _suspensions(period: Span) -> Suspensions:
    rows = list(_during(Suspension.objects.all(), "asked_at", period))
    days = [period.days(row.asked_at, row.answered_at) for row in rows if row.answered_at]
    return Suspensions(tally((row.kind for row in rows), SuspensionKind), spread(days))


def _outcomes(closed: list[DataSubjectRequest]) -> Table:
    return tally((dsr.outcome for dsr in closed), Outcome)


def _refusals(closed: list[DataSubjectRequest]) -> Table:
    """How often each ground was named; a decision may name several, so the total is that of grounds."""
    refused = [dsr.pk for dsr in closed if dsr.outcome in NEEDS_GROUND]
    decisions = [
        grounds
        for start in range(0, len(refused), _AT_A_TIME)
        for grounds in Decision.objects.filter(dsr__in=refused[start : start + _AT_A_TIME]).values_list(
            "grounds", flat=True
        )
    ]
    return tally((ground for grounds in decisions for ground in grounds), Ground)


def _marketing_stop(period: Span, by_right: Table) -> Spread:
    """Hours from the receipt of a no to marketing to the block; an address and a number of one request count once."""
    if by_right.sum_of(AT_ONCE) is None:
        return Spread(None)
    said = _during(DataSubjectRequest.objects.filter(right__in=AT_ONCE), "received_at", period)
    received = {(case, right): at for case, right, at in said.values_list("case", "right", "received_at")}
    hours: dict[tuple[int, str], float] = {}
    blocks = Suppression.objects.filter(case__dsrs__in=said, cause__in=AT_ONCE).order_by("created_at")
    for case, cause, created in blocks.values_list("case", "cause", "created_at").distinct():
        if (case, cause) in received:
            waited = (created - received[case, cause]).total_seconds() / 3600
            hours.setdefault((case, cause), max(0.0, round(waited, 1)))
    return spread(hours.values())


def _complaints(received: list[DataSubjectRequest]) -> Table:
    """How the complaints that came in have ended; `open` while they have not."""
    results = (dsr.outcome or "open" for dsr in received if dsr.right == Right.COMPLAINT)
    return tally(results, ("open", Outcome.FULFILLED, Outcome.PARTLY_FULFILLED, Outcome.REFUSED))


def _askers(period: Span) -> Table:
    """How many people had one case, and how many had more; nobody is counted whose address was forgotten."""
    addresses = _during(Case.objects.exclude(person_email=""), "received_at", period)
    cases = Counter(address.lower() for address in addresses.values_list("person_email", flat=True))
    return tally(("once" if number == 1 else "again" for number in cases.values()), ("once", "again"))
