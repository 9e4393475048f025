"""One click on the link in a mailing, by a person or by a mail program; and the click that takes it back."""

import logging
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from time_machine import travel

from config.logs import without_secrets
from identity.domain.enums import ApiScope
from identity.services import api_tokens
from requests_app.domain import tokens
from requests_app.domain.enums import Channel, Right, SuppressionState
from requests_app.keyring import ring
from requests_app.models import AuditEntry, Case, Inquiry, OutboxEvent, Suppression
from requests_app.services import suppression_lift, suppression_list, undo_link, unsubscribe
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db

KARI = "kari.holm@example.com"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def path(email: str = KARI, language: str = "nb") -> str:
    """The path of somebody's link."""
    url = unsubscribe.link(email, language)
    return url[url.index("/u/") :]


def undo_of(case: Case) -> str:
    """The path of the link with which what a case has blocked is taken back, as it is mailed now."""
    return tokens.reveal(ring(), undo_link.secret(case, timezone.now()))


def test_opening_the_link_changes_nothing_and_names_nobody(client: Client) -> None:
    for language, words in (("nb", "Stans markedsføringen"), ("en", "Stop the marketing")):
        page = client.get(path(language=language))
        assert page.status_code == 200
        assert words in page.content.decode()
        assert "kari" not in page.content.decode().lower()
    assert (Inquiry.objects.count(), Suppression.objects.count()) == (0, 0)


def test_one_click_makes_inquiry_case_and_block(client: Client) -> None:
    page = client.post(path())
    assert page.status_code == 200
    case = Case.objects.get()
    assert (case.channel, case.person_email, case.language) == (Channel.FORM, KARI, "nb")
    assert case.dsrs.get().right == Right.CONSENT_WITHDRAWAL
    assert [(row.state, row.case) for row in Suppression.objects.all()] == [(SuppressionState.STANDING, case)]
    assert case.messages.get().body == "Jeg brukte lenken i en utsendelse for å trekke samtykket mitt tilbake."
    assert KARI not in page.content.decode()


def test_a_mail_program_needs_neither_cookie_nor_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path(language="en"), ONE_CLICK)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200, b"It is stopped.\n", "text/plain; charset=utf-8",
    )  # fmt: skip
    assert not answer.cookies
    assert suppression_list.is_blocked(KARI)


def test_used_twice_it_is_the_same_case_and_says_so(client: Client) -> None:
    link = path()
    client.post(link)
    again = client.post(link).content.decode()
    assert "Markedsføringen er alt stanset" in again
    assert client.post(link, ONE_CLICK).status_code == 200
    client.post(path())  # the link of the next mailing
    assert (Case.objects.count(), Inquiry.objects.count(), Suppression.objects.count()) == (1, 1, 1)


def test_after_it_was_lifted_a_click_stops_it_again(client: Client) -> None:
    client.post(path())
    suppression_lift.lift(Case.objects.get(), actor=factories.staff().as_actor())
    client.post(path())
    assert (Case.objects.count(), suppression_list.is_blocked(KARI)) == (2, True)


