"""What a colleague passes on: the original sender and day are proposed, a person confirms, the colleague never asks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from requests_app.domain.enums import Intent, Right, Role, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.mailbox import written_dates
from requests_app.models import AuditEntry, Case, Inquiry
from requests_app.services import acknowledgements, intake, suppression_list, triage
from tests import factories
from tests.desk_client import desk_client, text

from .post import ARRIVED, arrived, letter

COLLEAGUE = "Ola Selger <ola.selger@optimar.no>"
PASSED_ON = """Hei, se under.

________________________________
Fra: Kari Holm <kari.holm@example.com>
Sendt: torsdag 25. juni 2026 14:05
Til: Ola Selger
Emne: Hva vet dere om meg?

Hvilke opplysninger har dere om meg?
"""


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    factories.organisation()


def passed_on(words: str = PASSED_ON, **headers: str) -> Inquiry:
    """A forward of a colleague's, read; it arrived here on 1 July 2026, Oslo."""
    return arrived(letter(words, sender=COLLEAGUE, subject="VS: Hva vet dere om meg?", **headers))


def test_reading_keeps_the_proposal() -> None:
    row = passed_on()
    assert (row.forwarded, row.forwarded_name, row.forwarded_address) == (True, "Kari Holm", "kari.holm@example.com")
    assert (row.forwarded_date, row.forwarded_on) == ("torsdag 25. juni 2026 14:05", date(2026, 6, 25))
    assert row.sender_address == "ola.selger@optimar.no"
    assert not arrived(letter()).forwarded


def test_the_person_that_somebody_confirmed_gets_the_confirmation_and_the_colleague_none() -> None:
    case = triage.sort_as_request(passed_on().pk, [Right.ACCESS], actor=factories.staff().as_actor())
    assert acknowledgements.why_not_acknowledged(case) is None
    acknowledgements.acknowledge(case.pk)
    word = case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)
    assert (word.to_address, word.in_reply_to) == ("kari.holm@example.com", "")


@pytest.mark.parametrize("known", [True, False])
def test_a_forwarded_wish_blocks_the_person_and_never_the_colleague(known: bool) -> None:
    words = PASSED_ON.replace("Hvilke opplysninger har dere om meg?", "Slett alt dere har om meg.")
    row = passed_on(words if known else words.replace(" <kari.holm@example.com>", ""))
    assert "erasure" in row.suggested_rights
    assert suppression_list.is_blocked("kari.holm@example.com") is known
    assert not suppression_list.is_blocked("ola.selger@optimar.no")


def test_a_colleague_of_another_domain_of_ours_is_one_too() -> None:
    factories.organisation(own_domains=["optimar.no", "optimar.example"])
    assert arrived(letter(PASSED_ON, sender="per@optimar.example", subject="VS: Hei")).forwarded


def test_a_mail_as_attachment_is_a_forward_with_the_day_of_its_header() -> None:
    inner = "From: Kari Holm <kari.holm@example.com>\r\nDate: Thu, 25 Jun 2026 23:30:00 +0000\r\n\r\nSlett meg\r\n"
    body = f"--cut\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--cut--\r\n"
    row = passed_on(body, Content_Type="multipart/mixed; boundary=cut")
    assert (row.forwarded_address, row.forwarded_on) == ("kari.holm@example.com", date(2026, 6, 26))


THROUGH_TWO = PASSED_ON.replace(
    "Hei, se under.\n",
    """Tar du denne?

Fra: Per Leder <per.leder@optimar.no>
Sendt: fredag 26. juni 2026 09:00
Til: Ola Selger
Emne: VS: Hva vet dere om meg?

Hei, se under.
""",
)


def test_what_went_through_two_hands_here_is_still_the_persons_and_as_old_as_it_is() -> None:
    row = passed_on(THROUGH_TWO)
    assert (row.forwarded, row.forwarded_address) == (True, "kari.holm@example.com")
    assert (row.forwarded_on, row.auto_reply_allowed) == (date(2026, 6, 25), False)


def test_what_a_colleague_quotes_in_a_mail_that_another_one_attached_is_found_with_its_words() -> None:
    inner = f"From: Per Leder <per.leder@optimar.no>\r\nSubject: VS: Hva\r\n\r\n{PASSED_ON}"
    body = f"--cut\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--cut--\r\n"
    row = passed_on(body, Content_Type="multipart/mixed; boundary=cut")
    assert (row.forwarded_address, row.forwarded_on) == ("kari.holm@example.com", date(2026, 6, 25))
    assert "Hvilke opplysninger" in row.forwarded_text


@pytest.mark.parametrize("day", ["2. juli 2026", "25. juni 2019", "snart"])
def test_a_day_that_cannot_be_is_not_proposed(day: str) -> None:
    row = passed_on(PASSED_ON.replace("25. juni 2026", day))
    assert (row.forwarded, row.forwarded_on) == (True, None)


