"""Figures of a period about identity: how often we asked, and what became of it. Small numbers are not told."""

from dataclasses import dataclass

from identity.domain.enums import VerificationPurpose, VerificationState
from identity.models import Verification
from requests_app.domain.enums import Outcome
from requests_app.domain.small_cells import Table, protect
from requests_app.models import Case
from requests_app.statistics import Span, tally

_ENDINGS = ("confirmed", "waiting", "withdrawn", "closed_unverified")


@dataclass(frozen=True)
class IdentityFigures:
    """Of the cases received: the share in percent in which we asked (a high one is a warning), and how that ended."""

    asked: Table
    asked_share: float | None
    results: Table


def figures(period: Span) -> IdentityFigures:
    """Count the cases of a period in which somebody was asked who they are."""
    cases = Case.objects.filter(received_at__gte=period.start, received_at__lt=period.end)
    questions = Verification.objects.filter(case__in=cases, purpose=VerificationPurpose.IDENTITY.value)
    states: dict[int, set[str]] = {}
    for case, state in questions.values_list("case", "state"):
        states.setdefault(case, set()).add(state)
    unverified = set(cases.filter(dsrs__outcome=Outcome.CLOSED_UNVERIFIED.value).values_list("pk", flat=True))
    asked = protect({"asked": len(states), "not_asked": cases.count() - len(states)})
    results = (_result(had, unverified=case in unverified) for case, had in states.items())
    endings = tally(results, _ENDINGS)
    told = asked.cells["asked"] is not None
    return IdentityFigures(asked, asked.percent_of(["asked"]), endings if told else endings.untold())


def _result(states: set[str], *, unverified: bool) -> str:
    """How the questions of one case ended, the best answer first."""
    if VerificationState.CONFIRMED in states:
        return "confirmed"
    if unverified:
        return "closed_unverified"
    return "withdrawn" if states == {VerificationState.WITHDRAWN.value} else "waiting"
