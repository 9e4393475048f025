"""Decision, delivery and search beside what others do to the case meanwhile."""

from collections.abc import Callable
from functools import partial

import pytest

from exports.demo.people import INGRID
from exports.services import collect, decide, deliver, plan
from identity.services import codes
from requests_app.domain.enums import Outcome, Role
from requests_app.domain.snapshot import Actor
from requests_app.models import DataSubjectRequest
from requests_app.services import correspondence, portal_reply
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, task_of
from tests.identity.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def write(dsr: DataSubjectRequest, actor: Actor) -> object:
    """Staff write to the person."""
    return correspondence.write_to_person(dsr.case_id, subject="Svar", body="Hei", actor=actor)


def reply(dsr: DataSubjectRequest, actor: Actor) -> None:
    """The person writes on the status page."""
    portal_reply.keep(dsr.case_id, "Hei igjen")


@pytest.mark.parametrize("other", [write, reply])
def test_an_outcome_is_chosen_meanwhile(house: House, other: Callable[[DataSubjectRequest, Actor], object]) -> None:
    user = factories.staff()
    actor, dsr = user.as_actor(), scenes.drafted(user)
    for _ in range(ROUNDS):
        at_once(
            lambda: decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=actor),
            lambda: other(dsr, actor),
        )
    assert scenes.fresh(dsr).case.version >= 2 * ROUNDS


def test_an_answer_is_offered_again_while_a_code_is_sent_and_staff_write(house: House) -> None:
    handler = factories.staff()
    dsr, actor = scenes.released(handler, factories.staff(Role.APPROVER)), handler.as_actor()
    for _ in range(codes.CODES_BEFORE_PAUSE):
        at_once(
            lambda: deliver.offer_again(dsr.pk, actor=actor),
            lambda: codes.send(dsr.case, "download", INGRID.email),
            lambda: write(dsr, actor),
        )
    assert dsr.bundles.count() == 1 + codes.CODES_BEFORE_PAUSE


def test_a_search_finds_addresses_while_staff_write(house: House) -> None:
    actor = factories.staff().as_actor()
    for _ in range(ROUNDS):
        dsr = factories.case(email=INGRID.email).dsrs.get()
        at_once(partial(plan.locate_and_plan, dsr.pk), partial(write, dsr, actor))
        at_once(partial(collect.run_task, task_of(dsr).pk), partial(write, dsr, actor))
        assert dsr.case.contact_points.exists()
