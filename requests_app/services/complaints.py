"""A complaint is told to the data protection officer, once for each, with nothing of the person in it (Art. 38(1))."""

from django.db import transaction

from requests_app import selectors
from requests_app.domain.enums import Right, Role, StaffNotice
from requests_app.models import DataSubjectRequest

from . import rows, staff_notice

TEMPLATE = "requests_app/mail/complaint_received"


def tell_officer(dsr_id: int) -> None:
    """Write to whoever holds the role, if the request is a complaint. Running twice writes once."""
    if DataSubjectRequest.objects.values_list("right", flat=True).get(pk=dsr_id) != Right.COMPLAINT:
        return
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        staff_notice.tell(
            StaffNotice.COMPLAINT, selectors.staff_with(Role.DPO), TEMPLATE, {"reference": dsr.case.reference},
            key=f"complaint:{dsr.pk}", takers=[Role.DPO],
        )  # fmt: skip
