"""Whoever leaves owns no system any more, and no link by them or to them opens a task.

Named in `config/wiring.py`: `identity.services.leaving` calls it, in the one transaction in which an account is closed.
"""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from exports.models import SystemOwner, TaskLink
from identity.models import User
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason

from . import ownership


def owned(user: User) -> list[str]:
    """Return the systems that an account owns, be it by its address from a time before it had one."""
    return list(_owned(user).values_list("system", flat=True))


def hand_over(user: User, heirs: Mapping[str, int | None] | None, *, actor: Actor) -> None:
    """Give each system of a closed account to its heir, or all to nobody where nothing was chosen, and end all links.

    What has gone to somebody else since the page was shown stays theirs. Needs a transaction that locked these
    accounts. Raises ActionRefused for an heir who cannot own a system, and for a system that was none of theirs then.
    """
    systems = [row.system for row in _owned(user).select_for_update(of=("self",), no_key=True)]
    chosen = dict.fromkeys(systems) if heirs is None else heirs
    if not chosen.keys() >= set(systems):
        raise ActionRefused(Reason("systems_moving"))
    for heir in {chosen[system] for system in systems}:
        if heir is not None and (reason := ownership.why_unfit(heir)):
            raise ActionRefused(reason)
    ended = ownership.end(TaskLink.objects.filter(Q(sent_by=user) | Q(sent_to=user.email)))
    for system in systems:
        ended += ownership.end(ownership.set_owner(system, chosen[system]))
    ownership.note(systems, ended, actor)


def _owned(user: User) -> QuerySet[SystemOwner]:
    return SystemOwner.objects.filter(Q(user=user) | Q(email=user.email))
