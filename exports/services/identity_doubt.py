"""Whether data may be deleted or corrected on the word of whoever asks: to do it for a stranger harms the person."""

from identity.domain.enums import VerificationPurpose, VerificationState
from identity.models import Verification
from identity.services import delivery
from requests_app import selectors
from requests_app.domain.enums import Channel
from requests_app.domain.snapshot import Reason
from requests_app.mailbox import addresses
from requests_app.models import DataSubjectRequest
from requests_app.models.inquiry import SENDER_UNCHECKED, SENDER_UNPROVEN

_SETTLED = (VerificationState.CONFIRMED.value, VerificationState.WITHDRAWN.value)
_WRITTEN_BY_SENDER = (Channel.MAIL, Channel.API)
_TAKEN_DOWN = (Channel.PHONE, Channel.LETTER)


def why_doubted(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the person has to be asked first (level L1), or None.

    Asked is whoever writes from an address that no system holds or that is not the person's, whose mail our own server
    did not find to come from its domain, whose message came only inside somebody else's, and who only named the
    address by phone or letter. That the person confirms settles it, and so does a member of staff who takes the
    question back, if it was asked for this request: not before it came. Who has no address at all is met in another
    way. Everybody else is asked nothing (Art. 12(6)).
    """
    case = dsr.case
    if not case.person_email:
        return None
    questions = Verification.objects.filter(case=case, purpose=VerificationPurpose.IDENTITY.value)
    states = set(questions.filter(asked_at__gte=dsr.received_at).values_list("state", flat=True))
    if not states.isdisjoint(_SETTLED):
        return None
    doubt = Reason("asker_address") if delivery.is_unknown_address(case) else _doubt_about_message(dsr)
    return Reason("asker_asked") if doubt and states else doubt


def _doubt_about_message(dsr: DataSubjectRequest) -> Reason | None:
    """What the message that a request came with leaves open about its sender."""
    asked = selectors.asked_in(dsr)
    if asked is None:
        return None
    theirs = addresses.normal(asked.sender_address) == addresses.normal(dsr.case.person_email)
    if (asked.forwarded or asked.attached_original) and not theirs:
        return Reason("asker_inside")
    if asked.channel in _WRITTEN_BY_SENDER and not theirs:
        return Reason("asker_other")
    if SENDER_UNPROVEN in asked.problems:
        return Reason("asker_unproven")
    if SENDER_UNCHECKED in asked.problems:
        return Reason("asker_unchecked")
    return Reason("asker_unseen") if asked.channel in _TAKEN_DOWN else None
