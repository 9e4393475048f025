"""Several rows, each with other values, written in one go."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from requests_app.models import Inquiry
from requests_app.services import row_updates
from tests import factories

pytestmark = pytest.mark.django_db


def told(*inquiries: Inquiry) -> list[tuple[str, float | None, list[str]]]:
    """What stands in these columns of the rows, in their order."""
    rows = Inquiry.objects.in_bulk([one.pk for one in inquiries])
    found = [rows[one.pk] for one in inquiries]
    return [(one.subject, one.request_probability, one.problems) for one in found]


def test_each_row_gets_its_own_values_in_as_many_statements_as_there_are_kinds() -> None:
    first, second, third, other = (factories.inquiry() for _ in range(4))
    before = told(other)
    values: list[tuple[int, dict[str, Any]]] = [
        (first.pk, {"subject": "100 % 'Innsyn'", "request_probability": 0.5, "problems": ["unreadable"]}),
        (second.pk, {"subject": "Sletting", "request_probability": None, "problems": []}),
        (third.pk, {"subject": "Retting", "request_probability": 0.25, "problems": []}),
        (third.pk + 1_000, {"subject": "Ingen", "request_probability": 0.25, "problems": []}),
    ]
    with transaction.atomic(), CaptureQueriesContext(connection) as statements:
        row_updates.each(Inquiry.objects.all(), values)
    assert len(statements) == 2
    assert told(first, second, third) == [
        ("100 % 'Innsyn'", 0.5, ["unreadable"]),
        ("Sletting", None, []),
        ("Retting", 0.25, []),
    ]
    assert told(other) == before


def test_rows_that_were_not_meant_stay_as_they_are() -> None:
    read, unread = factories.inquiry(), factories.inquiry(parsed_at=None)
    values = [(one.pk, {"subject": "Lest"}) for one in (read, unread)]
    with transaction.atomic():
        row_updates.each(Inquiry.objects.filter(parsed_at__isnull=True), values)
    assert [subject for subject, *_ in told(read, unread)] == [read.subject, "Lest"]


def test_where_the_database_refuses_one_none_is_written() -> None:
    inquiries = [factories.inquiry() for _ in range(3)]
    verdicts = zip(inquiries, ("spam", "no verdict", "spam"), strict=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        row_updates.each(Inquiry.objects.all(), [(one.pk, {"verdict": verdict}) for one, verdict in verdicts])
    assert Inquiry.objects.filter(verdict="unsorted", pk__in=[one.pk for one in inquiries]).count() == 3


@pytest.mark.django_db(transaction=True)
def test_it_is_done_in_a_transaction_or_not_at_all() -> None:
    inquiry = factories.inquiry()
    with pytest.raises(RuntimeError):
        row_updates.each(Inquiry.objects.all(), [(inquiry.pk, {"subject": "Lest"})])
    assert told(inquiry)[0][0] == inquiry.subject
