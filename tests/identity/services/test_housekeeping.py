"""What the timetable tidies up."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from identity import tasks
from identity.domain.backoff import NETWORK
from identity.models import LoginThrottle, StaffSession, Verification
from identity.services import throttle
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def test_what_ran_out_is_marked_or_dropped() -> None:
    scenes.doubted()
    throttle.spend([throttle.brake(NETWORK, "192.0.2.0/24")])
    StaffSession.objects.create(user=factories.staff(), created_at=timezone.now(), last_seen_at=timezone.now())
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() + timedelta(hours=1))
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=9))
    assert tasks.expire() == 0
    assert (Session.objects.count(), LoginThrottle.objects.count()) == (2, 1)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert tasks.expire() == 1
    assert Verification.objects.get().state == "expired"
    assert Session.objects.get().session_key == "new"
    assert not LoginThrottle.objects.exists()
    assert StaffSession.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tasks.expire()
    assert not StaffSession.objects.exists()
