"""The clock of a request: facts in, dates out, every set of dates kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from django.db.models import Min
from django.utils import timezone

from requests_app import audit, outbox
from requests_app.domain import calendars, clock
from requests_app.domain.enums import SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.events import DeadlineMoved
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest, DeadlineHistory, Organisation, Suspension


def calendar() -> calendars.Calendar:
    """Return the calendar of the organisation: its country's holidays in its time zone."""
    return rule().calendar


def calendar_of(organisation: Organisation) -> calendars.Calendar:
    """Return the calendar of the organisation as it was read."""
    return calendars.for_country(organisation.country, tz=organisation.time_zone)


def today() -> date:
    """Return the day in the time zone of the organisation."""
    return calendar().local_date(timezone.now())


@dataclass(frozen=True)
class Rule:
    """By what deadlines are reckoned here: holidays, time zone, and the promise in calendar days."""

    calendar: calendars.Calendar
    policy_days: int


def rule() -> Rule:
    """Return the rule of the organisation."""
    country, zone, policy_days = Organisation.objects.values_list("country", "time_zone", "policy_days").get(pk=1)
    return Rule(calendars.for_country(country, tz=zone), policy_days)


def derive(dsr: DataSubjectRequest, by: Rule | None = None) -> clock.Deadline:
    """Compute the dates of a request from its facts alone, by our rule or another."""
    return clock.compute_deadline(dsr.received_at, **_facts(dsr, by or rule()))


def if_extended(dsr: DataSubjectRequest) -> clock.Deadline:
    """Compute the dates as they would be if the notice of extension went out now."""
    facts: _Facts = {**_facts(dsr, rule()), "extension_notice_at": timezone.now()}
    return clock.compute_deadline(dsr.received_at, **facts)


def latest_notice(dsr: DataSubjectRequest) -> date:
    """Return the last day on which a notice of extension may go out."""
    return clock.latest_notice(dsr.received_at, calendar=calendar())


def explain(dsr: DataSubjectRequest) -> tuple[clock.Step, ...]:
    """Return the arithmetic behind the dates of a request, step by step."""
    return clock.explain(dsr.received_at, **_facts(dsr, rule()))


def judged(dsr: DataSubjectRequest) -> list[tuple[Suspension, clock.Interval]]:
    """Return each question to the person, in the order of asking, and whether it stops the clock."""
    rows = list(dsr.suspensions.order_by("asked_at", "id"))
    pairs = [(row.asked_at, row.answered_at) for row in rows]
    return list(zip(rows, clock.judge(dsr.received_at, calendar=calendar(), suspensions=pairs), strict=True))


def foresee(dsr: DataSubjectRequest, asked_at: datetime) -> clock.Interval:
    """Return what a question asked at `asked_at`, after all others, would do to the clock."""
    asked = [*_facts(dsr, rule())["suspensions"], (asked_at, None)]
    return clock.judge(dsr.received_at, calendar=calendar(), suspensions=asked)[-1]


class _Facts(TypedDict):
    calendar: calendars.Calendar
    policy_days: int
    suspensions: list[clock.Suspension]
    extension_notice_at: datetime | None


def _facts(dsr: DataSubjectRequest, by: Rule) -> _Facts:
    asked = sorted(dsr.suspensions.all(), key=lambda row: (row.asked_at, row.pk))
    return {
        "calendar": by.calendar,
        "policy_days": by.policy_days,
        "suspensions": [(row.asked_at, row.answered_at) for row in asked],
        "extension_notice_at": next(
            (row.notice_sent_at for row in dsr.extensions.all() if row.taken_back_at is None), None
        ),
    }


def recompute(dsr: DataSubjectRequest, cause: str) -> clock.Deadline:
    """Derive the dates anew, store them as index and append them to the history. Needs a transaction."""
    deadline = derive(dsr)
    dsr.effective_due = deadline.effective_due
    dsr.effective_due_end_utc = deadline.effective_due_end_utc
    dsr.act_by = deadline.act_by
    dsr.next_milestone_on = deadline.received_local_date
    dsr.save(update_fields=["effective_due", "effective_due_end_utc", "act_by", "next_milestone_on"])
    before = dsr.deadline_history.order_by("-id").first()
    row = DeadlineHistory.objects.create(
        dsr=dsr,
        computed_at=timezone.now(),
        cause=cause,
        rule_version=clock.RULE_VERSION,
        holiday_version=calendar().version,
        deadline=clock.as_plain(deadline),
    )
    refresh_case(dsr.case_id)
    # While it stood there was no day to tell, so the one after it is news even where it is the same.
    if before and not deadline.paused and (before.deadline["paused"] or row.deadline != before.deadline):
        outbox.publish(DeadlineMoved(dsr.case_id), key=f"deadline-moved:{row.pk}")
    return deadline


def refresh_case(case_id: int) -> None:
    """Set the due date of a case to the earliest of its open requests (an index, nothing more)."""
    earliest = DataSubjectRequest.objects.open().filter(case_id=case_id).aggregate(due=Min("effective_due"))["due"]
    Case.objects.filter(pk=case_id).update(due_on=earliest)


def suspend(
    dsr: DataSubjectRequest,
    kind: SuspensionKind,
    ground: str,
    actor: Actor,
    *,
    asked_at: datetime | None = None,
) -> Suspension:
    """Write down that we wait for the person from now on. Needs a transaction.

    A question that came too late to stop the clock is written down all the same. Raises ActionRefused for a right
    that takes effect at once, for a time before the receipt or in the future, or while already waiting for the same.
    """
    now = timezone.now()
    asked_at = asked_at or now
    if dsr.right in AT_ONCE:
        raise ActionRefused(Reason("never_suspended"))
    if asked_at < dsr.received_at:
        raise ActionRefused(Reason("asked_before_receipt"))
    if asked_at > now:
        raise ActionRefused(Reason("asked_in_future"))
    if dsr.suspensions.filter(kind=kind, answered_at__isnull=True).exists():
        raise ActionRefused(Reason("already_waiting"))
    row = Suspension.objects.create(dsr=dsr, kind=kind, ground=ground, asked_at=asked_at)
    recompute(dsr, f"suspended:{kind}")
    audit.record("clock.suspended", f"dsr:{dsr.pk}", actor, kind=kind.value, ground=ground)
    return row


def resume(dsr: DataSubjectRequest, kind: SuspensionKind, actor: Actor, *, answered_at: datetime | None = None) -> None:
    """End the open suspension of this kind, if there is one. Needs a transaction.

    Raises ActionRefused for an answer before the question or in the future.
    """
    row = dsr.suspensions.select_for_update().filter(kind=kind, answered_at__isnull=True).first()
    if row is None:
        return
    now = timezone.now()
    answered_at = answered_at or now
    if answered_at < row.asked_at:
        raise ActionRefused(Reason("answered_before_asked"))
    if answered_at > now:
        raise ActionRefused(Reason("answered_in_future"))
    row.answered_at = answered_at
    row.save(update_fields=["answered_at"])
    recompute(dsr, f"resumed:{kind}")
    audit.record("clock.resumed", f"dsr:{dsr.pk}", actor, kind=kind.value)
