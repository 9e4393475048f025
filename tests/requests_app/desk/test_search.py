"""Searching: a reference leads to its case, anything else to a list, and what was sought stays out of addresses."""

import re
from typing import TYPE_CHECKING

import pytest

from requests_app.domain.enums import Role
from requests_app.models import Case
from tests import factories
from tests.desk_client import DeskClient, desk_client, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response


def person(name: str, email: str = "someone@example.com") -> Case:
    """A case of somebody with this name."""
    case = factories.case(email=email)
    Case.objects.filter(pk=case.pk).update(person_name=name)
    return case


def search(browser: DeskClient, sought: str) -> "Response":
    """Search, and follow to what comes of it."""
    return browser.post("/desk/search/", {"q": sought}, follow=True)


def test_a_reference_leads_to_its_case() -> None:
    case = factories.case()
    for given in (case.reference, f"  {case.reference.lower()} "):
        response = desk_client().post("/desk/search/", {"q": given})
        assert response.headers["Location"] == f"/desk/cases/{case.reference}/"


@pytest.mark.parametrize(
    "sought", ["Åse-Marie", "åse-marie", "ÅSE", "ostby@", "OSTBY", "Re: kjøpet", "dr-2026", "holm-østby"]
)
def test_names_addresses_subjects_and_parts_of_references_are_found(sought: str) -> None:
    wanted = person("Åse-Marie Holm-Østby", "ostby@example.com")
    wanted.messages.update(subject="Re: Kjøpet i mai")
    Case.objects.filter(pk=wanted.pk).update(reference="DR-2026-000777-00")
    other = person("Per Lunde", "lunde@example.com")
    Case.objects.filter(pk=other.pk).update(reference="DR-2025-000001-00")
    page = text(search(desk_client(), sought))
    assert "DR-2026-000777-00" in page
    assert "DR-2025-000001-00" not in page


def test_closed_cases_are_found_too() -> None:
    case = person("Tor-Arne Vik")
    factories.close(case, case.received_at)
    assert case.reference in text(search(desk_client(), "tor-arne"))


def test_the_text_is_shown_but_never_stands_in_an_address_or_title() -> None:
    person("Tor-Arne Vik")
    response = search(desk_client(), "Tor-Arne")
    page = text(response)
    assert "Search results: “Tor-Arne”" in page
    assert 'value="Tor-Arne"' in page
    assert "Tor" not in page.partition("<title>")[2].partition("</title>")[0]
    assert all("Tor" not in address for address, _status in response.redirect_chain)
    addresses = re.findall(r'(?:href|action)="([^"]*)"', page)
    assert len(addresses) > 10
    assert all("Tor" not in address for address in addresses)


def test_two_searches_in_two_windows_do_not_mix() -> None:
    browser = desk_client()
    one, two = person("Ingrid Solberg"), person("Ola Nordvik")
    first = browser.post("/desk/search/", {"q": "Solberg"}).headers["Location"]
    browser.post("/desk/search/", {"q": "Nordvik"})
    page = browser.read(first)
    assert one.reference in page
    assert two.reference not in page


def test_old_searches_are_forgotten_one_by_one_and_say_so() -> None:
    browser = desk_client()
    first = browser.post("/desk/search/", {"q": "first"}).headers["Location"]
    for number in range(9):
        browser.post("/desk/search/", {"q": str(number)})
    assert "“first”" in browser.read(first)
    browser.post("/desk/search/", {"q": "last"})
    assert "This search is not kept any more" in browser.read(first)


def test_filters_narrow_what_was_found() -> None:
    browser = desk_client()
    case = person("Ingrid Solberg")
    found = browser.post("/desk/search/", {"q": "solberg"}).headers["Location"]
    assert case.reference in browser.read(f"{found}&right=access")
    assert case.reference not in browser.read(f"{found}&right=erasure")


@pytest.mark.parametrize(
    "sought,words",
    [
        ("", "Write what to search for."),
        ("x" * 201, "up to 200 characters"),
        ("a\0b", "a character that cannot be searched for"),
    ],
)
def test_bad_searches_get_a_clear_word(sought: str, words: str) -> None:
    assert words in text(search(desk_client(Role.DPO), sought))


@pytest.mark.parametrize("sought", ["100%", "_", "' OR 1=1 --", "\\", "[a-z]"])
def test_signs_of_the_query_language_are_just_signs(sought: str) -> None:
    case = person("Ingrid Solberg")
    assert case.reference not in text(search(desk_client(), sought))
