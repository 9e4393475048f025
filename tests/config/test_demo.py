"""The demo: every right and stage is there, everything holds, and a second start changes nothing."""

import json
from pathlib import Path

import pytest

from config.demo import accounts, mails
from requests_app.domain.enums import Right, Stage
from tests.services.installation import Installation, InstallationFailed

_COUNT = """
import json
from django.db.models import Count, F
from exports.models import SystemTask
from requests_app.models import AuditEntry, DataSubjectRequest, Inquiry, Message, OutboxEvent
print("counted", json.dumps({
    "requests": list(DataSubjectRequest.objects.order_by("id").values_list("right", "stage")),
    "unsorted": Inquiry.objects.filter(verdict="unsorted").count(),
    "owed": OutboxEvent.objects.filter(done_at=None, error="").count(),
    "failed": Message.objects.filter(state="failed").count(),
    "audit": AuditEntry.objects.count(),
    "split": list(Inquiry.objects.exclude(subject="").annotate(n=Count("case__dsrs")).filter(n__gt=1)
        .values_list("subject", "n")),
    "ahead": SystemTask.objects.filter(extracted_at__gt=F("done_at")).count(),
}))
"""


@pytest.fixture
def trial(tmp_path: Path) -> Installation:
    """A trial that nobody has worked in yet; no process runs."""
    from django.conf import settings

    installation = Installation(tmp_path / "var", Path(settings.STATIC_ROOT))
    installation.manage("prepare", "--trial")
    return installation


def counted(installation: Installation) -> dict[str, object]:
    """What the database holds."""
    said = installation.manage("shell", "--no-imports", "-c", _COUNT)
    line = next(line for line in said.splitlines() if line.startswith("counted "))
    return dict(json.loads(line.removeprefix("counted ")))


def test_it_holds_every_right_every_stage_and_mail_in_two_languages(trial: Installation) -> None:
    said = trial.manage("demo")
    found = counted(trial)
    requests = found["requests"]
    assert isinstance(requests, list)
    assert {right for right, _ in requests} == {*(right.value for right in Right), ""}
    assert {stage for _, stage in requests} == {stage.value for stage in Stage if stage is not Stage.TRIAGED}
    assert found["unsorted"] == len((*mails.NORWEGIAN, *mails.ENGLISH)) + 2  # the forward, and the mail of every trial
    # One of the people has an address to which no mail can be written, and has asked twice: a gap for the staff.
    assert (found["owed"], found["failed"]) == (0, 2)
    assert found["split"] == [[mails.TWO_WISHES.subject, 2]]
    assert found["ahead"] == 0  # a system was searched when the clock of the demo says, not today
    assert trial.manage("verify_audit", "--json").startswith('{"entries"')
    for part in accounts.EVERY:
        assert part.email in said
    command = next(line.strip() for line in said.splitlines() if "manage.py totp" in line)
    assert command.startswith(f"DATARETT_VAR={trial.var} .venv/bin/python manage.py totp hanne.dahl@")
    for part in accounts.EVERY:
        assert trial.manage("totp", part.email).strip().isdecimal()
    again = trial.manage("demo")
    assert counted(trial) == found
    assert said.endswith(again[-400:])


def test_where_people_have_worked_already_nothing_is_laid(trial: Installation) -> None:
    trial.manage("ingest", "--once")
    trial.manage("shell", "--no-imports", "-c", _SORT)
    with pytest.raises(InstallationFailed, match="holds cases already"):
        trial.manage("demo")


def test_outside_a_trial_nothing_is_laid(installation: Installation) -> None:
    with pytest.raises(InstallationFailed, match="for a trial only"):
        installation.manage("demo")


_SORT = """
from requests_app import outbox
from requests_app.domain.enums import Right
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Inquiry
from requests_app.services import triage
outbox.relay()
triage.sort_as_request(Inquiry.objects.get().pk, [Right.ACCESS], actor=SYSTEM)
"""
