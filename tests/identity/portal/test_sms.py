"""The pages of the code by SMS: pasteable, harmless to open, and silent about the number."""

import pytest
from django.test import Client
from pytest_django import Settings

from identity import selectors
from identity.domain.enums import Level, Method
from identity.models import OneTimeCode, Verification
from identity.services import codes, second_step
from tests import factories
from tests.identity import knowing, scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(settings: Settings) -> tuple[Verification, str]:
    settings.SMS_URL = "https://gateway.example/"
    row, token = knowing.linked()
    knowing.phone(row.case)
    return row, f"/identity/{token}"


def test_a_code_pasted_with_blanks_raises_the_level(client: Client, link: tuple[Verification, str]) -> None:
    row, page = link
    assert f"{page}/sms" in client.get(page).text
    assert 'name="code"' not in client.get(f"{page}/sms").text
    assert client.post(f"{page}/sms/send")["Location"] == f"{page}/sms"
    html = client.get(f"{page}/sms").text
    field = html[html.index('name="code"') - 100 : html.index('name="code"') + 300]
    assert 'autocomplete="one-time-code"' in field
    assert 'inputmode="numeric"' in field
    assert "maxlength" not in field
    code = codes.reveal(OneTimeCode.objects.get())
    assert client.post(f"{page}/sms", {"code": f"  {' '.join(code)}\n"}).status_code == 200
    found = Verification.objects.latest("id")
    assert (found.method, found.level, found.sent_to) == ("sms_code", "L2", row.sent_to)
    assert (selectors.assurance(row.case).level, selectors.assurance(row.case).method) == (Level.L2, Method.SMS_CODE)


def test_a_code_that_comes_after_the_case_is_closed_is_met_by_a_page(
    client: Client, link: tuple[Verification, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row, page = link
    client.post(f"{page}/sms/send")
    code = codes.reveal(OneTimeCode.objects.get())
    let_in = second_step.link_of(page.rpartition("/")[2])
    factories.close(row.case)
    monkeypatch.setattr(second_step, "link_of", lambda token: let_in)  # it was open when the page looked
    answer = client.post(f"{page}/sms", {"code": code})
    assert answer.status_code == 200
    assert OneTimeCode.objects.get().used_at is None


def test_opening_the_pages_sends_and_spends_nothing(client: Client, link: tuple[Verification, str]) -> None:
    _row, page = link
    for method in (client.get, client.head, client.options):
        method(f"{page}/sms")
        method(f"{page}/sms/send")
    assert not OneTimeCode.objects.exists()
    client.post(f"{page}/sms/send")
    client.get(f"{page}/sms")
    assert OneTimeCode.objects.get().tries == 0


def test_five_wrong_codes_and_five_codes_are_the_end_for_a_day(client: Client, link: tuple[Verification, str]) -> None:
    row, page = link
    client.post(f"{page}/sms/send")
    right = codes.reveal(OneTimeCode.objects.get())
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    for _ in range(5):
        assert client.post(f"{page}/sms", {"code": wrong}).status_code == 422
    assert client.post(f"{page}/sms", {"code": right}).status_code == 422
    for _ in range(4):
        client.post(f"{page}/sms/send")
    assert client.post(f"{page}/sms/send").status_code == 200
    assert OneTimeCode.objects.count() == 5
    assert selectors.assurance(row.case).level is Level.L1
    assert row.case.dsrs.get().closed_at is None


def test_the_page_tells_neither_number_nor_name(client: Client, link: tuple[Verification, str]) -> None:
    row, page = link
    client.post(f"{page}/sms/send")
    text = client.get(f"{page}/sms").text
    for secret in ("90000000", "900 00 000", "Kari", scenes.ON_FILE, row.case.reference):
        assert secret not in text


def test_without_the_confirmed_link_there_is_no_code(client: Client, link: tuple[Verification, str]) -> None:
    open_link = scenes.doubted()
    knowing.phone(open_link.case)
    page = f"/identity/{scenes.link_token(open_link)}"
    assert client.get(f"{page}/sms").status_code == 410
    assert client.post(f"{page}/sms/send").status_code == 410
    assert client.post("/identity/nonsense/sms/send").status_code == 410
    assert not OneTimeCode.objects.exists()


def test_switched_off_the_page_says_that_we_go_on(
    client: Client, link: tuple[Verification, str], settings: Settings
) -> None:
    _row, page = link
    settings.SMS_URL = ""
    assert f"{page}/sms" not in client.get(page).text
    assert client.get(f"{page}/sms").status_code == 200
    assert client.post(f"{page}/sms/send").status_code == 200
    assert not OneTimeCode.objects.exists()
