"""The notice to a recipient (letter T16): what was done, to which record, and that the same be done there (Art. 19).

It holds no more than the recipient needs: no name, no reason, no history. Nobody sends it but the person who copies it
into the channel that the recipient has.
"""

from django.template.loader import render_to_string
from django.utils import timezone, translation

from exports.models import Correction, SystemTask
from requests_app import selectors
from requests_app.domain.enums import Right
from requests_app.domain.outcomes import AT_ONCE
from requests_app.services import clock

from . import subject
from .due_days import due_on

CONFIRMED_WITHIN = 10
"""Working days within which a recipient is asked to confirm."""


def text_for(task: SystemTask, language: str) -> str:
    """Return the notice for a recipient's task in `nb` or `en`, as plain text."""
    dsr = task.dsr
    context = {
        "act": _act(dsr.right),
        "key": dsr.case.person_email if subject.is_writer(dsr.case) else "",
        "corrected": _corrected(task),
        "confirm_by": due_on(timezone.now(), clock.calendar(), CONFIRMED_WITHIN),
        "reference": dsr.case.reference,
        "organisation": selectors.organisation(),
    }
    with translation.override(language):
        return render_to_string(f"exports/notice/body.{language}.txt", context).strip()


def _act(right: str) -> str:
    if right in (Right.RECTIFICATION, Right.ERASURE):
        return str(right)
    return "withdrawal" if right in AT_ONCE else "restriction"


def _corrected(task: SystemTask) -> list[tuple[str, str]]:
    """The right values, each field once: without them nobody can correct anything."""
    rows = Correction.objects.filter(dsr=task.dsr_id, done_at__isnull=False)
    return list(dict.fromkeys(rows.values_list("label", "new_value")))
