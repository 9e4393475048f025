"""Situations that the tests of a rectification begin with."""

from collections.abc import Callable

import pytest

from exports.domain.enums import TaskAction, TaskState
from exports.models import Correction, SystemTask
from exports.services import collect, correction_run, corrections, holdings, plan, tasks
from exports.services.holdings import Place, Wanted
from identity.models import Verification
from identity.services import verify
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.models import DataSubjectRequest
from tests import factories
from tests.exports.house import answer_the_rest
from tests.exports.scenes import fresh
from tests.identity import scenes as identity_scenes

EMAIL = "kari.holm@example.com"
NEW = "kari.ny@example.com"


def searched() -> DataSubjectRequest:
    """Return a rectification of Kari whose systems have all been searched."""
    dsr = factories.case(Right.RECTIFICATION, email=EMAIL).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    collect.run_task(task_of(dsr, "website", TaskAction.READ).pk)
    answer_the_rest(dsr)
    return fresh(dsr)


def task_of(dsr: DataSubjectRequest, system: str, action: TaskAction = TaskAction.RECTIFY) -> SystemTask:
    """Return a task of a request as it stands now."""
    return dsr.tasks.get(system=system, action=action.value)


def place_of(dsr: DataSubjectRequest, name: str, collection: str = "users") -> Place:
    """Return where a field stands."""
    found = holdings.places(holdings.of_request(dsr))
    return next(p for p in found if p.value.name == name and p.record.collection == collection)


def wish(dsr: DataSubjectRequest, name: str, text: str, collection: str = "users") -> Wanted:
    """Return the wish to have `text` stand in a field."""
    return place_of(dsr, name, collection).wanted(text)


def corrected(dsr: DataSubjectRequest, actor: Actor, name: str = "name", text: str = "Kari Holm") -> Correction:
    """Return a correction that was entered."""
    corrections.enter(dsr.pk, [wish(dsr, name, text)], actor=actor)
    return dsr.corrections.get(field=name, collection="users")


def carried_out(dsr: DataSubjectRequest, actor: Actor) -> SystemTask:
    """Have the website correct what was entered; return its task as it stands then."""
    correction_run.carry_out(dsr.pk, actor=actor)
    collect.run_task(task_of(dsr, "website").pk)
    return task_of(dsr, "website")


def confirm_all(dsr: DataSubjectRequest) -> None:
    """The person presses the button at every address that was asked."""
    for row in Verification.objects.filter(case=dsr.case, state="asked"):
        verify.confirm(identity_scenes.link_token(row))


def searched_by_hand(dsr: DataSubjectRequest, actor: Actor) -> None:
    """HubSpot was searched by hand and held something."""
    read = task_of(dsr, "hubspot", TaskAction.READ)
    tasks.reopen(read.pk, actor=actor)
    tasks.complete(read.pk, state=TaskState.DONE, note="Et kontaktkort.", contact=EMAIL, actor=actor)


def refused(act: Callable[[], object]) -> str:
    """Return the code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code