def test_a_link_altered_by_one_character_does_nothing(client: Client) -> None:
    link = path()
    for place in (3, 20, len(link) - 1):
        altered = link[:place] + ("A" if link[place] != "A" else "B") + link[place + 1 :]
        assert client.get(altered).status_code == 200
        assert client.post(altered).status_code == 410
        assert client.post(altered, ONE_CLICK).status_code == 410
    assert (Case.objects.count(), Suppression.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_parts_of_two_links_make_none(client: Client) -> None:
    one, other = path(), path("per@example.com")
    assert client.post(one[:30] + other[30:]).status_code == 410
    assert Suppression.objects.count() == 0


def test_a_link_stops_marketing_to_the_person_it_was_made_for_and_to_nobody_else(client: Client) -> None:
    client.post(path("per@example.com"))
    assert suppression_list.are_blocked(["per@example.com", KARI]) == [True, False]
    client.post(path())
    assert [case.person_email for case in Case.objects.order_by("id")] == ["per@example.com", KARI]


def test_an_undo_link_is_used_twice_and_takes_back_nothing_of_another_person(client: Client) -> None:
    case, other = (factories.case(Right.MARKETING_OBJECTION, email=email) for email in (KARI, "per@example.com"))
    for _ in range(2):
        assert client.post(undo_of(case)).status_code == 200
    assert suppression_list.are_blocked([KARI, "per@example.com"]) == [False, True]
    assert not other.messages.filter(intent="reply").exists()
    assert case.messages.filter(intent="reply").count() == 1


@pytest.mark.parametrize(
    "bad", ["/u/x", "/u/" + "A" * 1000, "/u/ø%20ø", "/undo/x", "/undo/a.1.b", "/undo/%C3%B8.1.%C3%B8"]
)
def test_what_is_no_link_gets_the_same_page(client: Client, bad: str) -> None:
    assert client.get(bad).status_code == 200
    answer = client.post(bad)
    assert answer.status_code == 410
    assert "<form" not in answer.content.decode()


def test_an_unknown_undo_link_looks_like_a_good_one_before_the_button(client: Client) -> None:
    case = factories.case(Right.CONSENT_WITHDRAWAL, language="nb")
    good, bad = undo_of(case), f"/undo/{'0' * 32}.1.{'A' * 32}"
    assert client.get(good).content == client.get(f"{bad}?lang=nb").content
    assert suppression_list.is_blocked(case.person_email)
    done = Client(enforce_csrf_checks=True).post(good)
    assert done.status_code == 200
    assert not suppression_list.is_blocked(case.person_email)
    assert client.post(good).status_code == 200


def test_an_undo_link_altered_by_one_character_does_nothing(client: Client) -> None:
    case, other = (
        factories.case(Right.CONSENT_WITHDRAWAL),
        factories.case(Right.CONSENT_WITHDRAWAL, email="per@example.com"),
    )
    good, another = undo_of(case), undo_of(other)
    for place in (len("/undo/") + 3, good.index(".") + 3, len(good) - 1):
        altered = good[:place] + ("1" if good[place] != "1" else "2") + good[place + 1 :]
        assert client.post(altered).status_code == 410
    mixed = good.partition(".")[0] + "." + another.partition(".")[2]  # the case of one, the secret of the other
    assert client.post(mixed).status_code == 410
    assert suppression_list.is_blocked(case.person_email)
    assert suppression_list.is_blocked(other.person_email)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_undo_link_whose_time_is_over_says_how_to_reach_us(client: Client, language: str) -> None:
    now = datetime(2026, 7, 1, 10, tzinfo=UTC)
    with travel(now, tick=False):
        case = factories.case(Right.CONSENT_WITHDRAWAL, language=language)
        link = undo_of(case)
        assert "30 da" in client.get(link).text
    with travel(now + timedelta(days=31), tick=False):
        for page in (client.get(link), client.post(link)):
            assert (page.status_code, 'href="mailto:info@optimar.no"' in page.text) == (410, True)
            assert "<form" not in page.text
        assert "The link does not work" in client.post(f"{link}x?lang=en").text
    assert suppression_list.is_blocked(case.person_email)


def test_an_undo_link_that_was_overtaken_says_that_it_stays_stopped(client: Client) -> None:
    now = datetime(2026, 7, 1, 10, tzinfo=UTC)
    with travel(now, tick=False):
        link = undo_of(factories.case(Right.CONSENT_WITHDRAWAL, language="en"))
    with travel(now + timedelta(hours=1), tick=False):
        client.post(path())
        page = client.post(link)
    assert "Marketing stays stopped" in page.text
    assert 'href="mailto:info@optimar.no"' in page.text
    assert suppression_list.is_blocked(KARI)


@pytest.mark.parametrize(("language", "words"), [("nb", "Lenken virker ikke"), ("en", "The link does not work")])
def test_a_broken_link_says_so_in_the_language_of_whoever_opens_it(client: Client, language: str, words: str) -> None:
    for broken in (path()[:-1] + "!", f"/undo/{'0' * 32}.1.{'A' * 32}"):
        assert words in client.post(broken, headers={"accept-language": language}).text
        assert words in client.post(f"{broken}?lang={language}", headers={"accept-language": "de"}).text


def test_other_methods_are_refused(client: Client) -> None:
    assert {client.put(path()).status_code, client.delete("/undo/x").status_code} == {405}


def test_no_token_reaches_a_log_line() -> None:
    lines = [without_secrets(None, "", {"event": f"GET {one}"})["event"] for one in (path(), "/undo/" + "a" * 65)]
    assert lines == ["GET /u/[token]", "GET /undo/[token]"]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_case() -> None:
    factories.organisation()
    link = path()
    codes = together(4, lambda: Client().post(link).status_code)
    assert codes == [200] * 4
    assert (Case.objects.count(), Inquiry.objects.count(), Suppression.objects.count()) == (1, 1, 1)


def test_the_commands_make_links_and_look_through_lists(tmp_path: Path) -> None:
    out = StringIO()
    call_command("unsubscribe_link", KARI, "--language", "en", stdout=out)
    token = out.getvalue().strip().rpartition("/u/")[2]
    assert unsubscribe.reader_of(token) == unsubscribe.Reader(KARI, "en")
    unsubscribe.stop(token)
    listed = tmp_path / "list.txt"
    listed.write_bytes(
        "\ufeffper@example.com\n\nKari.Holm@EXAMPLE.com \r\n\xe6\n".encode() + b"\xff\xfe\nkari.holm@example.com"
    )
    out = StringIO()
    call_command("suppressed", str(listed), stdout=out)
    assert out.getvalue().split() == ["3", "6"]


@pytest.mark.parametrize(
    ("command", "argument"), [("unsubscribe_link", "kari"), ("unsubscribe_link", ""), ("suppressed", "/no/such/file")]
)
def test_the_commands_refuse_what_they_cannot_use(command: str, argument: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(command, argument)
    assert refused.value.returncode == 2


def _post(client: Client, scope: str, resource: str, body: object) -> object:
    bearer = api_tokens.issue(f"{scope}-{resource}".replace(":", "-"), [ApiScope(scope)])
    headers = {"authorization": f"Bearer {bearer}"}
    return client.post(f"/api/v1/{resource}", body, content_type="application/json", headers=headers)


def test_the_api_matches_without_keeping_anything(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    unsubscribe.stop(path().removeprefix("/u/"))
    kept = (AuditEntry.objects.count(), OutboxEvent.objects.count())
    with caplog.at_level(logging.DEBUG):
        body = {"addresses": ["KARI.holm@example.com", "per@example.com", ""]}
        answer = _post(client, "suppressions:check", "suppressions/check", body)
    assert answer.json() == {"blocked": [True, False, False]}  # type: ignore[attr-defined]
    assert "kari" not in caplog.text.lower()
    assert AuditEntry.objects.count() - kept[0] <= 1  # the token that was made
    assert OutboxEvent.objects.count() == kept[1]


def test_the_api_makes_links(client: Client) -> None:
    answer = _post(client, "unsubscribe-links:write", "unsubscribe-links", {"email": KARI, "language": "en"})
    assert answer.status_code == 201  # type: ignore[attr-defined]
    url = answer.json()["url"]  # type: ignore[attr-defined]
    assert unsubscribe.reader_of(url.rpartition("/")[2]) == unsubscribe.Reader(KARI, "en")


@pytest.mark.parametrize(
    ("scope", "resource", "body", "code"),
    [
        ("suppressions:check", "suppressions/check", {}, 400),
        ("suppressions:check", "suppressions/check", {"addresses": "a@example.com"}, 400),
        ("suppressions:check", "suppressions/check", {"addresses": ["x" * 321]}, 400),
        ("suppressions:check", "suppressions/check", {"addresses": ["a"] * 10_001}, 400),
        ("cases:read", "suppressions/check", {"addresses": []}, 403),
        ("unsubscribe-links:write", "unsubscribe-links", {"email": "kari"}, 400),
        ("unsubscribe-links:write", "unsubscribe-links", {"email": KARI, "language": "de"}, 400),
        ("suppressions:check", "unsubscribe-links", {"email": KARI}, 403),
    ],
)
def test_the_api_tells_bad_questions_apart(client: Client, scope: str, resource: str, body: object, code: int) -> None:
    assert _post(client, scope, resource, body).status_code == code  # type: ignore[attr-defined]
