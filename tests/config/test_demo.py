"""The demo: every right, every stage and every turn of the clock is there, and a second start changes nothing.

It is laid once for the tests that only look.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from config.demo import accounts, mails, past
from requests_app.domain.enums import Right, Stage
from tests import factories
from tests.services.installation import Installation, InstallationFailed

pytestmark = pytest.mark.xdist_group("demo")

_COUNT = """
import json
from django.db.models import Count, F
from exports.models import SystemTask
from exports.services import ownership
from identity.models import User
from requests_app.models import AuditEntry, DataSubjectRequest, Inquiry, Message, OutboxEvent
print("counted", json.dumps({
    "requests": list(DataSubjectRequest.objects.order_by("id").values_list("right", "stage")),
    "unsorted": Inquiry.objects.filter(verdict="unsorted").count(),
    "owed": OutboxEvent.objects.filter(done_at=None).count(),
    "failed": Message.objects.filter(state="failed").count(),
    "audit": AuditEntry.objects.count(),
    "split": list(Inquiry.objects.exclude(subject="").annotate(n=Count("case__dsrs")).filter(n__gt=1)
        .values_list("subject", "n")),
    "owned": ownership.own_tasks(User.objects.get(name="Siv Lunde")).count(),
    "ahead": SystemTask.objects.filter(extracted_at__gt=F("done_at")).count(),
}))
"""
# What the clock knows of every request: the dates anew from the facts, and what was written to the person.
_CLOCK = """
import json
from requests_app.models import DataSubjectRequest
from requests_app.services import clock, waiting
# The day on which the demo was laid, which may be over by now.
today = clock.calendar().local_date(DataSubjectRequest.objects.latest("received_at").received_at)
def told(dsr):
    deadline = clock.derive(dsr)
    return {
        "person": dsr.case.person_name,
        "right": dsr.right,
        "stored": dsr.effective_due == deadline.effective_due,
        "to_alarm": (deadline.unsuspended_due - today).days,
        "paused": deadline.paused,
        "suspended": deadline.suspended_days,
        "extended": deadline.extension_valid,
        "overdue": waiting.is_overdue(dsr),
        "asked": list(dsr.suspensions.values_list("kind", flat=True)),
        "proposed": dsr.extensions.filter(approved_at=None).count(),
        "fees": [(one.approved_at is not None, one.withdraw_by > today) for one in dsr.fees.all()],
        "corrected": [(one.after < one.before, bool(one.reason)) for one in dsr.receipt_corrections.all()],
        "registers": list(dsr.case.registers.values_list("register", flat=True)),
        "assignee": [dsr.case.assignee.name, dsr.case.assignee.is_away(today)] if dsr.case.assignee else None,
        "written": [
            [one.intent, (today - clock.calendar().local_date(one.sent_at)).days]
            for one in dsr.case.messages.filter(direction="out", state="sent").order_by("id")
        ],
    }
