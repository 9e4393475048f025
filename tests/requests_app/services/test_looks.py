"""Who looked at what is kept as it was, once for ten minutes, and for three years."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from requests_app.domain.enums import LookedAt
from requests_app.models import Look
from requests_app.services import looks, retention
from tests import factories

pytestmark = pytest.mark.django_db


def look(days: float = 0) -> Look:
    return Look.objects.create(case_id=7, user_id=1, at=timezone.now() - timedelta(days=days), what="case")


def test_the_same_look_within_ten_minutes_is_written_once() -> None:
    opened = [looks.Opened(LookedAt.CASE, 7)]
    looks.keep(opened, 1)
    looks.keep(opened, 1)
    assert Look.objects.count() == 1
    looks.keep(opened, 2)  # somebody else
    looks.keep([looks.Opened(LookedAt.TASK, 7)], 1)  # something else
    looks.keep([looks.Opened(LookedAt.CASE, 8)], 1)  # of another case
    assert Look.objects.count() == 4


def test_a_look_after_ten_minutes_is_another() -> None:
    look(days=11 / 24 / 60)
    looks.keep([looks.Opened(LookedAt.CASE, 7)], 1)
    assert Look.objects.count() == 2


def test_nobody_changes_a_look() -> None:
    row = look()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Look.objects.filter(pk=row.pk).update(user_id=2)


def test_nobody_deletes_a_look_before_its_time() -> None:
    look(days=3 * 365)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM requests_look")


def test_looks_go_after_three_years() -> None:
    factories.organisation()
    kept = look(days=3 * 365)
    look(days=3 * 365 + 2)
    assert retention.sweep() == 1
    assert [row.pk for row in Look.objects.all()] == [kept.pk]


def test_an_inquiry_that_joins_a_case_brings_its_looks() -> None:
    case = factories.case()
    inquiry = case.inquiries.get()
    looks.keep([looks.Opened(LookedAt.INQUIRY, None, inquiry.pk)], 1)
    looks.keep([looks.Opened(LookedAt.CASE, case.pk)], 2)
    assert [row.user_id for row in looks.of_case(case)] == [2, 1]
