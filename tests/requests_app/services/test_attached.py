"""A mail that somebody from outside attached: its writer and day are proposed, and nothing is done without a person."""

from datetime import UTC, date, datetime

import pytest

from exports.services import identity_doubt
from requests_app.domain.enums import Intent, Right, Verdict
from requests_app.models import Case, Inquiry, Message
from requests_app.services import acknowledgements, intake, suppression_list, triage, unsorted
from tests import factories
from tests.desk_client import desk_client, text

from .post import ARRIVED, STRANGER, arrived, letter

OLA, PER = "ola.vik@example.com", "per.strand@example.net"
ORIGINAL = "From: Ola Vik <ola.vik@example.com>\r\nDate: Thu, 25 Jun 2026 12:30:00 +0000\r\nSubject: Hei\r\n\r\n{}\r\n"


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    factories.organisation()


def attached(
    wish: str = "Hvilke opplysninger har dere om meg?",
    *,
    own: str = "Dette fikk jeg.",
    kind: str = "mixed",
    top: str = "",
) -> Inquiry:
    """A mail of Per Strand, who is no colleague, with one of Ola Vik inside, read; it came on 1 July 2026, Oslo."""
    words = f"--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{own}"
    body = f"{words}\r\n--cut\r\nContent-Type: message/rfc822\r\n\r\n{ORIGINAL.format(wish)}\r\n--cut--\r\n"
    return arrived(letter(body, sender=STRANGER, top=top, Content_Type=f"multipart/{kind}; boundary=cut"))


def sorted_by_hand(row: Inquiry, **given: object) -> tuple[int, str]:
    data = {"verdict": "request", "rights": ["access"], "language": "nb"} | given
    response = desk_client().post(f"/desk/inbox/{row.pk}/sort/", data)
    return response.status_code, text(response)


def test_reading_keeps_the_proposal_and_the_sender_as_the_one_who_asks() -> None:
    row = attached()
    assert (row.forwarded, row.attached_original, row.sender_address) == (False, True, PER)
    assert (row.forwarded_name, row.forwarded_address, row.forwarded_on) == ("Ola Vik", OLA, date(2026, 6, 25))
    case = triage.sort_as_request(row.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    assert (case.person_email, case.received_at) == (PER, ARRIVED)


@pytest.mark.parametrize("kind, top", [("report", ""), ("mixed", "Auto-Submitted: auto-replied\r\n")])
def test_a_bounce_and_an_automatic_reply_propose_nobody(kind: str, top: str) -> None:
    row = attached(kind=kind, top=top)
    assert (row.forwarded, row.attached_original, row.forwarded_address) == (False, False, "")


def test_the_page_shows_who_wrote_and_when_and_chooses_nobody() -> None:
    row = attached()
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert "A mail of somebody else is attached: from Ola Vik, dated 25 Jun 2026, 14:30." in page
    assert f"our answers go to {OLA}" in page
    assert "Hvilke opplysninger har dere om meg?" in page
    assert 'value="2026-06-25"' not in page
    assert not {line for line in page.splitlines() if 'name="asks"' in line and "checked" in line}
    code, page = sorted_by_hand(row)
    assert code == 422
    assert "Choose who asks." in page
    assert not Case.objects.exists()


def test_the_list_offers_no_one_click_while_nobody_has_said_who_asks() -> None:
    attached()
    page = desk_client().read("/desk/inbox/")
    assert 'value="request"' not in page
    assert "a mail of somebody else is attached" in page


def test_the_writer_asks_since_the_day_that_a_person_confirmed_and_gets_the_acknowledgement() -> None:
    row = attached()
    assert sorted_by_hand(row, asks="original", received_on="2026-06-26")[0] == 302
    case = Case.objects.get()
    assert (case.person_name, case.person_email) == ("Ola Vik", OLA)
    assert case.received_at == datetime(2026, 6, 25, 22, tzinfo=UTC)
    acknowledgements.acknowledge(case.pk)
    word = case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)
    assert (word.to_address, word.in_reply_to) == (OLA, "")


def test_without_a_day_the_writer_asks_since_it_arrived_here() -> None:
    row = attached()
    assert sorted_by_hand(row, asks="original", received_on="")[0] == 302
    assert Case.objects.get().received_at == ARRIVED


