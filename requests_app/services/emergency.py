"""The approver outside the team: acts only while too few others are there, and never unseen."""

from django.conf import settings

from requests_app import audit, selectors
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case

from . import correspondence, cover, readers

MAIL = "requests_app/mail/emergency_used"
_TOLD = (Role.DECISION_MAKER, Role.DPO)


def used(case: Case, actor: Actor) -> None:
    """Tell decision-makers and the data protection officer that the emergency approver acted, but for parties.

    In the transaction of the act, after its locks. Raises ActionRefused while others could have done it.
    """
    if not actor.emergency:
        return
    if not cover.is_emergency():
        raise ActionRefused(Reason("emergency_not_needed"))
    entry = audit.record("emergency.used", f"case:{case.pk}", actor)
    watching = selectors.staff_with(*_TOLD)
    barred = readers.parties(case, watching)
    for person in (one for one in watching if one.pk not in barred):
        correspondence.notify_staff(
            person.email, person.language or settings.LANGUAGE_CODE, MAIL, {"reference": case.reference},
            key=f"emergency:{entry.number}:{person.pk}",
        )  # fmt: skip
