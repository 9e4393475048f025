"""Who owns which system, for those who keep the register; and the links that handlers send to owners."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from exports.models import SystemOwner, SystemTask, TaskLink
from exports.services import ownership
from requests_app import selectors
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence

from .task_panel import system_names

INVALID = 422
LONGEST_NUMBER = 19  # digits


class OwnerForm(forms.Form):
    """Who owns one system: an account, an address, or nobody."""

    system = forms.ChoiceField(
        label=gettext_lazy("System"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose a system.")),
    )
    user = forms.TypedChoiceField(
        label=gettext_lazy("Account"),
        help_text=gettext_lazy(
            "Of those who have the role of a system owner. They see the open tasks of their systems."
        ),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the accounts.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Or an e-mail address"),
        help_text=gettext_lazy("For an owner without an account. Handlers can send a link to one task at a time."),
        required=False,
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "invalid": gettext_lazy("Write an e-mail address in full, such as name@example.com."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: Any = self.fields["system"]
        named.choices = sorted(
            ((key, name) for key, name in system_names().items() if ":" not in key), key=lambda one: one[1]
        )
        accounts: Any = self.fields["user"]
        accounts.choices = [("", _("Nobody")), *((one.pk, one.name) for one in selectors.staff_with(Role.SYSTEM_OWNER))]


@requires(Permission.EDIT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def owners(request: HttpRequest) -> HttpResponse:
    """List who owns which system, and name an owner."""
    form = OwnerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            ownership.name_owner(
                given["system"], user_id=given["user"], email=given["email"], actor=staff(request).as_actor()
            )
        except ActionRefused as refused:
            form.add_error("email" if given["email"] else "user", str(sentence(refused.reason)))
        else:
            messages.success(request, _("Saved."))
            return redirect("exports:desk:system-owners")
    names = system_names()
    rows = [(names.get(row.system, row.system), row) for row in SystemOwner.objects.select_related("user")]
    context = {"form": form, "owners": sorted(rows, key=lambda one: one[0])}
    return render(request, "exports/desk/system_owners.html", context, status=INVALID if form.errors else 200)


@requires(Permission.WORK_TASKS)
@require_POST
def send(request: HttpRequest, task_id: int) -> HttpResponse:
    """Send the owner of a system a link to one of its tasks."""
    row, seen = get_object_or_404(SystemTask, pk=task_id), request.POST.get("after", "")
    after = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < LONGEST_NUMBER else None
    return _do(
        request, row, lambda actor: ownership.send(row.pk, actor=actor, after=after), _("The link is on its way.")
    )


@requires(Permission.WORK_TASKS)
@require_POST
def withdraw(request: HttpRequest, link_id: int) -> HttpResponse:
    """Make a link worthless."""
    link = get_object_or_404(TaskLink.objects.select_related("task"), pk=link_id)
    return _do(
        request, link.task, lambda actor: ownership.withdraw(link.pk, actor=actor), _("The link no longer works.")
    )


def panel(request: HttpRequest, row: SystemTask) -> str:
    """Return what the page of a task says of its owner; empty where none is named by an address."""
    owner = ownership.owner_of(row.system)
    links = list(TaskLink.objects.filter(task=row).select_related("sent_by"))
    if not links and (owner is None or not owner.email):
        return ""
    reason, now = ownership.why_not_send(row), timezone.now()
    context = {
        "task": row,
        "owner": owner,
        "links": [(link, TaskLink.objects.open_at(now).filter(pk=link.pk).exists()) for link in links],
        "newest": max((link.pk for link in links), default=0),
        "why_not": sentence(reason) if reason else "",
    }
    return render_to_string("exports/desk/task_owner.html", context, request=request)


def _do(request: HttpRequest, row: SystemTask, act: Callable[[Any], object], done: str) -> HttpResponse:
    try:
        act(staff(request).as_actor())
    except ActionRefused as refused:
        messages.error(request, str(sentence(refused.reason)))
    else:
        messages.success(request, done)
    return redirect("exports:desk:task", row.pk)
