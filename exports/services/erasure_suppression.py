"""The block on marketing that outlives a deletion: what came provisionally with the demand stands once it is done.

After the deletion nothing else would tell the next import that this person wants no marketing (GDPR Art. 21(3)).
"""

from django.db import transaction

from exports.domain import register as domain
from exports.models import ErasureLine
from requests_app.domain.enums import Right
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest
from requests_app.services import suppression
from requests_app.services.rows import lock_request

from . import register, registers


def confirm(dsr_id: int) -> None:
    """Make the block of this case's person stand for good, if marketing was concerned. Twice does no harm."""
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if not concerned(dsr):
            return
        suppression.confirm(dsr.case, Right.ERASURE, actor=SYSTEM)


def concerned(dsr: DataSubjectRequest) -> bool:
    """Tell whether a plan of the deletion takes in data that is used for marketing."""
    try:
        current = registers.everything()
    except register.NoRegister:
        return False
    uses = set(ErasureLine.objects.filter(plan__dsr=dsr).values_list("activity", flat=True))
    return any(activity.id in uses for activity in current.activities if _is_marketing(activity))


def _is_marketing(activity: domain.Activity) -> bool:
    return activity.grants(Right.MARKETING_OBJECTION)
