"""When people are away, who stands in, and which mails can wait."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from identity.models import User
from identity.services import absence
from requests_app.domain.enums import Role, StaffNotice
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry
from tests import factories
from tests.identity.together import at_once

pytestmark = pytest.mark.django_db

MONDAY, FRIDAY = date(2026, 3, 30), date(2026, 4, 3)


def test_an_absence_is_written_down_once_and_its_days_are_not_in_the_audit() -> None:
    hanne, ola = factories.staff(), factories.staff()
    for _ in range(2):
        absence.change(hanne.pk, MONDAY, FRIDAY, ola.pk, actor=hanne.as_actor())
    hanne.refresh_from_db()
    assert (hanne.away_from, hanne.away_until, hanne.deputy) == (MONDAY, FRIDAY, ola)
    around = (date(2026, 3, 29), MONDAY, FRIDAY, date(2026, 4, 4))
    assert [hanne.is_away(day) for day in around] == [False, True, True, False]
    assert AuditEntry.objects.get(action="staff.absence_changed").details == {"deputy": ola.pk}


def test_an_absence_without_an_end_lasts_until_it_is_taken_back() -> None:
    hanne = factories.staff()
    assert absence.change(hanne.pk, MONDAY, None, None, actor=SYSTEM).is_away(date(2030, 1, 1))
    assert not absence.change(hanne.pk, None, None, None, actor=SYSTEM).is_away(date(2030, 1, 1))


@pytest.mark.parametrize(
    "first,last,deputy,reason",
    [
        (FRIDAY, MONDAY, None, "absence_ends_too_early"),
        (None, FRIDAY, None, "absence_first_missing"),
        (MONDAY, FRIDAY, "oneself", "deputy_oneself"),
        (MONDAY, FRIDAY, "closed", "deputy_unfit"),
        (MONDAY, FRIDAY, "nobody", "deputy_unfit"),
        (MONDAY, FRIDAY, "auditor", "deputy_sees_no_cases"),
    ],
)
def test_what_cannot_be_is_refused(first: date | None, last: date | None, deputy: str | None, reason: str) -> None:
    hanne = factories.staff()
    numbers = {
        "oneself": hanne.pk,
        "closed": factories.staff(active=False).pk,
        "auditor": factories.staff(Role.AUDITOR).pk,
        "nobody": 0,
    }
    with pytest.raises(ActionRefused, match=reason):
        absence.change(hanne.pk, first, last, numbers[deputy] if deputy else None, actor=SYSTEM)
    hanne.refresh_from_db()
    assert (hanne.away_from, hanne.away_until, hanne.deputy) == (None, None, None)


def test_the_database_refuses_it_too() -> None:
    hanne = factories.staff()
    wrong: list[dict[str, object]] = [
        {"deputy": hanne.pk},
        {"away_until": FRIDAY},
        {"away_from": FRIDAY, "away_until": MONDAY},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=hanne.pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_two_who_name_each_other_at_the_same_time_do_not_wait_for_ever() -> None:
    hanne, ola = factories.staff(), factories.staff()
    at_once(
        lambda: absence.change(hanne.pk, MONDAY, FRIDAY, ola.pk, actor=SYSTEM),
        lambda: absence.change(ola.pk, MONDAY, FRIDAY, hanne.pk, actor=SYSTEM),
    )
    assert set(User.objects.values_list("pk", "deputy")) == {(hanne.pk, ola.pk), (ola.pk, hanne.pk)}


def test_mails_can_wait_for_the_morning_one_kind_at_a_time() -> None:
    hanne = factories.staff()
    assert all(hanne.wants_at_once(notice) for notice in StaffNotice)
    absence.choose_mails(hanne, digest=True, only_in_digest=[StaffNotice.REPLIED, StaffNotice.HARD_ALARM])
    hanne.refresh_from_db()
    assert {notice for notice in StaffNotice if not hanne.wants_at_once(notice)} == {"replied", "hard_alarm"}


def test_who_decides_cannot_put_off_a_hard_alarm_and_nobody_a_complaint() -> None:
    siv, hanne = factories.staff(Role.DECISION_MAKER, Role.HANDLER), factories.staff()
    for user, notice in ((siv, StaffNotice.HARD_ALARM), (hanne, StaffNotice.COMPLAINT)):
        with pytest.raises(ActionRefused, match="mail_cannot_wait"):
            absence.choose_mails(user, digest=True, only_in_digest=[notice])


def test_nothing_waits_for_a_mail_that_never_comes() -> None:
    hanne = factories.staff()
    with pytest.raises(ActionRefused, match="digest_needed"):
        absence.choose_mails(hanne, digest=False, only_in_digest=[StaffNotice.REPLIED])
    absence.choose_mails(hanne, digest=False, only_in_digest=[])
    hanne.refresh_from_db()
    assert not hanne.wants_digest
