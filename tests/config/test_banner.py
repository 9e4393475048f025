"""The banner: only what is really there, and first accounts where the organisation lives."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from identity.models import StaffInvitation
from tests import factories

pytestmark = pytest.mark.django_db


def banner(folder: Path) -> dict[str, str | None]:
    """What the banner says, as JSON."""
    path = folder / "run.json"
    call_command("banner", "--json-file", str(path))
    facts: dict[str, str | None] = json.loads(path.read_text(encoding="utf-8"))
    return facts


@pytest.mark.parametrize("shown", [True, False])
def test_sent_mail_is_named_only_where_it_is_shown(settings: Settings, tmp_path: Path, shown: bool) -> None:
    factories.organisation(trial=True)
    settings.EMBEDDED, settings.SHOW_SENT = True, shown
    assert banner(tmp_path)["sent"] == (f"{settings.SITE_URL}/_sent/" if shown else None)


@pytest.mark.parametrize(
    "changes,domain",
    [
        ({"trial": True}, "optimar.example"),
        ({"own_domains": ["rederi.example"]}, "rederi.example"),
        ({"own_domains": [], "from_address": "post@verft.example"}, "verft.example"),
    ],
)
def test_the_first_accounts_belong_to_the_organisation(tmp_path: Path, changes: dict[str, object], domain: str) -> None:
    factories.organisation(**changes)
    banner(tmp_path)
    invited = set(StaffInvitation.objects.values_list("email", flat=True))
    assert invited == {f"handler@{domain}", f"approver@{domain}"}
