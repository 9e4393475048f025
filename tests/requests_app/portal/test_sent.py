"""The page of what this machine would have mailed: whoever tries the product opens its links there."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests import factories

pytestmark = pytest.mark.django_db
LINK = "http://localhost:8000/s/abc"


@pytest.fixture(autouse=True)
def one_mail(settings: Settings, tmp_path: Path) -> None:
    factories.organisation()
    settings.SHOW_SENT, settings.SENT_FOLDER = True, tmp_path
    mail = EmailMessage(policy=SMTP)
    mail["To"], mail["Subject"] = "ingrid@example.com", "Svaret <b>ditt</b> er klart"
    mail["Date"] = "Sat, 28 Nov 2026 09:00:00 +0100"
    mail.set_content(f"Hei\n\n<script>alert(1)</script>\n\nSvaret ligger her: {LINK}\n")
    (tmp_path / "one.eml").write_bytes(mail.as_bytes())


def test_a_link_of_a_mail_can_be_pressed() -> None:
    assert f'href="{LINK}"' in Client().get("/_sent/one/").content.decode().partition("mail-text")[2]


def test_what_a_mail_says_is_text() -> None:
    page = Client().get("/_sent/one/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;b&gt;ditt&lt;/b&gt;" in page
