"""The notice to a recipient (letter T16): what was done, to which record, and that the same be done there (Art. 19).

It holds no more than the recipient needs: no name, no reason, no history. Nobody sends it but the person who copies it
into the channel that the recipient has.
"""

from django.utils import timezone, translation

from exports.domain.enums import TaskAction
from exports.models import Correction, SystemTask
from requests_app import selectors
from requests_app.domain.enums import Right
from requests_app.domain.outcomes import AT_ONCE
from requests_app.services import clock, wording
from requests_app.services.wording import Words

from . import holdings, subject
from .correction_words import written
from .due_days import due_on

TEMPLATE = "exports/mail/recipient_notice"
CONFIRMED_WITHIN = 10
"""Working days within which a recipient is asked to confirm."""


def text_for(task: SystemTask, language: str) -> Words:
    """Return the notice for a recipient's task in `nb` or `en`. Raises `wording.Unresolved`."""
    dsr = task.dsr
    with translation.override(language):
        corrected = _corrected(task) if dsr.right == Right.RECTIFICATION else []
    return wording.write(
        TEMPLATE,
        language,
        {
            "act": _act(dsr.right),
            "key": dsr.case.person_email if subject.is_writer(dsr.case) else "",
            "corrected": corrected,
            "confirm_by": due_on(timezone.now(), clock.calendar(), CONFIRMED_WITHIN),
            "reference": dsr.case.reference,
            "organisation": selectors.organisation(),
        },
    )


def _act(right: str) -> str:
    if right in (Right.RECTIFICATION, Right.ERASURE):
        return str(right)
    return "withdrawal" if right in AT_ONCE else "restriction"


def _corrected(task: SystemTask) -> list[tuple[str, str]]:
    """The right values of rows whose data the recipient received, each field once.

    The register says which activities' data a recipient receives, not which fields of it: a row of those activities is
    told as a whole. Where nobody knows which activities a row serves, those of its system count.
    """
    rows = Correction.objects.filter(dsr=task.dsr_id, done_at__isnull=False)
    received, served = set(task.activities), _activities_by_row(task)
    orders = dict(task.dsr.tasks.filter(action=TaskAction.RECTIFY.value).values_list("system", "activities"))
    concerned = [
        (row.label, written(row.new_value))
        for row in rows
        if received & set(served.get((row.system, row.collection, row.record_key)) or orders.get(row.system, received))
    ]
    return list(dict.fromkeys(concerned))


def _activities_by_row(task: SystemTask) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """The activities of every row that the searches of the request found, by system, collection and key."""
    return {
        (held.task.system, record.collection, record.key): record.activities
        for held in holdings.of_request(task.dsr)
        for record in held.records or ()
    }
