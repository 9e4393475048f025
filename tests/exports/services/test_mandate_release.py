"""An answer to somebody who writes for another is released on a mandate that holds that day, and goes where it says."""

import pytest

from exports.models import Bundle
from exports.services import decide, erasure_freeze
from identity.models import StaffRole, User
from requests_app.domain.enums import Outcome, Requester, Right, Role, Stage
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import mandate_record
from tests import factories
from tests.exports import scenes
from tests.exports.house import House

AGENT = "advokat@example.com"


@pytest.fixture
def handler(house: House) -> User:
    """Somebody who prepares answers."""
    return factories.staff(Role.HANDLER)


def drafted(handler: User, requester: Requester = Requester.REPRESENTATIVE) -> DataSubjectRequest:
    """A finished draft; whoever writes does so for a person whose address is on file."""
    dsr = scenes.searched()
    Case.objects.filter(pk=dsr.case_id).update(
        requester=requester.value, person_email=AGENT, concerned_known_as=dsr.case.person_email
    )
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
    scenes.packed(scenes.fresh(dsr))
    return scenes.fresh(dsr)


def submitted(dsr: DataSubjectRequest, handler: User) -> str:
    """Hand it to the second person; return why not, or nothing."""
    kept = Bundle.objects.drafts().get(dsr=dsr)
    try:
        decide.submit(dsr.pk, actor=handler.as_actor(), bundle=kept.uuid)
    except TransitionDenied as denied:
        return denied.reason.params["reason"]
    return ""


def why_not_released(dsr: DataSubjectRequest) -> str:
    """Release it; return why not, or nothing."""
    second, kept = factories.staff(Role.APPROVER), scenes.current(dsr)
    try:
        decide.release(dsr.pk, actor=second.as_actor(), bundle=kept.uuid)
    except TransitionDenied as denied:
        return denied.reason.params["reason"]
    assert scenes.fresh(dsr).stage == Stage.RELEASED
    return ""


def test_without_one_nobody_submits_or_releases_it(handler: User) -> None:
    dsr = drafted(handler)
    assert submitted(dsr, handler) == "mandate_missing"
    factories.mandate(dsr.case, to_agent=False)
    assert submitted(dsr, handler) == ""
    mandate_record.take_back(dsr.case_id, actor=handler.as_actor())
    assert why_not_released(dsr) == "mandate_missing"
    assert scenes.fresh(dsr).stage == Stage.IN_REVIEW


def test_it_goes_to_the_person_where_the_mandate_says_nothing_else(handler: User) -> None:
    dsr = drafted(handler)
    factories.mandate(dsr.case, to_agent=False)
    submitted(dsr, handler)
    assert why_not_released(dsr) == ""
    assert scenes.current(dsr).delivery_address == dsr.case.concerned_known_as


@pytest.mark.parametrize("requester", [Requester.REPRESENTATIVE, Requester.GUARDIAN])
def test_one_that_says_so_sends_the_code_to_whoever_writes(handler: User, requester: Requester) -> None:
    dsr = drafted(handler, requester)
    factories.mandate(dsr.case)
    submitted(dsr, handler)
    assert why_not_released(dsr) == ""
    assert scenes.current(dsr).delivery_address == AGENT


def test_who_let_it_go_to_whoever_writes_does_not_release_it(handler: User) -> None:
    dsr = drafted(handler)
    row = factories.mandate(dsr.case)
    submitted(dsr, handler)
    StaffRole.objects.create(user=row.checked_by, role=Role.APPROVER.value)
    again = User.objects.get(pk=row.checked_by_id)
    with pytest.raises(ActionRefused) as refused:
        decide.release(dsr.pk, actor=again.as_actor(), bundle=scenes.current(dsr).uuid)
    assert refused.value.reason.code == "second_person_address"


def test_one_that_has_run_out_by_the_release_is_refused(handler: User) -> None:
    dsr = drafted(handler)
    row = factories.mandate(dsr.case, to_agent=False)
    submitted(dsr, handler)
    type(row).objects.update(valid_until=row.valid_from)
    assert why_not_released(dsr) == "mandate_expired"


def test_nothing_is_deleted_without_one(house: House) -> None:
    dsr = factories.case(Right.ERASURE, email="").dsrs.get()
    Case.objects.filter(pk=dsr.case_id).update(requester=Requester.REPRESENTATIVE.value)
    reason = erasure_freeze.why(scenes.fresh(dsr))
    assert reason is not None
    assert reason.code == "mandate_missing"
