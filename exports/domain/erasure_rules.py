"""What becomes of each kind of data when a person wants it deleted (GDPR Art. 17): proposal, end, and what is missing.

A plan has one line for each use of data (activity of the register, or duty to keep) in each system. A row belongs to
every use its system names, and the strictest measure among them decides: kept before restricted before anonymised
before deleted. Connectors decide over a row in the same order.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from requests_app.domain.grounds import Ground
from requests_app.domain.reckoning import add_months

from .enums import Measure
from .erasure_grounds import KEEPING_GROUNDS
from .register_model import CountedFrom, RetentionDuty

STRICTEST_FIRST = (Measure.KEEP, Measure.RESTRICT, Measure.ANONYMISE, Measure.DELETE)


class Gap(StrEnum):
    """What a line still lacks before anybody may approve it."""

    GROUND = "ground"
    END = "end"
    PAST_END = "past_end"
    JUSTIFICATION = "justification"
    METHOD = "method"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of the data of one line."""

    measure: Measure
    ground: str = ""
    kept_until: date | None = None
    reason: str = ""


def end_of_duty(duty: RetentionDuty, newest: date | None, today: date) -> date:
    """Return the last day on which a duty has data kept; without the day of its newest row, that is today."""
    begins = today if newest is None or duty.counted_from is CountedFrom.DELETION else newest
    if duty.counted_from is not CountedFrom.FINANCIAL_YEAR_END:
        return add_months(begins, duty.months)
    year = begins.year + (begins.month > duty.year_ends_in)
    end = add_months(date(year, duty.year_ends_in, 1), duty.months)
    return date(end.year, end.month, monthrange(end.year, end.month)[1])


def needs_newest(duty: RetentionDuty) -> bool:
    """Tell whether the end of a duty depends on the day of its newest row."""
    return duty.counted_from is not CountedFrom.DELETION


def proposal(*, erasable: bool, duty: RetentionDuty | None, newest: date | None, today: date) -> Decision:
    """Return what the register says of one use of data, before anybody has looked at it.

    Deleted by default. A duty keeps until its end; afterwards the data goes. A use for which the register knows no
    right to deletion is kept, and a person has to say until when.
    """
    if duty is not None:
        end = end_of_duty(duty, newest, today)
        return Decision(Measure.KEEP, duty.ground.value, end) if end >= today else Decision(Measure.DELETE)
    return Decision(Measure.DELETE) if erasable else Decision(Measure.KEEP, Ground.LEGAL_OBLIGATION.value)


def gap(decision: Decision, *, computed_end: date | None, today: date) -> Gap | None:
    """Return what a line lacks, or None. `computed_end` is that of a duty; any other end needs a reason."""
    reasoned = bool(decision.reason.strip())
    match decision.measure:
        case Measure.KEEP:
            return _gap_of_kept(decision, reasoned, computed_end, today)
        case Measure.ANONYMISE:
            return None if reasoned else Gap.METHOD
        case Measure.RESTRICT:
            return None if reasoned else Gap.REASON
        case Measure.DELETE:
            return None


def _gap_of_kept(decision: Decision, reasoned: bool, computed_end: date | None, today: date) -> Gap | None:
    if decision.ground not in {ground.value for ground in KEEPING_GROUNDS}:
        return Gap.GROUND
    if decision.kept_until is None:
        return Gap.END
    if decision.kept_until < today:
        return Gap.PAST_END
    return None if reasoned or decision.kept_until == computed_end else Gap.JUSTIFICATION


def deciding(uses: Sequence[str], measures: Mapping[str, Measure]) -> str | None:
    """Return the use that decides over a row with these uses; None when one stands outside the plan, or there is none.

    What stands outside is kept, and so is the row.
    """
    if not uses or any(use not in measures for use in uses):
        return None
    return min(uses, key=lambda use: STRICTEST_FIRST.index(measures[use]))


def counted_with(use: str, rows: Iterable[Sequence[str]], measures: Mapping[str, Measure]) -> frozenset[str]:
    """Return the uses that decide over the rows of one use, or keep them by standing outside the plan."""
    found: set[str] = set()
    for uses in rows:
        if use in uses:
            decider = deciding(uses, measures)
            found |= {decider} if decider else set(uses) - measures.keys()
    return frozenset(found)


def count(rows: Iterable[Sequence[str]], measures: Mapping[str, Measure]) -> Counter[str]:
    """Return how many rows each use decides over; each row is counted once, by the uses its system names."""
    return Counter(use for uses in rows if (use := deciding(uses, measures)) is not None)
