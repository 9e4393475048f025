"""The answer to an access request, put together from facts (GDPR Art. 15).

In two steps: `facts` reads rows and is cheap, so that it can be done again under a lock to see whether anything
changed; `compose` adds the data that lies encrypted in files. The same facts give the same answer but for the
day that stands on the letter.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.utils import translation

from exports import vault
from exports.domain import register as domain
from exports.domain.answer import AccessAnswer, MissingPart, SearchOutcome, missing_information
from exports.domain.bundle import instant
from exports.domain.enums import TaskAction
from requests_app import selectors
from requests_app.domain.enums import Outcome, RequirementKind
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, DataSubjectRequest, Decision, Override
from requests_app.services import clock, complaint_block

from . import (
    answer_register,
    answer_systems,
    contradictions,
    letters_sender,
    register,
    registers,
    requirements,
    subject,
)
from .answer_problems import NotReady
from .answer_systems import Search


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that goes into the print but the data itself, which `searches` name by hash.

    `frame` is the answer without systems and dated on the day of receipt, whatever the day of the letter will be.
    """

    frame: AccessAnswer
    searches: tuple[Search, ...]
    binding: str

    @property
    def sha256(self) -> str:
        """The hash over all of it as canonical JSON; other facts, another hash."""
        plain = {"frame": asdict(self.frame), "searches": [asdict(search) for search in self.searches]}
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), default=_plain)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """A file that somebody put beside a task, with its name in the package."""

    name: str
    media_type: str
    content: bytes
    system: str
    added_at: datetime | None

    def __repr__(self) -> str:
        return f"<Document {self.name}>"


def facts(dsr: DataSubjectRequest) -> Facts:
    """Collect what the answer to a request says; raises NotReady with what it still waits for."""
    case, organisation, decision = dsr.case, selectors.organisation(), Decision.objects.get(dsr=dsr)
    tasks, overrides = list(dsr.tasks.filter(action=TaskAction.READ.value).order_by("id")), _overrides(dsr)
    current = _register(case)
    concerned = requirements.activities_of(current, tasks)
    searches = answer_systems.searches(tasks, _explaining(current, concerned), subject.identifiers(case))
    if RequirementKind.SYSTEMS not in overrides and _silent(searches):
        raise NotReady(Reason("answer_waits_systems"))
    outcome = Outcome(decision.outcome)
    if reason := contradictions.of_search(outcome, found=_found(searches), missing=bool(overrides)):
        raise NotReady(reason)
    by_register = overrides.get(RequirementKind.REGISTER)
    with translation.override(case.language):
        frame = AccessAnswer(
            language=case.language,
            organisation=answer_register.sender(
                current, case.language, missing_ok=by_register is not None, trial=organisation.trial
            ),
            reference=case.reference,
            received_on=clock.calendar().local_date(dsr.received_at),
            answered_on=clock.calendar().local_date(dsr.received_at),
            cut_off=max((s.searched_at for s in searches if s.searched_at), default=dsr.received_at),
            due_on=clock.derive(dsr).effective_due,
            outcome=outcome,
            authority=letters_sender.authority(),
            outside_norway=complaint_block.outside_norway(case),
            concerned_name=subject.concerned(case),
            recipient_name=case.person_name,
            recipient_address=letters_sender.address(case, decision),
            reasoning=decision.reasoning if outcome is Outcome.PARTLY_FULFILLED else "",
            missing=tuple(MissingPart(row.missing, row.promised_on) for row in overrides.values()),
            activities=answer_register.activities(
                current,
                concerned,
                case.language,
                promised=by_register.promised_on if by_register else None,
                trial=organisation.trial,
            ),
            trial=organisation.trial,
            time_zone=organisation.time_zone,
        )
    if missing_information(frame):
        raise NotReady(Reason("answer_waits_register"))
    return Facts(frame, searches, vault.binding_of(case))


def compose(given: Facts, *, on: date) -> AccessAnswer:
    """Return the answer with the data of every system, dated `on`. Raises NotReady when a file cannot be read."""
    with translation.override(given.frame.language):
        systems = tuple(
            answer_systems.data_of(search, given.frame.language, given.binding) for search in given.searches
        )
    return replace(given.frame, systems=systems, answered_on=on)


def documents(searches: Sequence[Search], binding: str) -> tuple[Document, ...]:
    """Return the files that somebody put beside the data. Raises NotReady when one cannot be read."""
    return tuple(
        Document(
            search.document,
            search.document_type,
            answer_systems.document_of(search, binding),
            search.system,
            search.searched_at,
        )
        for search in searches
        if search.document and search.outcome is SearchOutcome.FOUND
    )


def _overrides(dsr: DataSubjectRequest) -> dict[RequirementKind, Override]:
    return {RequirementKind(row.kind): row for row in contradictions.needed_overrides(dsr)}


def _register(case: Case) -> domain.Register:
    try:
        return registers.concerning(case)
    except register.NoRegister:
        raise NotReady(Reason("answer_waits_register")) from None


def _explaining(current: domain.Register, concerned: Sequence[str]) -> dict[str, list[str]]:
    """Which of the activities that concern the person explain why a system holds data."""
    chosen = [activity for activity in current.activities if activity.id in set(concerned)]
    return {
        system.id: [activity.id for activity in chosen if system.id in activity.source_systems]
        for system in current.systems
    }


def _silent(searches: Sequence[Search]) -> bool:
    return any(search.outcome is SearchOutcome.STILL_MISSING for search in searches)


def _found(searches: Sequence[Search]) -> bool:
    return any(search.outcome is SearchOutcome.FOUND for search in searches)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no fact")
