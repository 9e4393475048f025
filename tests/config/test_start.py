"""What is there when an embedded installation starts, and where its commands learn its address."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from config import env, run_file
from config.management.commands import banner
from identity.services import staff
from requests_app import outbox
from requests_app.domain.enums import Role
from tests import factories
from tests.environment import lay_secrets


@pytest.fixture
def var(tmp_path: Path, settings: Settings) -> Path:
    """The empty folder of an embedded installation."""
    settings.VAR, settings.EMBEDDED = tmp_path, True
    settings.MAILBOX_URLS = (f"maildir:{tmp_path / 'mailbox'}",)
    settings.SYSTEMS_FILE = tmp_path / "systems.yaml"
    return tmp_path


@pytest.mark.django_db
def test_mail_can_be_dropped_at_once_without_a_trial(var: Path) -> None:
    call_command("prepare", "--no-trial")
    assert (var / "mailbox").is_dir()
    call_command("ingest", "--once")


@pytest.mark.django_db
def test_a_mailbox_that_was_named_is_not_made_up(var: Path, settings: Settings) -> None:
    settings.MAILBOX_URLS = ("maildir:/srv/mail",)
    call_command("prepare", "--no-trial")
    assert not (var / "mailbox").exists()


@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_was_used_is_null_in_the_run_file(var: Path) -> None:
    factories.organisation()
    path = var / run_file.NAME
    call_command("banner", "--json-file", str(path))
    before = json.loads(path.read_text(encoding="utf-8"))
    assert all(before[label] for label in banner.INVITATIONS)
    token = before["invite_handler"].rpartition("/")[2]
    staff.accept(token, name="Ola Lie", password=factories.PASSWORD)
    other = staff.invite("kari@optimar.example", [Role.HANDLER])[1]
    staff.accept(other.rpartition("/")[2], name="Kari Lie", password=factories.PASSWORD)
    outbox.relay()
    assert json.loads(path.read_text(encoding="utf-8")) == before | {"invite_handler": None}
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_used_where_no_run_file_is(var: Path) -> None:
    url = staff.invite("ola@optimar.example", [Role.HANDLER], label="invite_handler")[1]
    staff.accept(url.rpartition("/")[2], name="Ola Lie", password=factories.PASSWORD)
    outbox.relay()
    assert not list(var.iterdir())


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://localhost:8123"),
        ({"PORT": "8200"}, "http://localhost:8200"),
        ({"DATARETT_URL": "https://rights.example.com"}, "https://rights.example.com"),
    ],
)
def test_a_command_beside_make_run_knows_its_address(given: dict[str, str], address: str, tmp_path: Path) -> None:
    lay_secrets(tmp_path)
    run_file.write(tmp_path / run_file.NAME, {"form": "http://localhost:8123/nb/", "invite_handler": None})
    assert env.read({"DATARETT_VAR": str(tmp_path), **given}).url == address


@pytest.mark.parametrize("spoiled", ["", "[]", '{"form": null}', "{", '{"form": "nonsense"}'])
def test_a_run_file_that_says_nothing_leaves_the_default(spoiled: str, tmp_path: Path) -> None:
    lay_secrets(tmp_path)
    (tmp_path / run_file.NAME).write_text(spoiled, encoding="utf-8")
    assert env.read({"DATARETT_VAR": str(tmp_path)}).url == "http://localhost:8000"


@pytest.mark.parametrize(
    "name,text",
    [
        *(("DATARETT_DIGEST_AT", text) for text in ("seven", "7", "25:00", "07:00+01:00")),
        *(("DATARETT_OAUTH_SECRET_ENDS", text) for text in ("soon", "31.05.2027", "2027-02-30")),
        *(("DATARETT_ENVELOPE_SENDER", text) for text in ("<>", "verp", "info@example.com")),
        ("DATARETT_REPLY_ADDRESS", "none"),
        *(("DATARETT_CONFIRM_UNADDRESSED", text) for text in ("true", "1")),
        *(("DATARETT_SUMMER_WEEKS", text) for text in ("28", "30-28", "0-2", "28-53", "june-july")),
    ],
)
def test_a_setting_that_cannot_be_understood_is_named(tmp_path: Path, name: str, text: str) -> None:
    lay_secrets(tmp_path)
    with pytest.raises(env.BadEnvironment, match=name):
        env.read({"DATARETT_VAR": str(tmp_path), name: text})


def test_a_house_without_a_general_summer_holiday_says_so(tmp_path: Path) -> None:
    lay_secrets(tmp_path)
    assert env.read({"DATARETT_VAR": str(tmp_path)}).summer_weeks == (28, 30)
    assert env.read({"DATARETT_VAR": str(tmp_path), "DATARETT_SUMMER_WEEKS": "none"}).summer_weeks is None
