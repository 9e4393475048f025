"""What looks like an identity document is hidden when its mail is read, and gone within a day if nobody objects."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from time_machine import travel

from requests_app import audit
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Actor
from requests_app.mailbox import excise
from requests_app.mailbox.bounded import parse_bounded
from requests_app.models import AuditEntry, Excision, HeldFile, Inquiry
from requests_app.services import excision, reading, triage, unasked
from tests import factories

from .post import arrived, captured, letter
from .test_excision import PICTURE, everything, with_passport

pytestmark = pytest.mark.django_db

ARRIVED = datetime(2026, 11, 26, 9, tzinfo=UTC)
DAY = timedelta(hours=24)
SWEEP = timedelta(minutes=5)  # config/celery.py


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture
def actor() -> Actor:
    """A handler."""
    return factories.staff().as_actor()


def came(raw: bytes | None = None) -> Inquiry:
    """A mail with a passport, read the moment it came."""
    with travel(ARRIVED, tick=False):
        return arrived(raw or with_passport(), at=ARRIVED)


def swept(after: timedelta) -> int:
    """What the sweep does so long after the mail came."""
    with travel(ARRIVED + after, tick=False):
        return unasked.sweep()


def test_it_is_hidden_when_its_mail_is_read_and_only_it() -> None:
    inquiry = came()
    assert [one.position for one in inquiry.held_files.hidden()] == [0]
    told = AuditEntry.objects.get(action="inquiry.document_held")
    assert (told.subject, told.actor, told.details) == (f"inquiry:{inquiry.pk}", SYSTEM.label, {"files": 1})


def test_mails_that_are_read_together_hide_theirs_too() -> None:
    first, second = captured(with_passport(), at=ARRIVED), captured(letter("Hei"), at=ARRIVED)
    reading.read_inquiries([{"inquiry_id": one.pk} for one in (first, second)], lambda: True)
    assert [(one.inquiry_id, one.position) for one in HeldFile.objects.all()] == [(first.pk, 0)]


def test_nothing_is_held_of_a_mail_without_one() -> None:
    came(letter("Vedlagt kopi av pass."))
    assert not HeldFile.objects.exists()
    assert not AuditEntry.objects.filter(action="inquiry.document_held").exists()


def test_it_is_gone_from_every_copy_within_a_day_and_owed_in_the_mailbox(actor: Actor) -> None:
    inquiry = came()
    with travel(ARRIVED, tick=False):
        case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=actor)
    assert swept(timedelta(hours=22)) == 0
    assert PICTURE in everything()
    assert swept(DAY - timedelta(minutes=10)) == 1
    assert PICTURE not in everything()
    inquiry.refresh_from_db()
    assert [one["name"] for one in inquiry.attachments] == [excise.NAME, "avtale.pdf"]
    assert list(excision.originals()) == [inquiry]
    noted = AuditEntry.objects.get(action="case.document_removed")
    assert (noted.subject, noted.actor) == (f"case:{case.pk}", SYSTEM.label)
    assert audit.verify()[1] is None


def test_once_more_changes_nothing() -> None:
    came()
    assert (swept(DAY), swept(DAY), swept(2 * DAY)) == (1, 0, 0)
    assert Excision.objects.count() == 1


def test_who_says_that_it_is_none_keeps_it(actor: Actor) -> None:
    inquiry = came()
    with travel(ARRIVED + timedelta(hours=3), tick=False):
        unasked.free(inquiry.pk, 0, actor=actor)
        unasked.free(inquiry.pk, 0, actor=actor)
    assert not inquiry.held_files.hidden().exists()
    assert swept(2 * DAY) == 0
    assert PICTURE in bytes(Inquiry.objects.get(pk=inquiry.pk).raw).decode()
    told = AuditEntry.objects.get(action="inquiry.document_freed")
    assert (told.actor, told.details) == (actor.label, {"file": 0})


@pytest.mark.parametrize("position", [1, 7, -1])
def test_what_was_never_hidden_cannot_be_freed(position: int, actor: Actor) -> None:
    inquiry = came()
    with pytest.raises(ActionRefused) as refused:
        unasked.free(inquiry.pk, position, actor=actor)
    assert refused.value.reason.code == "not_held"


def test_what_is_deleted_cannot_be_freed_any_more(actor: Actor) -> None:
    inquiry = came()
    swept(DAY)
    with pytest.raises(ActionRefused):
        unasked.free(inquiry.pk, 0, actor=actor)


@pytest.mark.parametrize("press", ["attachment", "text"])
def test_who_removes_it_sooner_leaves_nothing_for_the_sweep(press: str, actor: Actor) -> None:
    inquiry = came()
    if press == "text":
        excision.keep_text_only(inquiry.pk, actor=actor)
    else:
        excision.remove_attachment(inquiry.pk, 0, actor=actor)
    assert HeldFile.objects.get().deleted_at is not None
    assert swept(DAY) == 0


def test_freed_while_the_sweep_reads_the_mail_it_stays(actor: Actor) -> None:
    inquiry = came()

    def meanwhile(raw: bytes) -> object:
        unasked.free(inquiry.pk, 0, actor=actor)
        return parse_bounded(raw)

    with patch("requests_app.services.excision.parse_bounded", meanwhile):
        assert swept(DAY) == 0
    assert PICTURE in bytes(Inquiry.objects.get(pk=inquiry.pk).raw).decode()
    assert not Excision.objects.exists()


def test_killed_in_the_middle_it_is_done_later_and_once() -> None:
    inquiry = came()
    with patch.object(audit, "record", side_effect=RuntimeError("killed")):
        assert swept(DAY) == 0
    assert PICTURE in bytes(Inquiry.objects.get(pk=inquiry.pk).raw).decode()
    assert swept(DAY + timedelta(minutes=5)) == 0  # it may still be at work
    assert swept(DAY + timedelta(minutes=16)) == 1
    assert PICTURE not in everything()


def test_there_is_time_for_more_than_one_try_within_the_day() -> None:
    assert unasked.KEPT + 3 * (unasked.TRIED_AGAIN + SWEEP) <= DAY


def test_what_cannot_be_cut_is_shown_tried_again_and_holds_up_no_other() -> None:
    stuck = came()
    HeldFile.objects.update(position=40)  # as if the mail could not be read the same way twice
    other = came(with_passport("En annen gang. Her er passet mitt."))
    assert swept(DAY) == 1
    assert HeldFile.objects.get(inquiry=other).deleted_at is not None
    with travel(ARRIVED + DAY, tick=False):
        assert [one.inquiry_id for one in HeldFile.objects.failed()] == [stuck.pk]
    before = HeldFile.objects.get(inquiry=stuck).tried_at
    swept(DAY + timedelta(hours=2))
    after = HeldFile.objects.get(inquiry=stuck).tried_at
    assert before is not None
    assert after is not None
    assert after > before
