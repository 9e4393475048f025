"""The page of one task: what is to be done, by when, and what came of it."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exports import labels, vault
from exports.domain.by_hand import CHANGING
from exports.domain.enums import SILENT, TaskAction, TaskMode, TaskState
from exports.models import Correction, SystemTask, TaskLink
from exports.services import holdings, notice, task_files
from exports.services import tasks as service
from identity.services import delivery
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.ground_labels import cited
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import wording
from requests_app.services.wording import Words

from . import owner_views
from .row_words import Names
from .task_forms import HandForm, form_for
from .task_instructions import instruction
from .task_panel import language, line, system_names, why_not

_SEE_EVIDENCE = (Permission.WORK_TASKS, Permission.DECIDE, Permission.RELEASE)


@requires(Permission.WORK_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Show a task and take its answer; then go on to the next one of the request that somebody has to answer."""
    row = _task(task_id)
    if row.is_part_of_deletion:
        return redirect("exports:desk:erasure-task", row.pk)
    form = form_for(row, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.complete(row.pk, actor=staff(request).as_actor(), **form.answer())
        except ActionRefused as error:
            form.refuse(error.reason)
            row = _task(task_id)  # a colleague may have answered it
            _see_anew(row, form)
        else:
            return _go_on(request, row)
    status = 422 if form.is_bound and form.errors else 200
    context = {**_context(row, form), "owner_panel": owner_views.panel(request, row)}
    return render(request, "exports/desk/task.html", context, status=status)


@requires(Permission.WORK_TASKS)
@require_POST
def retry(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Ask a system once more that failed."""
    row = _task(task_id)
    _do(request, lambda: service.retry(row.pk, actor=staff(request).as_actor()), _("The system is asked again."))
    return redirect(_case_url(row))


@requires(Permission.WORK_TASKS)
@require_POST
def reopen(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Take the answer to a task back."""
    row = _task(task_id)
    _do(request, lambda: service.reopen(row.pk, actor=staff(request).as_actor()), _("The task is open again."))
    return redirect("exports:desk:task", row.pk)


@requires(Permission.VIEW_CASES)
@require_GET
def evidence(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Hand out the file somebody put beside a task, never to be shown inside the browser; every look is written down.

    It is for those who may also look at the answer it becomes part of, and for those who search.
    """
    if not any(may(staff(request), wanted) for wanted in _SEE_EVIDENCE):
        raise PermissionDenied
    row = _task(task_id)
    try:
        content = task_files.evidence(row)
    except vault.MissingFile:
        content = None
    if content is None:
        raise Http404
    task_files.record_look(row, staff(request).as_actor())
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=row.evidence_name, content_type=row.evidence_type
    )


def _context(row: SystemTask, form: HandForm) -> dict[str, Any]:
    silent = TaskState(row.state) in SILENT
    return {
        "form": form,
        "line": line(row, system_names()),
        "task": row,
        "case": row.dsr.case,
        "case_url": _case_url(row),
        "silent": silent,
        "why_not": why_not(row),
        "by_hand": silent and row.mode == TaskMode.MANUAL,
        "instruction": instruction(row) if row.mode == TaskMode.MANUAL and row.action != TaskAction.NOTIFY else "",
        "notices": _notices(row) if row.action == TaskAction.NOTIFY and silent else [],
        "corrections": _corrections(row),
        "ground": _ground(row),
        "changes": row.action in CHANGING or row.action in (TaskAction.WITHDRAW, TaskAction.RESUME),
        "found": _found(row),
        "by_link": TaskLink.objects.filter(task=row, round=row.round, answered_at__isnull=False).exists(),
        "needs_address": delivery.waits_for_address(row.dsr.case),
    }


def _notices(row: SystemTask) -> list[tuple[str, Words | None, str]]:
    """The notice to copy, in the reader's language first; or why it cannot be written."""
    spoken = (language(), "en" if language() == "nb" else "nb")
    return [(code, *_notice(row, code)) for code in spoken]


def _notice(row: SystemTask, code: str) -> tuple[Words | None, str]:
    try:
        return notice.text_for(row, code), ""
    except wording.Unresolved as error:
        return None, str(sentence(error.reason))


def _corrections(row: SystemTask) -> list[tuple[Correction, str]]:
    """What the system is to correct or has corrected, each with what its row is called."""
    if row.action != TaskAction.RECTIFY:
        return []
    called = Names(holdings.of_request(row.dsr))
    mine = Q(ordered_in=row.round) | Q(done_at__isnull=False)
    rows = Correction.objects.filter(mine, dsr=row.dsr_id, system=row.system)
    return [(one, called.of(one.system, one.collection, one.record_key).full) for one in rows]


def _ground(row: SystemTask) -> str:
    if not row.ground:
        return ""
    return str(labels.NOT_TOLD[row.ground]) if row.action == TaskAction.NOTIFY else cited(Ground(row.ground))


def _see_anew(row: SystemTask, form: HandForm) -> None:
    """Let whoever was told that the case has changed save what they see now."""
    if "version" not in form.fields:
        return
    row.dsr.case.refresh_from_db(fields=["version"])
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    form.data["version"] = row.dsr.case.version  # type: ignore[index]


def _found(row: SystemTask) -> list[tuple[str, int]]:
    """How many records of which kind a connector read; their content stays in the file."""
    try:
        result = task_files.result(row)
    except vault.MissingFile:
        result = None
    counts: dict[str, int] = {}
    for record in result.records if result else ():
        name = record.label.in_language(language())
        counts[name] = counts.get(name, 0) + 1
    return list(counts.items())


def _go_on(request: HttpRequest, row: SystemTask) -> HttpResponse:
    waiting = row.dsr.tasks.filter(mode=TaskMode.MANUAL.value, state=TaskState.OPEN.value).order_by("id")
    same = waiting.filter(action=row.action)
    following = same.filter(pk__gt=row.pk).first() or same.first() or waiting.first()
    if following is None:
        messages.success(request, _("Saved. No task is left that you have to answer by hand."))
        return redirect(_case_url(row))
    messages.success(request, _("Saved. The next one is %(system)s.") % {"system": _name(following)})
    return redirect("exports:desk:task", following.pk)


def _do(request: HttpRequest, act: Any, done: str) -> None:
    try:
        act()
    except ActionRefused as error:
        messages.error(request, str(sentence(error.reason)))
    else:
        messages.success(request, done)


def _name(row: SystemTask) -> str:
    return system_names().get(row.system, row.system_name)


def _task(task_id: int) -> SystemTask:
    return get_object_or_404(SystemTask.objects.select_related("dsr__case", "done_by"), pk=task_id)


def _case_url(row: SystemTask) -> str:
    return reverse("requests:desk:case", args=[row.dsr.case.reference])
