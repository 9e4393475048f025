"""When people are away, who stands in for them, and which mails they get at once."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from identity.domain import mails
from identity.models import User
from requests_app import audit
from requests_app.domain.enums import StaffNotice
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.permissions import Permission, may


def change(user_id: int, first: date | None, last: date | None, deputy_id: int | None, *, actor: Actor) -> User:
    """Write down from when to when somebody is away (both days included; no last day: until further notice), and who
    stands in. No first day: not away; a deputy can stand by all the same.

    Raises ActionRefused for a last day before the first or without one, and for a deputy who is the person, has no
    active account, or sees no cases while the person does.
    """
    with transaction.atomic():
        # Both rows, by number: the deputy may be written about at the same time, or be closing their account.
        wanted = [user_id] if deputy_id is None else [user_id, deputy_id]
        rows = User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
        accounts = {row.pk: row for row in rows}
        user = accounts[user_id]
        if reason := _why_not(user, first, last, accounts.get(deputy_id or 0), named=deputy_id is not None):
            raise ActionRefused(reason)
        if (user.away_from, user.away_until, user.deputy_id) != (first, last, deputy_id):
            user.away_from, user.away_until, user.deputy_id = first, last, deputy_id
            user.save(update_fields=["away_from", "away_until", "deputy"])
            # The days are left out: when somebody was ill is nobody's business in five years.
            audit.record("staff.absence_changed", f"user:{user.pk}", actor, deputy=deputy_id)
        return user


def choose_mails(user: User, *, digest: bool, only_in_digest: Iterable[StaffNotice]) -> None:
    """Remember whether somebody wants the morning mail, and what is to wait for it.

    Raises ActionRefused for what cannot wait: a hard alarm of whoever decides, and anything without a morning mail.
    """
    wanted = set(only_in_digest)
    if wanted - set(mails.choosable(user.roles)):
        raise ActionRefused(Reason("mail_cannot_wait"))
    if wanted and not digest:
        raise ActionRefused(Reason("digest_needed"))
    values = sorted(notice.value for notice in wanted)
    User.objects.filter(pk=user.pk).update(wants_digest=digest, only_in_digest=values)


def _why_not(user: User, first: date | None, last: date | None, deputy: User | None, *, named: bool) -> Reason | None:
    if last is not None and first is None:
        return Reason("absence_first_missing")
    if first is not None and last is not None and last < first:
        return Reason("absence_ends_too_early")
    if deputy is not None and deputy.pk == user.pk:
        return Reason("deputy_oneself")
    if named and (deputy is None or not deputy.is_active or deputy.emergency):
        return Reason("deputy_unfit")
    if deputy is not None and may(user, Permission.VIEW_CASES) and not may(deputy, Permission.VIEW_CASES):
        return Reason("deputy_sees_no_cases")
    return None