@pytest.mark.parametrize("day, says", [("2026-07-02", "after it arrived here"), ("i går", "Write the day like this")])
def test_a_day_that_cannot_be_is_refused_beside_its_field(day: str, says: str) -> None:
    code, page = sorted_by_hand(attached(), asks="original", received_on=day)
    assert (code, says in page, Case.objects.exists()) == (422, True, False)


def test_the_sender_asks_since_the_arrival_and_gets_the_acknowledgement() -> None:
    row = attached()
    assert sorted_by_hand(row, asks="sender", received_on="2026-06-25")[0] == 302
    case = Case.objects.get()
    assert (case.person_email, case.received_at) == (PER, ARRIVED)
    acknowledgements.acknowledge(case.pk)
    word = case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)
    assert (word.to_address, word.in_reply_to) == (PER, row.message_id)


def test_the_neutral_receipt_goes_to_whoever_sent_the_mail() -> None:
    row = attached()
    Inquiry.objects.filter(pk=row.pk).update(ingested_at=row.received_at)
    assert unsorted.confirm() == 1
    assert list(Message.objects.values_list("to_address", flat=True)) == [PER]


def test_no_block_falls_on_the_writer_before_a_person_has_said_that_they_ask() -> None:
    row = attached("Slett alt dere har om meg.")
    assert suppression_list.are_blocked([OLA, PER]) == [False, True]
    who = intake.Person(name="Ola Vik", email=OLA)
    triage.sort_as_request(row.pk, [Right.ERASURE], actor=factories.staff().as_actor(), who=who)
    assert suppression_list.are_blocked([OLA, PER]) == [True, False]


def test_a_sender_who_wants_no_marketing_keeps_the_block_when_the_writer_asks() -> None:
    row = attached("Slett alt dere har om meg.", own="Ikke send meg mer reklame! Se vedlagt.")
    assert suppression_list.are_blocked([OLA, PER]) == [False, True]
    who = intake.Person(name="Ola Vik", email=OLA)
    triage.sort_as_request(row.pk, [Right.ERASURE], actor=factories.staff().as_actor(), who=who)
    assert suppression_list.are_blocked([OLA, PER]) == [True, True]


def test_the_case_begins_with_what_both_wrote() -> None:
    case = triage.sort_as_request(attached().pk, [Right.ACCESS], actor=factories.staff().as_actor())
    opening = case.messages.get(intent=Intent.INQUIRY.value)
    assert opening.body == "Dette fikk jeg.\n\nHei\n\nHvilke opplysninger har dere om meg?"


def test_the_block_of_a_sender_who_asks_stays() -> None:
    row = attached("Slett alt dere har om meg.")
    triage.sort_as_request(row.pk, [Right.ERASURE], actor=factories.staff().as_actor())
    assert suppression_list.are_blocked([OLA, PER]) == [False, True]


def test_what_is_put_back_proposes_the_same_again() -> None:
    row, actor = attached("Slett alt dere har om meg."), factories.staff().as_actor()
    triage.sort_as_other(row.pk, Verdict.SPAM, actor=actor)
    assert suppression_list.are_blocked([OLA, PER]) == [False, False]
    row = triage.sort_as_other(row.pk, Verdict.UNSORTED, actor=actor)
    assert row.attached_original
    assert suppression_list.are_blocked([OLA, PER]) == [False, True]


def test_the_open_cases_of_both_are_offered() -> None:
    cases = [factories.case(email=OLA), factories.case(email=PER)]
    page = desk_client().read(f"/desk/inbox/{attached().pk}/")
    assert [case.reference in page for case in cases] == [True, True]


@pytest.mark.parametrize("who, code", [(intake.Person(email=OLA), "asker_inside"), (None, "asker_unchecked")])
def test_what_came_inside_a_mail_of_another_is_no_proof_of_who_asks(who: intake.Person | None, code: str) -> None:
    case = triage.sort_as_request(
        attached().pk, [Right.ERASURE], actor=factories.staff().as_actor(), who=who,
        received_on=date(2026, 6, 25) if who else None,
    )  # fmt: skip
    doubt = identity_doubt.why_doubted(case.dsrs.get())
    assert doubt is not None
    assert doubt.code == code
