"""Reminders to the staff: each milestone once, on its day; what is overdue every day.

The sweep looks only at the requests whose day has come (`DataSubjectRequest.next_milestone_on`), one by one, each
under its own lock. However often it runs, at once or after days of silence, a request has one piece of news at most
for whoever hears of it: the newest. What can wait for the morning's mail is written down for it (`told_since`), the
rest leaves at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Role, StaffNotice
from requests_app.domain.milestones import Audience, Milestone, MilestoneKind, next_look, owed
from requests_app.labels import MILESTONES
from requests_app.models import DataSubjectRequest, ReminderSent
from requests_app.permissions import Staff

from . import clock, milestones, one_by_one, rows, staff_notice

TEMPLATE = "requests_app/mail/reminder"
_BY_ROLE = {Audience.DECISION_MAKER: Role.DECISION_MAKER, Audience.DPO: Role.DPO}


@dataclass(frozen=True, slots=True)
class Told:
    """A milestone of a request that waits for the morning's mail, and whom it is for."""

    dsr: DataSubjectRequest
    milestone: Milestone
    people: tuple[Staff, ...]


def sweep() -> int:
    """Tell, or write down for the morning, everything that is owed and was not told; return how many that were."""
    today = clock.today()
    due = list(DataSubjectRequest.objects.with_milestone_by(today).values_list("pk", flat=True))
    return one_by_one.each("reminder", due, lambda pk: _look_at(pk, today))


def clock_went_back() -> int:
    """Look at every open request again, after the machine's clock was set back; return how many.

    By the new clock, what was put off by the old one would wait until that time comes again.
    """
    today = clock.today()
    return DataSubjectRequest.objects.open().filter(next_milestone_on__gt=today).update(next_milestone_on=today)


def told_since(moment: datetime) -> Iterator[Told]:
    """Return for the morning's mail what was written down since `moment`, had no mail of its own, and still holds."""
    today = clock.today()
    noted = ReminderSent.objects.filter(sent_at__gte=moment, dsr__closed_at__isnull=True)
    for row in noted.select_related("dsr__case__assignee").order_by("sent_at", "id"):
        for milestone in milestones.owed(row.dsr, today):
            if not milestone.instant and (milestone.kind, milestone.day) == (row.kind, row.due_on):
                yield Told(row.dsr, milestone, tuple(people_for(row.dsr, milestone.audience)))


def whom(dsr: DataSubjectRequest) -> list[Staff]:
    """Return the assignee, or while nobody has the case, everybody who could take it."""
    if dsr.case.assignee and dsr.case.assignee.is_active:
        return [dsr.case.assignee]
    return selectors.staff_with(Role.HANDLER, Role.DECISION_MAKER)


def people_for(dsr: DataSubjectRequest, audience: frozenset[Audience]) -> list[Staff]:
    """Return each person who hears of a milestone once: who has the case, then whoever it is escalated to."""
    nearest = whom(dsr) if audience & {Audience.ASSIGNEE, Audience.TEAM} else []
    roles = [role for one, role in _BY_ROLE.items() if one in audience]
    escalated = selectors.staff_with(*roles) if roles else []
    return list({person.pk: person for person in (*nearest, *escalated)}.values())


def _look_at(dsr_id: int, today: date) -> int:
    """Look at one request; return how many milestones were told."""
    with transaction.atomic():
        return _remind(rows.lock_request(dsr_id), today)


def _remind(dsr: DataSubjectRequest, today: date) -> int:
    if dsr.closed_at is not None or dsr.next_milestone_on is None or dsr.next_milestone_on > today:
        return 0  # another sweep, or an answer, was faster
    facts, calendar = milestones.facts(dsr), clock.calendar()
    found = [(one, people_for(dsr, one.audience)) for one in owed(facts, calendar=calendar, today=today)]
    if found and not any(people for _, people in found):
        return 0  # nobody yet: the next sweep looks again
    dsr.next_milestone_on = next_look(facts, calendar=calendar, today=today)
    dsr.save(update_fields=["next_milestone_on"])
    return sum(_tell_once(dsr, milestone, people, today) for milestone, people in found if people)


def _tell_once(dsr: DataSubjectRequest, milestone: Milestone, people: list[Staff], today: date) -> bool:
    _, new = ReminderSent.objects.get_or_create(
        dsr=dsr, kind=milestone.kind.value, due_on=milestone.day, defaults={"sent_at": timezone.now()}
    )
    if new and milestone.instant:
        context: dict[str, object] = {
            "reference": dsr.case.reference,
            "kind": milestone.kind.value,
            "what": MILESTONES[milestone.kind],
            "due_on": milestone.due,
            "days": abs((milestone.due - today).days),
        }
        notice = StaffNotice.HARD_ALARM if milestone.kind is MilestoneKind.ALARM else StaffNotice.DUE_SOON
        # The mail names the case: what is the same of two of its requests is told in one.
        key = f"reminder:{dsr.case_id}:{milestone.kind}:{milestone.day}:{milestone.due}"
        staff_notice.tell(notice, people, TEMPLATE, context, key=key)
    return new
