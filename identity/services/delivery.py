"""Where an answer may go: to the address on file, never just to the one in the request, and how sure we have to be.

The code that opens the answer is mailed there. Until the release, which address that is follows from facts alone and
is worked out whenever it is needed; the release freezes it (`exports.services.decide`).
"""

from collections.abc import Collection

from django.db import transaction

from identity import selectors
from identity.domain import assurance as ladder
from identity.domain.assurance import Moment, Required, Why
from identity.domain.enums import Level, VerificationState
from identity.domain.rights import ASKABLE, DELIVERED
from identity.models import FoundByHand
from identity.models.user import normal_address
from requests_app.domain.enums import DeliveryWay, Requester, RequirementKind, Right
from requests_app.domain.outcomes import ENDINGS, NOTHING_CHANGES
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, DataSubjectRequest, Decision
from requests_app.services import mandate_record, requirements, rows

from . import assurance, on_behalf

_NEEDS = {
    Level.L1: "identity_needs_mailbox",
    Level.L2: "identity_needs_second_proof",
    Level.L3: "identity_needs_electronic_id",
}
_AT_DELIVERY = {
    Why.CHANGED_LATELY: "delivery_changed_lately",
    Why.THIRD_PARTY: "delivery_third_party",
    Why.MUCH_AT_STAKE: "delivery_much_at_stake",
}
_BY_POST = _AT_DELIVERY | {Why.POSTED: "delivery_posted", Why.CHANGED_LATELY: "delivery_posted_lately"}


def address_for(case: Case) -> str | None:
    """Return the address to which the code for an answer that is released now goes; None while nobody may get it.

    That is the address a question about identity was confirmed from; otherwise the address in the request, if a
    system holds the same one, or if the person showed who they are by more than a mailbox (L2). No address needs to be
    on file where nothing was found, or only by connectors, which find nothing but what lies under that very address.
    While a question is open there is none.
    """
    return _decide(case)[0]


def why_none(case: Case) -> Reason | None:
    """Return why nobody may get the code yet, or None when there is an address for it."""
    address, code = _decide(case)
    return None if address else Reason(code)


def is_unknown_address(case: Case) -> bool:
    """Tell whether data was found that nobody has tied to the address in the request, whatever else was confirmed."""
    return bool(case.person_email) and _as_asked(case)[0] is None


def address_in_question(case: Case) -> str:
    """Return the address on file that a further proof has to go with, or nothing.

    That is the one where the person was asked last; unasked, the one in the request, if a system holds it and it is
    not that of somebody who writes for them.
    """
    standing = selectors.standing(case)
    question = standing.waiting or standing.confirmed
    if question is not None and question.sent_to:
        return normal_address(question.sent_to)
    on_file = {normal_address(point.value) for point in selectors.addresses_on_file(case)}
    asked_from = normal_address(case.person_email)
    return asked_from if asked_from in on_file and case.requester == Requester.SELF else ""


def waits_for_address(case: Case) -> bool:
    """Tell whether an answer waits for somebody to name an address, because something was found by hand.

    An answer that is posted or handed over waits for none.
    """
    reason = why_none(case)
    if reason is None or reason.code != "delivery_found_by_hand":
        return False
    return any(not _reachable(dsr)[0] for dsr in case.dsrs.open() if dsr.right and Right(dsr.right) in DELIVERED)


def goes_by_hand(case: Case) -> bool:
    """Tell whether an answer of the case is posted or handed over."""
    return Decision.objects.filter(dsr__case=case).exclude(delivery_way="").exists()


def named_by_one(case: Case) -> int | None:
    """Return the id of the only member of staff who vouches for the address; None where a system does, or two do."""
    if (vouches := mandate_record.let_go_to_agent_by(case)) is not None:
        return vouches
    address = address_for(case)
    same = (point for point in selectors.addresses_on_file(case) if normal_address(point.value) == address)
    authors = {point.recorded_by_id for point in same}
    return authors.pop() if len(authors) == 1 else None


def found_by_hand(case: Case, systems: Collection[str]) -> None:
    """Take down in which systems members of staff found something, in place of what was said before.

    From then on the answer waits for an address that is held there. Needs a transaction.
    """
    rows = FoundByHand.objects.filter(case=case)
    before = set(rows.values_list("system", flat=True))
    if before == set(systems):
        return
    rows.exclude(system__in=systems).delete()
    FoundByHand.objects.bulk_create(FoundByHand(case=case, system=system) for system in sorted(set(systems) - before))
    review(case)


