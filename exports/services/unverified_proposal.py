"""Proposing that a request ends because nobody showed who asks (letter T17): everything up to the second person.

The way is that of every answer: a draft with this outcome, submitted; whoever releases it is somebody else.
"""

from django.db import transaction

from requests_app.domain.enums import Action, Outcome, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest
from requests_app.services import collision, lifecycle, rows, unverified

from . import contradictions, decide

_BEFORE_REVIEW = (Stage.TRIAGED, Stage.IN_PROGRESS, Stage.DECISION_DRAFT)


def why_not_propose(dsr: DataSubjectRequest) -> Reason | None:
    """Return why nobody can propose it now, or None."""
    if dsr.stage not in _BEFORE_REVIEW:
        return Reason("not_from_here", {"stage": dsr.stage})
    return contradictions.of_request(dsr, Outcome.CLOSED_UNVERIFIED)


def is_due(dsr: DataSubjectRequest) -> bool:
    """Tell whether the person has had their time to show who they are, and nobody has proposed anything yet."""
    return dsr.stage in _BEFORE_REVIEW and unverified.why_not_close(dsr) is None


def propose(dsr_id: int, *, actor: Actor, version: int | None = None) -> DataSubjectRequest:
    """Draft and submit the ending in one step. Raises ActionRefused, TransitionDenied."""
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        collision.check(dsr.case, version)
        if reason := why_not_propose(dsr):
            raise ActionRefused(reason)
        if dsr.stage == Stage.TRIAGED:
            lifecycle.advance(dsr_id, Action.START, actor)
        if dsr.stage != Stage.DECISION_DRAFT:
            decide.begin(dsr_id, actor=actor)
        decide.choose(dsr_id, Outcome.CLOSED_UNVERIFIED, "", actor=actor)
        return decide.submit(dsr_id, actor=actor, bundle=None)
