"""Whether a deletion may be begun on the word of whoever asks: deleting for a stranger harms like giving away."""

from identity.domain.enums import VerificationPurpose, VerificationState
from identity.models import Verification
from identity.services import delivery
from requests_app import selectors
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest

_SETTLED = (VerificationState.CONFIRMED.value, VerificationState.WITHDRAWN.value)
_NOT_ON_FILE = frozenset({"delivery_unknown_address", "delivery_found_by_hand"})


def why_doubted(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the person has to be asked first (level L1), or None.

    Asked is whoever writes from an address that no system holds, or whose mail fails authentication, or came only
    inside a mail from somebody outside. That the person confirms settles it, and so does a member of staff who takes
    the question back; who has no address at all is met in another way. Everybody else is asked nothing (Art. 12(6)).
    """
    case = dsr.case
    questions = Verification.objects.filter(case=case, purpose=VerificationPurpose.IDENTITY.value)
    if not case.person_email or questions.filter(state__in=_SETTLED).exists():
        return None
    missing = delivery.why_none(case)
    if missing is not None and missing.code in _NOT_ON_FILE:
        return Reason("erasure_waits_address")
    if selectors.is_attached_by_another(dsr):
        return Reason("erasure_waits_attached")
    return Reason("erasure_waits_sender") if selectors.is_sender_unproven(dsr) else None
