"""Text that one can send: a variable that nobody filled stops it and is named."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from requests_app import outbox
from requests_app.domain.enums import Intent
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, Message, OutboxEvent
from requests_app.services import acknowledgements, correspondence, wording
from tests import factories


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A mail whose template asks for something that does not exist."""
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "subject.nb.txt").write_text("Svar")
    (folder / "body.nb.txt").write_text(
        "{% if late %}x{% endif %}Du får svar {{ due_on|date:'j. F' }}, {{ organisation.name }}."
    )
    monkeypatch.setitem(settings.TEMPLATES[0], "DIRS", [tmp_path, settings.BASE_DIR / "templates"])
    wording._engine.cache_clear()
    yield "mail"
    wording._engine.cache_clear()


@pytest.mark.django_db
def test_a_mail_with_a_hole_is_never_queued(broken: str) -> None:
    case = factories.case()
    before = OutboxEvent.objects.count()
    with pytest.raises(ActionRefused) as refused:
        correspondence.queue(case, Intent.ENDING, broken, {"late": False}, key="broken")
    assert refused.value.reason == Reason("words_unresolved", {"ids": "mail/body.nb.txt: due_on"})
    assert not Message.objects.filter(key="broken").exists()
    assert OutboxEvent.objects.count() == before


def test_a_name_that_a_condition_asks_for_has_to_exist_too(broken: str) -> None:
    with pytest.raises(wording.Unresolved, match=r"mail/body\.nb\.txt: late"):
        wording.render(broken, "body", "nb", {"due_on": date(2026, 12, 1), "organisation": {"name": "Optimar"}})


@pytest.mark.django_db
def test_the_desk_says_which_confirmation_has_a_hole(tmp_path: Path, broken: str) -> None:
    hollow = tmp_path / "requests_app" / "mail" / "acknowledgement" / "body.nb.txt"
    hollow.parent.mkdir(parents=True)
    hollow.write_text("{{ nobody }}")
    case = factories.case()
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "words_unresolved"):
        acknowledgements.acknowledge_anyway(case.pk, actor=factories.staff().as_actor())
    assert acknowledgements.why_held_back(case) == "words_unresolved"
    opened = OutboxEvent.objects.get(name="CaseOpened", handler__contains="acknowledge")
    outbox.run(opened)
    opened.refresh_from_db()
    assert opened.error == "words_unresolved"


@pytest.mark.django_db
def test_the_words_shown_before_are_those_that_go(broken: str) -> None:
    case = factories.case()
    context: dict[str, object] = {"due_on": case.received_at, "late": False}
    shown = correspondence.preview(case, broken, context, secrets={})
    sent = correspondence.queue(case, Intent.ENDING, broken, context, key="whole")
    assert (shown.subject, shown.body) == (sent.subject, sent.body)
    assert "Optimar" in shown.body


def test_a_template_that_is_missing_is_named_too() -> None:
    with pytest.raises(wording.Unresolved, match="nowhere/body"):
        wording.render("nowhere", "body", "nb", {})


def test_the_error_holds_nothing_of_the_case() -> None:
    with pytest.raises(wording.Unresolved) as caught:
        wording.render("exports/letters", "asked", "nb", {"right": "access", "person": "Kari Holm"})
    assert "Kari" not in str(caught.value)


@pytest.mark.django_db
def test_every_case_gets_an_acknowledgement_without_holes() -> None:
    assert Case.objects.count() == 0
    case = factories.case()
    acknowledgements.acknowledge(case.pk)
    assert case.messages.filter(intent=Intent.ACKNOWLEDGEMENT).exists()
