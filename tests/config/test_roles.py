"""Who may open and do what: every address of the running house, called as every role, with GET and POST.

What is expected comes from one table of roles (`permissions.TABLE`) and one of pages (`config.roles.PAGES`). A call
that is not allowed is refused and writes nothing at all; one that is allowed is not refused. Each call is rolled back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from pytest_django import DjangoDbBlocker

from config.roles import PAGES, Door, addresses
from identity.domain.enums import ApiScope
from identity.services import api_tokens
from requests_app.domain.enums import Action, Role
from requests_app.domain.lifecycle import TRANSITIONS
from requests_app.permissions import TABLE, Permission
from tests import factories
from tests.desk_client import desk_client

from . import roles_scene
from .roles_scene import Scene

pytestmark = pytest.mark.django_db

ADDRESSES = addresses(get_resolver().url_patterns)
HOLDERS = [(role,) for role in Role] + [(Role.AUDITOR, Role.INTAKE), (Role.ADMINISTRATOR, Role.DPO)]
# What a page may write although nothing was done: the session is the browser's own.
OF_BROWSER = ('"django_session"', '"identity_staffsession"')


# Files that the scene does not hold: who may not is refused before it is looked for all the same.
ABSENT = {
    "exports:desk:task-evidence", "exports:desk:message-post", "requests:desk:attachment", "requests:desk:evidence",
    "sent:mail", "exports:desk:own-task",  # that of somebody else's system
}  # fmt: skip


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """One of everything, laid once for all tests of this file: each call of theirs is rolled back."""
    folder = tmp_path_factory.mktemp("house")
    places = {
        "VAR": folder,
        "SENT_FOLDER": folder,
        "SHOW_SENT": True,
        "SYSTEMS_FILE": folder / "systems.yaml",
        "FILES_URL": f"file:{folder / 'files'}",
    }
    with django_db_blocker.unblock(), override_settings(**places), transaction.atomic():
        yield roles_scene.lay(roles_scene.build(folder))
        transaction.set_rollback(True)


@contextmanager
def rolled_back() -> Iterator[list[str]]:
    """Gives the statements that wrote something, and undoes them."""
    written: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(table in sql for table in OF_BROWSER):
            written.append(sql)
        return execute(sql, *given)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            yield written
        transaction.set_rollback(True)


def call(browser: Client, method: str, url: str, **more: Any) -> tuple[HttpResponseBase, list[str]]:
    """Call an address as if nothing had been called before; return the response and what was written."""
    kept = SimpleCookie(browser.cookies)
    with rolled_back() as written:
        response = getattr(browser, method)(url, **more)
        if response.streaming:  # read to its end, which closes its file; closing it here would end our connection
            b"".join(response)
    browser.cookies = kept
    return response, written


def every_address(scene: Scene) -> Iterator[tuple[str, str]]:
    """Each address of the house, by name, filled from the scene."""
    for name, route in ADDRESSES:
        yield name, scene.url(name, route)


def test_no_address_is_forgotten() -> None:
    assert {name for name, _ in ADDRESSES} == set(PAGES)


@pytest.mark.parametrize("roles", HOLDERS, ids="+".join)
def test_every_address_for_every_role(roles: tuple[Role, ...], scene: Scene) -> None:
    browser = desk_client(*roles, raise_request_exception=False)
    held = frozenset[str]().union(*(TABLE[role] for role in roles))
    for name, url in every_address(scene):
        need = PAGES[name]
        allowed = need is not Door.TOKEN if isinstance(need, Door) else bool(held.intersection(need))
        read, written_by_read = call(browser, "get", url)
        sent, written_by_sent = call(browser, "post", url, data={"case": scene.cases[0].reference})
        statuses = [read.status_code, sent.status_code]
        if allowed:
            assert not {401, 403, 500}.intersection(statuses), (name, statuses)
            assert name in ABSENT or 404 not in statuses, (name, statuses)
        else:
            assert set(statuses) <= {401, 403, 405}, (name, statuses)
            assert set(statuses) & {401, 403}, (name, statuses)
            assert written_by_read == written_by_sent == [], name


def test_nobody_gets_in_without_a_login_or_without_the_second_factor(scene: Scene) -> None:
    stranger, half = Client(raise_request_exception=False), Client(raise_request_exception=False)
    half.force_login(factories.staff(*Role))
    wrong = []
    for name, url in every_address(scene):
        for browser, door in ((stranger, "identity:login"), (half, "identity:second-factor")):
            for method in ("get", "post"):
                response, written = call(browser, method, url)
                if _opens_to_half(PAGES[name], known=browser is half):
                    shut = response.status_code == 500
                elif PAGES[name] is Door.TOKEN:
                    shut = response.status_code != 401 or bool(written)
                else:
                    shut = not response.headers.get("Location", "").startswith(reverse(door)) or bool(written)
                if shut:
                    wrong.append((name, method, door, response.status_code))
    assert wrong == []


def test_what_belongs_to_no_case_yet_is_for_those_who_sort(scene: Scene) -> None:
    for role in Role:
        response, _ = call(desk_client(role), "get", scene.url("requests:desk:sort", "desk/inbox/<int:pk>/"))
        assert (response.status_code == 200) == (Permission.SORT in TABLE[role]), role


# What a step of a request asks for; their table names the roles (it is plain Python and knows no pages).
STEPS = {
    Action.TRIAGE: (Permission.SORT,),
    Action.SEND_BACK: (Permission.DECIDE, Permission.RELEASE),
    Action.RELEASE: (Permission.RELEASE,),
}


def test_the_steps_of_a_request_are_for_the_same_roles() -> None:
    for step in TRANSITIONS:
        wanted = STEPS.get(step.action, (Permission.DECIDE,))
        assert step.roles == {role for role in Role if TABLE[role].intersection(wanted)}, step.action


def _opens_to_half(need: object, *, known: bool) -> bool:
    outside = (Door.ANYBODY, Door.LINK, Door.THIS_MACHINE)
    return need in outside or (known and need is Door.PASSWORD)


def test_a_token_opens_what_its_scopes_name_and_nothing_of_the_desk(scene: Scene) -> None:
    api = [(name, url) for name, url in every_address(scene) if PAGES[name] is Door.TOKEN]
    desk = [url for name, url in every_address(scene) if not isinstance(PAGES[name], Door)]
    bearers = {scope: api_tokens.issue(scope.value, [scope]) for scope in ApiScope}
    opened = set()
    for scope, token in bearers.items():
        browser = Client(headers={"authorization": f"Bearer {token}"})
        for name, url in api:
            for method in ("get", "post"):
                response, _ = call(browser, method, url, content_type="application/json")
                assert response.status_code < 500
                if response.status_code not in (401, 403, 405):
                    opened.add((scope.value, name, method))
        for url in desk:
            assert call(browser, "get", url)[0].status_code == 302
    assert opened == {
        ("inquiries:write", "api:inquiries", "post"),
        ("inquiries:read", "api:inquiry", "get"),
        ("cases:read", "api:cases", "get"),
        ("cases:read", "api:case", "get"),
        ("suppressions:check", "api:suppression-check", "post"),
        ("unsubscribe-links:write", "api:unsubscribe-links", "post"),
    }
