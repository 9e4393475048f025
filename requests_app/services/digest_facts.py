"""What the morning mail tells one person, read from the database: references, rights, days and numbers, no names."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from requests_app import selectors
from requests_app.domain.cover import Thin
from requests_app.domain.enums import RequirementState, Role, Stage
from requests_app.domain.milestones import MilestoneKind
from requests_app.labels import GENERAL_HOLIDAYS, MILESTONES, REQUIREMENTS, STAFF_NOTICES, right_label
from requests_app.models import Case, DataSubjectRequest, HeldNotice, Inquiry, Message, Requirement
from requests_app.permissions import Permission, Staff, may

from . import clock, cover, reminders, staff_notice
from .roster import Roster

MOST = 20  # lines of one heading
SOON = timedelta(days=5)
ANSWERED = (Stage.RELEASED.value, Stage.CLOSED.value)
PREPARED = (Stage.DECISION_DRAFT.value, Stage.IN_REVIEW.value)


@dataclass(frozen=True)
class Line:
    """One case or request: its rights in words, and its day (None: none yet)."""

    reference: str
    right: str
    day: date | None


@dataclass(frozen=True)
class Lines:
    """The first `MOST` of what stands under a heading, and how many more there are."""

    rows: tuple[Line, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Held:
    """A mail that was put off until now."""

    pk: int
    words: Promise
    reference: str


@dataclass(frozen=True)
class Facts:
    """The morning mail of one person.

    Of the requests in their cases, and in those of whom they stand in for: `overdue`; `act_now`, for the last working
    day before the due date has come; `soon`. `unowned` are all three where nobody is there who has the case.
    `goals`: what should be done by now on the way to an answer, since the morning mail before. `held_up`: answers that
    are prepared and lack something else. `tasks` and `unsorted` are numbers.
    """

    overdue: Lines = Lines()
    act_now: Lines = Lines()
    soon: Lines = Lines()
    goals: Lines = Lines()
    unowned: Lines = Lines()
    unread: Lines = Lines()
    unsent: Lines = Lines()
    to_approve: Lines = Lines()
    everybody_overdue: Lines = Lines()
    held_up: Lines = Lines()
    held: tuple[Held, ...] = ()
    tasks: int = 0
    unsorted: int = 0
    oldest_on: date | None = None
    thin: Thin | None = None
    thin_time: Promise | str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return self == Facts()


def of(person: Staff, day: date, team: Roster, *, since: datetime) -> Facts:
    """Return what one person is told on a day, in the active language; `since`: when the mail before it was written."""
    calendar = clock.calendar()
    seen = Case.objects.visible_to(person)
    holders = list(Case.objects.open().exclude(assignee=None).values_list("assignee", flat=True).distinct())
    stands_for = [pk for pk in holders if team.instead_of(pk) == person.pk]
    nobody_has = Q(assignee=None) | Q(assignee__in=[pk for pk in holders if team.instead_of(pk) is None])
    takes = not person.roles.isdisjoint(staff_notice.TAKERS)
    mine, reach = Q(assignee__in=stands_for), Q(assignee__in=stands_for) | (nobody_has if takes else Q(pk__in=[]))
    late, now, soon = _late(day), _last_day(day), _soon(day)
    waiting = Inquiry.objects.unsorted().visible_to(person)
    unsorted = waiting if may(person, Permission.SORT) else Inquiry.objects.none()
    oldest = unsorted.values_list("received_at", flat=True).first()
    decides = Role.DECISION_MAKER in person.roles
    warned = decides or Role.ADMINISTRATOR in person.roles
    thin = cover.of(day, calendar).thin if warned else None
    return Facts(
        overdue=_requests(seen.filter(mine), late),
        act_now=_requests(seen.filter(mine), now),
        soon=_requests(seen.filter(mine), soon),
        goals=_goals(person, day, team, since),
        unowned=_requests(seen.filter(nobody_has), late | now | soon) if takes else Lines(),
        unread=_cases(seen.filter(reach, unread_since__isnull=False)),
        unsent=_cases(seen.filter(reach & _has_unsent())),
        to_approve=_to_approve(person) if may(person, Permission.RELEASE) else Lines(),
        everybody_overdue=_requests(seen.filter(~reach), late) if decides else Lines(),
        held_up=_held_up(seen) if decides else Lines(),
        held=tuple(Held(row.pk, STAFF_NOTICES[row.kind], row.reference) for row in _held(person)),
        tasks=import_string(settings.OPEN_TASKS)(stands_for, person),
        unsorted=selectors.counted(unsorted),
        oldest_on=calendar.local_date(oldest) if oldest else None,
        thin=thin,
        thin_time=GENERAL_HOLIDAYS[thin.stretch.name] if thin else "",
    )


def _held(person: Staff) -> QuerySet[HeldNotice]:
    """What was put off for this person, but for what is of a case that they must not see any more."""
    rows = HeldNotice.objects.filter(user=person.pk, told_on__isnull=True)
    return rows.exclude(reference__in=Case.objects.hidden_from(person).values("reference"))


def _late(day: date) -> Q:
    return Q(effective_due__lt=day)


def _last_day(day: date) -> Q:
    return Q(effective_due__gte=day, act_by__lte=day)


def _soon(day: date) -> Q:
    return Q(effective_due__gte=day, effective_due__lte=day + SOON) & ~Q(act_by__lte=day)


def _has_unsent() -> Q:
    return Q(Exists(Message.objects.filter(selectors.unsent(), case=OuterRef("pk"))))


def _unanswered() -> QuerySet[DataSubjectRequest]:
    return DataSubjectRequest.objects.open().exclude(stage__in=ANSWERED)


def _requests(cases: QuerySet[Case], condition: Q) -> Lines:
    dsrs = _unanswered().filter(condition, case__in=cases)
    return _lines(dsrs.exclude(selectors.waits_and_was_told()))


def _goals(person: Staff, day: date, team: Roster, since: datetime) -> Lines:
    """The milestones that are this person's to hear of; what is due in a few days stands under a heading of its own."""
    mine = [
        Line(
            told.dsr.case.reference,
            f"{right_label(told.dsr.right)}: {MILESTONES[told.milestone.kind]}",
            told.milestone.due,
        )
        for told in reminders.told_since(since)
        if not (told.milestone.kind is MilestoneKind.DUE_5 and told.milestone.due <= day + SOON)
        and person.pk in [one.pk for one in staff_notice.recipients(told.dsr.case, told.people, team)]
    ]
    return Lines(tuple(mine[:MOST]), max(0, len(mine) - MOST))


