"""The approver outside the team approves nothing unseen, and nothing at all while two of the team are there."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from identity.models import User
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry, Case, Message
from requests_app.services import shield
from tests import factories
from tests.exports.approvals import (
    Waiting,
    a_deletion,
    a_fee,
    a_lifting,
    an_answer_again,
    an_answer_outside,
    an_extension,
)
from tests.exports.house import House

THEIRS = [a_deletion, a_lifting, an_answer_outside, an_answer_again]


def outsider() -> Actor:
    """The emergency approver, while nobody of the team who could approve is there."""
    User.objects.filter(role_rows__role__in=[Role.APPROVER.value, Role.DECISION_MAKER.value]).update(is_active=False)
    nina = factories.staff(Role.APPROVER)
    User.objects.filter(pk=nina.pk).update(emergency=True)
    return User.objects.get(pk=nina.pk).as_actor()


@pytest.mark.parametrize("wait", THEIRS)
def test_each_approval_is_written_down_and_told(wait: Callable[[House], Waiting], house: House) -> None:
    waiting, actor = wait(house), outsider()
    decides, officer = factories.staff(Role.DECISION_MAKER), factories.staff(Role.DPO)
    waiting.approve(actor)
    assert waiting.approved()
    entry = AuditEntry.objects.get(action="emergency.used")
    assert (entry.actor, entry.subject) == (f"user:{actor.user_id}", f"case:{waiting.case.pk}")
    told = Message.objects.filter(key__startswith="emergency:")
    assert {mail.to_address for mail in told} == {decides.email, officer.email}


def test_a_party_to_the_case_is_not_told(house: House) -> None:
    waiting, actor = a_deletion(house), outsider()
    party, own, officer = (factories.staff(role) for role in (Role.DECISION_MAKER, Role.DECISION_MAKER, Role.DPO))
    reader = factories.staff()
    shield.set_parties(waiting.case.pk, [party.pk], "x", actor=reader.as_actor(), user=reader)
    Case.objects.filter(pk=waiting.case.pk).update(concerned_known_as=own.email.upper())
    for one in (party, own):  # or the emergency would be over
        User.objects.filter(pk=one.pk).update(away_from=timezone.localdate())
    waiting.approve(actor)
    told = Message.objects.filter(key__startswith="emergency:")
    assert {mail.to_address for mail in told} == {officer.email}


@pytest.mark.parametrize("wait", THEIRS)
def test_none_goes_through_while_two_others_are_there(wait: Callable[[House], Waiting], house: House) -> None:
    waiting, actor = wait(house), outsider()
    factories.staff(Role.APPROVER)
    factories.staff(Role.DECISION_MAKER)
    before = AuditEntry.objects.count()
    with pytest.raises(ActionRefused, match="emergency_not_needed"):
        waiting.approve(actor)
    assert not waiting.approved()
    assert AuditEntry.objects.count() == before
    assert not Message.objects.filter(key__startswith="emergency:").exists()


@pytest.mark.parametrize("wait", [an_extension, a_fee])
def test_what_is_the_decision_makers_is_never_theirs(wait: Callable[[House], Waiting], house: House) -> None:
    waiting, actor = wait(house), outsider()
    with pytest.raises(ActionRefused, match="decision_maker_only"):
        waiting.approve(actor)
    assert not waiting.approved()
