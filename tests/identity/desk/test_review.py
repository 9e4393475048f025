"""The box that asks for a person, for as long as codes pause."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from identity.services import codes
from requests_app.domain.enums import Role
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

WORDS = "A person has to look at who asks"


def test_the_case_page_asks_for_a_person_while_codes_pause(client: Client) -> None:
    case = factories.case()
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    page = f"/desk/cases/{case.reference}/?lang=en"
    for _ in range(4):
        codes.send(case, "download", case.person_email)
    assert WORDS not in client.get(page).text
    codes.send(case, "download", case.person_email)
    text = client.get(page).text
    assert WORDS in text
    assert "The pause is no answer to the request" in text
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        scenes.signed_in(client, factories.staff(Role.HANDLER))
        assert WORDS not in client.get(page).text
