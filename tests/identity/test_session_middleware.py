"""A session of the staff ends by its row and the clock of the server; whoever comes back is told why."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity.domain.enums import SessionEnd
from identity.labels import SESSION_ENDS
from identity.models import StaffSession, User
from identity.services import second_factor, staff_sessions
from requests_app.domain.enums import Role
from requests_app.domain.snapshot import SYSTEM
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

LOGIN, SECOND, ACCOUNT = "/desk/login/", "/desk/second-factor/", "/desk/account/"
NOW = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture
def user() -> User:
    return factories.staff(Role.HANDLER)


def logged_in(user: User, agent: str = FIREFOX) -> Client:
    """A browser in which somebody went the whole way in."""
    client = Client(headers={"user-agent": agent})
    client.post(LOGIN, {"email": user.email, "password": factories.PASSWORD})
    code = second_factor.begin(user).current_code()
    scenes.enrolled(user)
    assert client.post(SECOND, {"code": code})["Location"] == "/desk/"
    return client


def question(location: str) -> dict[str, str]:
    parts = urlsplit(location)
    assert parts.path == LOGIN
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


@time_machine.travel(NOW, tick=False)
def test_a_login_is_one_row_through_both_steps_and_holds_no_address_of_the_network(user: User) -> None:
    client = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="192.0.2.77")
    client.post(LOGIN, {"email": user.email, "password": factories.PASSWORD})
    row = StaffSession.objects.get()
    assert (row.user, row.browser, row.verified_at) == (user, "Firefox, Windows", None)
    client.post(SECOND, {"code": second_factor.begin(user).current_code()})
    client.get(ACCOUNT)
    row = StaffSession.objects.get()
    assert row.verified_at == NOW
    assert "192.0.2" not in str(vars(row))


def test_idle_for_thirty_minutes_is_the_end_and_use_puts_it_off(user: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        for _ in range(4):
            clock.shift(timedelta(minutes=29))
            assert client.get(ACCOUNT).status_code == 200
        clock.shift(timedelta(minutes=30, seconds=1))
        asked = question(client.get("/desk/account/?tab=1")["Location"])
        assert asked == {"ended": "idle", "next": "/desk/account/?tab=1"}
        page = client.get(LOGIN, asked).text
        assert str(SESSION_ENDS[SessionEnd.IDLE]) in page
        assert 'value="/desk/account/?tab=1"' in page
        assert StaffSession.objects.get().ended_because == SessionEnd.IDLE
        clock.shift(timedelta(minutes=-20))  # the row is over for good, whatever the clock says later
        assert client.get(ACCOUNT).status_code == 302


def test_ten_hours_are_the_most_however_busy_somebody_is(user: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        for _ in range(30):
            clock.shift(timedelta(minutes=20))
            assert client.get(ACCOUNT).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert question(client.get(ACCOUNT)["Location"])["ended"] == "too_long"


def test_who_comes_back_in_the_morning_is_still_told_why(user: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        clock.shift(timedelta(hours=22))
        assert question(client.get(ACCOUNT)["Location"]) == {"ended": "too_long", "next": ACCOUNT}


def test_a_cookie_that_lives_longer_does_not_help(user: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        session = client.session
        session.set_expiry(timedelta(days=365))
        session.save()
        clock.shift(timedelta(minutes=31))
        assert question(client.get(ACCOUNT)["Location"])["ended"] == "idle"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_login_says_why_in_the_language_of_the_desk(user: User, language: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        client.get(f"{ACCOUNT}?lang={language}")
        clock.shift(timedelta(minutes=31))
        page = client.get(client.get(ACCOUNT)["Location"]).text
        assert f'<html lang="{language}"' in page
        assert page.count('role="status"') == 1
        if language == "en":
            assert "You were logged out after 30 minutes without use." in page


def test_after_the_login_somebody_comes_back_to_their_page(user: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        clock.shift(timedelta(minutes=31))
        asked = question(client.get("/desk/account/?tab=1")["Location"])
        given = {"email": user.email, "password": factories.PASSWORD, "next": asked["next"]}
        second = client.post(LOGIN, given)["Location"]
        wanted = parse_qs(urlsplit(second).query)["next"][0]
        last = client.post(SECOND, {"code": second_factor.begin(user).current_code(), "next": wanted})
        assert last["Location"] == "/desk/account/?tab=1"
        assert client.get(ACCOUNT).status_code == 200


def test_what_was_sent_too_late_is_shown_again_and_not_done(user: User) -> None:
    written = "Personen ringte og vil ha svar på papir <b>"
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        clock.shift(timedelta(minutes=31))
        came_from = {"referer": "http://testserver/desk/account/?tab=1"}
        response = client.post(
            ACCOUNT, {"language": "en", "text": written, "password": "a long secret phrase"}, headers=came_from
        )
        assert response.status_code == 403
        assert "svar på papir &lt;b&gt;</textarea>" in response.text
        assert "secret phrase" not in response.text
        assert "ended=idle&amp;unsaved=1&amp;next=%2Fdesk%2Faccount%2F%3Ftab%3D1" in response.text
    assert User.objects.get(pk=user.pk).language == ""


def test_a_button_that_was_pressed_too_late_is_said_to_have_done_nothing(user: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        clock.shift(timedelta(minutes=31))
        headers = {"referer": "http://testserver/desk/account/"}
        location = client.post(ACCOUNT, {"language": "en"}, headers=headers)["Location"]
        assert question(location) == {"ended": "idle", "unsaved": "1", "next": ACCOUNT}
        client.get(f"{ACCOUNT}?lang=en")
        assert "What you sent last was not saved." in client.get(f"{location}&lang=en").text
    assert User.objects.get(pk=user.pk).language == ""


@pytest.mark.parametrize(
    "referer",
    ["https://evil.example/desk/", "http://testserver/nb/", "http://testserver//evil.example/", "", "nonsense"],
)
def test_only_a_page_of_the_desk_is_come_back_to(user: User, referer: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        clock.shift(timedelta(minutes=31))
        location = client.post(ACCOUNT, {"language": "en"}, headers={"referer": referer})["Location"]
        assert question(location) == {"ended": "idle", "unsaved": "1"}


def test_use_is_written_down_once_a_minute_at_most(user: User) -> None:
    def writes(client: Client) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ACCOUNT).status_code == 200
        return [one["sql"] for one in captured if "SELECT" not in one["sql"] and "staffsession" in one["sql"]]

    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        client.get(ACCOUNT)
        clock.shift(timedelta(seconds=59))
        assert writes(client) == []
        clock.shift(timedelta(seconds=1))
        assert len(writes(client)) == 1
        assert StaffSession.objects.get().last_seen_at == NOW + timedelta(minutes=1)


@time_machine.travel(NOW, tick=False)
def test_a_session_without_a_row_gets_one_and_one_whose_row_is_gone_is_over(user: User) -> None:
    client = Client()
    client.force_login(user)  # as one that began before there were rows
    assert client.get(ACCOUNT)["Location"].startswith(SECOND)
    StaffSession.objects.get().delete()
    assert question(client.get(ACCOUNT)["Location"])["ended"] == "ended"
    assert client.get(ACCOUNT)["Location"] == f"{LOGIN}?next={ACCOUNT}"


@time_machine.travel(NOW, tick=False)
def test_a_row_of_somebody_else_is_none(user: User) -> None:
    client, other = logged_in(user), factories.staff()
    logged_in(other)
    session = client.session
    session[staff_sessions.KEY] = str(StaffSession.objects.get(user=other).uuid)
    session.save()
    assert question(client.get(ACCOUNT)["Location"])["ended"] == "ended"


@time_machine.travel(NOW, tick=False)
def test_logging_out_ends_the_row_also_for_a_copy_of_the_cookie(user: User) -> None:
    client = logged_in(user)
    client.post("/desk/logout/")
    assert StaffSession.objects.get().ended_because == SessionEnd.LOGGED_OUT
    assert client.get(ACCOUNT)["Location"] == f"{LOGIN}?next={ACCOUNT}"


def test_logging_out_too_late_is_no_news(user: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = logged_in(user)
        clock.shift(timedelta(minutes=31))
        assert client.post("/desk/logout/")["Location"] == LOGIN


@time_machine.travel(NOW, tick=False)
def test_a_session_that_was_planted_before_the_login_is_worth_nothing_after_it(user: User) -> None:
    attacker = Client()
    attacker.get(f"{LOGIN}?lang=en")  # gets a session of its own, and plants its key in the victim's browser
    planted = str(attacker.session.session_key)
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = planted
    keys = [planted]
    victim.post(LOGIN, {"email": user.email, "password": factories.PASSWORD})
    keys.append(str(victim.session.session_key))
    victim.post(SECOND, {"code": second_factor.begin(user).current_code()})
    keys.append(str(victim.session.session_key))
    assert len(set(keys)) == 3
    for key in keys[:2]:
        attacker.cookies[settings.SESSION_COOKIE_NAME] = key
        assert attacker.get(ACCOUNT)["Location"].startswith(LOGIN)
    assert victim.get(ACCOUNT).status_code == 200


@time_machine.travel(NOW, tick=False)
def test_ending_counts_from_the_next_page_on(user: User) -> None:
    here, there = logged_in(user), logged_in_later(user)
    staff_sessions.end_all(user.pk, actor=SYSTEM)
    for client in (here, there):
        assert question(client.get(ACCOUNT)["Location"])["ended"] == "ended"


def logged_in_later(user: User) -> Client:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):  # a code works once
        return logged_in(user)
