"""Holding on to the data of a case while there is a claim or a dispute, and letting go of it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import LegalHold

from . import clock, collision, rows


def put(case_id: int, *, reason: str, review_on: date, actor: Actor, version: int | None = None) -> LegalHold:
    """Hold a case until somebody lifts it; whoever does it looks again on `review_on`. Raises ActionRefused."""
    with transaction.atomic():
        case = rows.lock_case(case_id)
        collision.check(case, version)
        if not reason.strip() or actor.user_id is None:
            raise ActionRefused(Reason("hold_reason_missing"))
        if review_on <= clock.calendar().local_date(timezone.now()):
            raise ActionRefused(Reason("hold_review_past"))
        if LegalHold.objects.standing().filter(case=case).exists():
            raise ActionRefused(Reason("hold_stands"))
        hold = LegalHold.objects.create(
            case=case, reason=reason.strip(), review_on=review_on, set_by_id=actor.user_id, set_at=timezone.now()
        )
        collision.touch(case.pk)
        audit.record("hold.set", f"case:{case.pk}", actor, until=review_on.isoformat())
        return hold


def lift(case_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Let go of a case. Raises ActionRefused when nothing holds it."""
    with transaction.atomic():
        case = rows.lock_case(case_id)
        collision.check(case, version)
        lifted = {"lifted_at": timezone.now(), "lifted_by_id": actor.user_id}
        if not LegalHold.objects.standing().filter(case=case).update(**lifted):
            raise ActionRefused(Reason("hold_none"))
        collision.touch(case.pk)
        audit.record("hold.lifted", f"case:{case.pk}", actor)
