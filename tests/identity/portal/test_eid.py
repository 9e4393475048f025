"""Electronic ID: voluntary, begun by a press, compared by name, and nothing of it kept but the result."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import selectors, tasks
from identity.domain.enums import DoubtReason, Level, LinkState, Method
from identity.models import OidcAttempt, Verification
from identity.services import delivery, verify
from requests_app.domain.enums import Right, Role
from requests_app.models import AuditEntry, Case, Suspension
from requests_app.portal import session as portal_session
from tests import factories
from tests.identity import scenes
from tests.services.openid_program import OpenIdProgram
from tests.services.openid_provider import OpenIdProvider, rsa_key

pytestmark = pytest.mark.django_db

SwitchOn = Callable[..., None]
BACK, RESULT = "/identity/eid/return", "/identity/eid/result"
NUMBER = "31017012345"
KARI = {"given_name": "Kari Anne", "family_name": "Holm"}
AWAY = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')


def link_of(row: Verification) -> str:
    return f"/identity/{scenes.link_token(row)}"


def leave(client: Client, row: Verification) -> str:
    """Press the button behind the link; return where the browser is sent."""
    page = client.post(f"{link_of(row)}/eid")
    found = AWAY.search(page.text)
    assert page.status_code == 200
    assert found, page.text
    return html.unescape(found.group(1))


def come_back(client: Client, query: dict[str, str]) -> str:
    """Come back from the provider; return what is shown then."""
    response = client.get(f"{BACK}?{urlencode(query)}")
    assert (response.status_code, response["Location"]) == (302, RESULT)
    return client.get(RESULT).text


def shown(client: Client, row: Verification, theirs: OpenIdProvider, **claims: object) -> str:
    return come_back(client, theirs.log_in(leave(client, row), "s1", **claims))


def confirmed() -> list[Verification]:
    return list(Verification.objects.filter(state="confirmed"))


def everything() -> str:
    """The whole database as text, with sealed columns and sessions."""
    out = StringIO()
    call_command("dumpdata", stdout=out)
    return out.getvalue()


def test_it_is_not_offered_unless_it_is_set_up(client: Client) -> None:
    row = scenes.doubted()
    assert "/eid" not in client.get(link_of(row)).text
    page = client.post(f"{link_of(row)}/eid")
    assert AWAY.search(page.text) is None
    assert not OidcAttempt.objects.exists()


def test_the_whole_way_with_a_provider_of_somebody_else(
    client: Client, program: OpenIdProgram, switch_on: SwitchOn
) -> None:
    """A real program that sends national identity numbers nobody asked for: they are nowhere afterwards."""
    switch_on("EID", program.issuer)
    row = scenes.doubted(Right.ACCESS)
    program.knows("kari-7", **KARI, nin=NUMBER, pid=NUMBER, other={"deep": [f"no:{NUMBER}"]}, txn=NUMBER)
    page = client.get(link_of(row))
    assert f'action="{link_of(row)}/eid"' in page.text
    assert "Ja, det var meg" in page.text or "Yes, it was me" in page.text
    url = leave(client, row)
    asked = parse_qs(urlsplit(url).query)
    assert asked["scope"] == ["openid profile"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].endswith(BACK)
    text = come_back(client, program.log_in(url, "kari-7"))
    assert "Kari" not in text
    (found,) = confirmed()
    assert (found.method, found.level, found.doubt_reason) == ("eid", "L3", row.doubt_reason)
    assert selectors.assurance(row.case).method is Method.EID
    assert Suspension.objects.get(dsr__case=row.case).answered_at == found.concluded_at
    assert verify.look_up(scenes.link_token(row)) is LinkState.DEAD
    assert re.fullmatch(r"pseudonym:test:[0-9a-f]{32}", found.provider_reference)
    entry = AuditEntry.objects.get(action="identity.confirmed")
    assert entry.details == {"verification": found.pk, "level": "L3", "method": "eid"}
    for secret in (NUMBER, "kari-7", "Kari Anne"):
        assert secret not in everything()


def test_numbers_and_names_reach_no_log(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    url = leave(client, row)
    query = wayward.log_in(url, "kari-7", name="Ola Nordmann", nin=NUMBER)
    come_back(client, query)
    wayward.key = rsa_key("evil")
    come_back(client, wayward.log_in(leave(client, row), "kari-7", name="Ola Nordmann", nin=NUMBER))
    said = "".join([*capfd.readouterr(), caplog.text, *(str(vars(record)) for record in caplog.records)])
    assert "token_signature" in said
    for secret in (NUMBER, "kari-7", "Nordmann", query["code"], query["state"], scenes.link_token(row)):
        assert secret not in said
        assert secret not in str(list(AuditEntry.objects.values()))


def test_mail_scanners_and_visitors_begin_nothing(client: Client, wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    for path in (f"{link_of(row)}/eid", "/identity/eid/start"):
        for method in (client.get, client.head, client.options):
            assert method(path).status_code == 405
    client.get(link_of(row))
    assert not OidcAttempt.objects.exists()
    assert wayward.heard == []
    guarded = Client(enforce_csrf_checks=True)
    assert guarded.post(f"{link_of(row)}/eid").status_code == 403


def test_the_other_ways_stay_open(client: Client, wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    shown(client, row, wayward, name="Ola Nordmann")
    client.post(link_of(row))
    assert [found.method for found in confirmed()] == ["email_link"]


def test_the_number_of_the_transaction_is_kept_and_then_nothing_of_the_person(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    shown(client, scenes.doubted(), wayward, txn="b5b2-77", **KARI)
    (found,) = confirmed()
    assert found.provider_reference == "b5b2-77"


def test_with_the_link_the_answer_goes_to_the_address_on_file(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    """Somebody asks under Kari's name, and she is led to her electronic ID by the link: they get nothing by it."""
    switch_on("EID", wayward.issuer)
    row = scenes.doubted(Right.ACCESS)
    shown(client, row, wayward, **KARI)
    assert delivery.address_for(row.case) == scenes.ON_FILE


