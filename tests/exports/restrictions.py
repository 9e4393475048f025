"""Restrictions that tests begin with: carried out on the website, answered, about to be lifted."""

from datetime import date, datetime, time

import sqlalchemy as sa
import time_machine
from django.db.models import QuerySet
from django.utils import timezone

from exports.demo.people import INGRID
from exports.domain.enums import SILENT, TaskAction, TaskMode, TaskState
from exports.models import Lifting, SystemTask
from exports.services import collect, lifting, plan, tasks
from identity.models import User
from requests_app.domain.enums import MessageState, Outcome, Right, Role, Stage
from requests_app.models import DataSubjectRequest, Decision, Message
from tests import factories

from .house import House

REASON = "Vi har rettet opplysningene, og du har bekreftet at de stemmer."


def restricted(
    house: House, right: Right = Right.RESTRICTION, *, outcome: Outcome = Outcome.FULFILLED, by_hand: str = ""
) -> DataSubjectRequest:
    """Return an answered request whose restriction stands on the website; `by_hand` is a system restricted by hand."""
    house.connect("    writable: true\n")
    dsr = factories.case(right, email=INGRID.email).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    for task in dsr.tasks.filter(mode=TaskMode.AUTOMATIC.value):
        collect.run_task(task.pk)
    actor = factories.staff().as_actor()
    for task in dsr.tasks.filter(action=TaskAction.RESTRICT.value, state__in=list(SILENT)):
        state = TaskState.DONE if task.system in (by_hand, "website") else TaskState.NOT_FOUND
        tasks.complete(task.pk, state=state, note="Sett etter", actor=actor)
    factories.force(dsr, Stage.CLOSED, answer_sent_at=timezone.now(), closed_at=timezone.now(), outcome=outcome.value)
    Decision.objects.filter(dsr=dsr).update(outcome=outcome.value)
    return fresh(dsr)


def proposed(dsr: DataSubjectRequest, handler: User | None = None, lifted_on: date | None = None) -> Lifting:
    """Return a lifting that waits for the second person."""
    actor = (handler or factories.staff()).as_actor()
    return lifting.propose(dsr.pk, reason=REASON, lifted_on=lifted_on or lifting.earliest(), actor=actor)


def approved(dsr: DataSubjectRequest) -> Lifting:
    """Return a lifting that two persons stand behind; its letter is queued."""
    return lifting.approve(proposed(dsr).pk, actor=factories.staff(Role.APPROVER).as_actor())


def told(dsr: DataSubjectRequest) -> Lifting:
    """Return a lifting whose letter has gone out."""
    row = approved(dsr)
    letter(row).update(state=MessageState.SENT.value, sent_at=timezone.now())
    return row


def on(day: date) -> time_machine.travel:
    """Noon of a day, as a context."""
    return time_machine.travel(timezone.make_aware(datetime.combine(day, time(12))), tick=False)


def letter(row: Lifting) -> "QuerySet[Message]":
    """The letter that tells of a lifting."""
    return Message.objects.filter(key=f"lifting:{row.pk}")


def lift_task(dsr: DataSubjectRequest, system: str = "website") -> SystemTask:
    """The task that takes the marks away, as it is now."""
    return dsr.tasks.get(system=system, action=TaskAction.UNRESTRICT.value)


def marks(house: House) -> int:
    """How many rows of the website are only stored."""
    with sa.create_engine(f"sqlite:///{house.database}", poolclass=sa.NullPool).connect() as connection:
        tables = [sa.table(name, sa.column("restricted")) for name in ("accounts", "orders")]
        counts = [sa.select(sa.func.count()).select_from(table).where(table.c.restricted) for table in tables]
        return sum(int(connection.execute(count).scalar_one()) for count in counts)


def fresh(dsr: DataSubjectRequest) -> DataSubjectRequest:
    """The request as it is now."""
    return DataSubjectRequest.objects.select_related("case").get(pk=dsr.pk)
