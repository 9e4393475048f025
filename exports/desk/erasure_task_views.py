"""The page of one task of a deletion: what is to be done in a system, and what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from exports.domain.enums import SILENT, TaskMode, TaskState
from exports.domain.erasure_order import ACTIONS, CHANGES
from exports.models import SystemTask
from exports.services import erasure_by_hand, erasure_freeze, orders, uses
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.ground_labels import cited
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence
from requests_app.templatetags.ui import long_day

from . import erasure_words as words
from . import owner_views
from .erasure_forms import ByHandForm
from .order_forms import OrderForm
from .task_instructions import instruction
from .task_panel import language, line, system_names, why_not, why_not_reopen

_ORDER_IDS = "order-%s"  # beside the form for an answer, which has fields of the same names


@requires(Permission.WORK_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show a task of a deletion, and take what somebody did by hand."""
    row = _find(task_id)
    form = ByHandForm(row, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            answered = erasure_by_hand.complete(
                row.pk, form.answer(), actor=staff(request).as_actor(), evidence=form.file()
            )
        except ActionRefused as refused:
            form.refuse(refused.reason)
            row = _find(task_id)  # a colleague may have answered it
        else:
            messages.success(request, _saved(answered))
            return _go_on(row)
    return _show(request, row, form, OrderForm(auto_id=_ORDER_IDS))


@requires(Permission.WORK_TASKS)
@require_POST
def order(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take down what became of an order, whatever the stage of the request."""
    row = _find(task_id)
    form = OrderForm(request.POST, auto_id=_ORDER_IDS)
    if form.is_valid():
        given = form.cleaned_data
        try:
            orders.settle(
                row.pk, state=TaskState(given["outcome"]), note=given["note"], looked_again=given["looked_again"],
                actor=staff(request).as_actor(),
            )  # fmt: skip
        except ActionRefused as refused:
            form.refuse(refused.reason)
            row = _find(task_id)  # a colleague may have written it down
        else:
            messages.success(request, _settled(row, TaskState(given["outcome"])))
            return redirect(_case_url(row))
    return _show(request, row, ByHandForm(row), form)


def _show(request: HttpRequest, row: SystemTask, form: ByHandForm, order_form: OrderForm) -> HttpResponse:
    measure = next(one for one, action in ACTIONS.items() if action == row.action)
    lines = words.plan_lines(row.dsr, row.plan, system=row.system)
    context = {
        "form": order_form if order_form.is_bound else form,
        "by_hand_form": form,
        "order_form": order_form,
        "ordered": row.state == TaskState.ACCEPTED or order_form.is_bound,
        "line": line(row, system_names()),
        "task": row,
        "case": row.dsr.case,
        "case_url": _case_url(row),
        "silent": TaskState(row.state) in SILENT,
        "why_not": why_not(row),
        "why_not_reopen": why_not_reopen(row),
        "frozen": _frozen(row),
        "instruction": instruction(row),
        "duty": uses.why_of_duty(row.duty, language()),
        "ground": cited(Ground(row.ground)) if row.ground else "",
        "wanted": [one for one in lines if one.row.measure == measure],
        "staying": [one for one in lines if one.row.measure != measure],
        "owner_panel": owner_views.panel(request, row),
        "emptied": words.to_be_emptied(row.plan, row.system),
    }
    status = 422 if form.errors or order_form.errors else 200
    return render(request, "exports/desk/erasure_task.html", context, status=status)


def _find(task_id: int) -> SystemTask:
    tasks = SystemTask.objects.select_related("dsr__case", "plan", "done_by")
    return get_object_or_404(tasks, pk=task_id, action__in=CHANGES, dsr__right=Right.ERASURE.value)


def _saved(row: SystemTask) -> str:
    """That an answer is kept, with the end that was computed."""
    if row.duty and row.kept_until:
        return _("Saved. The data is kept until %(day)s.") % {"day": long_day(row.kept_until)}
    return _("Saved.")


def _settled(row: SystemTask, state: TaskState) -> str:
    """What follows from what was written down about an order."""
    if state is TaskState.FAILED:
        return _("Saved. The data has to go another way. If the request is closed, open it again first.")
    return _("Saved. The person is told once everything that was ordered is carried out.")


def _frozen(row: SystemTask) -> str:
    """Why nothing may be deleted now; whoever has done it all the same still says so."""
    reason = erasure_freeze.why(row.dsr) if TaskState(row.state) in SILENT else None
    return str(sentence(reason)) if reason else ""


def _go_on(row: SystemTask) -> HttpResponse:
    waiting = row.dsr.tasks.filter(mode=TaskMode.MANUAL.value, state=TaskState.OPEN.value, action__in=CHANGES)
    following = waiting.order_by("id").first()
    return redirect("exports:desk:erasure-task", following.pk) if following else redirect(_case_url(row))


def _case_url(row: SystemTask) -> str:
    return f"{reverse('requests:desk:case', args=[row.dsr.case.reference])}#erasure-{row.dsr_id}"
