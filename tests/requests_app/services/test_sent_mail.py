"""Mail that people here sent by hand: on which case it goes, what is never kept of it, and what it never does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from time_machine import travel

from requests_app import outbox, selectors
from requests_app.domain.enums import Intent, Outside, Right, Role, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.keyring import ring
from requests_app.mailbox import threading
from requests_app.mailbox.parsed import ParsedMail
from requests_app.models import AuditEntry, Case, Inquiry, Message, OutboxEvent, SentMail
from requests_app.selectors import CaseView
from requests_app.services import acknowledgements, outside, retention, sent_mail, triage
from tests import factories

from .post import KARI, STRANGER, arrived, letter

pytestmark = pytest.mark.django_db

ASKED = "<kari-1@example.com>"
SENT_AT = datetime(2026, 7, 2, 8, tzinfo=UTC)
COLLEAGUE = "Anne Vik <anne.vik@optimar.no>"
ANSWER = "Hei Kari, her er det vi har."


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture
def case() -> Case:
    """A case of Kari's that began with a mail of hers and has an acknowledgement."""
    case = sorted_case()
    acknowledgements.acknowledge(case.pk)
    return case


def sorted_case() -> Case:
    """What Kari asked, made a case of."""
    inquiry = arrived(letter(Message_ID=ASKED))
    return triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())


def sent(text: str = ANSWER, *, to: str = KARI, sender: str = COLLEAGUE, **headers: str) -> SentMail:
    """A mail in the folder for sent mail, read."""
    row = kept(letter(text, sender=sender, To=to, **headers))
    sent_mail.read(row.pk)
    row.refresh_from_db()
    return row


def kept(raw: bytes) -> SentMail:
    """A mail in that folder, captured."""
    row, _ = sent_mail.record(sent_at=SENT_AT, raw=raw, oversize=False, size=len(raw))
    return row


def outside_of(case: Case) -> Message:
    """What stands on a case of it."""
    return case.messages.get(intent=Intent.OUTSIDE.value)


def by_our_id(case: Case) -> dict[str, str]:
    """What names a mail of ours."""
    return {"References": case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).message_id}


def by_their_id(case: Case) -> dict[str, str]:
    """What names the mail of the person."""
    return {"In_Reply_To": ASKED}


def by_reference(case: Case) -> dict[str, str]:
    """What names the case in words."""
    return {"Subject": f"Sv: Innsyn {case.reference}"}


MARKS = [by_our_id, by_their_id, by_reference]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mail_to_the_person_goes_on_their_case_by_each_mark(case: Case, mark: object) -> None:
    assert callable(mark)
    row = sent(**mark(case))
    assert row.message is not None
    assert (row.message.case, row.message.intent, row.message.sent_at) == (case, Intent.OUTSIDE, SENT_AT)


@pytest.mark.parametrize("mark", MARKS)
def test_a_mail_to_somebody_else_goes_on_no_case_whatever_it_names(case: Case, mark: object) -> None:
    assert callable(mark)
    row = sent(to=STRANGER, **mark(case))
    assert row.message is None
    assert selectors.count_sent_elsewhere() == 1


@pytest.mark.parametrize("mark", MARKS)
def test_what_nobody_of_us_wrote_goes_on_no_case(case: Case, mark: object) -> None:
    assert callable(mark)
    assert sent(sender=KARI, **mark(case)).message is None
    assert sent(sender=STRANGER, **mark(case)).message is None


def test_a_mail_to_the_person_that_names_nothing_goes_on_no_case(case: Case) -> None:
    assert sent(Subject="Lunsj?").message is None


def test_what_a_machine_of_ours_answered_is_no_answer_of_ours(case: Case) -> None:
    assert sent("Jeg har ferie.", Auto_Submitted="auto-replied", In_Reply_To=ASKED).message is None


def test_it_is_no_inquiry_is_not_confirmed_and_does_not_speak_for_the_person(case: Case) -> None:
    inquiries, letters = Inquiry.objects.count(), Message.objects.exclude(intent=Intent.OUTSIDE.value).count()
    version = Case.objects.get(pk=case.pk).version
    sent(In_Reply_To=ASKED)
    case.refresh_from_db()
    assert (case.unread_since, case.version) == (None, version)
    assert Inquiry.objects.count() == inquiries
    assert Message.objects.exclude(intent=Intent.OUTSIDE.value).count() == letters
    assert not Inquiry.objects.filter(verdict=Verdict.UNSORTED.value).exists()
    assert not OutboxEvent.objects.filter(name="PersonWrote").exists()


@pytest.mark.parametrize("mark", ["id", "loop"])
def test_of_our_own_mail_only_the_hash_is_kept(case: Case, mark: str) -> None:
    token = case.uuid.hex
    ours = threading.make_message_id(ring().all("mail"), token, "m1", "optimar.no")
    headers = {"Message_ID": ours} if mark == "id" else {"X_Loop": settings.SITE_URL}
    row = sent("Lenken din: https://…/s/hemmelig", In_Reply_To=ASKED, **headers)
    assert (row.message, bytes(row.raw), bool(row.forgotten_at)) == (None, b"", True)
    assert row.sha256
    assert selectors.count_sent_elsewhere() == 0


def test_read_twice_it_stands_on_the_case_once(case: Case) -> None:
    row = sent(In_Reply_To=ASKED)
    sent_mail.read(row.pk)
    assert case.messages.filter(intent=Intent.OUTSIDE.value).count() == 1


def test_answered_before_anybody_sorted_the_mail_it_goes_on_the_case_that_is_opened_then() -> None:
    row = sent(In_Reply_To=ASKED)
    assert row.message is None
    case = sorted_case()
    outbox.relay()
    assert SentMail.objects.get(pk=row.pk).message_id == outside_of(case).pk


