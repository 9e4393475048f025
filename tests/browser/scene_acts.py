"""What people do in the scene: fill in the form, search by hand, draft an answer and release it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import time_machine
from django.conf import settings
from django.utils import timezone

from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.models import Bundle, SystemTask
from exports.services import decide, tasks
from identity.models import User
from requests_app import outbox
from requests_app.domain.enums import Outcome, Requester, Right
from requests_app.domain.grounds import Ground
from requests_app.models import Case
from requests_app.portal.forms import NOT_SURE
from requests_app.services import drafts, notes

FOUND = {
    "nb": "Tre e-poster om levering av reservedeler, vedlagt som utskrift i brevet.",
    "en": "Three e-mails about the delivery of spare parts, copied into the letter.",
}
NOTHING = {"nb": "Søkte på navn og e-postadresse.", "en": "Searched for name and e-mail address."}


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Let it be noon so many days ago; what the outbox owes then is done then."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon - timedelta(days=days), tick=True):
        yield
        effects()


def effects() -> None:
    """Do what the outbox owes."""
    while outbox.relay(limit=1000):
        pass


def form(
    name: str,
    email: str,
    *rights: Right,
    text: str = "",
    phone: str = "",
    language: str = "nb",
    requester: Requester = Requester.SELF,
) -> Case:
    """Fill in the public form and send it."""
    draft = drafts.start()
    drafts.answer(draft, "right", {"rights": [right.value for right in rights] or [NOT_SURE]})
    drafts.answer(draft, "who", {"requester": requester.value, "name": name})
    drafts.answer(draft, "details", {"text": text})
    drafts.answer(draft, "contact", {"email": email, "phone": phone, "language": language})
    case = drafts.submit(draft)
    effects()
    return case


def manual(case: Case, action: TaskAction = TaskAction.READ) -> list[SystemTask]:
    """Return the tasks of a case that people answer, in their order."""
    found = SystemTask.objects.filter(dsr__case=case, mode=TaskMode.MANUAL.value, action=action.value)
    return list(found.order_by("id"))


def answer_by_hand(case: Case, hanne: User, *chosen: SystemTask) -> None:
    """Something was found in the system that comes last, nothing in the others."""
    if not chosen:
        return
    last = manual(case)[-1].pk
    for task in chosen:
        found = task.pk == last
        state, words = (TaskState.DONE, FOUND) if found else (TaskState.NOT_FOUND, NOTHING)
        contact = case.person_email if found else ""  # found under the address that the request came from
        tasks.complete(task.pk, state=state, note=words[case.language], actor=hanne.as_actor(), contact=contact)


def drafted(
    case: Case,
    hanne: User,
    outcome: Outcome = Outcome.FULFILLED,
    words: str = "",
    grounds: tuple[Ground, ...] = (),
) -> None:
    """Search everywhere, draft the answer and have its package put together."""
    notes.assign(case.pk, hanne.pk, actor=hanne.as_actor())
    answer_by_hand(case, hanne, *manual(case))
    dsr = case.dsrs.get()
    decide.begin(dsr.pk, actor=hanne.as_actor())
    decide.choose(dsr.pk, outcome, words, actor=hanne.as_actor(), grounds=grounds)
    effects()


def answered(case: Case, hanne: User, astrid: User) -> None:
    """Draft, submit, release and send; the case is closed then."""
    drafted(case, hanne)
    dsr = case.dsrs.get()
    bundle = Bundle.objects.drafts().get(dsr=dsr).uuid
    decide.submit(dsr.pk, actor=hanne.as_actor(), bundle=bundle)
    decide.release(dsr.pk, actor=astrid.as_actor(), bundle=bundle)
    effects()


@contextmanager
def website_without(table: str) -> Iterator[None]:
    """Let the website's database be another than the one described, so that its task fails."""
    database = settings.VAR / "trial" / "website.sqlite3"
    with closing(sqlite3.connect(database, isolation_level=None)) as website:
        website.execute(f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        with closing(sqlite3.connect(database, isolation_level=None)) as website:
            website.execute(f"ALTER TABLE away RENAME TO {table}")
