"""The secret for mail ends on a day: told by mail 30, 14 and 3 days before, once each, and on the desk all along."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings
from time_machine import travel

from requests_app.domain.enums import Role
from requests_app.models import Message
from requests_app.services import mail_secret
from tests import factories
from tests.desk_client import desk_client

pytestmark = pytest.mark.django_db

LAST_DAY = date(2027, 5, 31)


@pytest.fixture(autouse=True)
def _house(settings: Settings) -> None:
    """An administrator, a decision-maker who reads English, and a handler."""
    settings.OAUTH_SECRET_ENDS = LAST_DAY
    factories.organisation()
    for role, language in ((Role.ADMINISTRATOR, "nb"), (Role.DECISION_MAKER, "en"), (Role.HANDLER, "nb")):
        person = factories.staff(role)
        person.language = language
        person.save(update_fields=["language"])


def swept(*days_before: int) -> list[int]:
    """Look so many days before the end, three times each; on which days both who can act were written to."""
    told = []
    for days in days_before:
        before = Message.objects.count()
        for hour in (6, 7, 19):
            with travel(datetime(2027, 5, 31, hour, tzinfo=UTC) - timedelta(days=days), tick=False):
                mail_secret.sweep()
        new = Message.objects.count() - before
        assert new in (0, 2)
        told += [days] * (new // 2)
    return told


def page(days_before: int, url: str = "/desk/") -> str:
    """What the desk shows then."""
    with travel(datetime(2027, 5, 31, 10, tzinfo=UTC) - timedelta(days=days_before), tick=False):
        return desk_client(Role.DECISION_MAKER).read(url)


def test_two_people_hear_of_it_three_times() -> None:
    assert swept(*range(40, -5, -1)) == [30, 14, 3]
    norwegian, english = Message.objects.order_by("pk")[:2]
    assert norwegian.subject == "Hemmeligheten for e-post virker til og med 31. mai 2027"
    assert english.subject == "The secret for mail works until 31 May 2027"


def test_of_what_was_missed_only_the_nearest_is_told() -> None:
    assert swept(31, 12, 11, 1) == [12, 1]


def test_a_day_counts_where_the_organisation_is() -> None:
    with travel(datetime(2027, 4, 30, 22, 30, tzinfo=UTC), tick=False):  # 1 May in Oslo
        assert mail_secret.days_left() == 30
    with travel(datetime(2027, 4, 30, 21, 30, tzinfo=UTC), tick=False):
        assert mail_secret.days_left() is None


def test_a_new_secret_has_warnings_of_its_own(settings: Settings) -> None:
    assert swept(20) == [20]
    settings.OAUTH_SECRET_ENDS = LAST_DAY + timedelta(days=700)
    assert swept(19, 2) == []
    settings.OAUTH_SECRET_ENDS = LAST_DAY + timedelta(days=5)
    assert swept(2) == [2]


def test_without_a_day_nobody_is_warned(settings: Settings) -> None:
    settings.OAUTH_SECRET_ENDS = None
    assert swept(30, 3) == []
    assert "The secret" not in page(3)


@pytest.mark.parametrize("url", ["/desk/", "/desk/inbox/"])
def test_the_desk_warns_from_thirty_days_before_and_after_it_has_ended(url: str) -> None:
    factories.staff(Role.APPROVER)  # with too few of them the queue would warn of that, too
    assert "The secret" not in page(31, url)
    far, near, over = page(30, url), page(3, url), page(-1, url)
    works = "The secret with which mail is fetched and sent works until 31 May 2027."
    assert ('data-color="warning"' in far, 'data-color="danger"' in far, works in far) == (True, False, True)
    assert ('data-color="danger"' in near, works in near) == (True, True)
    assert "The secret with which mail is fetched and sent worked until 31 May 2027." in over
