"""Both ways in a real browser, over our Content-Security-Policy and the rules for cookies between sites."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from identity.models import SingleSignOn, Verification
from identity.oidc import discovery
from identity.services import second_factor
from requests_app.domain.enums import Right
from tests import factories
from tests.browser.chromium import launch
from tests.identity import scenes
from tests.services.openid_program import OpenIdProgram

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

SwitchOn = Callable[..., None]


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """A running site of ours."""
    settings.SITE_URL = live_server.url
    discovery.forget()
    return live_server.url


def browse(visit: Callable[[Page], str]) -> str:
    """Return what a visit saw in a fresh browser without JavaScript, in a thread of its own: Playwright runs a loop."""

    def one() -> str:
        with sync_playwright() as playwright, launch(playwright) as browser:
            return visit(browser.new_context(java_script_enabled=False).new_page())

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(one).result()


def vouch(page: Page, program: OpenIdProgram, subject: str) -> None:
    """Be somebody at the provider's page."""
    page.wait_for_url(f"{program.issuer}/**")
    page.locator("input[name=sub]").fill(subject)
    page.locator("input[name=sub]").press("Enter")


def test_an_electronic_id(site: str, program: OpenIdProgram, switch_on: SwitchOn) -> None:
    switch_on("EID", program.issuer)
    program.knows("kari-8", given_name="Kari", family_name="Holm")
    token = scenes.link_token(scenes.doubted(Right.ACCESS))

    def visit(page: Page) -> str:
        page.goto(f"{site}/identity/{token}")
        page.locator("form[action$='/eid'] button").click()
        vouch(page, program, "kari-8")
        page.wait_for_url(f"{site}/identity/eid/result")
        return page.content()

    assert "Kari" not in browse(visit)
    assert Verification.objects.get(state="confirmed").method == "eid"


def test_single_sign_on(site: str, program: OpenIdProgram, switch_on: SwitchOn) -> None:
    switch_on("SSO", program.issuer, SECOND_FACTOR="amr=mfa")
    program.knows("entra-8", amr=["mfa"])
    factories.organisation()
    user = scenes.enrolled(factories.staff())
    code = second_factor.begin(user).current_code()

    def visit(page: Page) -> str:
        page.goto(f"{site}/desk/account/")
        page.locator("input[name=email]").fill(user.email)
        page.locator("input[name=password]").fill(factories.PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.locator("input[name=code]").fill(code)
        page.locator("input[name=code]").press("Enter")
        page.locator("form[action='/desk/account/sso/'] button").click()
        vouch(page, program, "entra-8")
        page.wait_for_url(f"{site}/desk/account/")
        page.context.clear_cookies()
        page.goto(f"{site}/desk/account/")
        page.locator("form[action='/desk/login/sso/'] button").click()
        vouch(page, program, "entra-8")
        page.wait_for_url(f"{site}/desk/account/")
        return page.content()

    assert user.name in browse(visit)
    assert SingleSignOn.objects.get().user == user
