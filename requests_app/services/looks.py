"""Keeping who looked at what (GDPR Art. 5(2), 32): every opening of content, by person, with its time.

Lists and search results are no openings, though they may show a subject or the beginning of a text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from requests_app.domain.enums import LookedAt
from requests_app.migrations import _append_only
from requests_app.models import BreakGlass, Case, Look

AGAIN = timedelta(minutes=10)
"""A second opening of the same within this time is the same look: whoever works on a case loads its page often."""
KEPT = timedelta(days=_append_only.LOOKS_KEPT)
BATCH = 5000


@dataclass(frozen=True)
class Opened:
    """What a page showed: of a case, of an inquiry, or of an inquiry that belongs to a case."""

    what: LookedAt
    case_id: int | None = None
    inquiry_id: int | None = None


def keep(opened: Iterable[Opened], user_id: int, *, by_link: int | None = None) -> None:
    """Write down that somebody saw this, where it is not written down for these minutes already.

    `by_link` is the number of the link that let in somebody without an account; `user_id` sent it to them.
    """
    now = timezone.now()
    for one in opened:
        seen = {
            "what": one.what.value, "case_id": one.case_id, "inquiry_id": one.inquiry_id, "user_id": user_id,
            "by_link": by_link,
        }  # fmt: skip
        if not Look.objects.filter(at__gt=now - AGAIN, **seen).exists():
            broken = _let_in_by(one.case_id, user_id, now) if by_link is None else None
            Look.objects.create(at=now, break_glass=broken, **seen)


def of_case(case: Case) -> QuerySet[Look]:
    """Return the looks at a case and at the inquiries that belong to it now, the latest first."""
    inquiries = list(case.inquiries.values_list("pk", flat=True))
    return Look.objects.filter(Q(case_id=case.pk) | Q(inquiry_id__in=inquiries)).order_by("-at", "-pk")


def forget() -> int:
    """Delete the looks whose time is over, at most BATCH; return how many."""
    with transaction.atomic():
        old = Look.objects.filter(at__lt=timezone.now() - KEPT).order_by("at").values_list("pk", flat=True)[:BATCH]
        return Look.objects.filter(pk__in=list(old)).delete()[0]


def _let_in_by(case_id: int | None, user_id: int, now: datetime) -> int | None:
    """Return the number of the emergency access by which somebody sees a shielded case; None where it takes none."""
    if case_id is None:
        return None
    broken = BreakGlass.objects.filter(case=case_id, user=user_id, until__gt=now, case__shielded_at__isnull=False)
    return broken.exclude(case__reader_rows__user=user_id).order_by("-at").values_list("pk", flat=True).first()
