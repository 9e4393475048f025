"""Whether data may be deleted or corrected on the word of whoever asks: to do it for a stranger harms the person."""

from identity.domain.enums import DoubtReason, VerificationPurpose, VerificationState
from identity.models import Verification
from identity.services import assurance, delivery
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest

_SETTLED = (VerificationState.CONFIRMED.value, VerificationState.WITHDRAWN.value)


def why_doubted(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the person has to be asked first (level L1), or None.

    Asked is whoever writes from an address that no system holds or that is not the person's, whose mail our own server
    did not find to come from its domain, whose message came only inside somebody else's, and who only named the
    address by phone or letter. That the person confirms settles it, and so does a member of staff who takes the
    question back, if it was asked for this request: not before it came. A grave doubt takes more than a mailbox (L2).
    Who gave no address at all, and wrote a letter or is no more than a name that somebody found, shows it otherwise
    than by a link. Everybody else is asked nothing (Art. 12(6)).
    """
    case = dsr.case
    questions = Verification.objects.filter(case=case, purpose=VerificationPurpose.IDENTITY.value)
    asked = questions.filter(asked_at__gte=dsr.received_at)
    # To say that an old address is lost takes back the question to it; nobody has looked at who wants a deletion.
    asked = asked.exclude(doubt_reason=DoubtReason.ADDRESS_CHANGE, state=VerificationState.WITHDRAWN)
    states = set(asked.values_list("state", flat=True))
    if not states.isdisjoint(_SETTLED):
        return delivery.why_not_sure(dsr)
    if not case.person_email:
        doubt = Reason("asker_no_address") if delivery.lacks_proof(dsr) else None
        return Reason("asker_asked") if doubt and states else doubt
    doubt = Reason("asker_address") if delivery.is_unknown_address(case) else assurance.doubt_about_message(dsr)
    return Reason("asker_asked") if doubt and states else doubt
