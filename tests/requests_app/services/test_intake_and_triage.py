"""From an inquiry to a case: dated on arrival, sorted once, nothing lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain import reference
from requests_app.domain.enums import Channel, Right, Role, Stage, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, DataSubjectRequest, DeadlineHistory, Inquiry, OutboxEvent
from requests_app.services import clock, intake, triage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def test_the_same_bytes_are_one_inquiry() -> None:
    now = timezone.now()
    first, new = intake.record_inquiry(channel=Channel.MAIL, received_at=now, raw=b"x")
    second, again = intake.record_inquiry(channel=Channel.MAIL, received_at=now + timedelta(days=3), raw=b"x")
    assert (new, again) == (True, False)
    assert first.pk == second.pk
    assert second.received_at == now


def test_a_case_is_dated_on_the_day_of_arrival_not_of_sorting() -> None:
    arrived = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # 1 July in Oslo
    handler = factories.staff(Role.HANDLER)
    inquiry = factories.inquiry(received_at=arrived)
    case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=handler.as_actor())
    dsr = case.dsrs.get()
    assert case.received_at == arrived
    assert dsr.effective_due == date(2026, 7, 31)
    assert case.due_on == date(2026, 7, 31)
    assert dsr.stage == Stage.TRIAGED
    assert reference.is_valid(case.reference)
    assert case.messages.get().body == inquiry.text


def test_stored_dates_are_derived_dates() -> None:
    for days in (0, 1, 31, 60):
        factories.dsr(received_at=datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=days))
    for dsr in DataSubjectRequest.objects.all():
        deadline = clock.derive(dsr)
        assert (dsr.effective_due, dsr.act_by) == (deadline.effective_due, deadline.act_by)
        assert dsr.effective_due_end_utc == deadline.effective_due_end_utc
        assert dsr.case.due_on == dsr.effective_due
        assert DeadlineHistory.objects.get(dsr=dsr).deadline["effective_due"] == deadline.effective_due.isoformat()


def test_sorting_twice_makes_one_case() -> None:
    handler = factories.staff()
    inquiry = factories.inquiry()
    first = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=handler.as_actor())
    second = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    assert first == second
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("rights", "language"), [([Right.ERASURE], None), ([], None), ([Right.ACCESS], "en")])
def test_whoever_sorts_otherwise_than_somebody_before_is_told(rights: list[Right], language: str | None) -> None:
    inquiry = factories.inquiry()
    case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor(), language="nb")
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "already_a_case"):
        triage.sort_as_request(inquiry.pk, rights, actor=factories.staff().as_actor(), language=language)
    assert (case.dsrs.get().right, Case.objects.get().language) == (Right.ACCESS, "nb")


def test_several_rights_share_the_receipt_day_and_have_a_clock_each() -> None:
    handler = factories.staff()
    inquiry = factories.inquiry()
    case = triage.sort_as_request(inquiry.pk, [Right.ACCESS, Right.ERASURE, Right.ACCESS], actor=handler.as_actor())
    assert {d.right for d in case.dsrs.all()} == {"access", "erasure"}
    assert {d.received_at for d in case.dsrs.all()} == {inquiry.received_at}


def test_not_a_request_stays_listed_and_can_become_a_case_of_its_own_day() -> None:
    handler = factories.staff()
    arrived = datetime(2026, 2, 3, 9, tzinfo=UTC)
    inquiry = factories.inquiry(received_at=arrived)
    triage.sort_as_other(inquiry.pk, Verdict.NOT_A_REQUEST, actor=handler.as_actor())
    assert Inquiry.objects.get(pk=inquiry.pk).verdict == Verdict.NOT_A_REQUEST
    case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=handler.as_actor())
    assert case.received_at == arrived


def test_a_case_cannot_be_sorted_away() -> None:
    handler = factories.staff()
    inquiry = factories.inquiry()
    triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=handler.as_actor())
    with pytest.raises(ActionRefused):
        triage.sort_as_other(inquiry.pk, Verdict.SPAM, actor=handler.as_actor())


@pytest.mark.parametrize(
    "spoken,answered", [("nb", "nb"), ("nn", "nb"), ("sv", "nb"), ("en", "en"), ("de", "en"), ("", "nb")]
)
def test_the_answer_is_in_a_language_the_person_reads(spoken: str, answered: str) -> None:
    inquiry = factories.inquiry(language=spoken)
    case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    assert case.language == answered


def test_not_sure_runs_its_clock_and_is_sorted_later() -> None:
    inquiry = factories.inquiry(channel=Channel.FORM)
    person = intake.Person(name="Kari Holm", email="kari.holm@example.com")
    case = intake.open_case(inquiry, [], person, language="nb", scope="")
    dsr = case.dsrs.get()
    assert (dsr.right, dsr.stage) == ("", Stage.RECEIVED)
    assert dsr.effective_due is not None
    triage.set_right(dsr.pk, Right.ACCESS, actor=factories.staff().as_actor())
    dsr.refresh_from_db()
    assert (dsr.right, dsr.stage) == ("access", Stage.TRIAGED)
    with pytest.raises(ActionRefused):
        triage.set_right(dsr.pk, Right.ERASURE, actor=factories.staff().as_actor())


def test_no_stage_without_a_right_not_even_by_hand() -> None:
    dsr = factories.dsr()
    with pytest.raises(IntegrityError), transaction.atomic():
        DataSubjectRequest.objects.filter(pk=dsr.pk).update(right="")


def test_serials_never_repeat_and_start_anew_each_year() -> None:
    references = [factories.case(received_at=datetime(y, 5, 4, tzinfo=UTC)).reference for y in (2026, 2026, 2027)]
    assert [r[:14] for r in references] == ["DR-2026-000001", "DR-2026-000002", "DR-2027-000001"]


def test_every_fact_has_its_audit_entry_and_no_entry_has_personal_data() -> None:
    handler = factories.staff()
    inquiry = factories.inquiry()
    triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=handler.as_actor())
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"inquiry.received", "case.opened", "request.triage"} <= actions
    everything = " ".join(str(e.details) + e.actor + e.subject for e in AuditEntry.objects.all())
    for secret in ("Kari", "Holm", "example.com", inquiry.text):
        assert secret not in everything
    assert audit.verify() == (AuditEntry.objects.count(), None)


def test_events_are_owed_with_the_fact() -> None:
    factories.case()
    names = set(OutboxEvent.objects.values_list("name", flat=True))
    assert {"InquiryReceived", "CaseOpened", "RequestTriaged"} <= names


def test_the_audit_says_which_right_a_not_sure_became() -> None:
    factories.organisation()
    person = intake.Person(name="Kari Holm", email="kari.holm@example.com")
    dsr = intake.open_case(factories.inquiry(), [], person, language="nb", scope="").dsrs.get()
    triage.set_right(dsr.pk, Right.ACCESS, actor=factories.staff().as_actor())
    assert AuditEntry.objects.get(subject=f"dsr:{dsr.pk}", action="request.triage").details["right"] == "access"
