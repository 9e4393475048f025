"""The page of one's own account, and what an administrator says of somebody who fell ill."""

from datetime import date

import pytest
from django.test import Client
from time_machine import travel

from identity.models import User
from requests_app.domain.enums import Role
from requests_app.models import Case
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

ACCOUNT = "/desk/account/"
DAYS = {"away_from": "2026-03-30", "away_until": "6.4.2026"}


@pytest.fixture(autouse=True)
def house() -> None:
    factories.organisation()


def signed_in(client: Client, *roles: Role, name: str = "Hanne Moe") -> User:
    user = factories.staff(*roles, name=name)
    User.objects.filter(pk=user.pk).update(language="en")
    client.cookies["django_language"] = "en"
    return scenes.signed_in(client, user)


def absence_of(user: User) -> tuple[date | None, date | None, int | None]:
    row = User.objects.get(pk=user.pk)
    return row.away_from, row.away_until, row.deputy_id


def test_somebody_says_when_they_are_away_and_takes_it_back(client: Client) -> None:
    hanne, ola = signed_in(client), factories.staff(name="Ola Lie")
    saved = client.post(f"{ACCOUNT}absence/", DAYS | {"deputy": str(ola.pk)}, follow=True)
    assert saved.redirect_chain == [(ACCOUNT, 302)]
    assert absence_of(hanne) == (date(2026, 3, 30), date(2026, 4, 6), ola.pk)
    assert 'value="2026-03-30"' in client.get(ACCOUNT).text
    client.post(f"{ACCOUNT}absence/", {"away_from": "", "away_until": "", "deputy": ""})
    assert absence_of(hanne) == (None, None, None)


@pytest.mark.parametrize(
    "changed,field",
    [
        ({"away_until": "2026-03-29"}, "away_until"),
        ({"away_from": ""}, "away_from"),
        ({"away_from": "31.2.2026"}, "away_from"),
        ({"away_until": "soon"}, "away_until"),
        ({"deputy": "oneself"}, "deputy"),
        ({"deputy": "closed"}, "deputy"),
        ({"deputy": "auditor"}, "deputy"),
        ({"deputy": "999999"}, "deputy"),
        ({"deputy": "Ola"}, "deputy"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_keeps_what_was_typed(
    client: Client, changed: dict[str, str], field: str
) -> None:
    hanne = signed_in(client)
    people = {"oneself": hanne, "closed": factories.staff(active=False), "auditor": factories.staff(Role.AUDITOR)}
    given = DAYS | changed
    if given.get("deputy") in people:
        given["deputy"] = str(people[given["deputy"]].pk)
    page = client.post(f"{ACCOUNT}absence/", given)
    assert page.status_code == 422
    assert list(page.context["absence_form"].errors) == [field]
    assert f'href="#absence-{field}"' in page.text
    assert absence_of(hanne) == (None, None, None)


def test_an_administrator_says_it_of_somebody_who_fell_ill(client: Client) -> None:
    signed_in(client, Role.ADMINISTRATOR)
    ola, siv = factories.staff(name="Ola Lie"), factories.staff(name="Siv Berg")
    url = f"/desk/staff/{ola.pk}/absence/"
    client.post(url, {"away_from": "2026-03-01", "away_until": "", "deputy": str(siv.pk)})
    assert absence_of(ola) == (date(2026, 3, 1), None, siv.pk)
    refused = client.post(url, {"away_from": "2026-03-01", "deputy": str(ola.pk)})
    assert (refused.status_code, list(refused.context["absence_form"].errors)) == (422, ["deputy"])
    assert "Ola Lie" in refused.text
    with travel("2026-03-25 09:00Z", tick=False):
        for page in (client.get("/desk/staff/"), client.get(f"/desk/staff/{ola.pk}/")):
            assert "Siv Berg" in page.text
            assert page.context.get("away") or any(row["away"] for row in page.context["people"])


def test_nobody_else_says_it_of_others(client: Client) -> None:
    signed_in(client, Role.HANDLER, Role.DECISION_MAKER)
    ola = factories.staff()
    assert client.post(f"/desk/staff/{ola.pk}/absence/", DAYS).status_code == 403
    assert absence_of(ola) == (None, None, None)


def test_mails_are_chosen_one_by_one(client: Client) -> None:
    hanne = signed_in(client)
    client.post(f"{ACCOUNT}mails/", {"digest": "on", "only_in_digest": ["replied", "due_soon"]})
    hanne.refresh_from_db()
    assert (hanne.wants_digest, hanne.only_in_digest) == (True, ["due_soon", "replied"])
    client.post(f"{ACCOUNT}mails/", {})
    hanne.refresh_from_db()
    assert (hanne.wants_digest, hanne.only_in_digest) == (False, [])


@pytest.mark.parametrize(
    "given",
    [
        {"only_in_digest": ["replied"]},
        {"digest": "on", "only_in_digest": ["complaint"]},
        {"digest": "on", "only_in_digest": ["hard_alarm"]},
        {"digest": "on", "only_in_digest": ["nonsense"]},
    ],
)
def test_mails_that_would_never_be_read_cannot_be_put_off(client: Client, given: dict[str, object]) -> None:
    siv = signed_in(client, Role.DECISION_MAKER)
    page = client.post(f"{ACCOUNT}mails/", given)
    assert (page.status_code, list(page.context["mails_form"].errors)) == (422, ["only_in_digest"])
    siv.refresh_from_db()
    assert (siv.wants_digest, siv.only_in_digest) == (True, [])


def test_who_decides_is_not_offered_to_put_off_a_hard_alarm(client: Client) -> None:
    signed_in(client, Role.DECISION_MAKER)
    assert 'value="hard_alarm"' not in client.get(ACCOUNT).text
    other = Client()
    signed_in(other)
    assert 'value="hard_alarm"' in other.get(ACCOUNT).text


def test_the_desk_says_beside_a_name_that_somebody_is_away(client: Client) -> None:
    hanne, case = signed_in(client), factories.case()
    ola = factories.staff(name="Ola Lie")
    User.objects.filter(pk=ola.pk).update(away_from=date(2026, 3, 1), away_until=date(2026, 4, 3), deputy=hanne.pk)
    with travel("2026-03-25 09:00Z", tick=False):
        scenes.signed_in(client, hanne)
        page = client.post(
            f"/desk/cases/{case.reference}/assign/",
            {"assignee": str(ola.pk), "version": str(Case.objects.get(pk=case.pk).version)},
            follow=True,
        )
        assert Case.objects.get(pk=case.pk).assignee == ola
        (hint,) = [str(message) for message in page.context["messages"] if message.level_tag == "warning"]
        assert "Ola Lie" in hint
        assert "Hanne Moe" in page.context["away"]
        (row,) = client.get("/desk/").context["rows"]
        assert "Hanne Moe" in row.away
    with travel("2026-04-04 09:00Z", tick=False):
        scenes.signed_in(client, hanne)
        (row,) = client.get("/desk/").context["rows"]
        assert row.away == ""
