"""The facts behind a clock as the case page lists them: questions, corrections, every set of dates, answers to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from requests_app.domain.enums import SuspensionKind
from requests_app.labels import GROUNDS, SUSPENSIONS
from requests_app.models import DataSubjectRequest, Message
from requests_app.services import clarification, clock

from .clock_words import CAUSES, ruled

MOST_REPLIES = 3


@dataclass(frozen=True)
class Question:
    """One question to the person; `ruled` says whether it counts, and if not, why."""

    what: Promise
    ground: Promise | str
    asked_at: datetime
    answered_at: datetime | None
    ruled: str


@dataclass(frozen=True)
class Computed:
    """One set of dates; while the clock stood, `due` was only the day of the alarm."""

    at: datetime
    cause: Promise | str
    due: date
    paused: bool
    rule: str
    holidays: str


@dataclass(frozen=True)
class Reply:
    """What the person wrote after we asked; perhaps it is the answer."""

    dsr_id: int
    message: Message


def questions(dsr: DataSubjectRequest) -> tuple[Question, ...]:
    """Return every question of a request, in the order of asking."""
    return tuple(
        Question(
            what=SUSPENSIONS[row.kind],
            ground=GROUNDS.get(row.ground, row.ground),
            asked_at=row.asked_at,
            answered_at=row.answered_at,
            ruled=ruled(interval),
        )
        for row, interval in clock.judged(dsr)
    )


def history(dsr: DataSubjectRequest) -> tuple[Computed, ...]:
    """Return every set of dates that was computed for a request, the first one first."""
    return tuple(
        Computed(
            at=row.computed_at,
            cause=CAUSES.get(row.cause, CAUSES.get(row.cause.partition(":")[0], row.cause)),
            due=date.fromisoformat(row.deadline["effective_due"]),
            paused=row.deadline["paused"],
            rule=row.rule_version,
            holidays=row.holiday_version,
        )
        for row in dsr.deadline_history.order_by("id")
    )


def may_ask(dsr: DataSubjectRequest) -> bool:
    """Tell whether the person may be asked now what they want to see."""
    return clarification.why_not_ask(dsr) is None


def waits_for_clarification(dsr: DataSubjectRequest) -> bool:
    """Tell whether such a question is open; suspensions should be loaded with the request."""
    rows = dsr.suspensions.all()
    return any(row.kind == SuspensionKind.CLARIFICATION and row.answered_at is None for row in rows)


def replies(dsrs: Iterable[DataSubjectRequest]) -> list[Reply]:
    """Return what may be the answer to an open question, the first messages since it was asked."""
    waiting = [dsr for dsr in dsrs if dsr.closed_at is None and waits_for_clarification(dsr)]
    return [Reply(dsr.pk, message) for dsr in waiting for message in clarification.replies(dsr)[:MOST_REPLIES]]
