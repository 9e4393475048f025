"""Ending sessions: one's own, the others, everybody's; twice does no harm."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from identity.models import StaffSession, User
from identity.services import accounts, staff, staff_sessions
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)


def begun(user: User) -> StaffSession:
    session = SessionStore()
    session[USER_KEY] = user.pk
    return staff_sessions.begin(session, user, user_agent="")


def test_one_of_ones_own() -> None:
    user, other = factories.staff(), factories.staff()
    rows = [begun(user), begun(user)]
    foreign = begun(other)
    for _ in range(2):
        staff_sessions.end_one(user, rows[0].pk, actor=user.as_actor())
    staff_sessions.end_one(user, foreign.pk, actor=user.as_actor())
    assert staff_sessions.open_of(user) == [rows[1]]
    assert staff_sessions.open_of(other) == [foreign]
    entry = AuditEntry.objects.get(action="staff.sessions_ended")
    assert (entry.subject, entry.details) == (f"user:{user.pk}", {"number": 1})


def test_all_but_this_one() -> None:
    user = factories.staff()
    own, *_others = [begun(user) for _ in range(4)]
    foreign = begun(factories.staff())
    assert staff_sessions.end_others(user, own, actor=user.as_actor()) == 3
    assert staff_sessions.end_others(user, own, actor=user.as_actor()) == 0
    assert staff_sessions.open_of(user) == [own]
    assert staff_sessions.open_of(foreign.user) == [foreign]


def test_a_new_way_in_and_a_closed_account_end_them_all() -> None:
    for verb in (staff.renew, accounts.deactivate):
        user = factories.staff()
        begun(user)
        verb(user.pk, actor=SYSTEM)
        assert staff_sessions.open_of(user) == []


def test_what_is_over_is_not_listed_and_what_is_old_is_forgotten() -> None:
    user = factories.staff()
    with time_machine.travel(NOW, tick=False) as clock:
        begun(user)
        clock.shift(timedelta(minutes=31))
        assert staff_sessions.open_of(user) == []
        assert staff_sessions.end_all(user.pk, actor=SYSTEM) == 0
        clock.shift(timedelta(days=29))
        assert staff_sessions.forget_old() == 0
        clock.shift(timedelta(days=1))
        assert staff_sessions.forget_old() == 1


def test_the_database_wants_a_reason_for_every_end() -> None:
    row = begun(factories.staff())
    for changes in ({"ended_at": NOW}, {"ended_because": "idle"}, {"ended_at": NOW, "ended_because": "weather"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffSession.objects.filter(pk=row.pk).update(**changes)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_end_each_session_once() -> None:
    user = factories.staff()
    for _ in range(3):
        begun(user)
    ended = together(4, lambda: staff_sessions.end_all(user.pk, actor=SYSTEM))
    assert sorted(ended) == [0, 0, 0, 3]
    assert AuditEntry.objects.filter(action="staff.sessions_ended").count() == 1


def test_a_database_that_cannot_be_written_keeps_nobody_from_reading() -> None:
    row = begun(factories.staff())
    with (
        transaction.atomic(),
        time_machine.travel(timezone.now() + timedelta(minutes=5)),
        connection.execute_wrapper(_full),
    ):
        staff_sessions.use(row, verified=True)
    row.refresh_from_db()
    assert row.verified_at is None


def _full(execute: Callable[..., object], sql: str, *rest: object) -> object:
    if sql.startswith("UPDATE"):
        raise OperationalError("database or disk is full")
    return execute(sql, *rest)
