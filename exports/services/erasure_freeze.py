"""What a deletion has to wait for: it cannot be undone, and must not take away what the person is still owed.

Looked at when somebody approves a plan, when its time has come, and before each system is asked. Who asks twice has
two cases, and is one person: what any of them waits for counts.
"""

from exports.models import Bundle
from requests_app import selectors
from requests_app.domain.enums import RequirementKind, RequirementState, Right, Stage
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest, LegalHold
from requests_app.services import mandate_record

from . import complaint_scope, correction_plan, deliver, identity_doubt

_ASKED = ("identity_not_confirmed", "identity_link_expired")
_COPIES = (Right.ACCESS.value, Right.PORTABILITY.value)


def why(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the data of this request must not be deleted yet, or None."""
    cases = selectors.cases_of_person(dsr.case)
    others = DataSubjectRequest.objects.filter(case__in=cases).exclude(pk=dsr.pk)
    if doubt := identity_doubt.why_doubted(dsr):
        return doubt
    if open_identity := dsr.requirements.filter(kind=RequirementKind.IDENTITY, state=RequirementState.OPEN).first():
        return Reason("asker_asked" if open_identity.reason in _ASKED else open_identity.reason)
    if unproven := mandate_record.why_not(dsr):
        return unproven
    if hold := LegalHold.objects.standing().filter(case__in=cases).order_by("-review_on").first():
        return Reason("erasure_waits_hold", {"date": hold.review_on.isoformat()})
    if correction_plan.nothing_changes(dsr):
        return Reason("erasure_waits_outcome")
    copies = list(others.filter(right__in=_COPIES))
    if any(one.stage != Stage.CLOSED and one.answer_sent_at is None for one in copies):
        return Reason("erasure_waits_access")
    if any(_waits_to_be_fetched(one) for one in copies):
        return Reason("erasure_waits_download")
    if others.open().filter(right=Right.RESTRICTION.value).exists():
        return Reason("erasure_waits_restriction")
    return complaint_scope.why(dsr)


def _waits_to_be_fetched(dsr: DataSubjectRequest) -> bool:
    """Tell whether the person can still fetch a copy and has not fetched all of it that people read."""
    bundle = Bundle.objects.released().filter(dsr=dsr).first()
    if bundle is None or deliver.why_not(bundle) is not None:
        return False
    return any(file.for_people and not file.fetched for file in deliver.files_of(bundle))
