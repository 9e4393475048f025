"""The report of a period: the figures of all three apps, and those of systems and recipients."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils import timezone

from exports.domain.enums import SILENT, TaskAction, TaskState
from exports.models import SystemTask
from identity import statistics as identity
from requests_app import statistics as requests
from requests_app.domain.periods import Period
from requests_app.domain.small_cells import LEAST, Table
from requests_app.domain.spread import Spread, spread
from requests_app.statistics import Span, tally

_NOTICES = ("told", "not_told", "failed", "waiting")


@dataclass(frozen=True)
class SystemDelay:
    """How many days a system took to answer a search; one that has not answered counts until now.

    How many searches there were is not told. Each right is searched for in other systems, and so the difference of two
    numbers could be the few who used one right.
    """

    system: str
    days: Spread


@dataclass(frozen=True)
class SystemFigures:
    """What became of the notices to recipients (Art. 19), and which systems took longest, the slowest first."""

    recipients: Table
    delays: tuple[SystemDelay, ...]


@dataclass(frozen=True)
class Report:
    """What the data protection officer gets of a period: from the day `first` to the day before `after`."""

    period: Period
    requests: requests.RequestFigures
    identity: identity.IdentityFigures
    systems: SystemFigures


def report(period: Period) -> Report:
    """Count everything."""
    span = requests.span(period)
    return Report(period, requests.figures(span), identity.figures(span), figures(span))


def figures(period: Span) -> SystemFigures:
    """Count the tasks that were opened in a period."""
    tasks = SystemTask.objects.filter(created_at__gte=period.start, created_at__lt=period.end)
    told = tasks.filter(action=TaskAction.NOTIFY.value).exclude(state=TaskState.CALLED_OFF.value)
    recipients = tally((_notice(state) for state in told.values_list("state", flat=True)), _NOTICES)
    return SystemFigures(recipients, _delays(period, tasks.filter(action=TaskAction.READ.value)))


def _notice(state: str) -> str:
    if state == TaskState.FAILED:
        return "failed"
    if state == TaskState.OPEN:
        return "waiting"
    return "not_told" if state == TaskState.KEPT else "told"


def _delays(period: Span, searches: Iterable[SystemTask]) -> tuple[SystemDelay, ...]:
    """Systems of whose searches there are too few to tell stand last, by name, and without their days."""
    days: dict[str, list[int]] = {}
    for task in searches:
        end = task.done_at if task.done_at and TaskState(task.state) not in SILENT else timezone.now()
        days.setdefault(task.system, []).append(period.days(task.created_at, max(end, task.created_at)))
    delays = [
        SystemDelay(system, replace(spread(took), count=None)) for system, took in days.items() if len(took) >= LEAST
    ]
    slowest = sorted(delays, key=lambda one: (-(one.days.median or 0), -(one.days.percentile_90 or 0), one.system))
    few = sorted(system for system, took in days.items() if len(took) < LEAST)
    return (*slowest, *(SystemDelay(system, Spread(None)) for system in few))
