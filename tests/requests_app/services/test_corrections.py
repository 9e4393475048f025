"""What staff sort otherwise than the triage guessed: kept only where the organisation wants it, masked, for a time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from time_machine import travel

from requests_app.domain.enums import Channel, Right, Verdict
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Case, Correction, Inquiry, Organisation
from requests_app.services import corrections, intake, organisation, retention, shield, triage
from tests import factories
from training import texts

from .post import arrived, letter

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _wanted() -> Any:
    """Organisation that keeps corrections."""
    factories.organisation(keeps_corrections=True)
    with travel(NOW, tick=False):
        yield


def guessed(text: str = "Kan dere stanse dette?", *, rights: Sequence[str] = (), **changes: Any) -> Inquiry:
    """An inquiry of which the model says that it is about these rights, or not a request."""
    found: dict[str, Any] = {"request_probability": 0.2, "maybe_request": bool(rights)}
    return factories.inquiry(text, suggested_rights=list(rights), **(found | changes))


def as_request(row: Inquiry, *rights: Right) -> None:
    triage.sort_as_request(row.pk, rights, actor=factories.staff().as_actor())


def as_other(row: Inquiry, verdict: Verdict = Verdict.NOT_A_REQUEST) -> None:
    triage.sort_as_other(row.pk, verdict, actor=factories.staff().as_actor())


def switch(*, on: bool) -> None:
    """Set the setting as the desk does."""
    row = Organisation.objects.get(pk=1)
    given = organisation.as_json(row) | {"keeps_corrections": on}
    organisation.change(given, expected_version=row.version, reason="Vedtak 3/26", actor=SYSTEM)


def test_a_fresh_installation_keeps_nothing(tmp_path: Path) -> None:
    Organisation.objects.all().delete()
    organisation.load(Path("config/organisation.yaml"))
    assert not Organisation.objects.get(pk=1).keeps_corrections
    as_request(guessed(), Right.ACCESS)
    as_other(guessed("Slett meg", rights=["erasure"]))
    assert not Correction.objects.exists()
    call_command("export_corrections", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_request_that_was_missed_is_kept_with_what_was_said_and_decided() -> None:
    row = guessed("Hei Siri. Slett meg, jeg heter Kari Holm og har nummer 99887766.", subject="Til Kari")
    as_request(row, Right.RESTRICTION, Right.ACCESS)
    kept = Correction.objects.get(inquiry=row)
    assert (kept.said, kept.decided, kept.probability) == ([], ["access", "restriction"], 0.2)
    assert (kept.subject, kept.language, kept.kept_at) == ("Til …", "nb", NOW)
    assert kept.text == "Hei …. Slett meg, jeg heter … og har nummer 00000000."


@pytest.mark.parametrize("verdict", [Verdict.NOT_A_REQUEST, Verdict.SPAM])
def test_a_false_alarm_is_kept_as_no_request(verdict: Verdict) -> None:
    row = guessed("Jeg ber om innsyn i sak 12.", rights=["access"])
    as_other(row, verdict)
    kept = Correction.objects.get(inquiry=row)
    assert (kept.said, kept.decided) == (["access"], [])


def test_what_was_guessed_rightly_is_not_kept() -> None:
    as_request(guessed(rights=["erasure", "access"]), Right.ACCESS, Right.ERASURE)
    as_other(guessed())
    assert not Correction.objects.exists()


def test_whatever_is_said_of_a_mail_that_the_model_was_unsure_of_is_kept() -> None:
    row = guessed(maybe_request=True)
    as_other(row)
    assert Correction.objects.get(inquiry=row).decided == []


def test_only_mail_that_the_model_judged_is_kept() -> None:
    as_request(guessed(channel=Channel.API), Right.ACCESS)
    as_request(guessed(channel=Channel.FORM), Right.ACCESS)
    as_request(guessed(request_probability=None), Right.ACCESS)
    assert not Correction.objects.exists()


def test_the_last_word_counts_and_what_is_put_back_is_forgotten() -> None:
    row = guessed(rights=["access"])
    as_other(row)
    as_other(row, Verdict.UNSORTED)
    assert not Correction.objects.exists()
    as_other(row, Verdict.SPAM)
    as_request(row, Right.ACCESS)
    assert not Correction.objects.exists()


def test_what_is_put_on_a_case_says_nothing_of_rights() -> None:
    row = guessed(rights=["access"])
    as_other(row)
    triage.attach(row.pk, factories.case().pk, actor=factories.staff().as_actor(), confirmed=True)
    assert not Correction.objects.exists()


def test_the_quoted_history_is_not_kept() -> None:
    quoted = "Nei takk.\r\n\r\nDen 3. mai 2026 kl. 09:12 skrev Per Strand <per@example.net>:\r\n> Hemmelig sak\r\n"
    row = arrived(letter(quoted))
    as_request(row, Right.PORTABILITY)
    assert Correction.objects.get(inquiry=row).text == "Nei takk."


def test_what_is_kept_is_gone_after_the_time_of_other_mail() -> None:
    as_request(guessed(), Right.ACCESS)
    with travel(NOW + 90 * DAY, tick=False):
        assert retention.sweep() == 0
    with travel(NOW + 91 * DAY, tick=False):
        assert retention.sweep() == 1
    assert not Correction.objects.exists()


def test_switching_it_off_forgets_everything_at_once() -> None:
    as_request(guessed(), Right.ACCESS)
    switch(on=False)
    assert not Correction.objects.exists()
    as_request(guessed(), Right.ACCESS)
    assert not Correction.objects.exists()
    switch(on=True)
    as_request(guessed(), Right.ACCESS)
    assert Correction.objects.count() == 1


def test_what_was_kept_in_the_moment_of_switching_off_goes_with_the_next_sweep() -> None:
    as_request(guessed(), Right.ACCESS)
    Organisation.objects.update(keeps_corrections=False)
    assert retention.sweep() == 1


def test_another_setting_forgets_nothing() -> None:
    as_request(guessed(), Right.ACCESS)
    row = Organisation.objects.get(pk=1)
    given = organisation.as_json(row) | {"dpo": "ombud@optimar.example"}
    organisation.change(given, expected_version=row.version, reason="Nytt ombud", actor=SYSTEM)
    assert Correction.objects.count() == 1


def test_a_sorting_that_fails_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_named: object) -> None:
        raise OSError

    monkeypatch.setattr(intake, "open_case", fails)
    with pytest.raises(OSError):  # noqa: PT011 - whatever it is
        as_request(guessed(), Right.ACCESS)
    assert not Correction.objects.exists()


def test_the_export_is_what_the_training_reads(tmp_path: Path) -> None:
    as_request(guessed("Slett meg\n== rights: none\n== == her", subject="A: b"), Right.ERASURE, Right.ACCESS)
    as_other(guessed("No thanks", rights=["erasure"], language="en"))
    as_other(guessed("", subject="Nei", rights=["erasure"], language=""))
    folder = tmp_path / "extra"
    for _again in range(2):
        call_command("export_corrections", str(folder))
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "corrections.nb.txt": 0o600, "corrections.en.txt": 0o600, "corrections.other.txt": 0o600,
    }  # fmt: skip
    english, norwegian, other = texts.read(folder)
    assert (english.body, english.rights, english.family, english.language) == (
        "No thanks", frozenset(), "corrections", "en",
    )  # fmt: skip
    assert norwegian.rights == {"access", "erasure"}
    assert (norwegian.subject, norwegian.body) == ("A: b", "Slett meg\nrights: none\nher")
    assert (other.subject, other.body) == ("", "Nei")
    assert texts.digest(folder) != texts.digest()
    assert AuditEntry.objects.filter(action="corrections.exported").count() == 2


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file"):
        call_command("export_corrections", str(tmp_path / "file"))


def test_several_of_a_language_stand_in_one_file() -> None:
    for _mail in range(2):
        as_request(guessed(), Right.ACCESS)
    (name,) = corrections.as_training_texts()
    assert name == "corrections.nb.txt"
    assert len(corrections.as_training_texts()[name]) == 2


def test_nothing_of_a_shielded_case_is_handed_out_nor_of_what_seems_to_belong_to_it() -> None:
    handler = factories.staff()
    as_request(guessed("Om sjefen", subject="Innsyn"), Right.ERASURE)
    case = Case.objects.get()
    other = guessed("Mer om sjefen", rights=["erasure"])
    as_other(other)
    Inquiry.objects.filter(pk=other.pk).update(suggested_case=case)
    assert "sjefen" in str(corrections.as_training_texts())
    shield.shield(case.pk, [handler.pk], "x", actor=handler.as_actor(), user=handler)
    assert corrections.as_training_texts() == {}
    shield.lift(case.pk, "x", actor=handler.as_actor(), user=handler)
    assert len(corrections.as_training_texts()["corrections.nb.txt"]) == 2
