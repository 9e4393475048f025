"""What speaks for a sender is kept with the mail, and shown where a person decides about it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from requests_app.domain.enums import Right
from requests_app.models import Inquiry, Sighting
from requests_app.models.inquiry import SENDER_UNCHECKED, SENDER_UNPROVEN
from requests_app.services import triage
from tests import factories
from tests.desk_client import desk_client
from tests.requests_app.mailbox import signed
from tests.requests_app.mailbox.test_authenticity import ALIGNED, DOOR, INSIDE, UNSIGNED, results
from tests.services.dns import Zone, name_server

from .post import arrived, captured, letter, read

pytestmark = pytest.mark.django_db

AT_MICROSOFT = "imaps://info%40optimar.no:secret@outlook.office365.example/INBOX?authserv=exchange-online"
NAME = "imaps://info@optimar.no@outlook.office365.example"
OTHER = "imaps://info%40optimar.no:secret@imap.optimar.example/INBOX"


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation(authserv_ids=["mx1.optimar.example"])


@pytest.fixture
def zone(settings: Settings) -> Iterator[Zone]:
    """A name server that knows the key of example.com, and a mailbox of Exchange Online besides another one."""
    settings.MAILBOX_URLS = (OTHER, AT_MICROSOFT)
    with name_server(**{signed.name(): signed.record()}) as zone:
        settings.NAMESERVERS = (zone.address,)
        yield zone


def came(*lines: str, mailbox: str = NAME, sign: bool = True) -> Inquiry:
    """A mail that lay in this mailbox, signed by its sender below what the servers wrote on top."""
    raw = signed.signed(letter()) if sign else letter()
    inquiry = captured("".join(f"{line}\r\n" for line in lines).encode() + raw)
    Sighting.objects.create(inquiry=inquiry, mailbox=mailbox, folder="INBOX", uidvalidity="1", uid=str(inquiry.pk))
    return read(inquiry)


def codes(inquiry: Inquiry) -> list[str]:
    """What the verdict rests on."""
    return [one["code"] for one in inquiry.authenticity["reasons"]]


def test_the_verdict_is_kept_with_what_it_rests_on() -> None:
    said = "mx1.optimar.example; dkim=pass header.d=thief.example; dmarc=fail header.from=example.com"
    assert arrived(letter(Authentication_Results=said)).authenticity == {
        "verdict": "failed",
        "reasons": [
            {"code": "dmarc_fail", "detail": "example.com"},
            {"code": "dkim_foreign", "detail": "thief.example"},
        ],
    }


def test_staff_read_it_on_the_inquiry_and_on_the_case() -> None:
    said = "mx1.optimar.example; dkim=pass header.d=thief<b>x; dmarc=fail header.from=example.com"
    inquiry = arrived(letter(Authentication_Results=said))
    client = desk_client()
    sentences = ("Perhaps not: it may be forged.", "DMARC: failed for example.com.", "DKIM: signed by thief&lt;b&gt;x,")
    page = client.read(f"/desk/inbox/{inquiry.pk}/")
    assert [one for one in sentences if one not in page] == []
    case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    page = client.read(f"/desk/cases/{case.reference}/")
    assert [one for one in sentences if one not in page] == []


def test_a_case_that_began_on_the_phone_says_nothing_of_it() -> None:
    case = factories.case()
    assert "Really from there?" not in desk_client().read(f"/desk/cases/{case.reference}/")


def test_at_exchange_online_the_block_of_the_door_is_believed_and_the_signature_checked_again(zone: Zone) -> None:
    inquiry = came(*INSIDE, results(ALIGNED), DOOR)
    assert inquiry.problems == []
    assert codes(inquiry) == ["dmarc_good", "dkim_good", "spf_good", "composite_good", "signed"]


def test_a_valid_signature_speaks_for_a_sender_of_whom_the_door_says_nothing(zone: Zone) -> None:
    inquiry = came(*INSIDE, results(UNSIGNED.format("none", "example.com", "none", "none", "405")), DOOR)
    assert (inquiry.authenticity["verdict"], codes(inquiry)) == ("passed", ["nothing_proves", "signed"])


def test_a_key_out_of_reach_takes_nothing_from_the_word_of_the_door(zone: Zone) -> None:
    zone.records.clear()
    inquiry = came(*INSIDE, results(ALIGNED), DOOR)
    assert (inquiry.authenticity["verdict"], codes(inquiry)[-1]) == ("passed", "signature_unchecked")


def test_a_forged_block_is_an_ordinary_unproven_mail_that_nobody_loses(zone: Zone) -> None:
    inquiry = came(results(ALIGNED), DOOR, sign=False)
    assert (inquiry.problems, codes(inquiry)) == ([SENDER_UNCHECKED], ["not_our_hop"])
    assert inquiry.auto_reply_allowed


def test_a_failed_one_is_kept_and_gets_no_answer_of_a_machine(zone: Zone) -> None:
    inquiry = came(*INSIDE, results(UNSIGNED.format("fail", "example.com", "fail", "fail", "000")), DOOR, sign=False)
    assert (inquiry.problems, inquiry.auto_reply_reason) == ([SENDER_UNPROVEN], "unauthenticated")


@pytest.mark.parametrize("mailbox", ["imaps://info@optimar.no@imap.optimar.example", "import", "gone"])
def test_mail_of_other_mailboxes_is_judged_by_the_servers_that_are_named(zone: Zone, mailbox: str) -> None:
    inquiry = came(*INSIDE, results(ALIGNED), DOOR, mailbox=mailbox)
    assert codes(inquiry) == ["no_block"]
    assert zone.asked == []
