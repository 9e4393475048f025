"""Ending sessions: one's own, and all of somebody else's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.models import User
from identity.services import staff_sessions
from requests_app.permissions import Permission, requires, staff

from . import account


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; one that is over already is not worth a word."""
    user = account.own(request)
    staff_sessions.end_one(user, pk, actor=user.as_actor())
    messages.success(request, _("The session has ended."))
    return redirect("identity:account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    user = account.own(request)
    staff_sessions.end_others(user, staff_sessions.of(request.session), actor=user.as_actor())
    messages.success(request, _("All other sessions have ended."))
    return redirect("identity:account")


@require_POST
@requires(Permission.MANAGE_STAFF)
def end_of_another(request: HttpRequest, pk: int) -> HttpResponse:
    """End every session of an account."""
    user = get_object_or_404(User, pk=pk)
    staff_sessions.end_all(user.pk, actor=staff(request).as_actor())
    messages.success(request, _("All sessions of this account have ended."))
    return redirect("identity:staff-person", pk)
