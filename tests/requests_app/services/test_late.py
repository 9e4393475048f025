"""An answer that is late: said with cause and new day, once for each day, and nothing is healed by it."""

from datetime import UTC, date, datetime

import pytest
from time_machine import travel

from identity.models import User
from requests_app.domain.enums import Intent, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, DataSubjectRequest
from requests_app.services import late, waiting
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # due on 1 October
LATE = datetime(2026, 10, 6, 8, tzinfo=UTC)
CAUSE = "Systemet for kurs har vært nede siden 20. september."


@pytest.fixture
def handler() -> User:
    return factories.staff(Role.HANDLER)


def overdue(language: str = "nb", email: str = "kari.holm@example.com") -> DataSubjectRequest:
    with travel(RECEIVED, tick=False):
        return factories.case(received_at=RECEIVED, language=language, email=email).dsrs.get()


def tell(dsr: DataSubjectRequest, by: User, on: date = date(2026, 10, 20), cause: str = CAUSE) -> str:
    """Tell the person on 6 October; return why not, or nothing."""
    with travel(LATE, tick=False):
        return _told(dsr, by, on, cause)


def _told(dsr: DataSubjectRequest, by: User, on: date, cause: str = CAUSE) -> str:
    try:
        late.tell(dsr.pk, cause=cause, new_date=on, actor=by.as_actor())
    except ActionRefused as refused:
        return refused.reason.code
    return ""


@pytest.mark.parametrize(
    "language,said",
    [
        ("nb", ["Svaret vårt er forsinket, og det beklager vi", "1. september 2026", "innen 1. oktober 2026", CAUSE,
                "20. oktober 2026", "flytter den ikke", "Datatilsynet", "domstolene"]),
        ("en", ["We are late, and we apologise", "1 September 2026", "by 1 October 2026", CAUSE, "20 October 2026",
                "does not move it", "Data Protection Authority", "the courts"]),
    ],
)  # fmt: skip
def test_the_letter_says_it_all_and_moves_nothing(handler: User, language: str, said: list[str]) -> None:
    dsr = overdue(language)
    assert tell(dsr, handler) == ""
    body = dsr.messages.get(intent=Intent.LATE).body
    assert [words for words in said if words not in body] == []
    dsr.refresh_from_db()
    assert dsr.effective_due == date(2026, 10, 1)
    with travel(LATE, tick=False):
        assert waiting.is_overdue(dsr)
    assert AuditEntry.objects.get(action="late.told").details["until"] == "2026-10-20"


@pytest.mark.parametrize(
    "on,cause,code",
    [
        (date(2026, 10, 6), CAUSE, "late_date"),
        (date(2026, 9, 1), CAUSE, "late_date"),
        (date(2028, 10, 6), CAUSE, "late_date"),
        (date(2026, 10, 20), "  ", "late_cause_missing"),
        (date(2026, 10, 20), "x" * 2001, "late_cause_too_long"),
        (date(2026, 10, 20), "a\0", "late_cause_too_long"),
    ],
)
def test_without_a_cause_and_a_day_to_come_nothing_is_told(handler: User, on: date, cause: str, code: str) -> None:
    dsr = overdue()
    assert tell(dsr, handler, on, cause) == code
    assert not dsr.messages.filter(intent=Intent.LATE).exists()


@pytest.mark.django_db(transaction=True)
def test_once_for_each_new_day(handler: User) -> None:
    dsr = overdue()
    with travel(LATE, tick=False):
        codes = together(3, lambda: _told(dsr, handler, date(2026, 10, 20)))
    assert sorted(codes) == ["", "late_told", "late_told"]
    assert tell(dsr, handler, date(2026, 10, 27)) == ""
    assert late.told(dsr) == [date(2026, 10, 20), date(2026, 10, 27)]


def test_what_is_not_late_or_answered_is_not_apologised_for(handler: User) -> None:
    dsr = overdue()
    with travel(datetime(2026, 10, 1, 21, 59, tzinfo=UTC), tick=False):
        reason = late.why_not(dsr)
    assert reason is not None
    assert reason.code == "late_not_overdue"
    factories.force(dsr, Stage.RELEASED)
    assert tell(dsr, handler) == "late_not_overdue"


def test_nobody_without_an_address_is_told_by_mail(handler: User) -> None:
    assert tell(overdue(email=""), handler) == "no_address"


def test_without_an_authority_to_name_it_is_not_sent(handler: User) -> None:
    dsr = overdue()
    factories.organisation(supervisory_authority={})
    assert tell(dsr, handler) == "answer_waits_authority"


def test_the_link_lasts_until_the_new_day(handler: User) -> None:
    dsr = overdue()
    Case.objects.filter(pk=dsr.case_id).update(link_expires_at=RECEIVED)
    tell(dsr, handler)
    assert Case.objects.get(pk=dsr.case_id).link_expires_at == datetime(2026, 10, 20, 22, tzinfo=UTC)
