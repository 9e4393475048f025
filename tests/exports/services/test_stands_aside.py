"""A party to a case approves nothing in it, whatever their roles and whether or not the case is shielded."""

from collections.abc import Callable

import pytest

from identity.models import User
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case
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

ALL = [an_extension, a_fee, a_deletion, a_lifting, an_answer_outside, an_answer_again]


@pytest.fixture
def party(house: House) -> User:
    """Somebody with every role that approves."""
    return factories.staff(Role.HANDLER, Role.APPROVER, Role.DECISION_MAKER)


@pytest.mark.parametrize("wait", ALL)
def test_who_was_named_a_party_to_a_shielded_case(wait: Callable[[House], Waiting], house: House, party: User) -> None:
    """Not even as its reader: naming them a party takes that away."""
    waiting, reader = wait(house), factories.staff()
    how = {"actor": reader.as_actor(), "user": reader}
    shield.shield(waiting.case.pk, [reader.pk, party.pk], "x", **how)  # type: ignore[arg-type]
    shield.set_parties(waiting.case.pk, [party.pk], "x", **how)  # type: ignore[arg-type]
    stands_aside(waiting, party)


@pytest.mark.parametrize("column", ["person_email", "concerned_known_as"])
@pytest.mark.parametrize("wait", ALL)
def test_whose_own_case_it_is(wait: Callable[[House], Waiting], column: str, house: House, party: User) -> None:
    waiting = wait(house)
    Case.objects.filter(pk=waiting.case.pk).update(**{column: party.email.upper()})
    stands_aside(waiting, party)


@pytest.mark.parametrize("wait", ALL)
def test_somebody_who_is_no_party_can(wait: Callable[[House], Waiting], house: House, party: User) -> None:
    waiting = wait(house)
    waiting.approve(party.as_actor())
    assert waiting.approved()


def stands_aside(waiting: Waiting, party: User) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(ActionRefused, match="stands_aside"):
        waiting.approve(party.as_actor())
    assert not waiting.approved()
    assert AuditEntry.objects.count() == before
