"""Sessions of the staff: begun, used, looked at and ended. The rows decide, whatever a cookie says.

Ending is one committed update: the session finds out at its next page, also after a crash in between.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from identity.domain import browsers, session_life
from identity.domain.enums import SessionEnd
from identity.models import StaffSession, User
from identity.models.session import StaffSessionQuerySet
from requests_app import audit
from requests_app.domain.snapshot import Actor

KEY = "staff_session"
# The cookie outlives the session, so that whoever comes back in the morning is told why they were logged out.
_COOKIE = timedelta(hours=24)


def begin(session: SessionBase, user: User, *, user_agent: str, verified: bool = False) -> StaffSession:
    """Write down that somebody logged in; the browser's session remembers which row is its own."""
    now = timezone.now()
    row = StaffSession.objects.create(
        user=user,
        browser=browsers.describe(user_agent),
        created_at=now,
        last_seen_at=now,
        verified_at=now if verified else None,
    )
    session[KEY] = str(row.uuid)
    session.set_expiry(_COOKIE)
    return row


def of(session: SessionBase) -> StaffSession | None:
    """Return the row of a browser's session; None when it has none, or names one that is not its user's."""
    named, user_id = session.get(KEY), session.get(USER_KEY)
    if not named or not user_id:
        return None
    return StaffSession.objects.filter(uuid=named, user_id=user_id).first()


def has_begun(session: SessionBase) -> bool:
    """Tell whether a browser's session names a row, there or not."""
    return bool(session.get(KEY))


def ended(row: StaffSession | None) -> SessionEnd | None:
    """Return why this session is over, and write it down if nobody did; None while it is not. No row: ended."""
    if row is None:
        return SessionEnd.ENDED
    if row.ended_at is not None:
        return SessionEnd(row.ended_because)
    now = timezone.now()
    if why := session_life.over(began=row.created_at, last_seen=row.last_seen_at, now=now):
        _end(StaffSession.objects.filter(pk=row.pk), why, now)
    return why


def use(row: StaffSession, *, verified: bool) -> None:
    """Write down that the session was used; at most once a minute, and at once when the second factor was shown.

    A database that cannot be written (a full disk) keeps nobody from reading: the session then ends the earlier.
    """
    now = timezone.now()
    changes = {"verified_at": now} if verified and row.verified_at is None else {}
    if changes or now - row.last_seen_at >= session_life.WRITTEN_EVERY:
        with suppress(DatabaseError):
            _alive(row).update(last_seen_at=now, **changes)


def open_of(user: User) -> list[StaffSession]:
    """Return the sessions of somebody that still let them in, the one used last first."""
    return list(StaffSession.objects.open_at(timezone.now()).filter(user=user).order_by("-last_seen_at", "-id"))


def log_out(row: StaffSession | None) -> None:
    """End a session because its owner went."""
    if row is not None:
        _end(StaffSession.objects.filter(pk=row.pk), SessionEnd.LOGGED_OUT, timezone.now())


def end_one(user: User, session_id: int, *, actor: Actor) -> None:
    """End one session of somebody; one of somebody else, or one that is over, is left alone."""
    with transaction.atomic():
        _record(user.pk, end_of(user.pk, only=session_id), actor)


def end_others(user: User, own: StaffSession | None, *, actor: Actor) -> int:
    """End every session of somebody but `own`; return how many there were."""
    with transaction.atomic():
        return _record(user.pk, end_of(user.pk, but=own.pk if own else None), actor)


def end_all(user_id: int, *, actor: Actor) -> int:
    """End every session of an account, also one that has no row yet; return how many were open."""
    with transaction.atomic():
        User.objects.filter(pk=user_id).update(session_generation=F("session_generation") + 1)
        return _record(user_id, end_of(user_id), actor)


def end_of(user_id: int, *, only: int | None = None, but: int | None = None) -> int:
    """End sessions of an account, without an entry in the audit: for who writes one of their own. Return how many."""
    now = timezone.now()
    rows = StaffSession.objects.open_at(now).filter(user_id=user_id)
    rows = rows if only is None else rows.filter(pk=only)
    return _end(rows if but is None else rows.exclude(pk=but), SessionEnd.ENDED, now)


def forget_old(now: datetime | None = None) -> int:
    """Delete rows of sessions that were last used a month ago; return how many."""
    before = (now or timezone.now()) - session_life.KEPT
    return StaffSession.objects.filter(last_seen_at__lt=before).delete()[0]


def _alive(row: StaffSession) -> StaffSessionQuerySet:
    return StaffSession.objects.filter(pk=row.pk, ended_at__isnull=True)


def _end(rows: StaffSessionQuerySet, why: SessionEnd, now: datetime) -> int:
    return rows.filter(ended_at__isnull=True).update(ended_at=now, ended_because=why.value)


def _record(user_id: int, number: int, actor: Actor) -> int:
    if number:
        audit.record("staff.sessions_ended", f"user:{user_id}", actor, number=number)
    return number