def test_the_page_proposes_and_the_case_is_dated_as_confirmed() -> None:
    row, browser = passed_on(), desk_client()
    page = browser.read(f"/desk/inbox/{row.pk}/")
    assert "Passed on by a colleague: from Kari Holm" in page
    assert 'value="2026-06-25"' in page
    assert 'value="kari.holm@example.com"' in page
    given = {"name": "Kari Holm", "email": "kari.holm@example.com", "received_on": "2026-06-24"}
    browser.post(f"/desk/inbox/{row.pk}/sort/", {"verdict": "request", "rights": ["access"], "language": "nb"} | given)
    case = Case.objects.get()
    assert (case.person_name, case.person_email) == ("Kari Holm", "kari.holm@example.com")
    assert case.received_at == case.dsrs.get().received_at == datetime(2026, 6, 23, 22, tzinfo=UTC)
    row.refresh_from_db()
    assert row.received_at == ARRIVED
    entry = AuditEntry.objects.get(action="case.dated_earlier")
    assert entry.details == {"inquiry": row.pk, "arrived_on": "2026-07-01", "received_on": "2026-06-24"}
    assert "Received on 24 June 2026, when a colleague got it" in browser.read(f"/desk/cases/{case.reference}/")


@pytest.mark.parametrize(
    "change, says",
    [
        ({"received_on": "2026-07-02"}, "cannot have got it after it arrived here"),
        ({"received_on": "2024-01-01"}, "more than a year ago"),
        ({"received_on": ""}, "Give the day."),
        ({"email": "OLA.selger@optimar.no"}, "is not the one who asks"),
        ({"name": "", "email": ""}, "Write who asks"),
        ({"email": "ingen"}, "Write an e-mail address in full"),
    ],
)
def test_what_cannot_be_confirmed_is_said_beside_its_field(change: dict[str, str], says: str) -> None:
    row = passed_on()
    given = {"verdict": "request", "rights": "access", "name": "Kari", "email": "k@example.com"}
    given |= {"received_on": "2026-06-25"} | change
    response = desk_client().post(f"/desk/inbox/{row.pk}/sort/", given)
    assert response.status_code == 422
    assert says in text(response)
    assert not Case.objects.exists()


def test_the_list_offers_no_one_click_for_what_must_be_confirmed() -> None:
    passed_on()
    page = desk_client(Role.HANDLER).read("/desk/inbox/")
    assert 'value="request"' not in page
    assert "passed on by a colleague" in page


def test_a_service_that_is_told_nothing_takes_the_proposal_and_never_the_colleague() -> None:
    case = triage.sort_as_request(passed_on().pk, [Right.ACCESS], actor=factories.staff().as_actor())
    assert (case.person_email, case.received_at) == ("kari.holm@example.com", ARRIVED)
    with pytest.raises(ActionRefused, match="colleague_asks"):
        triage.sort_as_request(
            passed_on(PASSED_ON + "x").pk, [], actor=factories.staff().as_actor(),
            who=intake.Person(email="ola.selger@optimar.no"),
        )  # fmt: skip


@pytest.mark.parametrize(
    "written, day",
    [
        ("Tue, 24 Nov 2026 23:30:00 +0000", date(2026, 11, 25)),
        ("tirsdag 24. november 2026 09:12", date(2026, 11, 24)),
        ("Tuesday, November 24, 2026 9:12 AM", date(2026, 11, 24)),
        ("den 24 november 2026 09:12", date(2026, 11, 24)),
        ("24.11.2026 09:12", date(2026, 11, 24)),
        ("2026-11-24 09:12", date(2026, 11, 24)),
        ("11/24/2026 9:12 AM", date(2026, 11, 24)),
        ("03/04/2026", None),
        ("31.02.2026", None),
        ("i går", None),
        ("", None),
    ],
)
def test_dates_of_mail_programs(written: str, day: date | None) -> None:
    assert written_dates.day(written, zone=ZoneInfo("Europe/Oslo")) == day


def test_a_wish_that_was_passed_on_blocks_the_person_and_never_the_colleague() -> None:
    row = passed_on(PASSED_ON.replace("Hvilke opplysninger har dere om meg?", "Slett alt dere har om meg."))
    assert suppression_list.are_blocked(["kari.holm@example.com", "ola.selger@optimar.no"]) == [True, False]
    actor = factories.staff().as_actor()
    triage.sort_as_other(row.pk, Verdict.NOT_A_REQUEST, actor=actor)
    assert not suppression_list.is_blocked("kari.holm@example.com")
    triage.sort_as_other(row.pk, Verdict.UNSORTED, actor=actor)
    assert suppression_list.are_blocked(["kari.holm@example.com", "ola.selger@optimar.no"]) == [True, False]
