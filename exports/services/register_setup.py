"""The set-up of a register: which question comes next, what is answered, and what is put off.

Each answer is a version of its own. The questions are drawn anew after each, so that an answer can open the next one;
together they are at most `MOST_QUESTIONS`, and can be asked again from the beginning for what is open then.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from exports.domain import register as domain
from exports.domain.enums import TaskAction, TaskState, VersionReason
from exports.domain.register_setup import DPO, MOST_QUESTIONS, NOT_IN, Question, questions, say_no
from exports.models import CUSTOMERS, RegisterSetUp, SystemTask
from requests_app import selectors
from requests_app.domain.organisation import longest
from requests_app.domain.snapshot import Actor
from requests_app.models import Organisation
from requests_app.services import organisation as settings_of

from . import register

PAGES = ("privacy_page", "cookie_page")
_SHARED = {
    "controller.legal_entity_name": "legal_entity_name",
    "controller.org_number": "org_number",
    "controller.postal_address": "postal_address",
    DPO: "dpo",
}
"""What stands in the register for letters, and in the settings of the organisation for pages and mails."""


@dataclass(frozen=True)
class SetUp:
    """Where the set-up stands: what is still asked, what was put off, and how many questions it has in all."""

    remaining: tuple[Question, ...]
    skipped: tuple[Question, ...]
    answered: int

    @property
    def total(self) -> int:
        """How many questions the set-up has."""
        return self.answered + len(self.skipped) + len(self.remaining)

    @property
    def number(self) -> int:
        """Which one comes next, counted from 1."""
        return self.answered + len(self.skipped) + 1

    def find(self, key: str) -> Question | None:
        """Return an open question, be it put off, or None."""
        return next((one for one in (*self.remaining, *self.skipped) if one.key == key), None)


def state(key: str = CUSTOMERS) -> SetUp:
    """Return where the set-up of a register stands. Raises `register.NoRegister` before the register is loaded."""
    row = RegisterSetUp.objects.filter(register=key).first() or RegisterSetUp(register=key)
    asked = {one.key: one for one in _questions(key)}
    skipped = tuple(asked[name] for name in row.skipped if name in asked)
    # What was put off and then answered elsewhere counts as answered.
    answered = len(row.answered) + len(row.skipped) - len(skipped)
    left = MOST_QUESTIONS - answered - len(skipped)
    open_ones = [one for name, one in asked.items() if name not in (*row.answered, *row.skipped)]
    return SetUp(tuple(open_ones[: max(left, 0)]), skipped, answered)


def fill(question: Question, value: domain.FillValue | None, *, version: int, actor: Actor, key: str) -> int:
    """Answer a question about one field; None says that there is no data protection officer.

    Raises like `register.fill`.
    """

    def made(current: domain.Register) -> domain.Register:
        if value is None:
            return domain.with_value(current, question.key, None)
        return domain.fill(current, question.key, value)

    shared = _SHARED.get(question.key) if key == CUSTOMERS else None
    told = {shared: value.nb if isinstance(value, domain.Text) else ""} if shared else {}
    return _answered(question, made, version=version, actor=actor, key=key, told=told)


def deny(question: Question, activity_ids: list[str], *, version: int, actor: Actor, key: str) -> int:
    """Answer a question of NOT_IN: it is so in none of these activities. Raises like `register.fill`."""

    def made(current: domain.Register) -> domain.Register:
        return say_no(current, question.key, activity_ids)

    return _answered(question, made, version=version, actor=actor, key=key, told={})


def tell_page(question: Question, page: dict[str, str], *, actor: Actor, key: str) -> None:
    """Answer where a page of the website stands: `{nb, en}`; the register is no part of it."""
    with transaction.atomic():
        register.lock_last(key)
        _note(key, question.key, "answered")
        settings_of.tell(actor, **{question.key: page})


def skip(question_key: str, key: str) -> None:
    """Put a question off; the next one comes, and the end names this one."""
    with transaction.atomic():
        register.lock_last(key)
        _note(key, question_key, "skipped")


def begin_again(key: str) -> None:
    """Ask from the beginning, for what is open now."""
    with transaction.atomic():
        register.lock_last(key)
        RegisterSetUp.objects.filter(register=key).delete()


def fits(question: Question, value: str) -> bool:
    """Tell whether a fact has room in the settings of the organisation."""
    shared = _SHARED.get(question.key)
    return shared is None or len(value) <= longest(shared)


def suggestion(question: Question) -> str:
    """Return what the settings of the organisation say already of what the register does not know."""
    name = _SHARED.get(question.key)
    return str(getattr(selectors.organisation(), name)) if name else ""


def _answered(
    question: Question,
    made: Callable[[domain.Register], domain.Register],
    *,
    version: int,
    actor: Actor,
    key: str,
    told: dict[str, str],
) -> int:
    edit = register.Edit(actor, VersionReason.SET_UP, version, key)
    path = question.key if question.key not in NOT_IN else ""
    with transaction.atomic():
        register.lock_last(key)
        _note(key, question.key, "answered")
        if told:
            Organisation.objects.select_for_update().get(pk=1)  # before the audit entry of the register
        number = register.change(edit, made, path=path)
        if told:
            settings_of.tell(actor, **told)
    return number


def _note(key: str, question_key: str, where: str) -> None:
    """Write down that a question is dealt with; whoever holds the lock of the register is alone here."""
    row = RegisterSetUp.objects.filter(register=key).first() or RegisterSetUp(register=key)
    row.answered = [name for name in row.answered if name != question_key]
    row.skipped = [name for name in row.skipped if name != question_key]
    getattr(row, where).append(question_key)
    row.save()


def _questions(key: str) -> list[Question]:
    _number, current = register.current(key)
    organisation = selectors.organisation()
    pages = [name for name in PAGES if key == CUSTOMERS and not getattr(organisation, name)]
    every = questions(current, _printed(current), pages)
    return [one for one in every if register.is_printed_from(key, one.key)]


def _printed(current: domain.Register) -> dict[str, int]:
    """Return in how many searches each activity's systems held something: so many answers printed it, or will."""
    done = SystemTask.objects.filter(action=TaskAction.READ.value, state=TaskState.DONE.value)
    hits = Counter(done.values_list("system", flat=True))
    return {one.id: sum(hits[str(system)] for system in one.source_systems) for one in current.activities}
