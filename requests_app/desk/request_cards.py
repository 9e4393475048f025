"""The requests of a case: where each stands and what can be done with it here."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise

from requests_app.domain.enums import STAGE_ORDER, Action, Stage
from requests_app.domain.lifecycle import actions_from
from requests_app.domain.snapshot import Actor
from requests_app.labels import ACTIONS, OUTCOMES, STAGES, right_label
from requests_app.models import DataSubjectRequest
from requests_app.reasons import sentence
from requests_app.services import lifecycle

from . import status
from .case_forms import RightForm, WhyForm

# The others belong to the decision and stand on its panel.
HERE = (Action.START, Action.CLOSE, Action.REOPEN)


@dataclass(frozen=True)
class Step:
    """One stage on the way."""

    label: Promise
    state: str


@dataclass(frozen=True)
class Button:
    """One action: `why_not` in words when it is barred, `form` when it asks for a reason."""

    id: str
    action: Action
    label: Promise
    why_not: str
    form: forms.Form | None


@dataclass(frozen=True)
class Card:
    """One request as the case page shows it."""

    dsr: DataSubjectRequest
    title: Promise | str
    status: status.Status
    outcome: Promise | str
    steps: tuple[Step, ...]
    buttons: tuple[Button, ...]
    right_form: forms.Form | None


def slot(dsr_id: int, action: str) -> str:
    """Return the name under which a form of this request that was refused comes back."""
    return f"request-{dsr_id}-{action}"


def card(dsr: DataSubjectRequest, actor: Actor, bound: Mapping[str, forms.Form]) -> Card:
    """Return what the page shows of one request to this actor; `bound` holds forms that were refused."""
    unsorted = dsr.stage == Stage.RECEIVED and not dsr.right
    right_form = bound.get(slot(dsr.pk, "right")) or RightForm(auto_id=f"right-{dsr.pk}-%s")
    return Card(
        dsr=dsr,
        title=right_label(dsr.right),
        status=status.of([dsr]),
        outcome=OUTCOMES.get(dsr.outcome, ""),
        steps=_steps(Stage(dsr.stage)),
        buttons=_buttons(dsr, actor, bound),
        right_form=right_form if unsorted else None,
    )


def _steps(stage: Stage) -> tuple[Step, ...]:
    at = STAGE_ORDER.index(stage)
    over = stage is Stage.CLOSED
    return tuple(
        Step(STAGES[one], "done" if number < at or over else "current" if number == at else "todo")
        for number, one in enumerate(STAGE_ORDER)
    )


def _buttons(dsr: DataSubjectRequest, actor: Actor, bound: Mapping[str, forms.Form]) -> tuple[Button, ...]:
    needs_note = {transition.action for transition in actions_from(Stage(dsr.stage)) if transition.needs_note}
    return tuple(
        Button(
            slot(dsr.pk, action),
            action,
            ACTIONS[action],
            sentence(reason) if reason else "",
            _why_form(dsr, action, bound) if action in needs_note else None,
        )
        for action, reason in lifecycle.available(dsr, actor)
        if action in HERE
    )


def _why_form(dsr: DataSubjectRequest, action: Action, bound: Mapping[str, forms.Form]) -> forms.Form:
    return bound.get(slot(dsr.pk, action)) or WhyForm(auto_id=f"{action}-{dsr.pk}-%s")
