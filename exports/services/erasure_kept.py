"""What a person keeps by hand in spite of a deletion: on which ground, and until when.

The register knows how long a duty has data kept, so its end is computed from the day of the newest document; only where
nothing can be computed, as for a claim that is not settled, somebody types the end and says why.
"""

from dataclasses import dataclass
from datetime import date

from exports.domain import erasure_rules as rules
from exports.domain.enums import Measure
from exports.domain.register import RetentionDuty
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.domain.snapshot import Reason

from . import erasure, erasure_proposal, register, registers


@dataclass(frozen=True, slots=True)
class Keeping:
    """Why something stays: a duty of the register with the day of its newest document, or a ground with a typed end."""

    duty: str = ""
    newest_on: date | None = None
    ground: str = ""
    kept_until: date | None = None
    reason: str = ""


def duties() -> tuple[RetentionDuty, ...]:
    """Return the duties to keep that the register knows; none without a register."""
    try:
        return tuple(registers.everything().retention_duties)
    except register.NoRegister:
        return ()


def needs_duty(ground: str) -> bool:
    """Tell whether the end on a ground is always computed: a legal obligation, once the register knows one."""
    return ground == Ground.LEGAL_OBLIGATION and any(duty.ground == ground for duty in duties())


def decide(keeping: Keeping) -> rules.Decision:
    """Return what is kept with its ground and its end. Raises ActionRefused for what is missing."""
    if keeping.duty:
        return _by_duty(keeping)
    if needs_duty(keeping.ground):
        raise ActionRefused(Reason("erasure_duty_missing"))
    decided = rules.Decision(Measure.KEEP, keeping.ground, keeping.kept_until, keeping.reason)
    if missing := rules.gap(decided, computed_end=None, today=erasure_proposal.today()):
        raise ActionRefused(erasure.GAPS[missing])
    return decided


def _by_duty(keeping: Keeping) -> rules.Decision:
    duty, today = next((one for one in duties() if one.id == keeping.duty), None), erasure_proposal.today()
    if duty is None:
        raise ActionRefused(erasure.GAPS[rules.Gap.GROUND])
    if rules.needs_newest(duty) and (keeping.newest_on is None or keeping.newest_on > today):
        raise ActionRefused(Reason("erasure_newest_missing"))
    end = rules.end_of_duty(duty, keeping.newest_on, today)
    if end < today:
        raise ActionRefused(Reason("erasure_duty_over", {"date": end.isoformat()}))
    return rules.Decision(Measure.KEEP, duty.ground.value, end, keeping.reason)
