"""The page of the organisation and the form that changes it, as staff use them."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils.html import escape
from time_machine import travel

from requests_app.desk.organisation_form import PROBLEMS, OrganisationForm, initial_of
from requests_app.desk.organisation_page import GROUPS, LABELS
from requests_app.domain import organisation as domain
from requests_app.domain.calendars import COUNTRIES
from requests_app.domain.enums import Role
from requests_app.labels import COUNTRIES as NAMES
from requests_app.models import Organisation, OrganisationVersion, OutboxEvent
from requests_app.services import organisation as service
from tests import factories
from tests.desk_client import DeskClient, desk_client, text

PAGE, FORM = "/desk/organisation/", "/desk/organisation/edit/"
NOON = datetime(2026, 9, 10, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_10_september() -> Any:
    with travel(NOON, tick=False):
        yield


@pytest.fixture
def browser() -> DeskClient:
    """An administrator."""
    return desk_client(Role.ADMINISTRATOR, name="Ada Drift")


def given(**changes: object) -> dict[str, object]:
    """What the form holds when it is opened, with some of it written anew."""
    initial = initial_of(service.as_json(Organisation.objects.get(pk=1)))
    fields = OrganisationForm(initial=initial)
    values = {name: fields.get_initial_for_field(field, name) or "" for name, field in fields.fields.items()}
    return values | {"version": 1, "reason": "Styrevedtak 4/26"} | changes


def test_every_setting_is_shown_in_words_and_every_country_has_a_name() -> None:
    shown = [key for _anchor, _title, keys in GROUPS for key in keys]
    assert sorted(shown) == sorted(domain.KEYS) == sorted(LABELS)
    assert set(NAMES) == set(COUNTRIES)


def test_readers_see_the_settings_and_no_way_to_change_them(browser: DeskClient) -> None:
    page = desk_client(Role.DPO).read(PAGE)
    for words in ("Norway", "Europe/Oslo", "30 days", "info@optimar.no", "Norwegian (Bokmål)", "Postboks 458 Sentrum"):
        assert words in page
    assert FORM not in page
    assert "Nothing has been changed since set-up." in page
    assert FORM in browser.read(PAGE)


def test_the_form_opens_as_it_is_and_saves_nothing_that_is_the_same(browser: DeskClient) -> None:
    page = browser.read(FORM)
    assert '<option value="NO" selected>Norway</option>' in page
    assert "Iceland" in page
    answer = browser.post(FORM, given())
    assert answer.status_code == 422
    assert "Nothing is different from what is in force." in text(answer)


def test_a_change_is_saved_and_told_with_who_and_why(browser: DeskClient) -> None:
    answer = browser.post(FORM, given(dpo="ombud@optimar.example", languages="nb", privacy_page_nb="https://a.example",
                                      privacy_page_en="https://a.example/en"))  # fmt: skip
    assert answer.headers["Location"] == PAGE
    row = Organisation.objects.get(pk=1)
    assert (row.dpo, row.languages) == ("ombud@optimar.example", ["nb"])
    assert row.privacy_page == {"nb": "https://a.example", "en": "https://a.example/en"}
    page = browser.read(PAGE)
    for words in (
        "Saved as version 2 of the settings.", "Ada Drift", "Styrevedtak 4/26", "Taken from the file",
        "How to reach the data protection officer: from nothing to ombud@optimar.example",
        "English: https://a.example/en",
    ):  # fmt: skip
        assert escape(words) in page, words


def test_another_promise_is_saved_only_after_its_effect_was_shown(browser: DeskClient) -> None:
    for received in (datetime(2026, 9, 1, 8, tzinfo=UTC), datetime(2026, 8, 14, 8, tzinfo=UTC)):
        factories.dsr(received_at=received)
    answer = browser.post(FORM, given(policy_days="21"))
    assert answer.status_code == 200
    page = " ".join(text(answer).split())
    assert "Nothing is saved yet." in page
    for words in (
        "<dt>Open requests</dt><dd>2</dd>", "<dt>Due earlier than now</dt><dd>2</dd>",
        "<dt>Due later than now</dt><dd>0</dd>", "<dt>Overdue at once</dt><dd>1</dd>",
    ):  # fmt: skip
        assert words in page
    assert not OrganisationVersion.objects.exists()
    seen = answer.context["form"]["seen"].value()
    # Whoever looks at 21 days and then writes 20 is shown those, too.
    assert browser.post(FORM, given(policy_days="20", seen=seen)).status_code == 200
    assert browser.post(FORM, given(policy_days="21", seen=seen)).status_code == 302
    assert Organisation.objects.get(pk=1).policy_days == 21
    assert OutboxEvent.objects.filter(name="DatesOutdated").count() == 2
    assert "from 30 days to 21 days" in browser.read(PAGE)


def test_before_a_day_moves_it_says_who_will_get_a_letter(browser: DeskClient) -> None:
    factories.organisation(policy_days=20)
    dsr = factories.dsr(received_at=datetime(2026, 9, 1, 8, tzinfo=UTC))
    assert dsr.effective_due == date(2026, 9, 21)
    assert "gets a letter with the new one" in text(browser.post(FORM, given(policy_days="25")))


def test_what_is_wrong_stands_beside_its_field_in_the_language_of_the_reader() -> None:
    wrong = {
        "name": "", "time_zone": "Oslo", "policy_days": "snart", "country": "US", "own_domains": "optimar",
        "own_mail_hosts": "mx1.optimar.no\r\nmx1.optimar.no", "authserv_ids": "mx_1", "org_number": "9" * 41,
        "privacy_page_nb": "javascript:x", "privacy_page_en": "https://a.example", "cookie_page_nb": "https://a.example",
        "rights_contact": "annen@optimar.no", "from_address": "a@b.example", "own_addresses": "info@optimar.no",
    }  # fmt: skip
    for language, words in (("en", "No time zone is called “Oslo”."), ("nb", 'html lang="nb"')):
        answer = desk_client(Role.DECISION_MAKER, language=language).post(FORM, given(**wrong))
        assert answer.status_code == 422
        assert words in text(answer)
        errors = answer.context["form"].errors
        assert set(errors) == {
            "name", "time_zone", "policy_days", "country", "own_domains", "own_mail_hosts", "authserv_ids",
            "org_number", "privacy_page_nb", "cookie_page_en", "rights_contact", "from_address",
        }  # fmt: skip
    assert not OrganisationVersion.objects.exists()


def test_the_summary_names_the_field_that_is_empty(browser: DeskClient) -> None:
    shown = text(browser.post(FORM, given(name="", rights_contact="")))
    assert "Name: This field is required." in shown
    assert "Address for requests: This field is required." in shown


def test_every_rule_that_can_be_broken_has_words() -> None:
    rules = set(re.findall(r'BadValue\("(\w+)"', Path(domain.__file__).read_text(encoding="utf-8")))
    assert len(rules) == 6
    assert rules < set(PROBLEMS)


def test_what_was_typed_outlives_the_change_of_a_colleague(browser: DeskClient) -> None:
    browser.post(FORM, given(name="Optimar AS"))
    answer = browser.post(FORM, given(name="Optimar Norge AS"))
    assert answer.status_code == 422
    assert "Somebody changed the settings in the meantime." in text(answer)
    form = answer.context["form"]
    assert (form["name"].value(), form["version"].value()) == ("Optimar Norge AS", "2")
    assert browser.post(FORM, given(name="Optimar Norge AS", version=2)).status_code == 302


@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER, Role.DPO, Role.AUDITOR, Role.INTAKE])
def test_others_may_not_change_it(role: Role) -> None:
    assert desk_client(role).post(FORM, given(name="Optimar AS")).status_code == 403
    assert Organisation.objects.get(pk=1).name == "Optimar"


def test_keeping_corrections_is_explained_switched_on_and_switched_off_again(browser: DeskClient) -> None:
    page = browser.read(FORM)
    assert "Each is deleted after 90 days" in page
    assert re.search(r'<input[^>]*type="checkbox"[^>]*name="keeps_corrections"', page)
    browser.post(FORM, given(keeps_corrections="on"))
    assert Organisation.objects.get(pk=1).keeps_corrections
    assert re.search(r'name="keeps_corrections"[^>]*checked', browser.read(FORM))
    assert "from No to Yes" in browser.read(PAGE)
    browser.post(FORM, given(keeps_corrections="", version=2))
    assert not Organisation.objects.get(pk=1).keeps_corrections


def test_a_version_that_is_older_than_the_setting_does_not_seem_to_have_changed_it(browser: DeskClient) -> None:
    old = service.as_json(Organisation.objects.get(pk=1))
    del old["keeps_corrections"]
    OrganisationVersion.objects.create(number=1, content=old, reason=service.LOADED, created_at=NOON)
    browser.post(FORM, given(dpo="ombud@optimar.example"))
    assert "Keep what we sort otherwise than the triage guessed:" not in browser.read(PAGE)


def test_questions_about_own_data_are_explained_and_switched_on(browser: DeskClient) -> None:
    assert "Two right answers do." in browser.read(FORM)
    browser.post(FORM, given(asks_own_data="on"))
    assert Organisation.objects.get(pk=1).asks_own_data
    assert re.search(r'name="asks_own_data"[^>]*checked', browser.read(FORM))
