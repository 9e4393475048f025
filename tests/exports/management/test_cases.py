"""`manage.py cases` and `manage.py case`: where things stand, without names and addresses."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from requests_app.domain.enums import Right, Role, Stage
from requests_app.models import AuditEntry, Case, DataSubjectRequest
from requests_app.services import clock, shield
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, planned

FIELDS = [
    "reference", "received_at", "language", "channel", "due", "binds", "requests", "tasks", "messages", "identity",
    "audit_ok",
]  # fmt: skip


def out(*args: str) -> str:
    """What a command prints."""
    target = StringIO()
    call_command(*args, stdout=target)
    return target.getvalue()


def state(case: Case) -> dict[str, object]:
    """One case as JSON."""
    found: dict[str, object] = json.loads(out("case", case.reference, "--json"))
    return found


def test_a_case_is_told_in_fixed_names(house: House) -> None:
    dsr = scenes.released()
    told = state(dsr.case)
    assert list(told) == FIELDS
    deadline = clock.derive(dsr)
    assert told["reference"] == dsr.case.reference
    assert datetime.fromisoformat(str(told["received_at"])) == dsr.case.received_at
    assert str(told["received_at"]).endswith("Z")
    assert (told["language"], told["channel"]) == ("nb", "form")
    assert (told["due"], told["binds"]) == (deadline.effective_due.isoformat(), deadline.binding)
    assert told["requests"] == [
        {
            "id": dsr.pk,
            "right": "access",
            "stage": "released",
            "outcome": "fulfilled",
            "deadline": deadline.effective_due.isoformat(),
        }
    ]
    tasks = {task["system"]: task for task in told["tasks"]}  # type: ignore[attr-defined]
    assert tasks["website"] == {
        "system": "website", "action": "read", "mode": "automatic", "state": "done", "attempts": 1,
    }  # fmt: skip
    assert tasks["hubspot"]["mode"] == "manual"
    assert {"direction": "out", "intent": "answer_ready", "state": "queued"} in told["messages"]  # type: ignore[operator]
    assert told["identity"] == {"level": "L0", "method": None}
    assert told["audit_ok"] is True


def test_no_name_and_no_address_is_told(house: House) -> None:
    dsr = scenes.released()
    for text in (out("case", dsr.case.reference, "--json"), out("cases", "--json"), out("cases")):
        assert "@" not in text
        assert "Kari" not in text
        assert "Ingrid" not in text


def test_one_line_a_case_and_a_stage_to_look_for(house: House) -> None:
    first, second = planned(), factories.dsr()
    lines = [json.loads(line) for line in out("cases", "--json").splitlines()]
    assert [line["reference"] for line in lines] == [first.case.reference, second.case.reference]
    assert lines[0] == state(first.case)
    found = [json.loads(line)["reference"] for line in out("cases", "--json", "--stage", "in_progress").splitlines()]
    assert found == [first.case.reference]
    assert out("cases", "--json", "--stage", "closed") == ""


def test_a_case_stands_where_its_slowest_request_stands(db: None) -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE)
    DataSubjectRequest.objects.filter(case=case, right=Right.ACCESS.value).update(stage=Stage.IN_REVIEW.value)
    assert out("cases", "--json", "--stage", "in_review") == ""
    assert case.reference in out("cases", "--stage", "triaged")


def test_the_most_urgent_open_request_sets_the_date(db: None) -> None:
    received = datetime(2027, 1, 31, 9, tzinfo=UTC)  # here the law is earlier than the promise
    case = factories.case(Right.ACCESS, Right.ERASURE, received_at=received)
    access, erasure = case.dsrs.order_by("id")
    DataSubjectRequest.objects.filter(pk=erasure.pk).update(received_at=datetime(2027, 3, 1, 9, tzinfo=UTC))
    told = state(case)
    assert (told["due"], told["binds"]) == ("2027-03-01", "statute")
    factories.force(access, Stage.CLOSED, outcome="fulfilled", closed_at=timezone.now())
    told = state(case)
    assert (told["due"], told["binds"]) == ("2027-03-31", "policy")


def test_a_request_that_nobody_has_sorted_has_no_right_yet(db: None) -> None:
    factories.organisation()
    dsr = factories.dsr()
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.RECEIVED.value, right="")
    assert state(dsr.case)["requests"][0]["right"] is None  # type: ignore[index]


def test_an_audit_that_was_tampered_with_is_told(db: None) -> None:
    dsr = factories.dsr()
    assert state(dsr.case)["audit_ok"] is True
    entry = AuditEntry.objects.earliest("number")
    entry.pk, entry.seal = AuditEntry.objects.latest("number").number + 1, "0" * 64
    entry.save(force_insert=True)
    assert state(dsr.case)["audit_ok"] is False


def test_an_unknown_reference_is_one_line_and_status_two(db: None) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("case", "DR-2026-999999-99", "--json")
    assert caught.value.returncode == 2
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("args", [("cases", "--stage", "lost"), ("case",)])
def test_bad_arguments_are_refused(db: None, args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command(*args)


def test_a_reference_in_small_letters_will_do(db: None) -> None:
    dsr = factories.dsr()
    assert dsr.case.reference in out("case", f" {dsr.case.reference.lower()} ")


def test_for_people_a_few_lines(house: House) -> None:
    handler = factories.staff(Role.HANDLER)
    dsr = scenes.released(handler)
    shown = out("case", dsr.case.reference)
    assert "access: released fulfilled" in shown
    assert "website: read done (automatic)" in shown
    assert "audit ok" in shown


def test_a_shielded_case_is_counted_and_listed_only_for_whoever_asks_for_it(house: House) -> None:
    handler = factories.staff()
    hidden, other = factories.case(), factories.case()
    shield.shield(hidden.pk, [handler.pk], "x", actor=handler.as_actor(), user=handler)
    said, told = StringIO(), StringIO()
    call_command("cases", "--json", stdout=said, stderr=told)
    assert [json.loads(line)["reference"] for line in said.getvalue().splitlines()] == [other.reference]
    assert told.getvalue() == "not listed: 1 shielded (--shielded lists them)\n"
    said, told = StringIO(), StringIO()
    call_command("cases", "--json", "--shielded", stdout=said, stderr=told)
    assert {json.loads(line)["reference"] for line in said.getvalue().splitlines()} == {
        hidden.reference, other.reference,
    }  # fmt: skip
    assert told.getvalue() == ""
    assert json.loads(out("case", hidden.reference, "--json"))["reference"] == hidden.reference


def test_without_shielded_cases_nothing_is_said_of_them(house: House) -> None:
    told = StringIO()
    call_command("cases", stdout=StringIO(), stderr=told)
    assert told.getvalue() == ""
