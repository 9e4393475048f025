"""Times and days are those of the organisation's wall, on pages and in mails, whatever zone the server is in."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from requests_app import local_time
from requests_app.domain.enums import Role
from requests_app.models import Case, Organisation
from requests_app.services import correspondence
from tests import factories
from tests.desk_client import desk_client

pytestmark = pytest.mark.django_db

BEFORE_MIDNIGHT = datetime(2026, 9, 9, 21, 30, tzinfo=UTC)
"""In Oslo it is half past eleven on the ninth, in Helsinki half past midnight on the tenth."""


@pytest.fixture
def case() -> Case:
    """A request to a Finnish controller."""
    factories.organisation(country="FI", time_zone="Europe/Helsinki")
    with travel(BEFORE_MIDNIGHT, tick=False):
        return factories.case(received_at=BEFORE_MIDNIGHT, language="en")


def test_the_case_shows_the_receipt_on_the_day_from_which_it_reckons(case: Case) -> None:
    with travel(BEFORE_MIDNIGHT, tick=False):
        page = desk_client().read(f"/desk/cases/{case.reference}/")
    assert "Received</dt><dd>10 Sep 2026, 00:30</dd>" in page
    assert "Received on 10 September 2026." in page
    assert "30 days left" in page


def test_the_badge_of_a_due_date_counts_from_the_organisations_day(case: Case) -> None:
    with travel(datetime(2026, 10, 9, 21, 30, tzinfo=UTC), tick=False):
        page = desk_client().read(f"/desk/cases/{case.reference}/")
    assert "Due today" in page  # the tenth of October


def test_a_mail_names_the_hour_of_the_organisation(case: Case) -> None:
    template, since = "requests_app/mail/mailbox_back", {"mailbox": "info", "since": BEFORE_MIDNIGHT}
    mail = correspondence.notify_staff("nora@optimar.example", "en", template, since, key="back")
    assert "10 September 2026, 00:30" in mail.body


def test_before_the_set_up_the_server_s_zone_has_to_do(client: Client) -> None:
    assert not Organisation.objects.exists()
    with local_time.of_the_organisation():
        assert timezone.get_current_timezone_name() == "Europe/Oslo"
    assert client.get("/healthz").status_code in (200, 503)


def test_one_request_leaves_no_zone_behind_for_the_next(case: Case) -> None:
    desk_client(Role.HANDLER).read(f"/desk/cases/{case.reference}/")
    assert timezone.get_current_timezone_name() == "Europe/Oslo"
