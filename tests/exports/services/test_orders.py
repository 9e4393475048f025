"""What was only ordered is looked at again when the vendor's day is over."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from exports.domain.enums import TaskState
from exports.models import SystemTask
from exports.services import orders
from identity.models import User
from requests_app.domain.enums import Right, Role
from requests_app.models import Message
from requests_app.services import notes
from tests import factories
from tests.exports import scenes
from tests.exports.house import House

YESTERDAY, TODAY = timezone.localdate() - timedelta(days=1), timezone.localdate()


@pytest.fixture
def handler(house: House) -> User:
    """Whoever has the case."""
    scenes.trial()
    return factories.staff(Role.HANDLER)


def ordered(handler: User, finishes_on: date) -> SystemTask:
    """A restriction that a vendor has accepted."""
    dsr = factories.dsr(Right.RESTRICTION)
    notes.assign(dsr.case_id, handler.pk, actor=handler.as_actor())
    return SystemTask.objects.create(
        dsr=dsr, system="hubspot", system_name="HubSpot", action="restrict", mode="manual", due_on=TODAY,
        state=TaskState.ACCEPTED.value, finishes_on=finishes_on,
    )  # fmt: skip


def test_the_staff_are_told_once_when_the_day_is_over(handler: User) -> None:
    task = ordered(handler, YESTERDAY)
    assert [orders.sweep() for _ in range(2)] == [1, 1]
    told = Message.objects.get(to_address=handler.email)
    assert task.dsr.case.reference in told.body
    assert task.dsr.case.person_name not in told.body + told.subject


@pytest.mark.parametrize("state,day", [("accepted", TODAY), ("done", YESTERDAY)])
def test_what_has_time_or_is_done_needs_no_word(handler: User, state: str, day: date) -> None:
    task = ordered(handler, day)
    SystemTask.objects.filter(pk=task.pk).update(state=state)
    assert orders.sweep() == 0
    assert not Message.objects.filter(to_address=handler.email).exists()
