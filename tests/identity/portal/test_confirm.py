"""The page behind an identity link."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from identity.domain.enums import DoubtReason
from identity.models import Verification
from identity.services import verify
from requests_app.models import Message
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=25)


def page_of(row: Verification) -> str:
    return f"/identity/{scenes.link_token(row)}"


def main_part(text: str) -> str:
    """Return what stands in the middle of a page, without its one-time form token and the link's own."""
    lines = text.partition("<main")[2].partition("</main>")[0].splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line and "action=" not in line)


def test_a_mail_scanner_changes_nothing_and_the_button_confirms(client: Client) -> None:
    row = scenes.doubted()
    for method in (client.get, client.head, client.get, client.options):
        method(page_of(row))
    row.refresh_from_db()
    assert row.state == "asked"
    assert "<button" in client.get(page_of(row)).text
    assert client.post(page_of(row)).status_code == 200
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_afterwards_the_link_thanks_and_does_nothing_more(client: Client) -> None:
    row = scenes.doubted()
    thanks = main_part(client.post(page_of(row)).text)
    before = Verification.objects.values().get()
    assert main_part(client.get(page_of(row)).text) == main_part(client.post(page_of(row)).text) == thanks
    assert Verification.objects.values().get() == before


def test_a_link_that_is_too_old_offers_a_new_one(client: Client) -> None:
    row = scenes.doubted()
    with time_machine.travel(timezone.now() + LATER):
        response = client.get(page_of(row))
        assert response.status_code == 410
        assert f'action="{page_of(row)}/new"' in response.text
        assert client.post(page_of(row)).status_code == 410
        assert client.get(f"{page_of(row)}/new").status_code == 405
        client.post(f"{page_of(row)}/new")
        new = Verification.objects.latest("id")
        assert new.pk != row.pk
        assert client.post(page_of(new)).status_code == 200
        new.refresh_from_db()
        assert new.state == "confirmed"


def test_links_that_never_were_look_and_act_like_old_ones(client: Client) -> None:
    row = scenes.doubted()
    with time_machine.travel(timezone.now() + LATER):
        for path, method in (("", "get"), ("", "post"), ("/new", "post")):
            ours = getattr(client, method)(f"{page_of(row)}{path}")
            nobodys = getattr(client, method)(f"/identity/nonsense{path}")
            assert ours.status_code == nobodys.status_code
            assert main_part(ours.text) == main_part(nobodys.text)
    assert Message.objects.filter(intent="identity_request").count() == 3


def test_the_page_tells_no_name_and_no_address(client: Client) -> None:
    row = scenes.doubted()
    for response in (client.get(page_of(row)), client.post(page_of(row))):
        for secret in ("Kari", scenes.ON_FILE, "kari.holm@example.com", "website", row.case.reference):
            assert secret not in response.text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_it_speaks_the_language_of_the_case_unless_the_person_chose_another(client: Client, language: str) -> None:
    case = factories.case(language=language)
    actor = factories.staff().as_actor()
    row = verify.ask(case.pk, DoubtReason.MISMATCH, scenes.on_file(case).pk, actor=actor)
    response = client.get(page_of(row), headers={"accept-language": "en" if language == "nb" else "nb"})
    assert f'<html lang="{language}"' in response.text
    assert response["Content-Language"] == language
    other = "en" if language == "nb" else "nb"
    assert f'<html lang="{other}"' in client.get(f"{page_of(row)}?lang={other}").text


def test_pages_stay_out_of_caches_search_engines_and_other_sites(client: Client) -> None:
    response = client.get(page_of(scenes.doubted()))
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "style=" not in response.text


def test_confirming_needs_the_token_of_the_form() -> None:
    row = scenes.doubted()
    client = Client(enforce_csrf_checks=True)
    assert client.post(page_of(row)).status_code == 403
    row.refresh_from_db()
    assert row.state == "asked"


@pytest.mark.parametrize("token", ["%00", "a" * 5000, "..%2f..", "æøå", "{{secret:link}}"])
def test_nonsense_is_an_old_link(client: Client, token: str) -> None:
    assert client.get(f"/identity/{token}").status_code in (404, 410)
    assert client.post(f"/identity/{token}").status_code in (404, 410)
