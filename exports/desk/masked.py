"""What an auditor sees of the cases: numbers, dates, codes and who acted, by number. Nothing of a person is loaded.

Masking what was read could be forgotten at one place; so these pages name each column they read, and none of them
holds a name, an address, a word that somebody wrote, or data from a system.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exports import labels as labels_of_exports
from exports.models import SystemTask
from requests_app import labels, selectors
from requests_app.desk import clock_facts, history_words, keyset
from requests_app.domain.enums import Right
from requests_app.domain.grounds import Ground
from requests_app.ground_labels import cited
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Decision
from requests_app.permissions import Permission, Staff, requires, staff

from .task_panel import system_names

SIZE = 50
_CASE = ("id", "reference", "received_at", "closed_at", "due_on", "channel", "language", "forgotten_at")
_REQUEST = ("id", "case_id", "right", "stage", "outcome", "received_at", "effective_due", "answer_sent_at", "closed_at")
_DECISION = ("dsr_id", "outcome", "grounds", "prepared_by_id", "prepared_at", "released_by_id", "released_at")
_TASK = ("id", "dsr_id", "system", "action", "state", "mode", "due_on", "done_at")


@dataclass(frozen=True)
class Row:
    """One case of the list."""

    case: Case
    rights: str
    stages: str


@dataclass(frozen=True)
class Asked:
    """One request: what it asks for, where it is, by when it was due at each time, and what was decided by whom."""

    dsr: DataSubjectRequest
    right: Promise | str
    stage: Promise | str
    outcome: Promise | str
    computed: tuple[clock_facts.Computed, ...]
    decision: Decision | None
    grounds: list[str]


@dataclass(frozen=True)
class Step:
    """One line of the history; `who` is a number, never a name."""

    number: int
    when: datetime
    who: str
    words: str


@dataclass(frozen=True)
class Task:
    """What is done in one system."""

    row: SystemTask
    system: str
    action: Promise
    state: Promise


@dataclass(frozen=True)
class Said:
    """That a message came or went, and how that ended; not a word of it."""

    when: datetime
    intent: Promise | str
    state: Promise | str


@requires(Permission.VIEW_MASKED)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List all cases, the latest first."""
    order = selectors.LATEST_RECEIVED
    after, before = keyset.marks(request, order)
    shown = selectors.page(_cases(staff(request)), order, size=SIZE, after=after, before=before)
    previous_url, next_url = keyset.links(request, shown, order)
    context = {"rows": [_row(one) for one in shown.rows], "previous_url": previous_url, "next_url": next_url}
    return render(request, "exports/desk/masked_cases.html", context)


@requires(Permission.VIEW_MASKED)
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what a case says without the person in it."""
    row = get_object_or_404(_cases(staff(request)), reference=reference)
    context = {
        "case": row,
        "channel": labels.CHANNELS[row.channel],
        "spoken": labels.SPOKEN[row.language],
        "requests": [_asked(dsr) for dsr in row.dsrs.all()],
        "tasks": _tasks(row),
        "said": _said(row),
        "steps": _history(row),
    }
    return render(request, "exports/desk/masked_case.html", context)


def _cases(user: Staff) -> QuerySet[Case]:
    return (
        Case.objects.visible_to(user)
        .only(*_CASE)
        .prefetch_related(Prefetch("dsrs", DataSubjectRequest.objects.only(*_REQUEST).order_by("id")))
    )


def _row(one: Case) -> Row:
    dsrs = list(one.dsrs.all())
    return Row(one, _joined(labels.right_label(d.right) for d in dsrs), _joined(labels.STAGES[d.stage] for d in dsrs))


def _joined(words: Iterable[object]) -> str:
    return ", ".join(dict.fromkeys(map(str, words)))


def _asked(dsr: DataSubjectRequest) -> Asked:
    decision = Decision.objects.only(*_DECISION).filter(dsr_id=dsr.pk).first()
    right = Right(dsr.right) if dsr.right else None
    return Asked(
        dsr=dsr,
        right=labels.right_label(dsr.right),
        stage=labels.STAGES[dsr.stage],
        outcome=labels.OUTCOMES.get(decision.outcome if decision else dsr.outcome, ""),
        computed=clock_facts.history(dsr),
        decision=decision,
        grounds=[cited(Ground(code), right) for code in (decision.grounds if decision else ())],
    )


def _tasks(one: Case) -> list[Task]:
    names = system_names()
    return [
        Task(
            row,
            names.get(row.system, row.system),
            labels_of_exports.TASK_ACTIONS[row.action],
            labels_of_exports.TASK_STATES[row.state],
        )
        for row in SystemTask.objects.only(*_TASK).filter(dsr__case_id=one.pk).order_by("dsr_id", "id")
    ]


def _said(one: Case) -> list[Said]:
    rows = one.messages.values_list("created_at", "sent_at", "intent", "state")
    return [
        Said(sent or created, labels.INTENTS.get(intent, intent), labels.MESSAGE_STATES.get(state, ""))
        for created, sent, intent, state in rows
    ]


def _history(one: Case) -> list[Step]:
    rights = {f"dsr:{dsr.pk}": dsr.right for dsr in one.dsrs.all()}
    systems = system_names()
    people = {pk: _number(pk) for pk in get_user_model().objects.values_list("pk", flat=True)}
    return [
        Step(
            row.number,
            row.at,
            _who(row),
            history_words.sentence(row, people, rights.get(row.subject, ""), systems),
        )
        for row in selectors.whole_history(one)
    ]


def _who(row: AuditEntry) -> str:
    kind, _colon, number = row.actor.partition(":")
    if kind == "user" and number.isdigit():
        return _number(int(number))
    if kind == "owner":
        return _("The owner of the system, by a link")
    return _("The person") if kind == "person" else "Datarett"


def _number(key: int) -> str:
    return _("Staff no. %(number)s") % {"number": key}
