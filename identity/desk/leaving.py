"""Somebody leaves: one page that shows what ends and what changes hands, and one press that does it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from identity.models import User
from identity.services import accounts, leaving
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence

from .leave_form import LeaveForm

INVALID = 422


@requires(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, after a look at everything that goes with it."""
    user = get_object_or_404(User.objects.prefetch_related("role_rows"), pk=pk)
    if not user.is_active:
        if request.method == "POST":
            messages.success(request, _("The account is closed."))
        return redirect("identity:staff-person", pk)
    left = leaving.belongings(user, seen_by=staff(request))
    form = LeaveForm(user, left.tokens, left.systems, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            accounts.deactivate(user.pk, actor=staff(request).as_actor(), handover=form.handover())
            messages.success(request, _("The account is closed, and everything on the list is done."))
            return redirect("identity:staff-person", pk)
        except ActionRefused as refused:
            form.add_error("handler" if refused.reason.code == "assignee_unfit" else None, sentence(refused.reason))
    reason = accounts.why_not_deactivate(user)
    context = {
        "form": form,
        "account": user,
        "left": left,
        "why_not": sentence(reason) if reason else "",
        "itself": user.pk == staff(request).pk,
        "nav": "staff",
    }
    return render(request, "identity/desk/leave.html", context, status=INVALID if form.is_bound else 200)
