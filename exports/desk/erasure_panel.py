"""The panel of the case page on which a deletion is planned, approved and followed."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from exports.domain.enums import TaskAction, TaskState
from exports.models import ErasurePlan
from exports.services import complaint_scope, endings, erasure_freeze, orders
from exports.services import erasure as service
from requests_app.domain.enums import Right, Stage
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, Staff, may, staff
from requests_app.reasons import sentence

from . import erasure_words as words
from .task_panel import Line

_BEFORE = (Stage.RECEIVED, Stage.TRIAGED)


@dataclass(frozen=True)
class Card:
    """One deletion as the panel and its page show it to one member of staff; what is barred says why."""

    dsr: DataSubjectRequest
    version: int
    plan: ErasurePlan | None
    earlier: list[ErasurePlan]
    groups: list[words.Group]
    tasks: list[tuple[Line, Promise]]
    done: int
    ordered: list[Line]
    untold: bool
    found: bool
    frozen: str
    complaints: list[complaint_scope.Question]
    barred_change: str
    barred_submit: str
    barred_approve: str
    left_out: bool
    may_decide: bool
    may_release: bool

    @property
    def anchor(self) -> str:
        """Where the card stands on the page."""
        return f"erasure-{self.dsr.pk}"

    @property
    def is_next(self) -> bool:
        """Whether this person has the next step of the deletion to take, and can."""
        if self.plan is None or self.plan.approved_at:
            return False
        return self.may_decide if self.plan.prepared_at is None else self.may_release and not self.barred_approve

    @property
    def may_cancel(self) -> bool:
        """Whether this person can take the approval back now."""
        approved = self.plan is not None and self.plan.approved_at is not None
        return approved and not self.barred_change and (self.may_decide or self.may_release)


def erasure(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML; empty for a case in which nothing is to be deleted, or not yet."""
    dsrs = [dsr for dsr in case.dsrs.order_by("id") if dsr.right == Right.ERASURE and dsr.stage not in _BEFORE]
    cards = [card(dsr, case, staff(request)) for dsr in dsrs if endings.of(dsr) is None or _is_planned(dsr)]
    if not cards:
        return ""
    context = {"cards": cards, "case": case}
    return SafeString(render_to_string("exports/desk/erasure_panel.html", context, request=request))


def card(dsr: DataSubjectRequest, case: Case, user: Staff, shown: ErasurePlan | None = None) -> Card:
    """Return what is shown of one deletion: of its plan, or of an earlier one (`shown`), which nobody changes."""
    dsr.case = case
    plans = ErasurePlan.objects.select_related("prepared_by", "approved_by").filter(dsr=dsr)
    plan = shown or plans.current().first()
    carried_out = words.carried_out(plan) if plan else []
    change = service.why_not_change(dsr, plan) if plan else None
    submit = change or (service.why_not_submit(plan) if plan else None)
    approve = change or (service.why_not_approve(dsr, plan, user.as_actor()) if plan else None)
    return Card(
        dsr=dsr,
        version=case.version,
        plan=plan,
        earlier=list(plans.earlier()) if shown is None else [],
        groups=words.groups(dsr, plan) if plan else [],
        tasks=carried_out,
        done=len(carried_out) - words.left_to_do(one.task for one, _measure in carried_out),
        ordered=words.ordered(dsr) if shown is None else [],
        untold=shown is None and bool(orders.carried_out(dsr)) and not orders.is_mailed(dsr),
        found=dsr.tasks.filter(action=TaskAction.READ.value).exclude(state=TaskState.NOT_FOUND.value).exists(),
        frozen=_said(erasure_freeze.why(dsr)) if plan and plan.done_at is None else "",
        complaints=_complaints(dsr, user) if plan and plan.done_at is None else [],
        barred_change=_said(change),
        barred_submit=_said(submit),
        barred_approve=_said(approve),
        left_out=plan is not None and not change and words.is_anything_left_out(dsr, plan),
        may_decide=may(user, Permission.DECIDE),
        may_release=may(user, Permission.RELEASE),
    )


def _complaints(dsr: DataSubjectRequest, user: Staff) -> list[complaint_scope.Question]:
    """Return the open complaints of the person, of those that this reader may see: another may be shielded."""
    questions = complaint_scope.questions(dsr)
    hidden = Case.objects.hidden_from(user).filter(pk__in=[one.complaint.case_id for one in questions])
    out = set(hidden.values_list("pk", flat=True)) if questions else set()
    return [one for one in questions if one.complaint.case_id not in out]


def _is_planned(dsr: DataSubjectRequest) -> bool:
    return ErasurePlan.objects.filter(dsr=dsr).exists()


def _said(reason: Reason | None) -> str:
    return sentence(reason) if reason else ""
