"""Two messages that turn out to be one matter: the earliest receipt counts, whichever way they come together."""

from datetime import UTC, date, datetime

import pytest
from time_machine import travel

from requests_app.domain.enums import Direction, Right
from requests_app.models import AuditEntry, Case, DeadlineHistory, Inquiry, ReceiptCorrection
from requests_app.services import acknowledgements, triage
from tests import factories
from tests.desk_client import desk_client

from .post import arrived, letter

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 9, 1, 9, tzinfo=UTC)
SECOND = datetime(2026, 9, 8, 9, tzinfo=UTC)
THIRD = datetime(2026, 9, 15, 9, tzinfo=UTC)
COLLEAGUE = "Ola Selger <ola.selger@optimar.no>"
PASSED_ON = """Hei, se under.

________________________________
Fra: Kari Holm <kari.holm@example.com>
Sendt: tirsdag 1. september 2026 14:05
Til: Ola Selger
Emne: Hva vet dere om meg?

Hvilke opplysninger har dere om meg?
"""


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture
def case() -> Case:
    """A case of Kari's that began with her second mail."""
    inquiry = arrived(letter(), at=SECOND)
    with travel(SECOND, tick=False):
        return triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())


def put_on(inquiry: Inquiry, case: Case, *, received_on: date | None = None) -> Case:
    """Put an inquiry on a case, a week later."""
    actor = factories.staff().as_actor()
    with travel(THIRD, tick=False):
        return triage.attach(inquiry.pk, case.pk, actor=actor, confirmed=True, received_on=received_on)


def test_an_earlier_mail_put_on_a_later_case_begins_its_clock(case: Case) -> None:
    assert case.dsrs.get().effective_due == date(2026, 10, 8)
    put_on(arrived(letter(), at=FIRST), case)
    case.refresh_from_db()
    dsr = case.dsrs.get()
    assert (dsr.received_at, case.received_at) == (FIRST, FIRST)
    assert (dsr.effective_due, case.due_on) == (date(2026, 10, 1), date(2026, 10, 1))
    correction = ReceiptCorrection.objects.get()
    assert (correction.before, correction.after) == (SECOND, FIRST)
    entry = AuditEntry.objects.get(action="case.receipt_corrected")
    assert (entry.details["received_on"], entry.subject) == ("2026-09-01", f"case:{case.pk}")


def test_the_message_that_the_clock_counts_from_stays_on_the_case(case: Case) -> None:
    earlier = arrived(letter(), at=FIRST)
    put_on(earlier, case)
    case.refresh_from_db()
    reason = triage.why_stays(case, earlier)
    assert reason is not None
    assert reason.code == "inquiry_counts"


def test_whoever_was_told_the_later_day_is_owed_a_letter(case: Case) -> None:
    with travel(SECOND, tick=False):
        acknowledgements.acknowledge(case.pk)
    put_on(arrived(letter(), at=FIRST), case)
    causes = list(DeadlineHistory.objects.filter(dsr__case=case).order_by("id").values_list("cause", flat=True))
    assert causes[-1] == "receipt_corrected"


def test_a_later_mail_put_on_a_case_moves_nothing(case: Case) -> None:
    put_on(arrived(letter(), at=THIRD), case)
    case.refresh_from_db()
    assert (case.received_at, case.dsrs.get().received_at) == (SECOND, SECOND)
    assert not ReceiptCorrection.objects.exists()


def test_of_three_mails_in_any_order_the_first_counts(case: Case) -> None:
    put_on(arrived(letter(), at=THIRD), case)
    put_on(arrived(letter(), at=FIRST), case)
    put_on(arrived(letter(), at=datetime(2026, 9, 4, 9, tzinfo=UTC)), case)
    case.refresh_from_db()
    assert (case.received_at, case.dsrs.get().received_at) == (FIRST, FIRST)
    dates = case.messages.filter(direction=Direction.IN.value).values_list("created_at", flat=True)
    assert min(dates) == FIRST


def test_what_was_asked_for_in_a_later_message_keeps_its_own_receipt(case: Case) -> None:
    later = arrived(letter("Slett alt."), at=THIRD)
    put_on(later, case)
    with travel(THIRD, tick=False):
        asked_in = case.messages.get(inquiry=later).pk
        added = triage.add_right(case.pk, Right.ERASURE, asked_in=asked_in, actor=factories.staff().as_actor())
    put_on(arrived(letter(), at=FIRST), case)
    added.refresh_from_db()
    assert added.received_at == THIRD
    assert case.dsrs.get(right=Right.ACCESS.value).received_at == FIRST


def test_mail_from_years_ago_is_no_beginning_of_a_case_of_today(case: Case) -> None:
    put_on(arrived(letter(), at=datetime(2024, 5, 1, tzinfo=UTC)), case)
    case.refresh_from_db()
    assert (case.received_at, case.dsrs.get().received_at) == (SECOND, SECOND)


def test_a_forward_counts_from_the_day_on_which_the_colleague_got_it(case: Case) -> None:
    put_on(arrived(letter(PASSED_ON, sender=COLLEAGUE), at=THIRD), case, received_on=FIRST.date())
    case.refresh_from_db()
    assert case.dsrs.get().effective_due == date(2026, 10, 1)
    assert (case.received_at, case.dsrs.get().received_at) == (datetime(2026, 8, 31, 22, tzinfo=UTC),) * 2


def test_the_desk_proposes_that_day_lets_it_be_changed_and_tells_what_counts(case: Case) -> None:
    forward = arrived(letter(PASSED_ON, sender=COLLEAGUE), at=THIRD)
    browser, url = desk_client(), f"/desk/inbox/{forward.pk}/attach/"
    with travel(THIRD, tick=False):
        asked = browser.post(url, {"case": case.reference}).content.decode()
        assert 'value="2026-09-01"' in asked
        given = {"case": case.reference, "confirmed": "1", "received_on": "2026-09-20"}
        wrong = browser.post(url, given)
        assert wrong.status_code == 422
        assert not case.inquiries.filter(pk=forward.pk).exists()
        told = browser.post(url, given | {"received_on": "2026-09-02"}, follow=True).content.decode()
    assert "The deadline now counts from 2 September 2026." in told
    assert case.dsrs.get().effective_due == date(2026, 10, 2)


def test_the_page_of_an_earlier_inquiry_says_so_before_it_is_put_there(case: Case) -> None:
    earlier, later = arrived(letter(), at=FIRST), arrived(letter(), at=THIRD)
    browser = desk_client()
    said = "reached us before the case began"
    assert said in browser.read(f"/desk/inbox/{earlier.pk}/")
    assert said not in browser.read(f"/desk/inbox/{later.pk}/")


def test_an_old_answer_that_is_imported_waits_for_a_person_instead_of_joining_by_itself(case: Case) -> None:
    old = arrived(letter(subject=f"Re: ({case.reference})"), at=FIRST)
    assert (old.case, old.suggested_case) == (None, case)
