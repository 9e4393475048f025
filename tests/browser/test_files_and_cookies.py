"""What is handed over beside pages: files that no browser runs, and cookies that no script reads."""

import pytest
from playwright.sync_api import APIResponse

from .visit import Visitors

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def shut(answer: APIResponse) -> None:
    """The answer may not run anything, nor stay in a cache."""
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("ending", "kind", "begins"),
    [(".pdf", "application/pdf", b"%PDF-"), ("data.json", "text/plain; charset=utf-8", b"{")],
)
def test_the_staff_look_at_the_files_of_a_draft(ending: str, kind: str, begins: bytes, visitors: Visitors) -> None:
    visit = visitors.staff("handler", "en")
    answer = visit.page.request.get(f"/desk/answers/files/{visit.trial.file('draft', ending)}/")
    assert answer.status == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.body().startswith(begins)
    shut(answer)


def test_an_inquiry_as_it_came_is_saved_and_never_shown(visitors: Visitors) -> None:
    visit = visitors.staff("handler", "en")
    answer = visit.page.request.get(f"{visit.trial.inquiry('Slett meg')}raw/")
    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert b"Subject: Slett meg" in answer.body()
    assert "sandbox" in answer.headers["content-security-policy"]


def test_nobody_without_an_account_gets_a_file(visitors: Visitors) -> None:
    visit = visitors.nobody("en")
    answer = visit.page.request.get(f"/desk/answers/files/{visit.trial.file('draft', '.pdf')}/", max_redirects=0)
    assert answer.status == 302
    assert answer.headers["location"].startswith("/desk/login/")


def test_scripts_read_no_cookie(visitors: Visitors) -> None:
    visit = visitors.nobody("nb")
    visit.open_case("new")
    cookies = visit.page.context.cookies()
    assert {one["name"] for one in cookies} == {"sessionid", "csrftoken"}
    assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in cookies)