def test_as_one_more_proof_after_the_link(client: Client, wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    """Where a doubt is not dispelled by a mailbox alone: the answer still goes where the link went."""
    switch_on("EID", wayward.issuer)
    case, actor = factories.case(Right.ACCESS), factories.staff().as_actor()
    row = verify.ask(case.pk, DoubtReason.FRAUD_SIGN, scenes.on_file(case).pk, actor=actor)
    page = client.post(link_of(row))
    assert f'action="{link_of(row)}/eid"' in page.text
    shown(client, row, wayward, name="Ola Nordmann")
    assert selectors.assurance(case).level < Level.L3
    shown(client, row, wayward, **KARI)
    assert selectors.assurance(case).level is Level.L3
    assert delivery.address_for(case) == scenes.ON_FILE
    assert "/eid" not in client.get(link_of(row)).text
    assert client.post(f"{link_of(row)}/eid").status_code == 410


def test_from_the_status_page_where_the_address_is_lost(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted(Right.ACCESS)
    assert client.post("/identity/eid/start").status_code == 302
    visit(client, row.case)
    page = client.get(reverse("requests:portal:status")).text
    assert 'action="/identity/eid/start"' in page
    assert row.case.person_email in page
    away = AWAY.search(client.post("/identity/eid/start").text)
    assert away
    come_back(client, wayward.log_in(html.unescape(away.group(1)), **KARI))
    assert delivery.address_for(row.case) == row.case.person_email


def visit(client: Client, case: Case) -> None:
    """Give a browser the session of somebody who opened the link of a case."""
    session = client.session
    session[portal_session.CASE] = str(case.uuid)
    session[portal_session.UNTIL] = (timezone.now() + timedelta(hours=1)).timestamp()
    session.save()


def test_another_name_is_left_to_a_person_who_is_told(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted(Right.ACCESS)
    text = shown(client, row, wayward, name="Ola Nordmann")
    assert confirmed() == []
    assert selectors.standing(row.case).waiting == row
    for secret in ("Kari", "Holm", "Nordmann", row.case.reference, scenes.ON_FILE):
        assert secret not in text
    entry = AuditEntry.objects.get(action="identity.eid_mismatch")
    assert (entry.subject, entry.details) == (f"case:{row.case_id}", {"tries": 1})
    assert "Nordmann" not in everything()
    desk = Client()
    factories.organisation()
    scenes.signed_in(desk, factories.staff(Role.HANDLER))
    page = desk.get(f"/desk/cases/{row.case.reference}/")
    assert "ds-alert" in page.text.partition('id="identity"')[2]
    assert selectors.eid_mismatch(row.case, since=row.asked_at)


def test_after_five_tries_in_a_day_a_person_looks_at_it(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted(Right.ACCESS)
    early = [wayward.log_in(leave(client, row), **KARI) for _ in range(2)]
    for _ in range(5):
        shown(client, row, wayward, name="Ola Nordmann")
    assert "/eid" not in client.get(link_of(row)).text
    assert AWAY.search(client.post(f"{link_of(row)}/eid").text) is None
    come_back(client, early[0])  # begun before, and with the right name
    assert confirmed() == []
    assert AuditEntry.objects.filter(action="identity.eid_mismatch").count() == 5
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        again = verify.ask(
            row.case_id, DoubtReason.MISMATCH, row.case.contact_points.get().pk, actor=factories.staff().as_actor()
        )
        assert "/eid" in client.get(link_of(again)).text


def test_what_was_cancelled_or_failed_is_no_try(client: Client, wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    for _ in range(6):
        state = parse_qs(urlsplit(leave(client, row)).query)["state"][0]
        come_back(client, {"error": "access_denied", "state": state})
    assert not OidcAttempt.objects.exists()
    shown(client, row, wayward, **KARI)
    assert len(confirmed()) == 1


def test_an_answer_works_once(client: Client, wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    query = wayward.log_in(leave(client, row), name="Ola Nordmann")
    come_back(client, query)
    heard = len(wayward.heard)
    come_back(client, query)
    assert len(wayward.heard) == heard
    assert AuditEntry.objects.filter(action="identity.eid_mismatch").count() == 1


def test_an_answer_in_another_browser_is_worth_nothing(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    query = wayward.log_in(leave(client, scenes.doubted()), **KARI)
    come_back(Client(), query)
    assert confirmed() == []
    come_back(client, query)
    assert len(confirmed()) == 1


def test_an_answer_after_ten_minutes_is_worth_nothing(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    query = wayward.log_in(leave(client, scenes.doubted()), **KARI)
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        come_back(client, query)
    assert confirmed() == []


@pytest.mark.parametrize(
    "query", [{}, {"code": "c"}, {"state": "s"}, {"code": "c", "state": "s"}, {"state": "s" * 9000}]
)
def test_nonsense_that_comes_back_changes_nothing(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn, query: dict[str, str]
) -> None:
    switch_on("EID", wayward.issuer)
    come_back(client, query)
    assert confirmed() == []
    assert client.post(BACK, query).status_code == 405
    assert client.head(BACK).status_code == 405


def test_a_token_of_another_key_confirms_nobody(client: Client, wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    shown(client, row, wayward, name="Ola Nordmann")
    wayward.listed, wayward.key = [dict(rsa_key().as_dict(private=False), kid="k1")], rsa_key("evil")
    shown(client, row, wayward, **KARI)
    assert confirmed() == []


def test_the_level_that_was_asked_for_has_to_come_back(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer, ACR="substantial high")
    row = scenes.doubted()
    assert parse_qs(urlsplit(leave(client, row)).query)["acr_values"] == ["substantial high"]
    for acr in ("low", None, ["high"], "substantial high"):
        shown(client, row, wayward, acr=acr, **KARI)
        assert confirmed() == []
    shown(client, row, wayward, acr="high", **KARI)
    assert len(confirmed()) == 1


def test_a_provider_that_is_down_leaves_the_other_ways(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    wayward.status = 503
    page = client.post(f"{link_of(row)}/eid")
    assert page.status_code == 503
    assert not OidcAttempt.objects.exists()
    assert client.get(link_of(row)).status_code == 200


def test_a_question_that_is_answered_meanwhile_is_answered_once(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    query = wayward.log_in(leave(client, row), **KARI)
    Client().post(link_of(row))
    come_back(client, query)
    assert [found.method for found in confirmed()] == ["email_link"]


def test_links_about_something_else_lead_to_no_provider(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    Verification.objects.filter(pk=row.pk).update(purpose="new_address", replaces="old@example.com")
    assert client.post(f"{link_of(row)}/eid").status_code == 410
    assert client.post("/identity/nonsense/eid").status_code == 410
    assert "/eid" not in client.get(link_of(row)).text


def test_a_case_without_a_name_has_nothing_to_compare(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    Case.objects.filter(pk=row.case_id).update(person_name=" ")
    assert "/eid" not in client.get(link_of(row)).text


def test_secrets_of_an_attempt_are_sealed_and_swept(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    asked = parse_qs(urlsplit(leave(client, row)).query)
    shown(client, row, wayward, name="Ola Nordmann")
    used = OidcAttempt.objects.get(used_at__isnull=False)
    assert bytes(used.sealed) == b""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identity_oidcattempt")
        text = str(cursor.fetchall())
    assert not any(asked[name][0] in text for name in ("state", "nonce", "code_challenge"))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        tasks.expire()
        assert list(OidcAttempt.objects.all()) == [used]
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        tasks.expire()
        assert not OidcAttempt.objects.exists()


def test_pages_on_the_way_stay_out_of_caches_and_referrers(
    client: Client, wayward: OpenIdProvider, switch_on: SwitchOn
) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted()
    for response in (client.post(f"{link_of(row)}/eid"), client.get(f"{BACK}?code=c&state=s"), client.get(RESULT)):
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert "form-action 'self'" in response["Content-Security-Policy"]
        assert "style=" not in response.text


def test_the_language_that_was_chosen_goes_along(client: Client, wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer)
    row = scenes.doubted(Right.ACCESS)
    chosen = client.get(f"{link_of(row)}?lang=en")
    assert f'action="{link_of(row)}/eid?lang=en"' in chosen.text
    assert "On to your electronic ID" in client.post(f"{link_of(row)}/eid?lang=en").text
    assert '/new?lang=en"' in client.get(f"/identity/{'x' * 40}?lang=en").text
