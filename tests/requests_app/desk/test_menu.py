"""The menu shows what one may open; the language can be switched from anywhere on the desk."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from requests_app.domain.enums import Role
from requests_app.permissions import Permission
from tests import factories
from tests.desk_client import desk_client, text

ENTRY = re.compile(r'<li><a href="([^"]+)" (aria-current="page")?>([A-Za-z]+)')


def menu(page: str) -> dict[str, bool]:
    """The entries of the main menu, and which one is current."""
    part = page.partition('class="desk-nav"')[2].partition("</nav>")[0]
    return {label: bool(current) for _url, current, label in ENTRY.findall(part)}


@pytest.mark.parametrize(
    "role,start,entries",
    [
        (Role.HANDLER, "/desk/", ["Cases", "Inbox", "Register", "Letters", "Organisation"]),
        (Role.INTAKE, "/desk/", ["Cases", "Inbox", "Letters"]),
        (Role.APPROVER, "/desk/", ["Cases", "Register", "Letters", "Organisation"]),
        (Role.DPO, "/desk/", ["Cases", "Register", "Letters", "Organisation"]),
        (Role.ADMINISTRATOR, "/desk/staff/", ["Register", "Organisation", "Staff"]),
    ],
)
def test_the_menu_is_that_of_the_role(role: Role, start: str, entries: list[str]) -> None:
    assert list(menu(desk_client(role).read(start))) == entries


def test_the_current_page_is_marked_also_below_it() -> None:
    browser, case, row = desk_client(), factories.case(), factories.inquiry()
    for url, current in (
        ("/desk/", "Cases"), (f"/desk/cases/{case.reference}/", "Cases"), ("/desk/inbox/", "Inbox"),
        (f"/desk/inbox/{row.pk}/", "Inbox"),
    ):  # fmt: skip
        assert [label for label, marked in menu(browser.read(url)).items() if marked] == [current]


def test_every_entry_leads_somewhere_and_asks_for_a_permission_that_exists() -> None:
    for _label, name, permission, _counter in settings.DESK_NAV:
        assert reverse(name).startswith("/desk/")
        assert permission in set(Permission)
    for _label, name in settings.DESK_USER_LINKS:
        assert reverse(name).startswith("/desk/")


def test_one_can_log_out_from_every_page() -> None:
    browser = desk_client()
    page = browser.read("/desk/")
    assert f'<form method="post" action="{reverse("identity:logout")}">' in page
    browser.post(reverse("identity:logout"))
    assert browser.get("/desk/").status_code == 302


def test_who_sees_no_cases_gets_no_search() -> None:
    assert 'role="search"' not in desk_client(Role.ADMINISTRATOR).read("/desk/staff/")


def test_pages_outside_the_desk_know_nothing_of_the_menu() -> None:
    assert "desk-nav" not in text(desk_client().get("/en/"))


def test_the_language_is_switched_and_kept() -> None:
    browser = desk_client()
    response = browser.post("/language/", {"language": "nb", "next": "/desk/?view=mine"})
    assert response.headers["Location"] == "/desk/?view=mine"
    assert '<html lang="nb"' in browser.read("/desk/")
    browser.post("/language/", {"language": "en", "next": "/desk/"})
    assert '<html lang="en"' in browser.read("/desk/")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:x()", "", "\\\\evil.example"]
)
def test_it_never_leads_to_another_site(elsewhere: str) -> None:
    assert desk_client().post("/language/", {"language": "nb", "next": elsewhere}).headers["Location"] == "/"


@pytest.mark.parametrize("language", ["", "xx", "\0", "de"])
def test_an_unknown_language_changes_nothing(language: str) -> None:
    browser = desk_client()
    assert browser.post("/language/", {"language": language, "next": "/desk/"}).status_code == 302
    assert '<html lang="en"' in browser.read("/desk/")


def test_a_visit_alone_switches_nothing() -> None:
    assert Client().get("/language/?language=nb").status_code == 405


def test_the_banner_of_the_trial_stands_on_every_page_of_the_desk() -> None:
    browser = desk_client()
    assert "Trial data" not in browser.read("/desk/")
    factories.organisation(trial=True)
    for url in ("/desk/", "/desk/inbox/", f"/desk/cases/{factories.case().reference}/"):
        assert "Trial data" in browser.read(url)