def review(case: Case) -> None:
    """Write down on each open request whether identity and address stand in the way of a release."""
    with transaction.atomic():
        for dsr in rows.lock_open_requests(case.pk):
            right = Right(dsr.right) if dsr.right else None
            if right in ASKABLE:
                _review_identity(dsr)
            if right in DELIVERED:
                met, reason = _reachable(dsr)
                requirements.put(dsr, RequirementKind.DELIVERY_ADDRESS, met=met, reason=reason)


def review_case(case_id: int) -> None:
    """Do what `review` does, once something was learnt about who asks."""
    review(Case.objects.get(pk=case_id))


def _reachable(dsr: DataSubjectRequest) -> tuple[bool, str]:
    """Return whether the answer has somewhere to go, else the code of the reason.

    Somebody who fetches it in person or has it sent by post needs no e-mail address; while a question about identity
    is open it goes nowhere. No code keeps a letter from whoever asked in the name of the person and said where to send
    it: what is demanded at delivery is shown before it is posted.
    """
    decision = Decision.objects.filter(dsr=dsr).first()
    if decision is None or not decision.delivery_way:
        address, reason = _decide(dsr.case)
        short = next((one for one in missing(dsr) if one.moment is Moment.AT_DELIVERY), None)
        if address is not None and short is not None and not mandate_record.is_turned_away(dsr):
            return False, _AT_DELIVERY[short.why]
        if reason == "delivery_unknown_address" and not any(one.right in ASKABLE for one in dsr.case.dsrs.open()):
            reason = "delivery_not_asked"
        return address is not None, reason
    if selectors.standing(dsr.case).waiting:
        return False, "delivery_identity_open"
    if decision.delivery_way == DeliveryWay.POST and not dsr.case.person_address.strip():
        return False, "delivery_no_postal_address"
    if decision.delivery_way == DeliveryWay.POST and decision.outcome not in NOTHING_CHANGES:
        short = next((one for one in missing(dsr) if one.moment is Moment.AT_DELIVERY), None)
        return short is None, _BY_POST[short.why] if short else ""
    return True, ""


def demands(dsr: DataSubjectRequest) -> tuple[Required, ...]:
    """Return how sure we have to be of who asks, as things stand; the highest demand first."""
    return ladder.demands(_facts(dsr))


def missing(dsr: DataSubjectRequest) -> tuple[Required, ...]:
    """Return the demands that the level reached in the case does not meet, the highest first."""
    return ladder.unmet(_facts(dsr), selectors.assurance(dsr.case).level, _level_at_delivery(dsr))


def _level_at_delivery(dsr: DataSubjectRequest) -> Level | None:
    """The level shown with the address of the answer; None where it goes to no mailbox of the person."""
    case = dsr.case
    if assurance.delivery_way(dsr) or (case.requester != Requester.SELF and mandate_record.goes_to_agent(case)):
        return None
    mailbox = selectors.mailbox_shown(case) if case.requester == Requester.SELF else _decide(case)[0]
    return selectors.assurance_of(case, mailbox or "").level


def why_not_sure(dsr: DataSubjectRequest) -> Reason | None:
    """Return why a mailbox that was confirmed is not enough to act on the request, or None (L2 or higher)."""
    weighty = (one for one in missing(dsr) if one.moment is Moment.BEFORE and ladder.at_least(one.level, Level.L2))
    short = next(weighty, None)
    return Reason(_NEEDS[short.level]) if short else None


def lacks_proof(dsr: DataSubjectRequest) -> bool:
    """Tell whether anything has to be shown before data is changed that nobody has shown yet."""
    return any(one.moment is Moment.BEFORE for one in missing(dsr))


def why_not_change(case: Case) -> Reason | None:
    """Return why an address on file may not be changed yet, or None: the old and the new one are the person's."""
    for change in selectors.address_changes(case):
        if not change.new_shown:
            return Reason("identity_new_address_open")
        if not change.old_shown:
            return Reason("identity_old_address_open")
        if change.row.old_lost and not ladder.at_least(selectors.assurance(case).level, Level.L2):
            return Reason("identity_old_address_level")
    return None


def _decide(case: Case) -> tuple[str | None, str]:
    """Return the address, or None with the code of the reason."""
    standing = selectors.standing(case)
    if standing.waiting:
        return None, "delivery_identity_open"
    shown = selectors.confirmed(case)
    confirmed = selectors.mailbox_shown(case)
    if case.requester != Requester.SELF:
        on_file = {normal_address(point.value) for point in selectors.addresses_on_file(case)}
        return on_behalf.address(case, confirmed, on_file)
    if confirmed and _is_of_somebody_else(case, confirmed):
        return None, "delivery_two_people"
    if confirmed:
        return confirmed, ""
    asked_from = normal_address(case.person_email)
    if asked_from and any(ladder.at_least(Level(row.level), Level.L2) for row in shown):
        return asked_from, ""
    return _as_asked(case)