def test_answered_before_anybody_put_the_mail_on_a_case_it_follows_it(case: Case) -> None:
    later = arrived(letter("Enda en ting", Message_ID="<kari-2@example.com>"))
    row = sent(In_Reply_To="<kari-2@example.com>")
    assert row.message is None
    triage.attach(later.pk, case.pk, actor=factories.staff().as_actor())
    outbox.relay()
    assert SentMail.objects.get(pk=row.pk).message_id == outside_of(case).pk


def test_what_the_person_answers_to_it_joins_the_case(case: Case) -> None:
    sent(In_Reply_To=ASKED, Message_ID="<outlook-1@optimar.no>")
    reply = arrived(letter("Takk!", In_Reply_To="<outlook-1@optimar.no>"))
    assert reply.case == case


def test_what_goes_on_no_case_is_forgotten_after_ninety_days(case: Case) -> None:
    tied, other = sent(In_Reply_To=ASKED), sent(to=STRANGER)
    with travel(other.ingested_at + timedelta(days=89)):
        assert retention.sweep() == 0
    with travel(other.ingested_at + timedelta(days=91)):
        assert retention.sweep() == 1
    tied.refresh_from_db()
    other.refresh_from_db()
    assert (bool(bytes(tied.raw)), bytes(other.raw), other.in_reply_to) == (True, b"", "")
    assert other.sha256


def test_what_is_on_a_case_goes_with_its_correspondence(case: Case) -> None:
    row = sent(In_Reply_To=ASKED)
    Case.objects.filter(pk=case.pk).update(closed_at=SENT_AT)
    with travel(SENT_AT + retention.CORRESPONDENCE_KEPT + timedelta(days=1)):
        retention.sweep()
    row.refresh_from_db()
    assert row.message is not None
    assert (bytes(row.raw), row.message.body, row.message.subject) == (b"", "", "")


def test_one_says_that_it_is_the_answer_and_another_confirms(case: Case) -> None:
    row = sent(In_Reply_To=ASKED)
    handler, second = factories.staff().as_actor(), factories.staff(Role.APPROVER)
    outside.count_as_answer(row.pk, actor=handler)
    waiting = selectors.cases_in(CaseView.APPROVE, user_id=second.pk, today=SENT_AT.date())
    assert list(waiting) == [case]
    with pytest.raises(ActionRefused) as refused:
        outside.confirm(row.pk, actor=handler)
    assert refused.value.reason.code == "outside_second_person"
    outside.confirm(row.pk, actor=second.as_actor())
    assert not waiting.all().exists()
    said = AuditEntry.objects.get(action="outside.confirmed", subject=f"case:{case.pk}")
    assert said.details["until"] == "2026-07-02"
    for again in (outside.confirm, outside.count_as_answer, outside.count_as_correspondence):
        with pytest.raises(ActionRefused):
            again(row.pk, actor=second.as_actor())


def test_no_request_moves_by_it(case: Case) -> None:
    before = list(case.dsrs.values("stage", "effective_due", "closed_at", "answer_sent_at"))
    row = sent(In_Reply_To=ASKED)
    outside.count_as_answer(row.pk, actor=factories.staff().as_actor())
    outside.confirm(row.pk, actor=factories.staff(Role.APPROVER).as_actor())
    assert list(case.dsrs.values("stage", "effective_due", "closed_at", "answer_sent_at")) == before


def test_what_is_no_answer_can_become_one_after_all(case: Case) -> None:
    row, actor = sent(In_Reply_To=ASKED), factories.staff().as_actor()
    outside.count_as_correspondence(row.pk, actor=actor)
    with pytest.raises(ActionRefused):
        outside.confirm(row.pk, actor=factories.staff(Role.APPROVER).as_actor())
    outside.count_as_answer(row.pk, actor=actor)
    outside.count_as_correspondence(row.pk, actor=actor)
    row.refresh_from_db()
    assert row.counts_as == Outside.CORRESPONDENCE


def test_what_somebody_else_did_meanwhile_stops_the_step(case: Case) -> None:
    row, actor = sent(In_Reply_To=ASKED), factories.staff().as_actor()
    seen = Case.objects.get(pk=case.pk).version
    outside.count_as_answer(row.pk, actor=actor, version=seen)
    with pytest.raises(ActionRefused) as refused:
        outside.count_as_correspondence(row.pk, actor=actor, version=seen)
    assert refused.value.reason.code == "case_changed"


def test_the_database_refuses_one_person_alone_and_a_decision_on_no_case(case: Case) -> None:
    alone, now = factories.staff(), SENT_AT
    row, other = sent(In_Reply_To=ASKED), sent(to=STRANGER)
    said = {"counts_as": Outside.ANSWER.value, "decided_by": alone, "decided_at": now}
    for pk, values in ((row.pk, said | {"confirmed_by": alone, "confirmed_at": now}), (other.pk, said)):
        with pytest.raises(IntegrityError), transaction.atomic():
            SentMail.objects.filter(pk=pk).update(**values)


def test_a_case_that_is_opened_while_the_mail_is_read_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Case] = []

    def asked(mail: ParsedMail) -> Iterator[Case]:
        """The cases before there is one; it is opened, and looks for the mail, while these are asked."""
        yield from ()
        opened.append(sorted_case())
        sent_mail.look_again(opened[0].pk)

    row = kept(letter(ANSWER, sender=COLLEAGUE, To=KARI, In_Reply_To=ASKED))
    with monkeypatch.context() as patched:
        patched.setattr("requests_app.services.sent_mail._cases", asked)
        sent_mail.read(row.pk)
    outbox.relay()
    row.refresh_from_db()
    assert row.message_id == outside_of(opened[0]).pk
