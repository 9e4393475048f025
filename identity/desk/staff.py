"""Who works here, for those who give accounts and take them away."""

from collections.abc import Callable, Iterable
from datetime import date

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp_webauthn.models import WebAuthnCredential

from identity.models import StaffInvitation, User
from identity.services import accounts, leaving, staff_sessions
from identity.services import staff as invitations
from requests_app.desk import absence_words, approvers
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.labels import ROLES
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence
from requests_app.services import clock, roster

from .forms import AbsenceForm, InviteForm, RolesForm

SHOWN_ONCE = "new_invitation"
INVALID = 422


@requires(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """List accounts and open invitations; invite somebody."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            invitation, _url = invitations.invite(
                form.cleaned_data["email"], form.chosen(), emergency=form.cleaned_data["emergency"],
                actor=staff(request).as_actor(),
            )  # fmt: skip
            return _show_link(request, invitation)
        except ActionRefused as refusal:
            field = "emergency" if refusal.reason.code.startswith("emergency") else "email"
            form.add_error(field, sentence(refusal.reason))
    today = roster.today()
    context = {
        "form": form,
        "approvers": approvers.warning(clock.calendar()),
        "people": [_row(user, today) for user in _everybody()],
        "open_invitations": [_offer(row) for row in _open_invitations()],
        "new": _shown_once(request),
        "nav": "staff",
    }
    return render(request, "identity/desk/staff.html", context)


@requires(Permission.MANAGE_STAFF)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its roles and what can be done with it."""
    user = get_object_or_404(_everybody(), pk=pk)
    return _person(request, user, _roles_of(user))


@requires(Permission.MANAGE_STAFF)
@require_POST
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an account other roles."""
    user, form = get_object_or_404(_everybody(), pk=pk), RolesForm(request.POST)
    if form.is_valid():
        try:
            accounts.change_roles(pk, form.chosen(), actor=staff(request).as_actor())
            messages.success(request, _("The roles are saved."))
            return redirect("identity:staff-person", pk)
        except ActionRefused as refusal:
            form.add_error("roles", sentence(refusal.reason))
    return _person(request, user, form)


@requires(Permission.MANAGE_STAFF)
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    return _do(request, pk, accounts.reactivate, _("The account is open again. Now make a link, which gives a way in."))


@requires(Permission.MANAGE_STAFF)
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away password and second factor, and make a link that gives new ones."""
    user = get_object_or_404(User, pk=pk)
    try:
        invitation, _url = invitations.renew(user.pk, actor=staff(request).as_actor())
    except ActionRefused as refusal:
        messages.error(request, sentence(refusal.reason))
        return redirect("identity:staff-person", pk)
    return _show_link(request, invitation)


@requires(Permission.MANAGE_STAFF)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link of an invitation worthless."""
    invitations.withdraw(pk, actor=staff(request).as_actor())
    messages.success(request, _("The link no longer works."))
    return redirect("identity:staff")


def _do(request: HttpRequest, pk: int, verb: Callable[..., User], done: str) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    try:
        verb(user.pk, actor=staff(request).as_actor())
        messages.success(request, done)
    except ActionRefused as refusal:
        messages.error(request, sentence(refusal.reason))
    return redirect("identity:staff-person", pk)


def show_person(request: HttpRequest, pk: int, *, absence: AbsenceForm) -> HttpResponse:
    """Render the page of an account with the form of its absence as it was filled in and refused."""
    user = get_object_or_404(_everybody(), pk=pk)
    return _person(request, user, _roles_of(user), absence)


def _roles_of(user: User) -> RolesForm:
    return RolesForm(initial={"roles": [row.role for row in user.role_rows.all()]})


def _person(request: HttpRequest, user: User, form: RolesForm, absence: AbsenceForm | None = None) -> HttpResponse:
    itself = user.pk == staff(request).pk
    context = {
        "form": absence or form,
        "roles_form": form,
        "absence_form": absence or AbsenceForm(user),
        "person": _row(user, roster.today()),
        "account": user,
        "sessions": staff_sessions.open_of(user),
        "tokens_kept": [] if user.is_active else leaving.tokens_kept(user),
        "why_not_deactivate": sentence(reason) if (reason := accounts.why_not_deactivate(user)) else "",
        "why_not_renew": sentence(reason) if (reason := invitations.why_not_renew(user, itself=itself)) else "",
        "nav": "staff",
    }
    return render(request, "identity/desk/person.html", context, status=INVALID if absence else 200)


def _show_link(request: HttpRequest, invitation: StaffInvitation) -> HttpResponse:
    """Lead to the list, which shows the link of this invitation this once."""
    request.session[SHOWN_ONCE] = invitation.pk
    return redirect("identity:staff")


def _shown_once(request: HttpRequest) -> dict[str, object] | None:
    if request.method != "GET":
        return None
    row = StaffInvitation.objects.open_at(timezone.now()).filter(pk=request.session.pop(SHOWN_ONCE, 0)).first()
    return {"invitation": row, "url": invitations.invitation_url(row)} if row else None


def _everybody() -> QuerySet[User]:
    return (
        User.objects.annotate(has_passkey=Exists(WebAuthnCredential.objects.filter(user=OuterRef("pk"))))
        .prefetch_related("role_rows")
        .select_related("second_factor", "deputy")
        .order_by("-is_active", "name")
    )


def _with_emergency(words: list[Promise], emergency: bool) -> list[Promise]:
    return [*words, gettext_lazy("Emergency approver")] if emergency else words


def _words(roles: Iterable[str]) -> list[Promise]:
    """Return the words for roles, in the order in which they are always listed."""
    held = set(roles)
    return [ROLES[role] for role in Role if role.value in held]


def _open_invitations() -> list[StaffInvitation]:
    return list(StaffInvitation.objects.open_at(timezone.now()).order_by("created_at"))


def _offer(row: StaffInvitation) -> dict[str, object]:
    return {"row": row, "roles": _with_emergency(_words(row.roles), row.emergency)}


def _row(user: User, today: date) -> dict[str, object]:
    factor = getattr(user, "second_factor", None)
    return {
        "user": user,
        "away": absence_words.of(user, today) if user.is_active else "",
        "roles": _with_emergency(_words(row.role for row in user.role_rows.all()), user.emergency),
        "second_factor": bool(factor and factor.confirmed) or getattr(user, "has_passkey", False),
    }
