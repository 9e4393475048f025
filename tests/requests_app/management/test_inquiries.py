"""`manage.py inquiries`: everything that reached us, in the order of receipt, and nobody's name."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from requests_app.domain.enums import Right, Verdict
from requests_app.services import shield, triage
from tests import factories

pytestmark = pytest.mark.django_db


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The lines it prints."""
    call_command("inquiries", *arguments)
    return capsys.readouterr().out.splitlines()


def test_nothing_came_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys) == listed(capsys, "--json") == []


def test_every_inquiry_is_one_line_in_the_order_of_receipt(capsys: pytest.CaptureFixture[str]) -> None:
    factories.organisation()
    handler = factories.staff().as_actor()
    later = factories.inquiry(received_at=datetime(2026, 7, 2, 8, tzinfo=UTC))
    first = factories.inquiry(received_at=datetime(2026, 7, 1, 8, tzinfo=UTC))
    case = triage.sort_as_request(later.pk, [Right.ACCESS], actor=handler)
    triage.sort_as_other(first.pk, Verdict.SPAM, actor=handler)
    assert [json.loads(line) for line in listed(capsys, "--json")] == [
        {
            "id": inquiry.pk,
            "sha256": inquiry.sha256,
            "received_at": inquiry.received_at.isoformat().replace("+00:00", "Z"),
            "verdict": verdict,
            "case": reference,
        }
        for inquiry, verdict, reference in ((first, "spam", None), (later, "request", case.reference))
    ]
    plain = listed(capsys)
    assert plain[0].split() == [str(first.pk), "2026-07-01", "08:00", "spam"]
    assert plain[1].split() == [str(later.pk), "2026-07-02", "08:00", "request", case.reference]
    assert "kari" not in "".join(plain).lower()


def test_the_case_of_an_inquiry_is_not_told_where_it_is_shielded(capsys: pytest.CaptureFixture[str]) -> None:
    handler = factories.staff()
    case = factories.case()
    assert json.loads(listed(capsys, "--json")[0])["case"] == case.reference
    shield.shield(case.pk, [handler.pk], "x", actor=handler.as_actor(), user=handler)
    assert json.loads(listed(capsys, "--json")[0])["case"] is None
    assert case.reference not in listed(capsys)[0]
