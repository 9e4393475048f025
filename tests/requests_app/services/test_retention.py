"""Forgetting on time: contents go, hashes, dates and outcomes stay, and nothing goes too early."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from time_machine import travel

from requests_app.domain.enums import Direction, Outcome, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.mailbox.files import LocalMailbox
from requests_app.models import AuditEntry, Case, Decision, Inquiry, Message, Note, ReceiptCorrection, Sighting
from requests_app.services import acknowledgements, correspondence, intake, notes, retention, sending, triage
from requests_app.services.capture import Captured, capture
from requests_app.services.sightings import Place
from tests import factories
from tests.desk_client import desk_client

from .post import arrived, captured, drop, letter

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
THREE_YEARS = datetime(2029, 6, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sent(settings: Settings, tmp_path: Path) -> Path:
    """The folder of mail that an embedded installation keeps instead of sending it."""
    factories.organisation()
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path / "sent"
    return tmp_path / "sent"


def sweep(at: datetime) -> int:
    """Forget at a time what is due."""
    with travel(at, tick=False):
        return retention.sweep()


def judged(verdict: Verdict = Verdict.NOT_A_REQUEST) -> Inquiry:
    """An inquiry that somebody judged to be none, NOW."""
    with travel(NOW, tick=False):
        inquiry = factories.inquiry("Vedlagt min CV.", sender_name="Kari Holm", html="<p>CV</p>")
        triage.sort_as_other(inquiry.pk, verdict, actor=factories.staff().as_actor())
        return inquiry


def closed_case() -> Case:
    """A case with words of everybody, closed NOW."""
    with travel(NOW, tick=False):
        case = factories.case()
        acknowledgements.acknowledge(case.pk)
        user = factories.staff()
        actor = user.as_actor()
        correspondence.write_to_person(case.pk, subject="Om Kari", body="Hei Kari", actor=actor)
        notes.add_note(case.pk, "Kari ringte.", actor=actor, user=user)
        dsr = case.dsrs.get()
        Decision.objects.create(dsr=dsr, outcome=Outcome.FULFILLED.value, reasoning="Fordi Kari")
        Case.objects.filter(pk=case.pk).update(closed_at=NOW)
        case.dsrs.update(scope="Alt om Kari")
        ReceiptCorrection.objects.create(
            dsr=dsr,
            before=NOW,
            after=NOW - DAY,
            reason="Kari leverte brevet i går.",
            corrected_by=user,
            corrected_at=NOW,
        )
        return case


@pytest.mark.parametrize("verdict", [Verdict.NOT_A_REQUEST, Verdict.SPAM])
def test_what_was_no_request_is_hash_receipt_and_verdict_after_ninety_days(verdict: Verdict) -> None:
    before = judged(verdict)
    Inquiry.objects.filter(pk=before.pk).update(
        forwarded=True, forwarded_name="Per Ås", forwarded_address="per.as@example.com", forwarded_date="i går",
        forwarded_on=NOW.date(), request_probability=0.2,
        passages=[{"part": "text", "start": 0, "end": 7, "rights": []}],
    )  # fmt: skip
    assert sweep(NOW + 90 * DAY) == 0
    assert sweep(NOW + 91 * DAY) == 1
    assert sweep(NOW + 92 * DAY) == 0
    after = Inquiry.objects.get(pk=before.pk)
    assert (after.sha256, after.received_at, after.verdict) == (before.sha256, before.received_at, verdict)
    assert bytes(after.raw) == b""
    assert {after.text, after.html, after.subject, after.sender_name, after.sender_address} == {""}
    assert (after.passages, after.request_probability) == ([], None)
    assert {after.forwarded_name, after.forwarded_address, after.forwarded_date} == {""}
    assert (after.forwarded_on, after.attachments, after.language, after.suggested_rights) == (None, [], "", [])
    assert AuditEntry.objects.filter(action="inquiry.forgotten", subject=f"inquiry:{before.pk}").count() == 1


def test_whose_mail_a_colleague_passed_on_is_forgotten_too() -> None:
    inquiry = judged()
    Inquiry.objects.filter(pk=inquiry.pk).update(
        forwarded=True, forwarded_name="Kari Holm", forwarded_address="kari.holm@example.com",
        forwarded_date="1. juni 2026", forwarded_on=NOW.date(),
        authenticity={"verdict": "passed", "reasons": [{"code": "dkim_good", "detail": "karis.example"}]},
    )  # fmt: skip
    sweep(NOW + 91 * DAY)
    inquiry.refresh_from_db()
    assert (inquiry.forwarded_name, inquiry.forwarded_address) == ("", "")
    assert (inquiry.forwarded_date, inquiry.forwarded_on) == ("", None)
    assert inquiry.authenticity == {}


def test_the_same_mail_is_still_known_when_it_comes_again() -> None:
    with travel(NOW, tick=False):
        raw = letter("Tilbud!")
        inquiry = captured(raw, at=NOW)
        triage.sort_as_other(inquiry.pk, Verdict.SPAM, actor=factories.staff().as_actor())
    sweep(NOW + 91 * DAY)
    assert captured(raw, at=NOW + 100 * DAY) == inquiry
    assert Inquiry.objects.count() == 1


def test_the_name_of_a_file_whose_mail_is_forgotten_does_not_come_back(tmp_path: Path) -> None:
    drop(tmp_path, "Kari Holm CV.eml", letter("CV"))
    with travel(NOW, tick=False):
        assert capture("maildir:/post", LocalMailbox(tmp_path)).new == 1
        triage.sort_as_other(Inquiry.objects.get().pk, Verdict.SPAM, actor=factories.staff().as_actor())
    sweep(NOW + 91 * DAY)
    assert not Sighting.objects.exists()
    source, known = LocalMailbox(tmp_path), set[Place]()
    assert capture("maildir:/post", source, known).known == 1
    assert capture("maildir:/post", source, known) == Captured()
    assert (Inquiry.objects.count(), Sighting.objects.exists()) == (1, False)


def test_day_by_day_nothing_goes_before_its_ninety_days_are_over_and_then_at_once() -> None:
    old = judged()
    with travel(NOW + 30 * DAY, tick=False):
        waiting, young = factories.inquiry("Hva koster det?"), factories.inquiry("Tilbud!")
        triage.sort_as_other(young.pk, Verdict.SPAM, actor=factories.staff().as_actor())
    gone: dict[int, int] = {}
    for day in range(130):
        sweep(NOW + day * DAY)
        for row in Inquiry.objects.filter(forgotten_at__isnull=False):
            gone.setdefault(row.pk, day)
    assert gone == {old.pk: 91, young.pk: 121}
    assert Inquiry.objects.get(pk=waiting.pk).text == "Hva koster det?"


def test_what_was_put_back_and_judged_anew_has_its_whole_time_again() -> None:
    inquiry, actor = judged(), factories.staff().as_actor()
    with travel(NOW + 80 * DAY, tick=False):
        triage.sort_as_other(inquiry.pk, Verdict.UNSORTED, actor=actor)
    assert sweep(NOW + 500 * DAY) == 0
    with travel(NOW + 500 * DAY, tick=False):
        triage.sort_as_other(inquiry.pk, Verdict.SPAM, actor=actor)
    assert sweep(NOW + 590 * DAY) == 0
    assert sweep(NOW + 591 * DAY) == 1


def test_what_was_judged_and_then_put_on_a_case_stays_with_the_case() -> None:
    inquiry = judged()
    with travel(NOW + 80 * DAY, tick=False):
        triage.attach(inquiry.pk, factories.case().pk, actor=factories.staff().as_actor(), confirmed=True)
    assert sweep(NOW + 500 * DAY) == 0
    assert Inquiry.objects.get(pk=inquiry.pk).text == "Vedlagt min CV."


def test_nothing_that_was_guessed_noted_or_written_to_its_sender_is_left(sent: Path) -> None:
    with travel(NOW, tick=False):
        inquiry = arrived(letter("Jeg vil slette kontoen min. Hilsen Kari", subject="Slett Kari"), at=NOW)
        Sighting.objects.create(inquiry=inquiry, mailbox="post", folder="", uid="CV Kari Holm.eml:12:34")
        receipt = acknowledgements.confirm_receipt(inquiry, "kari.holm@example.com", "nb")
        sending.send(receipt.pk)
        triage.sort_as_other(inquiry.pk, Verdict.NOT_A_REQUEST, actor=factories.staff().as_actor())
    assert len(list(sent.iterdir())) == 1
    assert sweep(NOW + 91 * DAY) == 1
    rows = [*Inquiry.objects.values(), *Message.objects.values(), *Sighting.objects.values()]
    assert "ari" not in repr(rows).replace(inquiry.sha256, "")
    assert list(sent.iterdir()) == []
    after = Inquiry.objects.get()
    assert (after.language, after.suggested_rights, after.problems, after.maybe_request) == ("", [], [], False)


def test_who_is_killed_between_the_file_and_the_row_forgets_the_row_next_time(
    sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with travel(NOW, tick=False):
        inquiry = arrived(letter("Jeg vil slette kontoen min.", subject="Slett"), at=NOW)
        sending.send(acknowledgements.confirm_receipt(inquiry, "kari.holm@example.com", "nb").pk)
        triage.sort_as_other(inquiry.pk, Verdict.NOT_A_REQUEST, actor=factories.staff().as_actor())
    whole = retention._delete_files

    def killed(messages: object) -> None:
        whole(messages)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(retention, "_delete_files", killed)
    with pytest.raises(KeyboardInterrupt):
        sweep(NOW + 91 * DAY)
    assert list(sent.iterdir()) == []
    assert Inquiry.objects.get().text == "Jeg vil slette kontoen min."
    monkeypatch.undo()
    assert sweep(NOW + 91 * DAY) == 1
    assert Inquiry.objects.get().text == ""


def test_a_file_that_cannot_be_deleted_holds_up_its_own_mail_only(sent: Path) -> None:
    with travel(NOW, tick=False):
        inquiry = arrived(letter("Jeg vil slette kontoen min.", subject="Slett"), at=NOW)
        receipt = acknowledgements.confirm_receipt(inquiry, "kari.holm@example.com", "nb")
        triage.sort_as_other(inquiry.pk, Verdict.NOT_A_REQUEST, actor=factories.staff().as_actor())
    other = judged()
    blocked = sent / f"{receipt.uuid.hex}.eml"
    blocked.mkdir(parents=True)
    assert sweep(NOW + 91 * DAY) == 1
    assert Inquiry.objects.get(forgotten_at__isnull=False) == other
    blocked.rmdir()
    assert sweep(NOW + 92 * DAY) == 1


def test_the_page_says_until_when_the_content_is_kept() -> None:
    browser = desk_client()
    assert "30 August 2026" in browser.read(f"/desk/inbox/{judged().pk}/")
    assert "Content kept until" not in browser.read(f"/desk/inbox/{factories.inquiry().pk}/")


def test_what_is_deleted_in_an_embedded_database_is_overwritten_in_its_file() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_unsorted_mail_is_never_forgotten() -> None:
    with travel(NOW, tick=False):
        factories.inquiry()
    assert sweep(NOW + 5000 * DAY) == 0


def test_what_is_forgotten_cannot_be_sorted_anew_or_saved_and_says_so() -> None:
    inquiry = judged()
    sweep(NOW + 91 * DAY)
    actor, browser = factories.staff().as_actor(), desk_client()
    for act in (
        lambda: triage.sort_as_request(inquiry.pk, [], actor=actor),
        lambda: triage.sort_as_other(inquiry.pk, Verdict.UNSORTED, actor=actor),
        lambda: triage.attach(inquiry.pk, factories.case().pk, actor=actor),
    ):
        with pytest.raises(ActionRefused) as refused:
            act()
        assert refused.value.reason.code == "inquiry_forgotten"
    url = f"/desk/inbox/{inquiry.pk}/"
    assert "when its time was over" in browser.read(url)
    assert browser.get(f"{url}raw/").status_code == 404
    told = browser.post(f"{url}sort/", {"verdict": "request", "rights": ["access"]}, follow=True)
    assert "was deleted when its time was over" in told.content.decode()


def test_three_years_after_the_closure_nobody_can_tell_who_said_what() -> None:
    case = closed_case()
    digest = case.inquiries.get().sha256
    assert sweep(THREE_YEARS - DAY) == 0
    assert sweep(THREE_YEARS + 2 * DAY) == 1
    assert sweep(THREE_YEARS + 3 * DAY) == 0
    rows = [
        *Case.objects.values(), *Message.objects.values(), *Inquiry.objects.values(), *Note.objects.values(),
        *Decision.objects.values(), *case.dsrs.values(), *ReceiptCorrection.objects.values(),
    ]  # fmt: skip
    kept = repr(rows)
    for gone in ("Kari", "kari.holm", "Hei", "Hvilke opplysninger"):
        assert gone not in kept
    case.refresh_from_db()
    assert case.reference in kept
    assert case.inquiries.get().sha256 == digest
    assert case.messages.filter(direction=Direction.OUT.value).count() == 2
    assert case.dsrs.get().decision.outcome == Outcome.FULFILLED
    assert AuditEntry.objects.filter(action="case.forgotten", subject=f"case:{case.pk}").count() == 1


def test_a_case_that_is_open_again_is_kept() -> None:
    case = closed_case()
    Case.objects.filter(pk=case.pk).update(closed_at=None)
    assert sweep(THREE_YEARS + 2 * DAY) == 0


def test_a_forgotten_case_still_has_its_page() -> None:
    case = closed_case()
    sweep(THREE_YEARS + 2 * DAY)
    assert case.reference in desk_client().read(f"/desk/cases/{case.reference}/")


def test_nothing_is_left_by_which_a_link_could_be_asked_for() -> None:
    case = closed_case()
    sweep(THREE_YEARS + 2 * DAY)
    assert not Case.objects.filter(person_email__iexact=case.person_email).exists()
    assert intake.link_token(Case.objects.get(pk=case.pk))
