"""The pages of a system's owner who has an account: the tasks of their own systems, and nothing else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from exports.services import ownership
from requests_app.permissions import Permission, requires, staff

from . import own_task
from .task_panel import line, system_names

INVALID = 422


@requires(Permission.WORK_OWN_TASKS)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """List what waits for an answer in one's own systems, what is due first on top.

    The reference tells the rows apart, and is what an owner names when they ask the handler; whom the case is about
    stands on the page of the task only.
    """
    names = system_names()
    rows = [line(row, names) for row in ownership.own_tasks(staff(request))]
    context = {"lines": rows, "owns": ownership.owns_any(staff(request))}
    return render(request, "exports/desk/own_tasks.html", context)


@requires(Permission.WORK_OWN_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show one task and take its answer; the task of another system is not there, nor is one that was answered."""
    row = get_object_or_404(ownership.own_tasks(staff(request)), pk=task_id)
    form = own_task.form_of(row, request)
    if request.method == "POST" and form.is_valid():
        if own_task.answered(row, form, actor=staff(request).as_actor()):
            messages.success(request, _("Saved. Thank you."))
            return redirect("exports:desk:own-tasks")
        row.refresh_from_db()
    status = INVALID if form.is_bound and form.errors else 200
    return render(request, "exports/desk/own_task.html", own_task.context(row, form), status=status)
