"""An identity document that nobody had asked for: cut out of every copy we hold, told without naming it, and owed in
the mailbox until somebody deleted it there.
"""

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Model
from time_machine import travel

from requests_app import audit
from requests_app.domain.enums import ExcisionKind, Right, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.mailbox import excise
from requests_app.models import AuditEntry, Case, Correction, Excision, Inquiry, Message, Note, Sighting
from requests_app.services import correspondence, excision, retention, triage
from tests import factories

from .post import arrived, captured, letter

pytestmark = pytest.mark.django_db

ARRIVED = datetime(2026, 11, 26, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
NUMBER = "01019010399"  # invented; its check digits are right
PICTURE = base64.b64encode(b"PASSPORT-PICTURE" * 40).decode()
CUT = "Content-Type: text/plain; charset=utf-8\r\n\r\n"


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture
def actor() -> Actor:
    """A handler."""
    return factories.staff().as_actor()


def with_passport(words: str = "Hva vet dere om meg? Her er passet mitt.", **headers: str) -> bytes:
    """A mail of Kari's with a picture of her passport and a contract."""
    parts = (
        f"{CUT}{words}",
        "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="Kari Holm pass.jpg"\r\n\r\n{PICTURE}',
        'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="avtale.pdf"\r\n\r\n%PDF-1.4',
    )
    body = "".join(f"--cut\r\n{part}\r\n" for part in parts) + "--cut--"
    return letter(body, Content_Type="multipart/mixed; boundary=cut", **headers)


def case_of(inquiry: Inquiry, actor: Actor) -> Case:
    """The case that an inquiry is sorted as."""
    with travel(ARRIVED, tick=False):
        return triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=actor)


def everything() -> str:
    """Every row that could hold a copy of something that came by mail."""
    models: tuple[type[Model], ...] = (Message, Note, Case, Excision, AuditEntry, Sighting)
    rows = [row for model in models for row in model._base_manager.values()]
    inquiries = Inquiry.objects.all()
    raws = [bytes(one.raw).decode("utf-8", "replace") for one in inquiries]
    columns = [field.attname for field in Inquiry._meta.fields if field.name != "raw"]
    return repr(rows) + repr([[getattr(one, name) for name in columns] for one in inquiries]) + "".join(raws)


