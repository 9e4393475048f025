"""What is known of a request about who asks, put together for the ladder (`identity.domain.assurance`)."""

from identity import selectors
from identity.domain.assurance import Facts, Provenance, Sender, Stake, is_lately
from identity.domain.enums import DoubtReason, VerificationPurpose, VerificationState
from identity.models import Verification
from identity.models.user import normal_address
from requests_app import selectors as requests
from requests_app.domain.enums import Channel, DeliveryWay, Right
from requests_app.domain.snapshot import Reason
from requests_app.mailbox import addresses
from requests_app.models import Case, DataSubjectRequest, Decision
from requests_app.models.inquiry import SENDER_UNCHECKED, SENDER_UNPROVEN
from requests_app.services import clock

_WRITTEN_BY_SENDER = (Channel.MAIL, Channel.API)
_TAKEN_DOWN = (Channel.PHONE, Channel.LETTER)


def facts(dsr: DataSubjectRequest, *, address: str | None, unknown: bool) -> Facts:
    """Return what the table looks at.

    `address` is the one an answer released now would go to, were it not posted; None while there is none. `unknown`
    tells whether data was found that nobody has tied to the address in the request. Which data hangs on a cookie only,
    and an answer that goes to somebody else, stand nowhere yet: nothing here raises or lowers a level on their account.
    """
    case, right = dsr.case, Right(dsr.right) if dsr.right else None
    changes = selectors.address_changes(case) if right is Right.RECTIFICATION else []
    doubts, way = recorded_doubts(case), delivery_way(dsr)
    return Facts(
        right=right,
        sender=_sender(dsr),
        provenance=_provenance(case, unknown=unknown),
        stake=Stake.HIGH_HARM if DoubtReason.HIGH_HARM_DATA in doubts else Stake.ORDINARY,
        doubts=doubts,
        changes_address=bool(changes),
        old_address_lost=any(change.row.old_lost for change in changes),
        changed_lately=address is not None and way != DeliveryWay.IN_PERSON and _is_new(dsr, address),
        posted=way == DeliveryWay.POST and bool(case.person_email),  # without one, all that is held is of a stranger
    )


def recorded_doubts(case: Case) -> frozenset[DoubtReason]:
    """Return the doubts that members of staff recorded and did not take back: of each, the last question counts.

    A change of address is a doubt of its own only at the addresses that it concerns.
    """
    questions = Verification.objects.filter(case=case, purpose=VerificationPurpose.IDENTITY)
    latest = dict(questions.order_by("asked_at", "id").values_list("doubt_reason", "state"))
    standing = {DoubtReason(doubt) for doubt, state in latest.items() if state != VerificationState.WITHDRAWN}
    return frozenset(standing - {DoubtReason.ADDRESS_CHANGE})


def delivery_way(dsr: DataSubjectRequest) -> str:
    """Return how the answer to a request is posted or handed over; empty where it is fetched."""
    return Decision.objects.filter(dsr=dsr).values_list("delivery_way", flat=True).first() or ""


def doubt_about_message(dsr: DataSubjectRequest) -> Reason | None:
    """Return what the message that a request came with leaves open about its sender, or None."""
    asked = requests.asked_in(dsr)
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


def _sender(dsr: DataSubjectRequest) -> Sender:
    """What the message shows of its writer, with or without an address; a doubt taken back is none."""
    if _taken_back(dsr):
        return Sender.PROVEN
    doubt = doubt_about_message(dsr)
    if doubt is not None:
        return Sender.FAILED if doubt.code == "asker_unproven" else Sender.UNPROVEN
    asked = requests.asked_in(dsr)
    return Sender.NAMED if asked is not None and asked.channel == Channel.FORM else Sender.PROVEN


def _taken_back(dsr: DataSubjectRequest) -> bool:
    """Tell whether a member of staff took a question back that was asked for this request: not before it came.

    One about an address that is to be changed, taken back since the old one is lost, settles nothing else.
    """
    questions = Verification.objects.filter(case=dsr.case, purpose=VerificationPurpose.IDENTITY)
    questions = questions.exclude(doubt_reason=DoubtReason.ADDRESS_CHANGE)
    return questions.filter(asked_at__gte=dsr.received_at, state=VerificationState.WITHDRAWN).exists()


def _provenance(case: Case, *, unknown: bool) -> Provenance:
    """What we know of where a request came from.

    The address on file is lost to the person once they showed who they are in another way than from there.

    Who has none at all named a name and where to write: what is held under the name is not shown to be theirs by it.
    """
    held = bool(selectors.contact_points(case)) or selectors.found_by_hand(case)
    if unknown and (case.person_email or held):
        shown = {selectors.mailbox_of(row) for row in selectors.confirmed(case)}
        elsewhere = shown and shown.isdisjoint(normal_address(one.value) for one in selectors.addresses_on_file(case))
        return Provenance.LOST if elsewhere else Provenance.UNKNOWN
    return Provenance.ON_FILE if selectors.contact_points(case) else Provenance.NOTHING_HELD


def _is_new(dsr: DataSubjectRequest, address: str) -> bool:
    """Tell whether every system that knows since when it holds an address has had it for too short a time."""
    points = [one for one in selectors.addresses_on_file(dsr.case) if normal_address(one.value) == address]
    known = [point.since for point in points if point.since]
    calendar = clock.calendar()
    received = calendar.local_date(dsr.received_at)
    return bool(known) and is_lately(calendar.local_date(min(known)), received)
