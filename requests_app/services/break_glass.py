"""Emergency access to a shielded case ("break the glass"): at once, for an hour, and told to those who watch over it.

Whoever asks learns nothing for free. A reference that no case has, a case that they see anyway, and one to which they
are a party are taken down, told and answered like any other; only the page of the case then says whether it is there.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from requests_app import audit, selectors
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.models import BreakGlass, Case
from requests_app.permissions import Staff

from . import correspondence, readers

OPEN_FOR = timedelta(minutes=60)
SHORTEST_REASON = 20
WINDOW = timedelta(hours=1)
MOST_IN_WINDOW = 5
"""How often one person may ask: references are numbered, and nobody shall find out which are shielded by counting."""
TEMPLATE = "requests_app/mail/emergency_access"


def ask(reference: str, reason: str, *, user: Staff) -> BreakGlass:
    """Open the case with this reference to somebody for an hour, if there is one and they are no party to it.

    Raises ActionRefused for a reason that says too little, and for too many tries. The row, the audit entry and the
    mails are one transaction.
    """
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ActionRefused(Reason("glass_reason_short", {"least": str(SHORTEST_REASON)}))
    with transaction.atomic():
        _wait_for_others_of(user)
        now = timezone.now()
        if BreakGlass.objects.filter(user=user.pk, at__gt=now - WINDOW).count() >= MOST_IN_WINDOW:
            raise ActionRefused(Reason("glass_too_often"))
        case = Case.objects.filter(reference=reference).first()
        opens = case is not None and not readers.parties(case, [user])
        row = BreakGlass.objects.create(
            case=case if opens else None, user_id=user.pk, reference=reference, reason=reason, at=now,
            until=now + OPEN_FOR if opens else None,
        )  # fmt: skip
        _tell(row, case, user)
        if opens and case is not None:
            audit.record("case.glass_broken", f"case:{case.pk}", user.as_actor(), number=row.pk)
        else:
            audit.record("glass.nothing_opened", f"glass:{row.pk}", user.as_actor(), reference=reference)
        return row


def standing(case: Case, user: Staff) -> BreakGlass | None:
    """Return the emergency access by which alone somebody sees a case now, or None."""
    if case.shielded_at is None or case.reader_rows.filter(user=user.pk).exists():
        return None
    return case.break_glass_rows.filter(user=user.pk, until__gt=timezone.now()).order_by("-at").first()


def forget(before: datetime) -> int:
    """Delete what opened nothing, asked for before a moment; what opened a case stays as long as the case does."""
    return BreakGlass.objects.filter(case__isnull=True, at__lt=before).delete()[0]


def _wait_for_others_of(user: Staff) -> None:
    """Let one person ask one thing at a time, or what they ask at once would all be counted from the same number."""
    list(get_user_model().objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))


def _tell(row: BreakGlass, case: Case | None, user: Staff) -> None:
    """Write to the decision-makers and the officer at once, absent or not; where there is none else, to the readers."""
    watching = selectors.staff_with(Role.DECISION_MAKER, Role.DPO)
    named = readers.named(case) if case is not None else []
    barred = {user.pk} | (readers.parties(case, watching) if case is not None else set())
    told = [one for one in watching if one.pk not in barred] or [one for one in named if one.pk not in barred]
    context: dict[str, object] = {
        "reference": row.reference, "who": user.name or user.email, "opened": row.until is not None,
        "minutes": OPEN_FOR // timedelta(minutes=1),
    }  # fmt: skip
    for one in told or [user]:
        correspondence.notify_staff(
            one.email, one.language or settings.LANGUAGE_CODE, TEMPLATE, context, key=f"glass:{row.pk}:{one.pk}"
        )
