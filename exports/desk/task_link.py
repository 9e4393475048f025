"""The pages behind the link of a system's owner: a button first, then one task, and a word of thanks.

Opening the link changes nothing: mail scanners open links, too. The button lets this browser see the one task, for two
hours without a visit at most, and no longer than the link works.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from exports.models import TaskLink
from exports.services import ownership

from . import own_task

IDLE = timedelta(hours=2)
LINK, UNTIL = "task_link", "task_link_until"
INVALID, GONE = 422, 410


@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button; pressed, it opens the task in this browser."""
    link = ownership.find(token)
    if link is None:
        return _over(request)
    if request.method != "POST":
        return render(request, "exports/portal/task_open.html")
    ownership.opened(link)
    request.session.cycle_key()
    request.session[LINK] = str(link.uuid)
    _touch(request)
    return redirect("exports:task:task")


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest) -> HttpResponse:
    """Show the task and take its answer."""
    link = _current(request)
    if link is None:
        return _over(request)
    row = link.task
    form = own_task.form_of(row, request)
    if request.method == "POST" and form.is_valid():
        if own_task.answered(row, form, actor=ownership.actor_of(link), link=link):
            _forget(request)
            return render(request, "exports/portal/task_done.html")
        if _current(request) is None:
            return _over(request)
    status = INVALID if form.is_bound and form.errors else 200
    ownership.looked(link)
    return render(request, "exports/portal/task.html", own_task.context(row, form), status=status)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the task in this browser; the link works on."""
    _forget(request)
    return render(request, "exports/portal/task_left.html")


def _current(request: HttpRequest) -> TaskLink | None:
    uuid, until = request.session.get(LINK), request.session.get(UNTIL, 0)
    if not uuid or until < timezone.now().timestamp():
        return None
    _touch(request)
    return ownership.alive(uuid)


def _touch(request: HttpRequest) -> None:
    request.session[UNTIL] = (timezone.now() + IDLE).timestamp()


def _forget(request: HttpRequest) -> None:
    for name in (LINK, UNTIL):
        request.session.pop(name, None)


def _over(request: HttpRequest) -> HttpResponse:
    """The same page for a link that never was and one that is over."""
    return render(request, "exports/portal/task_over.html", status=GONE)
