"""Passwords that are guessed first are refused, with the reason, in both languages."""

import gzip
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from identity.models import User
from identity.services import staff
from requests_app.domain.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db

KARI = User(email="kari.solheim@optimar.no", name="Kari Solheim")


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def codes(password: str, user: User | None = KARI) -> set[str | None]:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return {one.code for one in refused.error_list}
    return set()


@pytest.mark.parametrize("password", ["Passord2026!", "Welcome1234!", "L1verpool1892", "Trustno1trustno1"])
def test_common_words_in_any_disguise(password: str) -> None:
    assert codes(password) == {"password_too_common"}


@pytest.mark.parametrize("password", ["Optimar20261!", "optimar.no-2026", "Datarett12345"])
def test_names(password: str) -> None:
    assert "password_of_names" in codes(password)


def test_a_name_of_somebody_else_is_a_word_like_any_other() -> None:
    assert codes("Gunnlaug-Brekke-1") == set()
    assert "password_of_names" in codes("Gunnlaug-Brekke-1", User(email="g@optimar.no", name="Gunnlaug Brekke"))


def test_what_is_short_is_refused_as_before() -> None:
    assert codes("x7Kq9mWp2Lr") == {"password_too_short"}
    assert codes("x7Kq9mWp2LrT") == set()
    assert codes(factories.PASSWORD) == set()


def test_every_password_of_the_list_of_leaked_ones_is_refused() -> None:
    path = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        leaked = [line.strip() for line in lines]
    long = [password for password in leaked if len(password) >= 12]
    assert len(long) > 100
    assert [password for password in long if "password_too_common" not in codes(password, None)] == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_says_why_and_keeps_the_link(client: Client, language: str) -> None:
    invitation, url = staff.invite("kari@optimar.example", [Role.HANDLER])
    path = url.partition("/desk/")[2]
    data = {"name": "Kari Solheim", "password": "Passord2026!", "again": "Passord2026!"}
    response = client.post(f"/desk/{path}?lang={language}", data)
    assert response.status_code == 200
    with translation.override(language):
        (said,) = response.context["form"].errors["password"]
        assert said in response.text
    assert "Passord2026!" not in response.text
    assert staff.open_invitation(url.rpartition("/desk/invite/")[2].strip("/")) == invitation
    assert not User.objects.filter(email="kari@optimar.example").exists()
