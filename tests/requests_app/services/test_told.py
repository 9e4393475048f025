"""What a colleague writes in their own words: a person says whether they ask themselves or tell of somebody else."""

from datetime import UTC, date, datetime

import pytest

from requests_app.domain.enums import Intent
from requests_app.models import Case, Inquiry
from requests_app.services import acknowledgements, suppression_list
from tests import factories
from tests.desk_client import desk_client, text

from .post import ARRIVED, arrived, letter

OLA, KARI = "ola.selger@optimar.no", "kari.holm@example.com"
WORDS = "Kari Holm (kari.holm@example.com) ringte på torsdag. Hun vil at vi sletter alt om henne."


@pytest.fixture(autouse=True)
def _organisation(db: None) -> None:
    factories.organisation()


def told() -> Inquiry:
    """A mail in which a colleague tells of a call, read; it came on 1 July 2026, Oslo."""
    return arrived(letter(WORDS, sender=f"Ola Selger <{OLA}>", subject="Sletting"))


def sort(row: Inquiry, **given: str) -> tuple[int, str]:
    """Press the button on its page."""
    data = {"verdict": "request", "rights": "erasure", "language": "nb", "received_on": "2026-07-01"} | given
    response = desk_client().post(f"/desk/inbox/{row.pk}/sort/", data)
    return response.status_code, text(response)


def test_the_list_offers_no_one_click_and_the_page_chooses_nobody() -> None:
    row, browser = told(), desk_client()
    page = browser.read("/desk/inbox/")
    assert 'value="request"' not in page
    assert "written by a colleague" in page
    code, page = sort(row)
    assert (code, "Choose who asks." in page) == (422, True)
    assert not Case.objects.exists()


def test_the_one_of_whom_they_tell_asks_since_the_day_of_the_call_and_gets_the_acknowledgement() -> None:
    row = told()
    assert sort(row, asks="other", name="Kari Holm", email=KARI, received_on="2026-06-25")[0] == 302
    case = Case.objects.get()
    assert (case.person_email, case.received_at) == (KARI, datetime(2026, 6, 24, 22, tzinfo=UTC))
    assert suppression_list.are_blocked([KARI, OLA]) == [True, False]
    acknowledgements.acknowledge(case.pk)
    word = case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)
    assert (word.to_address, word.in_reply_to) == (KARI, "")


def test_who_tells_of_somebody_has_to_name_them() -> None:
    code, page = sort(told(), asks="other")
    assert (code, "Write who asks" in page) == (422, True)


def test_a_colleague_may_ask_about_their_own_data() -> None:
    assert sort(told(), asks="sender")[0] == 302
    case = Case.objects.get()
    assert (case.person_email, case.received_at) == (OLA, ARRIVED)


@pytest.mark.parametrize("sender", ["kari.holm@example.com", "per@optimar.no.example.net"])
def test_anybody_else_is_sorted_with_one_press_as_ever(sender: str) -> None:
    arrived(letter("Slett alt dere har om meg.", sender=sender), at=datetime(2026, 7, 1, 8, tzinfo=UTC))
    page = desk_client().read("/desk/inbox/")
    assert 'value="request"' in page
    assert "written by a colleague" not in page


def test_the_day_that_is_proposed_is_that_of_the_arrival() -> None:
    assert f'value="{date(2026, 7, 1).isoformat()}"' in desk_client().read(f"/desk/inbox/{told().pk}/")