def _is_of_somebody_else(case: Case, confirmed: str) -> bool:
    """Tell whether an address was asked at that no longer counts, since the one in the request is on file, too."""
    counting = {normal_address(point.value) for point in selectors.addresses_to_ask_at(case)}
    on_file = {normal_address(point.value) for point in selectors.addresses_on_file(case)}
    return normal_address(confirmed) in on_file - counting


def _as_asked(case: Case) -> tuple[str | None, str]:
    """Return the address in the request where it may be counted on unasked, or None with the code of the reason.

    What was found by hand was found by whatever the request named, a name or a number: that another system holds the
    address does not tie it to that person. The system does, or a member of staff who read it there or says why.
    """
    asked_from = normal_address(case.person_email)
    if selectors.contact_points(case):
        on_file = selectors.addresses_on_file(case)
        theirs = [point for point in on_file if normal_address(point.value) == asked_from]
        if not theirs:
            return None, "delivery_unknown_address"
        untied = selectors.found_by_hand_in(case) - {point.system for point in theirs}
        if not untied or any(point.recorded_by_id for point in theirs):
            return asked_from, ""
        elsewhere = any(p.recorded_by_id or p.system in untied for p in on_file if p not in theirs)
        return None, "delivery_unknown_address" if elsewhere else "delivery_found_by_hand"
    if selectors.found_by_hand(case):
        return None, "delivery_found_by_hand"
    return (asked_from, "") if asked_from else (None, "delivery_no_address")


def _review_identity(dsr: DataSubjectRequest) -> None:
    standing = selectors.standing(dsr.case)
    if standing.waiting:
        expired = standing.waiting.sent_to and standing.waiting.state == VerificationState.EXPIRED
        reason = "identity_link_expired" if expired else "identity_not_confirmed"
        requirements.put(dsr, RequirementKind.IDENTITY, met=False, reason=reason)
    elif reason := _address_change(dsr):
        requirements.put(dsr, RequirementKind.IDENTITY, met=False, reason=reason)
    elif short := next((one for one in missing(dsr) if _holds_up(dsr, one)), None):
        requirements.put(dsr, RequirementKind.IDENTITY, met=False, reason=_needs(dsr.case, short.level))
    elif standing.confirmed or _changes(dsr):
        requirements.put(dsr, RequirementKind.IDENTITY, met=True)
    else:
        requirements.drop(dsr, RequirementKind.IDENTITY)


def _needs(case: Case, level: Level) -> str:
    """The code of what is to be done for a level: who gave no e-mail address is asked in another way than by link."""
    unreachable = not case.person_email and not selectors.addresses_to_ask_at(case)
    return "identity_needs_other_proof" if level is Level.L1 and unreachable else _NEEDS[level]


def _holds_up(dsr: DataSubjectRequest, one: Required) -> bool:
    """Tell whether a demand that is not met is one about identity, and not said by another requirement.

    Without an address that is known there is none for the answer either; who gave none is posted the answer, and has
    shown nothing. A message that does not show who wrote it holds up what changes data, not an answer by which nothing
    changes. What was never shown does not hold up the letter that
    says so, or a right would stay open for ever (Art. 12(4)).
    """
    if one.moment is Moment.AT_DELIVERY or mandate_record.is_turned_away(dsr):
        return False
    decision = Decision.objects.filter(dsr=dsr).first()
    if one.why is Why.UNKNOWN_ADDRESS:
        by_hand = decision is not None and decision.delivery_way and decision.outcome not in ENDINGS
        if dsr.right in ladder.HANDED_OVER or dsr.case.person_email:
            return bool(by_hand) and dsr.right in ladder.HANDED_OVER
    if one.why in (Why.UNKNOWN_ADDRESS, Why.SENDER_UNPROVEN, Why.SENDER_FAILED):
        return decision is None or decision.outcome not in NOTHING_CHANGES
    return True


def _facts(dsr: DataSubjectRequest) -> ladder.Facts:
    return assurance.facts(dsr, address=_decide(dsr.case)[0], unknown=_as_asked(dsr.case)[0] is None)


def _changes(dsr: DataSubjectRequest) -> list[selectors.AddressChange]:
    """The changes of an address that a request waits for: only a rectification changes one."""
    return selectors.address_changes(dsr.case) if dsr.right == Right.RECTIFICATION else []


def _address_change(dsr: DataSubjectRequest) -> str:
    """Why an address on file may not be changed yet: both the old and the new one have to be confirmed."""
    reason = why_not_change(dsr.case) if _changes(dsr) else None
    return reason.code if reason else ""
