"""The advice of the data protection officer: asked for where there is one, and never waited for (GDPR Art. 38, 39)."""

from django.db import transaction
from django.utils import timezone

from requests_app import audit, selectors
from requests_app.domain.enums import AdviceSubject
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Advice

from . import collision, rows

LONGEST_ADVICE = 4000


def record(dsr_id: int, subject: AdviceSubject, text: str, *, actor: Actor, version: int | None = None) -> Advice:
    """Write down what the officer advises. Raises ActionRefused."""
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        collision.check(dsr.case, version)
        if not has_officer():
            raise ActionRefused(Reason("advice_no_officer"))
        if dsr.closed_at is not None:
            raise ActionRefused(Reason("advice_request_closed"))
        if not text.strip() or actor.user_id is None:
            raise ActionRefused(Reason("advice_missing"))
        if len(text) > LONGEST_ADVICE or "\0" in text:
            raise ActionRefused(Reason("advice_too_long", {"most": str(LONGEST_ADVICE)}))
        row = Advice.objects.create(
            dsr=dsr, subject=subject.value, text=text.strip(), recorded_by_id=actor.user_id,
            recorded_at=timezone.now(),
        )  # fmt: skip
        collision.touch(dsr.case_id)
        audit.record("advice.recorded", f"dsr:{dsr.pk}", actor, advice=row.pk, about=subject.value)
        return row


def has_officer() -> bool:
    """Tell whether the organisation has a data protection officer."""
    return bool(selectors.organisation().dpo)