print("counted", json.dumps([told(dsr) for dsr in DataSubjectRequest.objects.order_by("id")]))
"""
_HOUSE = """
import json
from exports.models import RegisterVersion
from identity.models import User
from requests_app.models import LetterText
from requests_app.services import clock
print("counted", json.dumps({
    "registers": list(RegisterVersion.objects.order_by("id").values_list("register", "number", "created_by__name")),
    "texts": list(LetterText.objects.values_list("letter", "language", "created_by__name", "restored")),
    "away": [(one.name, one.deputy.name) for one in User.objects.exclude(deputy=None) if one.is_away(clock.today())],
}))
"""


def new_trial(folder: Path) -> Installation:
    """Return a trial that nobody has worked in yet; no process runs."""
    from django.conf import settings

    installation = Installation(folder / "var", Path(settings.STATIC_ROOT))
    installation.manage("prepare", "--trial")
    return installation


@pytest.fixture
def trial(tmp_path: Path) -> Installation:
    """A trial to do something with."""
    return new_trial(tmp_path)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, str]:
    """A demo to look at, and what it said while it was laid."""
    installation = new_trial(tmp_path_factory.mktemp("demo"))
    return installation, installation.manage("demo")


@pytest.fixture(scope="module")
def told(laid: tuple[Installation, str]) -> list[dict[str, Any]]:
    """What the clock knows of every request."""
    found: list[dict[str, Any]] = asked(laid[0], _CLOCK)
    return found


def asked(installation: Installation, script: str) -> Any:
    """What the database holds, by a script."""
    said = installation.manage("shell", "--no-imports", "-c", script)
    line = next(line for line in said.splitlines() if line.startswith("counted "))
    return json.loads(line.removeprefix("counted "))


def days_since(one: dict[str, Any], intent: str) -> list[int]:
    """How many days ago letters of a kind went to somebody."""
    return [days for written, days in one["written"] if written == intent]


def test_it_holds_every_right_every_stage_and_mail_in_two_languages(laid: tuple[Installation, str]) -> None:
    found = asked(laid[0], _COUNT)
    assert {right for right, _ in found["requests"]} == {*(right.value for right in Right), ""}
    assert {stage for _, stage in found["requests"]} == {stage.value for stage in Stage if stage is not Stage.TRIAGED}
    assert found["unsorted"] == len((*mails.NORWEGIAN, *mails.ENGLISH)) + 2  # the forward, and the mail of every trial
    # One of the people has an address to which no mail can be written, and has asked twice: a gap for the staff.
    assert (found["owed"], found["failed"]) == (0, 2)
    assert found["split"] == [[mails.TWO_WISHES.subject, 2]]
    assert found["owned"] > 0
    assert found["ahead"] == 0  # a system was searched when the clock of the demo says, not today
    assert laid[0].manage("verify_audit", "--json").startswith('{"entries"')


def test_it_says_how_everybody_logs_in_and_a_second_start_changes_nothing(laid: tuple[Installation, str]) -> None:
    trial, said = laid
    found = asked(trial, _COUNT)
    for part in accounts.EVERY:
        assert part.email in said
    command = next(line.strip() for line in said.splitlines() if "manage.py totp" in line)
    assert command.startswith(f"DATARETT_VAR={trial.var} .venv/bin/python manage.py totp hanne.dahl@")
    for part in accounts.EVERY:
        assert trial.manage("totp", part.email).strip().isdecimal()
    again = trial.manage("demo")
    assert asked(trial, _COUNT) == found
    assert said.endswith(again[-400:])


def test_its_dates_follow_from_its_facts(told: list[dict[str, Any]]) -> None:
    assert all(one["stored"] for one in told)


def test_one_has_more_time_and_one_waits_for_the_second_person(told: list[dict[str, Any]]) -> None:
    (extended,) = [one for one in told if one["extended"]]
    assert (len(days_since(extended, "extension")), extended["proposed"]) == (1, 0)
    (proposed,) = [one for one in told if one["proposed"]]
    assert (proposed["extended"], days_since(proposed, "extension")) == (None, [])


def test_we_wait_for_people_who_were_reminded_on_the_fifth_day(told: list[dict[str, Any]]) -> None:
    waiting = {kind: [one for one in told if one["paused"] and one["asked"] == [kind]] for kind in _QUESTIONS}
    assert {kind: len(found) for kind, found in waiting.items()} == {"identity": 1, "clarification": 1}
    for kind, (one,) in waiting.items():
        days_of_asking = set(days_since(one, _QUESTIONS[kind]))
        assert {days - 5 for days in days_of_asking} == set(days_since(one, "waiting_reminder"))


def test_an_answered_question_moved_the_due_day_and_not_the_alarm(told: list[dict[str, Any]]) -> None:
    (near,) = [one for one in told if one["suspended"] and not one["overdue"]]
    assert (near["asked"], near["suspended"], near["extended"]) == (["clarification"], 6, None)
    assert 0 <= near["to_alarm"] <= 3


def test_one_is_overdue_although_it_was_told_at_the_alarm_that_we_wait(told: list[dict[str, Any]]) -> None:
    (late,) = [one for one in told if one["overdue"] and one["suspended"]]
    assert late["suspended"] == 35
    (waited,) = days_since(late, "still_waiting")
    assert waited >= -late["to_alarm"]  # on the day of the alarm, or the last working day before
    assert days_since(late, "late") == [5]


def test_a_receipt_was_corrected_for_a_reason_and_a_fee_waits_beside_one_that_was_told(
    told: list[dict[str, Any]],
) -> None:
    assert [one["corrected"] for one in told if one["corrected"]] == [[[True, True]]]
    fees = {tuple(one["fees"][0]): days_since(one, "fee") for one in told if one["fees"]}
    assert fees == {(False, True): [], (True, True): [12]}


def test_the_house_changed_its_register_a_letter_and_who_is_there(
    laid: tuple[Installation, str], told: list[dict[str, Any]]
) -> None:
    house = asked(laid[0], _HOUSE)
    customers = [by for key, _, by in house["registers"] if key == "customers"]
    assert customers == [None, None, "Astrid Moe"]  # the file, the examples of the trial, the decision-maker
    assert Counter(key for key, _, _ in house["registers"])["employees"] == 1
    assert [one["registers"] for one in told if one["registers"]] == [["employees"]]
    assert house["texts"] == [["acknowledgement", "nb", "Astrid Moe", False]]
    assert house["away"] == [["Jon Vik", "Hanne Dahl"]]
    assert ["Jon Vik", True] in [one["assignee"] for one in told]


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [0, 5, 12, 23])
def test_no_hour_of_the_day_lets_anything_happen_in_the_future(hour: int) -> None:
    factories.organisation()
    real = datetime(2026, 3, 29, hour, 30, tzinfo=UTC)
    with time_machine.travel(real, tick=False):
        today = past.noon()
        with past.days_ago(0, today):
            assert timezone.now() <= real
        with past.days_ago(5, today):
            assert abs(timezone.now() - (today - timedelta(days=5))) < timedelta(minutes=1)


@pytest.mark.django_db
def test_a_day_of_the_demo_is_counted_from_its_beginning_also_across_midnight() -> None:
    factories.organisation()
    with time_machine.travel(datetime(2026, 3, 1, 22, 59, 50, tzinfo=UTC), tick=False) as clock:
        today = past.noon()
        clock.shift(timedelta(minutes=1))
        with past.days_ago(1, today):
            assert timezone.localdate() == today.date() - timedelta(days=1)


def test_where_people_have_worked_already_nothing_is_laid(trial: Installation) -> None:
    trial.manage("ingest", "--once")
    trial.manage("shell", "--no-imports", "-c", _SORT)
    with pytest.raises(InstallationFailed, match="holds cases already"):
        trial.manage("demo")


def test_outside_a_trial_nothing_is_laid(installation: Installation) -> None:
    with pytest.raises(InstallationFailed, match="for a trial only"):
        installation.manage("demo")


_QUESTIONS = {"identity": "identity_request", "clarification": "clarification"}
_SORT = """
from requests_app import outbox
from requests_app.domain.enums import Right
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Inquiry
from requests_app.services import triage
outbox.relay()
triage.sort_as_request(Inquiry.objects.get().pk, [Right.ACCESS], actor=SYSTEM)
"""
