"""A Danish and a German controller: their holidays, their zone and their promise give the dates of their requests."""

from datetime import UTC, date, datetime

import pytest
from time_machine import travel

from requests_app.domain.calendars import COUNTRIES
from requests_app.domain.suppression import CALLING_CODES
from requests_app.models import Case, DataSubjectRequest, DeadlineHistory
from requests_app.services import clock, complaint_block
from tests import factories

pytestmark = pytest.mark.django_db

HALF_PAST_MIDNIGHT = datetime(2028, 9, 2, 22, 30, tzinfo=UTC)  # in Berlin it is 3 September, in Dublin still the 2nd


def received(moment: datetime) -> DataSubjectRequest:
    """Return a request that came in at that moment, as it stands in the database."""
    with travel(moment, tick=False):
        dsr = factories.dsr(received_at=moment)
    dsr.refresh_from_db()
    return dsr


def test_in_denmark_the_first_of_may_is_a_day_like_any_other() -> None:
    factories.organisation(country="DK", time_zone="Europe/Copenhagen", policy_days=60)
    dsr = received(datetime(2026, 4, 1, 8, tzinfo=UTC))
    deadline = clock.derive(dsr)
    assert (deadline.statutory_due, deadline.binding) == (date(2026, 5, 1), "statute")
    assert (dsr.effective_due, dsr.act_by) == (date(2026, 5, 1), date(2026, 5, 1))
    factories.organisation(policy_days=60)
    assert clock.derive(dsr).statutory_due == date(2026, 5, 4)  # in Norway it is the Monday after


def test_in_denmark_the_promise_comes_first_and_staff_acts_before_easter() -> None:
    factories.organisation(country="DK", time_zone="Europe/Copenhagen", policy_days=21)
    dsr = received(datetime(2027, 3, 5, 8, tzinfo=UTC))
    deadline = clock.derive(dsr)
    assert (deadline.policy_due, deadline.binding) == (date(2027, 3, 26), "policy")  # Good Friday: a promise stands
    assert dsr.effective_due == date(2027, 3, 26)
    assert dsr.act_by == date(2027, 3, 24)  # Maundy Thursday is free
    assert dsr.effective_due_end_utc == datetime(2027, 3, 26, 23, tzinfo=UTC)


def test_in_germany_the_day_of_unity_moves_the_month_and_midnight_is_that_of_berlin() -> None:
    factories.organisation(country="DE", time_zone="Europe/Berlin", policy_days=60)
    dsr = received(HALF_PAST_MIDNIGHT)
    deadline = clock.derive(dsr)
    assert deadline.received_local_date == date(2028, 9, 3)
    assert (deadline.statutory_due, dsr.effective_due) == (date(2028, 10, 4), date(2028, 10, 4))
    assert dsr.effective_due_end_utc == datetime(2028, 10, 4, 22, tzinfo=UTC)
    # In the zone of Dublin it was still half past eleven on the 2nd: the month ends a day earlier, on a Monday.
    factories.organisation(country="DE", time_zone="Europe/Dublin", policy_days=60)
    assert clock.derive(dsr).statutory_due == date(2028, 10, 2)


def test_in_germany_maundy_thursday_is_a_working_day() -> None:
    factories.organisation(country="DE", time_zone="Europe/Berlin", policy_days=30)
    dsr = received(datetime(2027, 2, 24, 8, tzinfo=UTC))
    assert clock.derive(dsr).policy_due == date(2027, 3, 26)
    assert (dsr.effective_due, dsr.act_by) == (date(2027, 3, 24), date(2027, 3, 24))
    factories.organisation(country="DE", time_zone="Europe/Berlin", policy_days=29)
    assert clock.derive(received(datetime(2027, 2, 24, 8, tzinfo=UTC))).act_by == date(2027, 3, 24)


def test_the_version_of_the_country_s_table_stays_beside_the_dates() -> None:
    for country in ("DK", "DE", "NO"):
        factories.organisation(country=country)
        dsr = factories.dsr()
        assert DeadlineHistory.objects.get(dsr=dsr).holiday_version == f"{country}/1"


@pytest.mark.parametrize(
    "phone,elsewhere",
    [("+45 70 10 10 10", False), ("0045 70 10 10 10", False), ("+47 900 00 000", True), ("", True)],
)
def test_a_danish_letter_names_another_authority_to_people_outside_denmark(phone: str, elsewhere: bool) -> None:
    factories.organisation(country="DK", time_zone="Europe/Copenhagen")
    assert complaint_block.outside_norway(Case(language="nb", person_phone=phone)) is elsewhere


def test_a_number_of_every_country_that_can_be_ours_is_known() -> None:
    assert set(COUNTRIES) <= set(CALLING_CODES)
