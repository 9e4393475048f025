"""What earlier versions left behind goes on."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from requests_app.domain.enums import Direction
from requests_app.models import Message
from tests import factories

from_creation = import_module("requests_app.migrations.0014_queued_at").from_creation

pytestmark = pytest.mark.django_db


def test_what_was_written_before_the_change_waits_since_then() -> None:
    case, now = factories.case(), timezone.now()
    rows = [
        Message.objects.create(case=case, direction=direction.value, intent="reply", state="received", created_at=now)
        for direction in Direction
    ]
    from_creation(apps, None)
    waits = {row.direction: Message.objects.get(pk=row.pk).queued_at for row in rows}
    assert waits == {Direction.OUT: now, Direction.IN: None}
