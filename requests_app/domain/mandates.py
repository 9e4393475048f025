"""Whether somebody may ask for another person: what has to be looked at, and for which right, on which day it holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from .enums import MandateCheck, MandateKind, Right

NEEDED: dict[MandateKind, frozenset[MandateCheck]] = {
    # EDPB 01/2022 paragraphs 80-81: the agent and the mandate are both looked at, in proportion.
    MandateKind.AGENT: frozenset(
        {MandateCheck.WRITTEN, MandateCheck.CONTROLLER, MandateCheck.RIGHTS, MandateCheck.PERIOD, MandateCheck.AGENT}
    ),
    # A lawyer answers to the supervisory council for what they state.
    MandateKind.LAWYER: frozenset({MandateCheck.BAR, MandateCheck.STATEMENT}),
    # An extract of the register is asked for on doubt only.
    MandateKind.GUARDIAN: frozenset(
        {MandateCheck.RESPONSIBILITY, MandateCheck.ADDRESS, MandateCheck.MATURITY, MandateCheck.NO_CONFLICT}
    ),
}
"""What has to be ticked; that the person confirmed it from their own address on file stands in place of all of it."""


@dataclass(frozen=True)
class Scope:
    """A mandate as it was looked at: an empty end has none; `rights` are those it names, none of them means all."""

    kind: MandateKind
    checks: frozenset[MandateCheck]
    rights: frozenset[Right]
    valid_from: date
    valid_until: date | None = None


def missing(kind: MandateKind, checks: Collection[MandateCheck]) -> frozenset[MandateCheck]:
    """Return what has not been looked at yet."""
    return frozenset() if MandateCheck.CONFIRMED in checks else NEEDED[kind] - frozenset(checks)


def fault(scope: Scope | None, right: Right | None, today: date) -> str:
    """Return the code of the reason why nobody may be answered on this mandate today, "" when they may."""
    if scope is None:
        return "mandate_missing"
    if missing(scope.kind, scope.checks):
        return "mandate_unchecked"
    if scope.rights and right not in scope.rights:
        return "mandate_other_right"
    if today < scope.valid_from:
        return "mandate_not_yet"
    if scope.valid_until is not None and today > scope.valid_until:
        return "mandate_expired"
    return ""