def _to_approve(person: Staff) -> Lines:
    """What waits for a second person, which this one can be: the answers, and what `TO_APPROVE` knows of."""
    answers = Q(stage=Stage.IN_REVIEW.value) & ~Q(decision__prepared_by=person.pk)
    others = Q(pk__in=import_string(settings.TO_APPROVE)(person.pk))
    if may(person, Permission.EXTEND):
        others |= selectors.proposed_to_decide(by_others_than=person.pk)
    return _lines(_unanswered().filter(answers | others, case__in=Case.objects.visible_to(person)))


def _lines(rows: QuerySet[DataSubjectRequest]) -> Lines:
    first = rows.select_related("case").order_by("effective_due", "id")[:MOST]
    lines = tuple(Line(dsr.case.reference, str(right_label(dsr.right)), dsr.effective_due) for dsr in first)
    return Lines(lines, _more(rows, len(lines)))


def _held_up(seen: QuerySet[Case]) -> Lines:
    rows = Requirement.objects.filter(state=RequirementState.OPEN.value, dsr__closed_at__isnull=True)
    rows = rows.filter(dsr__case__in=seen)
    rows = rows.filter(dsr__stage__in=PREPARED)
    first = rows.select_related("dsr__case").order_by("dsr__effective_due", "dsr_id", "id")[:MOST]
    lines = tuple(
        Line(row.dsr.case.reference, f"{right_label(row.dsr.right)}: {REQUIREMENTS[row.kind]}", row.dsr.effective_due)
        for row in first
    )
    return Lines(lines, _more(rows, len(lines)))


def _cases(rows: QuerySet[Case]) -> Lines:
    lines = tuple(
        Line(case.reference, ", ".join(str(right_label(dsr.right)) for dsr in case.dsrs.all()), case.due_on)
        for case in rows.prefetch_related("dsrs").order_by("due_on", "id")[:MOST]
    )
    return Lines(lines, _more(rows, len(lines)))


def _more(rows: "QuerySet[DataSubjectRequest] | QuerySet[Requirement] | QuerySet[Case]", shown: int) -> int:
    return max(0, rows.order_by().count() - shown) if shown == MOST else 0
