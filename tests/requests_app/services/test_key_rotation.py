"""New keys sign what is written from now on; mail that older keys signed joins its case until they are taken out."""

import base64
import os
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from requests_app import selectors
from requests_app.domain.enums import Intent, Right
from requests_app.keyring import ring
from requests_app.mailbox import threading
from requests_app.models import Case, Inquiry, Message
from requests_app.services import acknowledgements, correspondence, triage
from tests import factories

from .post import arrived, letter

pytestmark = pytest.mark.django_db

Mark = Callable[[Case], dict[str, str]]


@pytest.fixture
def case() -> Case:
    """A case of Kari's that began with a mail of hers and was acknowledged under the first key."""
    factories.organisation()
    case = triage.sort_as_request(arrived(letter()).pk, [Right.ACCESS], actor=factories.staff().as_actor())
    acknowledgements.acknowledge(case.pk)
    return case


def new_key() -> str:
    """An entry for the key ring."""
    return f"next:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


def reply_address(case: Case) -> dict[str, str]:
    """Where our mails of this moment ask for an answer, as a recipient."""
    contact = selectors.organisation().rights_contact
    return {"To": threading.make_reply_address(ring().all("mail"), case.uuid.hex, contact)}


def message_id(case: Case) -> dict[str, str]:
    """What an answer to our acknowledgement names."""
    return {"In-Reply-To": case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).message_id}


@pytest.mark.parametrize("mark", [reply_address, message_id])
def test_an_answer_to_a_mail_of_before_the_rotation_joins_its_case(case: Case, mark: Mark, settings: Settings) -> None:
    of_before = mark(case)
    settings.KEYS_TEXT = f"{new_key()} {settings.KEYS_TEXT}"
    _without_stored_ids()
    assert arrived(letter("Det er meg.", **of_before)).case == case


@pytest.mark.parametrize("mark", [reply_address, message_id])
def test_a_mark_whose_key_was_taken_out_is_worth_nothing(case: Case, mark: Mark, settings: Settings) -> None:
    of_before = mark(case)
    settings.KEYS_TEXT = new_key()
    _without_stored_ids()
    stranger = arrived(letter("Det er meg.", **of_before))
    assert (stranger.case, stranger.suggested_case) == (None, None)


def test_the_answer_of_a_participant_is_known_by_a_stored_message_id_without_any_key(
    case: Case, settings: Settings
) -> None:
    of_before = message_id(case)
    settings.KEYS_TEXT = new_key()
    assert arrived(letter("Det er meg.", **of_before)).case == case
    stranger = arrived(letter("Meg og.", sender="Per Strand <per.strand@example.net>", **of_before))
    assert (stranger.case, stranger.suggested_case) == (None, case)


def test_what_is_written_after_the_rotation_needs_the_new_key_only(case: Case, settings: Settings) -> None:
    old = settings.KEYS_TEXT
    settings.KEYS_TEXT = f"{new_key()} {old}"
    actor = factories.staff().as_actor()
    written = correspondence.write_to_person(case.pk, subject="Om saken", body="Hei", actor=actor)
    address = reply_address(case)["To"]
    settings.KEYS_TEXT = settings.KEYS_TEXT.partition(" ")[0]
    assert threading.read_message_id(ring().all("mail"), written.message_id) == (case.uuid.hex, written.uuid.hex)
    assert threading.case_of_address(ring().all("mail"), address) == case.uuid.hex
    settings.KEYS_TEXT = old
    assert threading.read_message_id(ring().all("mail"), written.message_id) is None
    assert threading.case_of_address(ring().all("mail"), address) is None


def test_our_own_mail_of_before_the_rotation_is_never_answered(case: Case, settings: Settings) -> None:
    own = case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).message_id
    settings.KEYS_TEXT = f"{new_key()} {settings.KEYS_TEXT}"
    echo = arrived(letter("Takk.", sender="Per Strand <per.strand@example.net>", Message_ID=own))
    assert (echo.auto_reply_allowed, Inquiry.objects.filter(pk=echo.pk, case__isnull=True).count()) == (False, 1)


def _without_stored_ids() -> None:
    """As after a restore of an older copy: only the mark itself can tell whose mail it is."""
    Message.objects.update(message_id="")
