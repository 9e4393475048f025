"""The desk says when too few people are there who may release an answer."""

from datetime import date

import pytest
from django.test import Client
from time_machine import travel

from identity.models import User
from requests_app.domain.enums import Role
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def alert(client: Client, url: str, user: User, day: str) -> tuple[int | None, date | None, date | None, int] | None:
    with travel(f"{day} 09:00Z", tick=False):
        client.force_login(user)
        session = client.session
        session["otp_device_id"] = user.second_factor.persistent_id
        session.save()
        found = client.get(url).context["approvers"]
    return found and (found.few, found.first, found.last, found.fewest)


@pytest.mark.parametrize("role,url", [(Role.HANDLER, "/desk/"), (Role.ADMINISTRATOR, "/desk/staff/")])
def test_fewer_than_two_at_all_is_said_on_any_day(client: Client, role: Role, url: str) -> None:
    factories.organisation()
    user = scenes.enrolled(factories.staff(role))
    factories.staff(Role.APPROVER, active=False)
    assert alert(client, url, user, "2026-02-02") == (0, None, None, 0)
    factories.staff(Role.APPROVER)
    assert alert(client, url, user, "2026-02-02") == (1, None, None, 0)
    factories.staff(Role.DECISION_MAKER)
    assert alert(client, url, user, "2026-02-02") is None


def test_an_absence_over_easter_is_warned_of_two_weeks_ahead(client: Client) -> None:
    factories.organisation()
    user = scenes.enrolled(factories.staff(Role.HANDLER))
    factories.staff(Role.DECISION_MAKER)
    eva = factories.staff(Role.APPROVER)
    User.objects.filter(pk=eva.pk).update(away_from=date(2026, 3, 30), away_until=date(2026, 4, 6))
    assert alert(client, "/desk/", user, "2026-03-13") is None
    assert alert(client, "/desk/", user, "2026-03-14") == (None, date(2026, 3, 30), date(2026, 4, 1), 1)
    assert alert(client, "/desk/", user, "2026-04-02") is None


def test_the_red_one_and_the_other_are_told_apart(client: Client) -> None:
    factories.organisation()
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    assert 'data-color="danger"' in client.get("/desk/").text