def test_an_attachment_is_gone_from_every_copy_and_all_else_is_as_it_was(actor: Actor) -> None:
    raw = with_passport()
    inquiry = arrived(raw, at=ARRIVED)
    case_of(inquiry, actor)
    with travel(NOW, tick=False):
        row = excision.remove_attachment(inquiry.pk, 0, actor=actor)
    after = Inquiry.objects.get(pk=inquiry.pk)
    stored = bytes(after.raw)
    assert PICTURE not in everything()
    assert "pass.jpg" not in everything()
    assert [one["name"] for one in after.attachments] == [excise.NAME, "avtale.pdf"]
    assert (after.text, after.subject, after.received_at) == (inquiry.text, inquiry.subject, ARRIVED)
    assert b"An identity document was removed here on 2026-11-27" in stored
    assert (after.sha256, after.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert (row.sha256, row.kind, row.position) == (hashlib.sha256(stored).hexdigest(), ExcisionKind.ATTACHMENT, 0)


def test_the_audit_tells_what_was_done_and_names_nobody(actor: Actor) -> None:
    inquiry = arrived(with_passport(), at=ARRIVED)
    case = case_of(inquiry, actor)
    row = excision.remove_attachment(inquiry.pk, 0, actor=actor)
    told = AuditEntry.objects.get(action="inquiry.document_removed")
    assert (told.subject, told.actor) == (f"inquiry:{inquiry.pk}", actor.label)
    assert told.details == {"kind": "attachment", "sha256": row.sha256}
    assert AuditEntry.objects.get(action="case.document_removed").subject == f"case:{case.pk}"
    assert audit.verify()[1] is None


def test_saying_it_twice_changes_nothing(actor: Actor) -> None:
    inquiry = arrived(with_passport(), at=ARRIVED)
    first = excision.remove_attachment(inquiry.pk, 0, actor=actor)
    stored = bytes(Inquiry.objects.get(pk=inquiry.pk).raw)
    assert excision.remove_attachment(inquiry.pk, 0, actor=actor) == first
    assert bytes(Inquiry.objects.get(pk=inquiry.pk).raw) == stored
    assert AuditEntry.objects.filter(action="inquiry.document_removed").count() == 1


def test_two_attachments_go_one_after_the_other(actor: Actor) -> None:
    inquiry = arrived(with_passport(), at=ARRIVED)
    for position in (1, 0):
        excision.remove_attachment(inquiry.pk, position, actor=actor)
    inquiry.refresh_from_db()
    assert [one["name"] for one in inquiry.attachments] == [excise.NAME] * 2
    assert b"%PDF" not in bytes(inquiry.raw)


def test_a_number_is_gone_from_the_mail_the_case_and_what_we_quoted(actor: Actor) -> None:
    inquiry = arrived(with_passport(f"Slett meg. Jeg er {NUMBER}.", Subject=f"Slett {NUMBER}"), at=ARRIVED)
    case = case_of(inquiry, actor)
    reply = arrived(letter(f"{NUMBER}!", Subject=f"Re: {case.reference}"), at=NOW)
    assert reply.case == case
    correspondence.write_to_person(case.pk, subject="Svar", body=f"> Jeg er {NUMBER}.\n\nHei.", actor=actor)
    excision.remove_numbers(inquiry.pk, actor=actor)
    excision.remove_numbers(reply.pk, actor=actor)
    assert NUMBER not in everything()
    inquiry.refresh_from_db()
    assert inquiry.text == "Slett meg. Jeg er ***********."
    assert [one["name"] for one in inquiry.attachments] == ["Kari Holm pass.jpg", "avtale.pdf"]
    assert {"Slett meg. Jeg er ***********.", "***********!"} <= set(case.messages.values_list("body", flat=True))


def test_the_first_guess_points_at_the_text_as_it_is_now_and_no_training_text_is_left(actor: Actor) -> None:
    inquiry = arrived(letter(f"Jeg er {NUMBER}. Dere må slette alle opplysningene om meg."), at=ARRIVED)
    Correction.objects.create(inquiry=inquiry, kept_at=ARRIVED, language="nb", text="Jeg er", probability=0.5)
    excision.remove_numbers(inquiry.pk, actor=actor)
    inquiry.refresh_from_db()
    marked = {inquiry.text[one["start"] : one["end"]] for one in inquiry.passages if one["part"] == "text"}
    assert "Dere må slette alle opplysningene om meg." in marked
    assert not Correction.objects.exists()


def test_a_number_in_words_that_cannot_be_masked_is_refused_and_only_the_words_are_kept(actor: Actor) -> None:
    html = f"<p>Jeg er {NUMBER[:6]}<b></b>{NUMBER[6:]}</p>"
    inquiry = arrived(letter(html, Content_Type="text/html; charset=utf-8"), at=ARRIVED)
    with pytest.raises(ActionRefused) as refused:
        excision.remove_numbers(inquiry.pk, actor=actor)
    assert refused.value.reason.code == "cannot_be_cut"
    excision.keep_text_only(inquiry.pk, actor=actor)
    inquiry.refresh_from_db()
    assert NUMBER not in inquiry.text
    assert NUMBER[6:] not in bytes(inquiry.raw).decode() + inquiry.html


def test_the_words_stay_when_all_that_was_attached_goes(actor: Actor) -> None:
    inquiry = arrived(with_passport(), at=ARRIVED)
    excision.keep_text_only(inquiry.pk, actor=actor)
    inquiry.refresh_from_db()
    assert inquiry.attachments == []
    assert inquiry.text.endswith("Hva vet dere om meg? Her er passet mitt.")
    assert PICTURE not in bytes(inquiry.raw).decode()


def test_the_same_mail_is_known_when_it_comes_again_and_brings_nothing_back(actor: Actor) -> None:
    raw = with_passport()
    inquiry = arrived(raw, at=ARRIVED)
    excision.remove_attachment(inquiry.pk, 0, actor=actor)
    assert arrived(raw, at=NOW) == inquiry
    assert PICTURE not in everything()


def _unread(actor: Actor) -> Inquiry:
    return captured(with_passport(), at=ARRIVED)


def _forgotten(actor: Actor) -> Inquiry:
    inquiry = arrived(with_passport(), at=ARRIVED)
    with travel(ARRIVED, tick=False):
        triage.sort_as_other(inquiry.pk, Verdict.SPAM, actor=actor)
    with travel(ARRIVED + timedelta(days=91), tick=False):
        retention.sweep()
    return inquiry


def _by_form(actor: Actor) -> Inquiry:
    return factories.case().inquiries.get()


@pytest.mark.parametrize("made", [_unread, _forgotten, _by_form])
def test_only_the_content_of_a_mail_that_was_read_can_be_cut(made: Callable[[Actor], Inquiry], actor: Actor) -> None:
    inquiry = made(actor)
    with pytest.raises(ActionRefused) as refused:
        excision.remove_attachment(inquiry.pk, 0, actor=actor)
    assert refused.value.reason.code == "nothing_to_cut"


def test_what_is_not_there_is_refused_and_nothing_changes(actor: Actor) -> None:
    inquiry = arrived(with_passport(), at=ARRIVED)
    before = everything()
    acts: tuple[Callable[[], Excision], ...] = (
        lambda: excision.remove_attachment(inquiry.pk, 7, actor=actor),
        lambda: excision.remove_numbers(inquiry.pk, actor=actor),
    )
    for act in acts:
        with pytest.raises(ActionRefused) as refused:
            act()
        assert refused.value.reason.code == "cannot_be_cut"
    assert everything() == before
    assert not Excision.objects.exists()


def test_a_crash_in_the_middle_leaves_the_mail_whole(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = with_passport()
    inquiry = arrived(raw, at=ARRIVED)

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(audit, "record", crash)
    with pytest.raises(RuntimeError):
        excision.remove_attachment(inquiry.pk, 0, actor=actor)
    inquiry.refresh_from_db()
    assert bytes(inquiry.raw) == raw
    assert [one["name"] for one in inquiry.attachments] == ["Kari Holm pass.jpg", "avtale.pdf"]


def test_the_original_is_owed_until_somebody_deleted_it_in_the_mailbox(actor: Actor) -> None:
    inquiry = arrived(with_passport(), at=ARRIVED)
    assert not excision.originals().exists()
    excision.remove_attachment(inquiry.pk, 0, actor=actor)
    excision.remove_attachment(inquiry.pk, 1, actor=actor)
    assert list(excision.originals()) == [inquiry]
    excision.original_deleted(inquiry.pk, actor=actor)
    excision.original_deleted(inquiry.pk, actor=actor)
    assert not excision.originals().exists()
    assert AuditEntry.objects.filter(action="inquiry.original_deleted").count() == 1


def test_an_original_that_is_seen_in_the_mailbox_again_is_owed_again(actor: Actor) -> None:
    inquiry = arrived(with_passport(), at=ARRIVED)
    with travel(NOW, tick=False):
        excision.remove_attachment(inquiry.pk, 0, actor=actor)
        excision.original_deleted(inquiry.pk, actor=actor)
    with travel(NOW + timedelta(hours=1), tick=False):
        Sighting.objects.create(inquiry=inquiry, mailbox="post", folder="INBOX", uidvalidity="2", uid="7")
        assert list(excision.originals()) == [inquiry]
    with travel(NOW + timedelta(hours=2), tick=False):
        excision.original_deleted(inquiry.pk, actor=actor)
    assert not excision.originals().exists()
