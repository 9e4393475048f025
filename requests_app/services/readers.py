"""Who of the staff may see a case: all of them, or its named readers, but never a party to it."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from requests_app import selectors
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case
from requests_app.permissions import Staff

from .roster import Roster


def among(team: Roster, case: Case) -> Roster:
    """Return those of a roster who hear of a case: its readers; emergency access brings nobody mail.

    Where no reader of a shielded case is left, the decision-makers hear of it, by its reference alone: the law waits
    for nobody to be missed.
    """
    able = set(team.members) - parties(case, team.members.values())
    if case.shielded_at is None:
        return team.among(able)
    chosen = able & set(case.reader_rows.values_list("user", flat=True))
    return team.among(chosen or {pk for pk in able if Role.DECISION_MAKER in team.members[pk].roles})


def parties(case: Case, people: Iterable[Staff]) -> set[int]:
    """Return which of these people a case is about, as `Case.objects.about` says of one: by address or by name."""
    own = {case.person_email.casefold(), case.concerned_known_as.casefold()}
    named = set(case.party_rows.values_list("user", flat=True))
    return {one.pk for one in people if one.pk in named or one.email.casefold() in own}


def named(case: Case) -> list[Staff]:
    """Return the active readers of a case, the longest here first."""
    wanted = set(case.reader_rows.values_list("user", flat=True))
    return [one for one in selectors.active_staff() if one.pk in wanted]


def why_stands_aside(case_id: int, actor: Actor) -> Reason | None:
    """Return why somebody must not work on a case at all, or None. The machine and the person are no party."""
    user = _account(actor.user_id)
    if user is None or not Case.objects.about(user).filter(pk=case_id).exists():
        return None
    return Reason("stands_aside")


def require(case_id: int, actor: Actor) -> None:
    """Raise ActionRefused for whoever is a party to a case."""
    if reason := why_stands_aside(case_id, actor):
        raise ActionRefused(reason)


def why_cannot_have(case: Case, user_id: int) -> Reason | None:
    """Return why this member of staff cannot be given a case, or None."""
    user = _account(user_id)
    if user is None:
        return None
    if parties(case, [user]):
        return Reason("assignee_party")
    if case.shielded_at is not None and not case.reader_rows.filter(user=user_id).exists():
        return Reason("assignee_no_reader")
    return None


def _account(user_id: int | None) -> Staff | None:
    found: Staff | None = get_user_model().objects.filter(pk=user_id).first() if user_id is not None else None
    return found
