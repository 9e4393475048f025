"""What a newcomer finds: a register with examples, a website to search, a mail that waits. Laid once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from exports import registry
from exports.demo.people import INGRID
from exports.domain import register as domain
from exports.domain.enums import TaskState
from exports.services import collect, register, trial
from requests_app import selectors
from requests_app.domain.enums import Channel, Right
from requests_app.mailbox import authenticity, parse, received, suggest
from requests_app.models import Inquiry
from requests_app.services import intake
from tests import factories
from tests.exports.conftest import REGISTER
from tests.exports.house import planned, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def var(tmp_path: Path, settings: Settings) -> Path:
    """An embedded installation right after its organisation and register were loaded."""
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir()
    settings.SYSTEMS_FILE = settings.VAR / "systems.yaml"
    settings.FILES_URL = f"file:{settings.VAR / 'files'}"
    factories.organisation(trial=True, authserv_ids=["mx1.optimar.no"])
    register.load(REGISTER)
    return tmp_path / "var"


def everything_in(folder: Path) -> dict[str, bytes]:
    """Names and contents of all files."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_trial_never_becomes_earnest(var: Path) -> None:
    with pytest.raises(CommandError, match="is a trial"):
        call_command("prepare", "--no-trial")
    assert everything_in(var) == {}


def test_installing_twice_is_installing_once(var: Path) -> None:
    trial.install()
    before = everything_in(var), register.current()[0]
    assert set(before[0]) == {
        "systems.yaml", "trial/website.sqlite3", "trial/website.dataset.yaml", f"mailbox/{trial.MAIL_NAME}",
    }  # fmt: skip
    trial.install()
    assert (everything_in(var), register.current()[0]) == before


def test_what_somebody_changed_stays(var: Path) -> None:
    trial.install()
    (var / "systems.yaml").write_text("schema: datarett-systems/1\nsystems: {}\n", encoding="utf-8")
    trial.install()
    assert registry.entries() == {}


def test_the_register_is_complete_by_examples_only_a_trial_may_print(var: Path) -> None:
    trial.install()
    _, current = register.current()
    everything = [activity.id for activity in current.activities]
    assert domain.unknowns(current, everything, trial=True) == []
    with pytest.raises(domain.ExampleValue):
        domain.art15(current, everything, "nb")
    assert "(eksempelverdi)" in str(domain.art15(current, ["PA08"], "nb", trial=True))


def test_the_website_can_be_searched_at_once(var: Path) -> None:
    trial.install()
    assert registry.problems() == []
    assert registry.connector_for("website").probe().problems == ()
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    assert task_of(dsr).state == TaskState.DONE


def test_the_mail_is_read_as_a_request_for_access_from_an_authentic_sender(var: Path) -> None:
    trial.install()
    raw = (var / "mailbox" / trial.MAIL_NAME).read_bytes()
    mail = parse.parse(raw)
    assert (mail.from_address, mail.subject) == (INGRID.email, "Hva har dere lagret om meg?")
    assert "kopi av alt sammen" in mail.text
    assert authenticity.judge(mail, authserv_ids=["mx1.optimar.no"]).verdict is authenticity.Authenticity.PASSED
    found = suggest.suggest(mail.subject, mail.text)
    assert (found.rights, found.language) == ((Right.ACCESS.value,), "nb")


@pytest.mark.parametrize(
    "now, arrived",
    [
        ("2026-11-22T12:00:00+00:00", "2026-11-22T11:35:00+00:00"),
        ("2026-11-22T23:10:00+00:00", "2026-11-22T23:00:00+00:00"),  # ten past midnight in Oslo
    ],
)
def test_the_mail_arrived_a_little_while_ago_but_today(var: Path, now: str, arrived: str) -> None:
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        trial.install()
    raw = (var / "mailbox" / trial.MAIL_NAME).read_bytes()
    at = received.receipt_time(
        raw, own_hosts=selectors.organisation().own_mail_hosts, now=datetime.fromisoformat(now).astimezone(UTC)
    )
    assert at == datetime.fromisoformat(arrived)


def test_once_something_has_arrived_no_mail_is_dropped_any_more(var: Path) -> None:
    trial.install()
    path = var / "mailbox" / trial.MAIL_NAME
    intake.record_inquiry(channel=Channel.MAIL, received_at=datetime.now(UTC), raw=path.read_bytes())
    path.unlink()
    trial.install()
    assert not path.exists()
    assert Inquiry.objects.count() == 1
