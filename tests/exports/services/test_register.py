"""The register in force: loaded once, filled field by field, nothing undone by accident."""

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from exports.domain import register as domain
from exports.domain.enums import VersionReason
from exports.models import RegisterVersion
from exports.services import register
from exports.services.trial import EXAMPLES
from requests_app import audit
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, OutboxEvent
from tests import factories
from tests.exports.conftest import REGISTER
from tests.exports.house import PowerCut

pytestmark = pytest.mark.django_db

RETENTION = "activities.PA10.retention"
THREE_YEARS = domain.Text(en="three years", nb="tre år")


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The register file with another promise."""
    path = tmp_path / "register.yaml"
    text = REGISTER.read_text(encoding="utf-8")
    assert text.count("    days: 30\n") == 1
    path.write_text(text.replace("    days: 30\n", "    days: 20\n"), encoding="utf-8")
    return path


def fill(path: str = RETENTION, value: domain.FillValue = THREE_YEARS, *, seen: int = 1, reason: str = "Vedtak") -> int:
    """Fill a field as the decision-maker."""
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    return register.fill(path, value, expected_version=seen, reason=reason, actor=actor)


def test_before_the_set_up_there_is_none() -> None:
    with pytest.raises(register.NoRegister):
        register.current()


def test_the_first_load_is_version_1() -> None:
    assert register.load(REGISTER) == register.Loaded(1, created=True, differs=False)
    number, current = register.current()
    assert (number, current) == (1, domain.load(REGISTER))
    row = RegisterVersion.objects.get()
    assert (row.reason, row.created_by) == (VersionReason.LOADED, None)


def test_loading_the_same_again_changes_nothing() -> None:
    register.load(REGISTER)
    assert register.load(REGISTER) == register.Loaded(1, created=False, differs=False)
    assert register.load(REGISTER, force=True) == register.Loaded(1, created=False, differs=False)
    assert RegisterVersion.objects.count() == 1


@pytest.mark.parametrize(
    "sql", ["UPDATE exports_registerversion SET number = 7", "DELETE FROM exports_registerversion"]
)
def test_the_database_changes_and_forgets_no_version(sql: str) -> None:
    register.load(REGISTER)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_changed_file_takes_force(changed: Path) -> None:
    register.load(REGISTER)
    assert register.load(changed) == register.Loaded(1, created=False, differs=True)
    assert register.load(changed, force=True) == register.Loaded(2, created=True, differs=False)
    promise = register.current()[1].controller.response_promise
    assert promise is not None
    assert promise.days == 20


def test_what_was_filled_survives_the_next_start() -> None:
    register.load(REGISTER)
    fill()
    assert register.load(REGISTER) == register.Loaded(2, created=False, differs=True)
    assert register.current()[1].activity("PA10").retention == THREE_YEARS


def test_filling_makes_a_version_with_who_why_news_and_audit() -> None:
    register.load(REGISTER)
    assert fill() == 2
    row = RegisterVersion.objects.get(number=2)
    assert (row.reason, row.created_by is not None) == ("Vedtak", True)
    assert register.current()[1].activity("PA10").retention == THREE_YEARS
    assert domain.from_json(RegisterVersion.objects.get(number=1).content).activity("PA10").retention is domain.UNKNOWN
    # One for the plan of those who wait, one for what their answers wait for.
    assert OutboxEvent.objects.filter(name="RegisterChanged", payload={"version": 2}).count() == 2
    entry = AuditEntry.objects.get(action="register.changed", subject="register:2")
    assert (entry.details["path"], "tre år" in str(entry.details)) == (RETENTION, False)
    assert audit.verify()[1] is None


def test_two_who_fill_at_once_do_not_overwrite_each_other() -> None:
    register.load(REGISTER)
    fill(seen=1)
    with pytest.raises(ActionRefused) as caught:
        fill("activities.PA08.retention", seen=1)
    assert caught.value.reason.code == "register_changed"
    assert register.current()[0] == 2
    assert fill("activities.PA08.retention", seen=2) == 3


def test_a_fill_needs_a_reason_and_a_value_that_fits() -> None:
    register.load(REGISTER)
    with pytest.raises(ActionRefused) as caught:
        fill(reason="  ")
    assert caught.value.reason.code == "register_reason_missing"
    for path, value in (("activities.PA10.nonsense", THREE_YEARS), (RETENTION, True)):
        with pytest.raises(domain.FillError):
            fill(path, value)
    assert register.current()[0] == 1


def test_a_version_whose_audit_fails_does_not_exist() -> None:
    register.load(REGISTER)
    with PowerCut(), pytest.raises(Exception, match="AuditHead"):
        fill()
    assert register.current()[0] == 1
    assert fill() == 2


def test_examples_are_added_once() -> None:
    register.load(REGISTER)
    assert register.add_examples(EXAMPLES) == 2
    assert register.add_examples(EXAMPLES) == 2
    _, current = register.current()
    assert domain.has_examples(current)
    everything = [activity.id for activity in current.activities]
    assert domain.unknowns(current, everything, trial=True) == []
    assert domain.unknowns(current, everything) != []


def test_the_command_loads_and_says_so(capsys: pytest.CaptureFixture[str], changed: Path) -> None:
    call_command("load_register")
    assert "Version 1" in capsys.readouterr().out
    call_command("load_register")
    assert "the file says the same" in capsys.readouterr().out
    call_command("load_register", str(changed))
    assert "--force" in capsys.readouterr().out
    call_command("load_register", str(changed), "--force")
    assert "Version 2" in capsys.readouterr().out


def test_the_command_refuses_a_wrong_file_with_file_line_and_key(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "register.yaml"
    shutil.copyfile(REGISTER, path)
    lines = path.read_text(encoding="utf-8").splitlines()
    line = lines.index("  rights_contact: info@optimar.no")
    lines[line] = "  rigths_contact: info@optimar.no"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        call_command("load_register", str(path))
    assert caught.value.code == 2
    assert f"{path}:{line + 1}: controller.rigths_contact" in capsys.readouterr().err
    assert not RegisterVersion.objects.exists()


def test_the_command_refuses_a_missing_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        call_command("load_register", str(tmp_path / "none.yaml"))
    assert caught.value.code == 2
    assert "none.yaml" in capsys.readouterr().err
