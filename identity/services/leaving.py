"""Somebody leaves: all of theirs that lets anybody in ends, and their open cases and systems go to somebody else.

It is all one transaction of `accounts.deactivate`; what the page shows before comes from the same filters. Which
systems they own an upper app knows (`config.wiring`: SYSTEMS_OWNED, SYSTEMS_HANDED_OVER).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from identity.models import ApiToken, SecondFactor, StaffInvitation, StaffSession, User
from requests_app import audit, selectors
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.models import BreakGlass, Case, CaseReader
from requests_app.models.case import CaseQuerySet, Viewer
from requests_app.services import notes

from . import second_factor, staff_sessions


@dataclass(frozen=True)
class Handover:
    """What was chosen: who gets the open cases (None: the queue), which tokens stay, each with its reason, and who
    takes over each system (None: nobody; where all is None, nothing was chosen, and nobody takes over any)."""

    handler_id: int | None = None
    tokens_kept: Mapping[int, str] = field(default_factory=dict)
    systems: Mapping[str, int | None] | None = None

    @property
    def heirs(self) -> set[int]:
        """Everybody who gets something."""
        return {one for one in (self.handler_id, *(self.systems or {}).values()) if one is not None}


NOTHING_KEPT = Handover()


@dataclass(frozen=True)
class Belongings:
    """What ends, or changes hands, when this person leaves."""

    sessions: list[StaffSession]
    second_factor: bool
    tokens: list[ApiToken]
    invitations: list[StaffInvitation]
    stands_in_for: list[User]
    cases: list[Case]
    systems: list[str]


def belongings(user: User, *, seen_by: Viewer | None = None) -> Belongings:
    """Return what somebody leaves behind, as it is now; of their cases those that `seen_by` may know of."""
    cases = open_cases(user.pk)
    factor = SecondFactor.objects.filter(user=user, confirmed=True)
    return Belongings(
        sessions=staff_sessions.open_of(user),
        second_factor=factor.exists(),
        tokens=list(_tokens(user)),
        invitations=list(_invitations(user).filter(expires_at__gt=timezone.now())),
        stands_in_for=list(user.stands_in_for.order_by("name", "pk")),
        systems=import_string(settings.SYSTEMS_OWNED)(user),
        cases=list((cases.visible_to(seen_by) if seen_by else cases).order_by("due_on", "pk")),
    )


def tokens_kept(user: User) -> list[ApiToken]:
    """Return the tokens that went on working when this person left."""
    return list(_tokens(user).exclude(kept_because=""))


def open_cases(user_id: int) -> CaseQuerySet:
    """The cases that somebody has and that are not closed."""
    return Case.objects.open().filter(assignee=user_id)


def end_everything(user: User, cases: Sequence[Case], handover: Handover, *, actor: Actor) -> None:
    """End all ways in of somebody and hand over what they have. Needs a transaction that locked `cases`, then accounts.

    A case that the new handler may not have goes back to the queue. Raises ActionRefused when the new handler may have
    none, the new owner of a system may not own one, or either is the one who leaves.
    """
    if not _fit(handover.handler_id, user):
        raise ActionRefused(Reason("assignee_unfit"))
    tokens = list(_tokens(user).select_for_update(no_key=True))
    _lock_what_is_written_last(user)
    sessions = staff_sessions.end_of(user.pk)
    second_factor.forget(user)
    import_string(settings.SYSTEMS_HANDED_OVER)(user, handover.systems, actor=actor)
    for case in cases:
        _hand_over(case, handover.handler_id, actor)
    _end_reading(user, actor)
    for token in tokens:
        _decide(token, handover.tokens_kept.get(token.pk, ""), actor)
    for invitation in _invitations(user):
        StaffInvitation.objects.filter(pk=invitation.pk).delete()
        audit.record("staff.invitation_withdrawn", f"invitation:{invitation.pk}", actor)
    for other in user.stands_in_for.order_by("pk"):
        User.objects.filter(pk=other.pk).update(deputy=None)
        audit.record("staff.absence_changed", f"user:{other.pk}", actor, deputy=None)
    audit.record("staff.deactivated", f"user:{user.pk}", actor, sessions=sessions, cases=len(cases))


def _lock_what_is_written_last(user: User) -> None:
    """Lock the rows that change after the first entry in the audit, for its head is the last lock (`audit.record`)."""
    list(CaseReader.objects.select_for_update(of=("self",), no_key=True).filter(user=user.pk).order_by("case_id"))
    list(_invitations(user).select_for_update(of=("self",), no_key=True))


def _fit(handler_id: int | None, user: User) -> bool:
    if handler_id is None:
        return True
    return handler_id != user.pk and handler_id in {member.pk for member in selectors.handlers()}


def _hand_over(case: Case, handler_id: int | None, actor: Actor) -> None:
    try:
        notes.assign(case.pk, handler_id, actor=actor)
    except ActionRefused:  # whoever closes the account may be a party to the case: then they say nothing of it
        notes.assign(case.pk, None, actor=SYSTEM)


def _end_reading(user: User, actor: Actor) -> None:
    """Whoever comes back is named a reader anew, or is none; the same for access in an emergency."""
    now = timezone.now()
    BreakGlass.objects.filter(user=user.pk, until__gt=now).update(until=now)
    for row in CaseReader.objects.filter(user=user.pk).order_by("case_id"):
        row.delete()
        audit.record("case.readers_changed", f"case:{row.case_id}", actor, added=[], removed=[str(user.pk)])


def _decide(token: ApiToken, why_kept: str, actor: Actor) -> None:
    """A token belongs to a machine, which may have to go on: it stays only for a reason."""
    rows = ApiToken.objects.filter(pk=token.pk)
    if why := why_kept.strip():
        rows.update(kept_because=why)
        audit.record("api_token.kept", f"api_token:{token.pk}", actor)
    else:
        rows.update(revoked_at=timezone.now())
        audit.record("api_token.revoked", f"api_token:{token.pk}", actor)


def _tokens(user: User) -> "QuerySet[ApiToken]":
    return ApiToken.objects.filter(created_by=user, revoked_at__isnull=True).order_by("pk")


def _invitations(user: User) -> "QuerySet[StaffInvitation]":
    """Links that nobody has used: those for this person, and those that this person made."""
    unused = StaffInvitation.objects.filter(used_at__isnull=True)
    return unused.filter(Q(user=user) | Q(email=user.email) | Q(created_by=user)).order_by("pk")
