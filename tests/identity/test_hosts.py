"""The Host header is the visitor's word: it changes no link that leaves the house, and no other host is answered."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
import time_machine
from django.test import Client, override_settings
from pytest_django import Settings

from config import settings as configured
from identity.models import StaffInvitation
from identity.services import staff
from requests_app.domain.enums import Intent, Role
from requests_app.models import Message
from requests_app.services import portal_access, sending
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

OURS, EVIL = "https://rights.optimar.example", "evil.example"
STRANGE = [EVIL, f"localhost.{EVIL}", f"localhost@{EVIL}", f"localhost:80@{EVIL}", f"{EVIL}:80", "local host", "[::1"]


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.mark.parametrize("host", STRANGE)
@pytest.mark.parametrize("path", ["/desk/login/", "/nb/", "/s/link/", "/api/v1/cases"])
def test_other_hosts_are_not_answered(host: str, path: str) -> None:
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        response = Client(headers={"host": host}).get(path)
    assert response.status_code == 400
    assert EVIL not in response.text


@pytest.mark.parametrize("header", ["x-forwarded-host", "x-host", "forwarded"])
def test_no_other_header_names_the_host(header: str) -> None:
    value = f"host={EVIL}" if header == "forwarded" else EVIL
    response = Client(headers={header: value}).get("/desk/")
    assert response.status_code == 302
    assert EVIL not in response["Location"]
    assert EVIL not in Client(headers={header: value}).get("/desk/login/").text


def test_links_in_mails_come_from_the_setting(settings: Settings, tmp_path: Path) -> None:
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path
    settings.SITE_URL, settings.ALLOWED_HOSTS = OURS, ["*"]
    case = factories.case(email="kari.holm@example.com")
    Client(headers={"host": EVIL}).post("/s/link/", {"email": case.person_email})
    portal_access.send_links([case.pk])
    sending.send(Message.objects.get(intent=Intent.STATUS_LINK).pk)
    (file,) = tmp_path.glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    text = file.read_text(encoding="utf-8", errors="replace") + "".join(
        part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"
    )
    assert f"{OURS}/s/" in text
    assert EVIL not in text


@override_settings(SITE_URL=OURS, ALLOWED_HOSTS=["*"])
@time_machine.travel("2026-11-02T09:00:00Z", tick=False)
def test_the_link_of_an_invitation_comes_from_the_setting() -> None:
    client = Client(headers={"host": EVIL})
    scenes.signed_in(client, factories.staff(Role.ADMINISTRATOR))
    page = client.post("/desk/staff/", {"email": "ola@optimar.example", "roles": ["handler"]}, follow=True)
    assert staff.invitation_url(StaffInvitation.objects.get()) in page.text
    assert f"{OURS}/desk/invite/" in page.text
    assert f"{EVIL}/desk/invite/" not in page.text


def test_only_the_address_of_the_installation_and_this_machine_are_answered(settings: Settings) -> None:
    assert set(configured.ALLOWED_HOSTS) == {configured.ENV.host, "localhost", "127.0.0.1"}
    assert settings.USE_X_FORWARDED_HOST is False
