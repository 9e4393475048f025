"""What the ladder is told of a request, and what the answer then waits for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from time_machine import travel

from identity import selectors
from identity.domain.assurance import HANDED_OVER, Moment, Provenance, Sender, Stake, Why
from identity.domain.enums import ContactChannel, DoubtReason, Level, Method
from identity.models import ContactPoint
from identity.services import assurance, contact_points, delivery, new_address, proof, verify
from requests_app.domain.enums import Channel, DeliveryWay, Outcome, RequirementKind, Right, Role
from requests_app.domain.grounds import Ground
from requests_app.models import Case, DataSubjectRequest, Decision, Inquiry, Requirement
from requests_app.models.inquiry import SENDER_UNCHECKED, SENDER_UNPROVEN
from requests_app.reasons import SENTENCES
from requests_app.services import clock
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 5, 20, 9, tzinfo=UTC)
PHONE = "+4740000000"


def known(right: Right = Right.ACCESS, since: datetime | None = scenes.SINCE, **how: object) -> DataSubjectRequest:
    """A request from an address that the website holds since a day."""
    case = factories.case(right, email=scenes.ON_FILE, received_at=RECEIVED, **how)  # type: ignore[arg-type]
    contact_points.record(case, ContactChannel.EMAIL, scenes.ON_FILE, "website", since)
    return case.dsrs.get()


def mailed(dsr: DataSubjectRequest, **changes: object) -> DataSubjectRequest:
    """The same, by a mail that our server found to come from its domain, unless it is said otherwise."""
    values = {"channel": Channel.MAIL.value, "sender_address": dsr.case.person_email, "problems": []} | changes
    Inquiry.objects.filter(case=dsr.case).update(**values)
    return dsr


def asked(dsr: DataSubjectRequest, doubt: DoubtReason) -> None:
    point = ContactPoint.objects.filter(case=dsr.case, channel=ContactChannel.EMAIL).first()
    verify.ask(dsr.case_id, doubt, point.pk if point else None, actor=factories.staff().as_actor())


def confirmed(dsr: DataSubjectRequest, doubt: DoubtReason) -> None:
    asked(dsr, doubt)
    waiting = selectors.standing(dsr.case).waiting
    assert waiting is not None
    verify.confirm(scenes.link_token(waiting))


def needed(dsr: DataSubjectRequest) -> tuple[Level, Moment, Why]:
    one = delivery.demands(dsr)[0]
    return one.level, one.moment, one.why


def held_up(dsr: DataSubjectRequest) -> dict[str, str]:
    """What stands in the way, by kind; looked at anew."""
    delivery.review(dsr.case)
    kinds = [RequirementKind.IDENTITY, RequirementKind.DELIVERY_ADDRESS]
    rows = Requirement.objects.filter(dsr=dsr, kind__in=kinds, state="open")
    assert all(row.reason in SENTENCES for row in rows)
    return {row.kind: row.reason for row in rows}


# What is told.


@pytest.mark.parametrize(
    "changes,sender",
    [
        ({}, Sender.PROVEN),
        ({"channel": Channel.FORM.value}, Sender.NAMED),
        ({"channel": Channel.IN_PERSON.value}, Sender.PROVEN),
        ({"problems": [SENDER_UNCHECKED]}, Sender.UNPROVEN),
        ({"problems": [SENDER_UNPROVEN]}, Sender.FAILED),
        ({"channel": Channel.PHONE.value}, Sender.UNPROVEN),
        ({"channel": Channel.LETTER.value}, Sender.UNPROVEN),
        ({"sender_address": "per.strand@example.net"}, Sender.UNPROVEN),
        ({"forwarded": True, "sender_address": "randi@optimar.no"}, Sender.UNPROVEN),
    ],
)
def test_what_the_message_shows_of_its_writer(changes: dict[str, object], sender: Sender) -> None:
    dsr = mailed(known(Right.ERASURE), **changes)
    assert assurance.facts(dsr, address=None, unknown=False).sender is sender


@pytest.mark.parametrize("right", [Right.ERASURE, Right.RECTIFICATION])
def test_a_letter_without_an_address_shows_nobody(right: Right) -> None:
    dsr = factories.case(right, email="", channel=Channel.LETTER).dsrs.get()
    assert assurance.facts(dsr, address=None, unknown=True).sender is Sender.UNPROVEN
    assert held_up(dsr)["identity"] == "identity_needs_other_proof"
    proof.shown(
        dsr.case_id, Method.SHOWN_DOCUMENT, Level.L4, actor=factories.staff().as_actor(),
        doubt=DoubtReason.UNKNOWN_ADDRESS,
    )  # fmt: skip
    assert held_up(dsr) == {"delivery_address": "delivery_no_address"}


def test_who_stands_at_the_counter_shows_who_they_are_before_what_lies_under_a_name_goes() -> None:
    dsr = factories.case(Right.ERASURE, email="", channel=Channel.IN_PERSON).dsrs.get()
    assert "identity" not in held_up(dsr)
    with transaction.atomic():
        delivery.found_by_hand(dsr.case, {"dynamics"})
    assert held_up(dsr)["identity"] == "identity_needs_other_proof"


@pytest.mark.parametrize("right", [Right.COMPLAINT, Right.AUTOMATED_DECISION])
def test_what_nobody_is_asked_about_says_what_to_do_about_an_unknown_address(right: Right) -> None:
    case = factories.case(right)
    scenes.on_file(case)
    dsr = case.dsrs.get()
    assert held_up(dsr) == {"delivery_address": "delivery_not_asked"}
    reason = verify.why_not_ask(case)
    assert reason is not None
    assert reason.code == "identity_not_for_it"
    assert reason.code in SENTENCES
    contact_points.record(
        case, ContactChannel.EMAIL, case.person_email, "dynamics", None, reason="Står på kortet",
        actor=factories.staff().as_actor(),
    )  # fmt: skip
    assert held_up(dsr) == {}


def test_where_the_address_stands() -> None:
    nothing = factories.case().dsrs.get()
    elsewhere = factories.case()
    scenes.on_file(elsewhere)
    stranger = elsewhere.dsrs.get()

    def provenance(dsr: DataSubjectRequest) -> Provenance:
        unknown = delivery.is_unknown_address(dsr.case)
        return assurance.facts(dsr, address=None, unknown=unknown).provenance

    assert provenance(nothing) is Provenance.NOTHING_HELD
    assert provenance(known()) is Provenance.ON_FILE
    assert provenance(stranger) is Provenance.UNKNOWN
    scenes.shown(elsewhere, Level.L1, PHONE)
    assert provenance(stranger) is Provenance.LOST
    scenes.shown(elsewhere, Level.L1, scenes.ON_FILE)
    assert provenance(stranger) is Provenance.UNKNOWN


def test_a_doubt_counts_until_its_last_question_is_taken_back() -> None:
    dsr = known()
    actor = factories.staff().as_actor()
    assert assurance.recorded_doubts(dsr.case) == frozenset()
    confirmed(dsr, DoubtReason.FRAUD_SIGN)
    asked(dsr, DoubtReason.HIGH_HARM_DATA)
    assert assurance.recorded_doubts(dsr.case) == {DoubtReason.FRAUD_SIGN, DoubtReason.HIGH_HARM_DATA}
    assert assurance.facts(dsr, address=None, unknown=False).stake is Stake.HIGH_HARM
    verify.withdraw(dsr.case_id, actor=actor)
    assert assurance.recorded_doubts(dsr.case) == {DoubtReason.FRAUD_SIGN}
    asked(dsr, DoubtReason.FRAUD_SIGN)
    verify.withdraw(dsr.case_id, actor=actor)
    assert assurance.recorded_doubts(dsr.case) == frozenset()


# What follows.


@pytest.mark.parametrize("right", [Right.ACCESS, Right.PORTABILITY])
@pytest.mark.parametrize("problems", [[], [SENDER_UNCHECKED], [SENDER_UNPROVEN]])
def test_an_access_from_the_address_on_file_takes_a_code_at_the_end(right: Right, problems: list[str]) -> None:
    dsr = mailed(known(right), problems=problems)
    assert needed(dsr) == (Level.L1, Moment.AT_DELIVERY, Why.CODE_AT_DELIVERY)
    assert held_up(dsr) == {}
    assert not clock.derive(dsr).paused
    assert not Requirement.objects.filter(dsr=dsr, kind=RequirementKind.IDENTITY).exists()


@pytest.mark.parametrize("right", [Right.ERASURE, Right.RESTRICTION, Right.OBJECTION])
def test_a_mail_that_passes_from_the_address_on_file_is_asked_nothing(right: Right) -> None:
    dsr = mailed(known(right))
    assert needed(dsr) == (Level.L0, Moment.BEFORE, Why.NOTHING_ASKED)
    assert held_up(dsr) == {}


@pytest.mark.parametrize("problem,why", [(SENDER_UNPROVEN, Why.SENDER_FAILED), (SENDER_UNCHECKED, Why.SENDER_UNPROVEN)])
def test_a_deletion_by_a_mail_that_shows_no_sender_takes_a_link(problem: str, why: Why) -> None:
    dsr = mailed(known(Right.ERASURE), problems=[problem])
    assert needed(dsr) == (Level.L1, Moment.BEFORE, why)
    assert held_up(dsr) == {"identity": "identity_needs_mailbox"}
    confirmed(dsr, DoubtReason.MISMATCH)
    assert held_up(dsr) == {}


def test_a_question_that_is_taken_back_ends_the_doubt_about_the_mail() -> None:
    dsr = mailed(known(Right.ERASURE), problems=[SENDER_UNPROVEN])
    asked(dsr, DoubtReason.MISMATCH)
    assert held_up(dsr) == {"identity": "identity_not_confirmed", "delivery_address": "delivery_identity_open"}
    verify.withdraw(dsr.case_id, actor=factories.staff().as_actor())
    assert held_up(dsr) == {}


def test_an_answer_by_which_nothing_changes_needs_no_sender() -> None:
    dsr = mailed(known(Right.ERASURE), problems=[SENDER_UNPROVEN])
    Decision.objects.create(dsr=dsr, outcome=Outcome.REFUSED.value)
    assert held_up(dsr) == {}
    Decision.objects.update(outcome=Outcome.PARTLY_FULFILLED.value)
    assert held_up(dsr) == {"identity": "identity_needs_mailbox"}


@pytest.mark.parametrize("right", [Right.ACCESS, Right.PORTABILITY, Right.ERASURE])
def test_an_unknown_address_takes_a_link_to_the_known_one(right: Right) -> None:
    case = factories.case(right)
    scenes.on_file(case)
    dsr = mailed(case.dsrs.get())
    assert needed(dsr) == (Level.L1, Moment.BEFORE, Why.UNKNOWN_ADDRESS)
    assert held_up(dsr) == {"delivery_address": "delivery_unknown_address"}
    confirmed(dsr, DoubtReason.UNKNOWN_ADDRESS)
    assert held_up(dsr) == {}
    assert delivery.address_for(case) == scenes.ON_FILE


def test_no_copy_goes_to_a_stranger_by_post_either() -> None:
    case = factories.case()
    scenes.on_file(case)
    Case.objects.filter(pk=case.pk).update(person_address="Nordre Vei 7, 6270 Brattvåg")
    dsr = case.dsrs.get()
    Decision.objects.create(dsr=dsr, delivery_way=DeliveryWay.POST.value)
    assert held_up(dsr) == {"identity": "identity_needs_mailbox"}
    scenes.shown(case, Level.L1, scenes.ON_FILE)
    assert held_up(dsr) == {}


@pytest.mark.parametrize("level,met", [(Level.L1, False), (Level.L2, True), (Level.L3, True), (Level.L4, True)])
def test_who_lost_the_address_on_file_gets_the_answer_where_they_ask_after_a_second_proof(
    level: Level, met: bool
) -> None:
    case = factories.case()
    scenes.on_file(case)
    scenes.shown(case, level, PHONE)
    dsr = case.dsrs.get()
    assert needed(dsr) == (Level.L2, Moment.BEFORE, Why.ADDRESS_LOST)
    missing = {"identity": "identity_needs_second_proof", "delivery_address": "delivery_unknown_address"}
    assert held_up(dsr) == ({} if met else missing)
    assert delivery.address_for(case) == ("kari.holm@example.com" if met else None)


def test_who_lost_the_address_on_file_and_looks_like_a_fraud_needs_an_electronic_id() -> None:
    case, actor = factories.case(), factories.staff().as_actor()
    scenes.on_file(case)
    dsr = case.dsrs.get()
    asked(dsr, DoubtReason.FRAUD_SIGN)
    proof.shown(case.pk, Method.CALL_BACK, Level.L2, actor=actor)
    assert needed(dsr) == (Level.L3, Moment.BEFORE, Why.GRAVE_DOUBTS)
    assert held_up(dsr) == {"identity": "identity_needs_electronic_id"}
    proof.shown(case.pk, Method.SHOWN_DOCUMENT, Level.L4, actor=actor, doubt=DoubtReason.FRAUD_SIGN)
    assert held_up(dsr) == {}
    assert delivery.address_for(case) == "kari.holm@example.com"


def test_a_second_proof_of_one_mailbox_says_nothing_of_another() -> None:
    dsr = known()
    confirmed(dsr, DoubtReason.FRAUD_SIGN)
    scenes.shown(dsr.case, Level.L2, scenes.ON_FILE)
    assert held_up(dsr) == {}
    other = scenes.on_file(dsr.case, "kari.before@example.com", "crm")
    row = verify.ask(dsr.case_id, DoubtReason.FRAUD_SIGN, other.pk, actor=factories.staff().as_actor())
    verify.confirm(scenes.link_token(row))
    assert delivery.address_for(dsr.case) == "kari.before@example.com"
    assert selectors.assurance(dsr.case).level is Level.L1
    assert held_up(dsr) == {"identity": "identity_needs_second_proof"}
    scenes.shown(dsr.case, Level.L2, "kari.before@example.com")
    assert held_up(dsr) == {}


def test_what_the_person_showed_without_a_mailbox_counts_for_what_is_done() -> None:
    dsr = known(Right.ERASURE)
    confirmed(dsr, DoubtReason.FRAUD_SIGN)
    assert held_up(dsr) == {"identity": "identity_needs_second_proof"}
    scenes.shown(dsr.case, Level.L4)
    assert held_up(dsr) == {}


@pytest.mark.parametrize("doubt", [DoubtReason.FRAUD_SIGN, DoubtReason.HIGH_HARM_DATA])
@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE, Right.RECTIFICATION])
def test_a_grave_doubt_takes_more_than_a_mailbox(right: Right, doubt: DoubtReason) -> None:
    dsr = known(right)
    confirmed(dsr, doubt)
    assert needed(dsr) == (Level.L2, Moment.BEFORE, Why.GRAVE_DOUBT)
    assert held_up(dsr)["identity"] == "identity_needs_second_proof"
    scenes.shown(dsr.case, Level.L2, scenes.ON_FILE)
    assert held_up(dsr) == {}
    assert delivery.address_for(dsr.case) == scenes.ON_FILE


def test_two_grave_doubts_take_an_electronic_id() -> None:
    dsr = known()
    confirmed(dsr, DoubtReason.FRAUD_SIGN)
    confirmed(dsr, DoubtReason.HIGH_HARM_DATA)
    scenes.shown(dsr.case, Level.L2, scenes.ON_FILE)
    assert held_up(dsr) == {"identity": "identity_needs_electronic_id"}
    scenes.shown(dsr.case, Level.L4, scenes.ON_FILE)
    assert held_up(dsr) == {}


@pytest.mark.parametrize("right", [Right.RESTRICTION, Right.OBJECTION])
def test_what_harms_little_takes_no_more_than_a_mailbox(right: Right) -> None:
    dsr = known(right)
    confirmed(dsr, DoubtReason.FRAUD_SIGN)
    assert needed(dsr) == (Level.L1, Moment.BEFORE, Why.DOUBTED)
    assert held_up(dsr) == {}


@pytest.mark.parametrize("right", [Right.MARKETING_OBJECTION, Right.CONSENT_WITHDRAWAL])
def test_what_takes_effect_at_once_waits_for_nothing(right: Right) -> None:
    case = factories.case(right, Right.ACCESS)
    scenes.on_file(case)
    access, now = case.dsrs.get(right=Right.ACCESS), mailed(case.dsrs.get(right=right), problems=[SENDER_UNPROVEN])
    asked(access, DoubtReason.FRAUD_SIGN)
    assert needed(now) == (Level.L0, Moment.BEFORE, Why.NEVER_MORE)
    assert held_up(now) == {}
    assert not clock.derive(now).paused


def test_the_level_reached_is_the_highest_and_its_last_proof() -> None:
    case = factories.case()
    assert selectors.assurance(case).level is Level.L0
    first = scenes.shown(case, Level.L2)
    scenes.shown(case, Level.L1)
    assert (selectors.assurance(case).level, selectors.assurance(case).at) == (Level.L2, first.concluded_at)
    again = scenes.shown(case, Level.L2)
    assert selectors.assurance(case).at == again.concluded_at


# An address that came on file lately.

MIDNIGHT = datetime(2026, 5, 19, 22, tzinfo=UTC)  # when 20 May, the day of the request, begins in Oslo


@pytest.mark.parametrize(
    "since,new",
    [
        (MIDNIGHT - timedelta(days=30, seconds=1), False),  # the last moment of 19 April
        (MIDNIGHT - timedelta(days=30), True),  # the first of 20 April
        (RECEIVED, True),
        (RECEIVED + timedelta(days=3), True),
        (None, False),
    ],
)
def test_an_answer_does_not_go_to_a_new_address_without_a_second_proof(since: datetime | None, new: bool) -> None:
    dsr = known(since=since)
    assert needed(dsr)[2] is (Why.CHANGED_LATELY if new else Why.CODE_AT_DELIVERY)
    assert held_up(dsr) == ({"delivery_address": "delivery_changed_lately"} if new else {})
    if new:
        confirmed(dsr, DoubtReason.MISMATCH)  # a thief reads the new mailbox, too
        assert held_up(dsr) == {"delivery_address": "delivery_changed_lately"}
        scenes.shown(dsr.case, Level.L4)  # the person, and nothing of who reads that mailbox
        assert held_up(dsr) == {"delivery_address": "delivery_changed_lately"}
        scenes.shown(dsr.case, Level.L2, scenes.ON_FILE)
        assert held_up(dsr) == {}


def test_the_thirty_days_are_those_before_the_request_however_long_it_takes() -> None:
    dsr = known(since=RECEIVED - timedelta(days=5))
    with travel(RECEIVED + timedelta(days=200)):
        assert held_up(dsr) == {"delivery_address": "delivery_changed_lately"}


def test_an_address_that_another_system_has_held_for_long_is_not_new() -> None:
    dsr = known(since=RECEIVED - timedelta(days=5))
    contact_points.record(dsr.case, ContactChannel.EMAIL, scenes.ON_FILE, "crm", None)
    assert held_up(dsr) == {"delivery_address": "delivery_changed_lately"}
    contact_points.record(dsr.case, ContactChannel.EMAIL, scenes.ON_FILE, "crm", scenes.SINCE)
    assert held_up(dsr) == {}


def test_the_link_to_an_older_address_leads_the_answer_away_from_the_new_one() -> None:
    dsr = known(since=RECEIVED - timedelta(days=5))
    older = scenes.on_file(dsr.case, "kari.before@example.com", "crm")
    assert held_up(dsr) == {"delivery_address": "delivery_changed_lately"}
    row = verify.ask(dsr.case_id, DoubtReason.MISMATCH, older.pk, actor=factories.staff().as_actor())
    verify.confirm(scenes.link_token(row))
    assert held_up(dsr) == {}
    assert delivery.address_for(dsr.case) == "kari.before@example.com"


@pytest.mark.parametrize("right", [Right.ERASURE, Right.RESTRICTION, Right.OBJECTION, Right.RECTIFICATION])
def test_a_new_address_is_no_reason_to_doubt_who_hands_nothing_out(right: Right) -> None:
    assert held_up(mailed(known(right, since=RECEIVED - timedelta(days=5)))) == {}


def test_a_sign_of_fraud_outlives_the_loss_of_the_address_where_it_was_asked_about() -> None:
    dsr = known(Right.RECTIFICATION)
    asked(dsr, DoubtReason.FRAUD_SIGN)
    new_address.require(dsr.case_id, [(scenes.ON_FILE, "ny@work.example")], actor=factories.staff().as_actor())
    link = dsr.case.verifications.get(purpose="new_address")
    boss = factories.staff(Role.DECISION_MAKER).as_actor()
    new_address.old_is_lost(link.pk, "Postkassen er stengt.", actor=boss)
    assert assurance.recorded_doubts(dsr.case) == {DoubtReason.FRAUD_SIGN}
    assert selectors.standing(dsr.case).waiting is not None


def by_hand(dsr: DataSubjectRequest, way: DeliveryWay = DeliveryWay.POST) -> DataSubjectRequest:
    """The same, whose answer is posted to where somebody said, or handed over."""
    Case.objects.filter(pk=dsr.case_id).update(person_address="Nordre Vei 7, 6270 Brattvåg")
    Decision.objects.create(dsr=dsr, delivery_way=way.value)
    return dsr


@pytest.mark.parametrize("level,met", [(Level.L1, False), (Level.L2, True)])
def test_whoever_put_a_new_address_on_file_has_nothing_posted_either(level: Level, met: bool) -> None:
    dsr = by_hand(mailed(known(since=RECEIVED - timedelta(days=5))))
    assert held_up(dsr) == {"delivery_address": "delivery_posted_lately"}
    scenes.shown(dsr.case, level, scenes.ON_FILE)
    assert held_up(dsr) == ({} if met else {"delivery_address": "delivery_posted_lately"})


def test_an_answer_that_is_handed_over_minds_no_new_mailbox() -> None:
    assert held_up(by_hand(mailed(known(since=RECEIVED - timedelta(days=5))), DeliveryWay.IN_PERSON)) == {}


@pytest.mark.parametrize(
    "changes,posted",
    [
        ({}, True),
        ({"channel": Channel.IN_PERSON.value}, True),
        ({"channel": Channel.FORM.value}, False),
        ({"channel": Channel.LETTER.value}, False),
        ({"channel": Channel.PHONE.value}, False),
        ({"problems": [SENDER_UNPROVEN]}, False),
        ({"problems": [SENDER_UNCHECKED]}, False),
    ],
)
@pytest.mark.parametrize("right", sorted(HANDED_OVER))
def test_nothing_is_posted_to_whoever_only_named_an_address_on_file(
    right: Right, changes: dict[str, object], posted: bool
) -> None:
    """The code goes to the address on file; a letter goes to where the same request said."""
    dsr = mailed(known(right), **changes)
    assert held_up(dsr) == {}
    by_hand(dsr)
    assert held_up(dsr) == ({} if posted else {"delivery_address": "delivery_posted"})
    confirmed(dsr, DoubtReason.MISMATCH)
    assert held_up(dsr) == {}


@pytest.mark.parametrize("outcome", [Outcome.NO_DATA, Outcome.REFUSED, Outcome.WITHDRAWN_BY_REQUESTER])
def test_a_letter_that_hands_nothing_out_is_posted_all_the_same(outcome: Outcome) -> None:
    dsr = by_hand(mailed(known(since=RECEIVED - timedelta(days=5)), channel=Channel.FORM.value))
    Decision.objects.filter(dsr=dsr).update(outcome=outcome.value)
    assert held_up(dsr) == {}


def test_the_letter_that_says_that_nobody_showed_who_asks_waits_for_no_second_proof() -> None:
    """After the link the clock runs and the request cannot end unverified: a refusal is the only way left."""
    dsr = mailed(known(Right.ACCESS))
    confirmed(dsr, DoubtReason.FRAUD_SIGN)
    assert held_up(dsr) == {"identity": "identity_needs_second_proof"}
    grounds = [Ground.IDENTITY_NOT_CONFIRMED.value]
    row = Decision.objects.create(dsr=dsr, outcome=Outcome.REFUSED.value, grounds=grounds)
    assert held_up(dsr) == {}
    Decision.objects.filter(pk=row.pk).update(grounds=[*grounds, Ground.RIGHTS_OF_OTHERS.value])
    assert held_up(dsr) == {"identity": "identity_needs_second_proof"}


@pytest.mark.parametrize("way", [way for way in DeliveryWay if way is not DeliveryWay.PHONE])
def test_a_letter_without_any_address_gets_no_data_on_the_word_of_its_writer(way: DeliveryWay) -> None:
    dsr = factories.case(Right.ACCESS, email="").dsrs.get()
    Case.objects.filter(pk=dsr.case_id).update(person_address="Storgata 1")
    dsr.case.refresh_from_db()
    Decision.objects.create(dsr=dsr, outcome=Outcome.FULFILLED.value, delivery_way=way.value)
    assert held_up(dsr) == {}
    scenes.on_file(dsr.case)
    assert held_up(dsr) == {"identity": "identity_needs_mailbox"}
    proof.shown(
        dsr.case_id, Method.SHOWN_DOCUMENT, Level.L4, actor=factories.staff().as_actor(),
        doubt=DoubtReason.UNKNOWN_ADDRESS,
    )  # fmt: skip
    assert held_up(dsr) == {}
