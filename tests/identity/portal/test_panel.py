"""What the status page says while we wait for the person to confirm who they are."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from identity.portal import panels
from identity.services import verify
from requests_app.models import Case
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def drawn(case: Case) -> str:
    with translation.override("en"):
        return panels.question(RequestFactory().get("/s/"), case)


def test_nothing_is_said_while_nothing_is_asked() -> None:
    assert drawn(factories.case()) == ""


def test_an_open_question_is_shown_without_telling_the_address() -> None:
    case = scenes.doubted().case
    assert "We are waiting for you" in drawn(case)
    assert scenes.ON_FILE not in drawn(case)


def test_an_answered_question_is_gone() -> None:
    row = scenes.doubted()
    verify.confirm(scenes.link_token(row))
    assert drawn(row.case) == ""


def test_too_many_fields_in_an_address_get_a_page_in_the_language_of_the_path() -> None:
    asked = "&".join(f"a{number}=" for number in range(400))
    for language in ("nb", "en"):
        page = Client().get(f"/{language}/request/right/?{asked}")
        assert page.status_code == 400
        assert f'<html lang="{language}"' in page.text
