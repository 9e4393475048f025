"""The pages of the letters: what each says, and the decision-maker's own text, tried out and kept."""

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from requests_app.domain.enums import Role
from requests_app.domain.letters import LANGUAGES, LETTERS
from requests_app.models import LetterText
from requests_app.services import letter_texts
from tests.desk_client import DeskClient, desk_client, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

URL = "/desk/letters/status_link/nb/"
GIVEN = {"subject": "Saken ({{ case.reference }})", "body": "Her: {{ link }}", "reason": "Kortere", "version": "0"}


def send(browser: DeskClient, step: str = "save", **changes: str) -> "Response":
    """Post the form that edits the letter with the link."""
    return browser.post(f"{URL}edit/", GIVEN | {"step": step} | changes)


@pytest.fixture
def decides() -> DeskClient:
    return desk_client(Role.DECISION_MAKER, name="Hanna Nilsen")


def test_the_list_names_every_letter_in_the_language_of_the_reader(decides: DeskClient) -> None:
    page = decides.read("/desk/letters/")
    norwegian = desk_client(Role.INTAKE, language="nb").read("/desk/letters/")
    for letter in LETTERS.values():
        assert letter.name.en in page
        assert letter.name.nb in norwegian
        assert all(f"/desk/letters/{letter.key}/{language}/" in page for language in LANGUAGES)
    assert "our own text" not in page


@pytest.mark.parametrize("key", [letter.key for letter in LETTERS.values() if letter.editable])
def test_every_letter_can_be_looked_at_and_edited_in_both_languages(decides: DeskClient, key: str) -> None:
    for language in LANGUAGES:
        page = decides.read(f"/desk/letters/{key}/{language}/")
        assert "As it looks, with samples" in page
        assert all(f"<code>{name}</code>" in page for name in LETTERS[key].names)
        assert "<textarea" in decides.read(f"/desk/letters/{key}/{language}/edit/")


def test_the_morning_mail_can_be_looked_at_but_not_written_in_other_words(decides: DeskClient) -> None:
    page = decides.read("/desk/letters/digest/en/")
    assert "Overdue, and without an answer:" in page
    assert "It cannot be written in other words." in page
    assert "/edit/" not in page
    assert decides.get("/desk/letters/digest/en/edit/").status_code == 404


def test_who_is_not_the_decision_maker_reads_and_changes_nothing() -> None:
    for role in (Role.INTAKE, Role.HANDLER, Role.APPROVER, Role.DPO):
        browser = desk_client(role)
        page = browser.read(URL)
        assert "/edit/" not in page
        assert "The decision-maker changes the texts." in page
        assert browser.get(f"{URL}edit/").status_code == send(browser).status_code == 403
        assert browser.post(f"{URL}restore/", {"reason": "x", "version": "0"}).status_code == 403
    assert desk_client(Role.SYSTEM_OWNER).get(URL).status_code == 403
    assert not LetterText.objects.exists()


def test_a_text_is_shown_filled_in_before_it_is_saved(decides: DeskClient) -> None:
    page = text(send(decides, "preview"))
    assert "As it would look, with samples" in page
    assert "Saken (DR-2026-000418-52)" in page
    assert "<ins>Her: {{ link }}</ins>" in page
    assert "Her: {{ link }}</textarea>" in page
    assert not LetterText.objects.exists()


def test_a_saved_text_stands_on_the_page_with_who_and_why(decides: DeskClient) -> None:
    response = send(decides)
    assert response.headers["Location"] == URL
    page = decides.read(URL)
    for words in ("Our own text, version 1", "Hanna Nilsen", "Kortere", "<ins>Her: {{ link }}</ins>", "<del>Hei</del>"):
        assert words in page
    assert decides.read("/desk/letters/").count(": our own text, ") == 1


def test_the_delivered_text_comes_back_with_a_reason(decides: DeskClient) -> None:
    send(decides)
    empty = decides.post(f"{URL}restore/", {"reason": "", "version": "1"})
    assert (empty.status_code, "Write why." in text(empty)) == (422, True)
    stale = decides.post(f"{URL}restore/", {"reason": "Nei", "version": "0"})
    assert (stale.status_code, "Somebody else has saved another version" in text(stale)) == (409, True)
    assert decides.post(f"{URL}restore/", {"reason": "Likevel ikke", "version": "1"}).headers["Location"] == URL
    page = decides.read(URL)
    assert "the delivered text again" in page
    assert "As delivered" in page
    assert not letter_texts.in_force(LETTERS["status_link"], "nb").own


def test_a_text_from_before_a_part_was_demanded_is_shown_as_what_is_wrong_and_can_be_restored(
    decides: DeskClient,
) -> None:
    """The page must not fail with it: it is the one place where somebody can put it right."""
    LetterText.objects.create(
        letter="identity_request", language="en", version=1, subject="Who are you?", body="{{ why_we_ask }}",
        reason="Shorter", created_at=timezone.now(), created_by=decides.user,
    )  # fmt: skip
    url = "/desk/letters/identity_request/en/"
    page = decides.read(url)
    assert "No letter can be written from the text in force." in page
    assert "“another_way” has to stand in the text" in page
    assert decides.get(f"{url}edit/").status_code == 200
    decides.post(f"{url}restore/", {"reason": "Not whole", "version": "1"})
    assert "No letter can be written" not in decides.read(url)


def test_whoever_comes_second_is_told_and_loses_nothing(decides: DeskClient) -> None:
    send(decides)
    response = send(desk_client(Role.DECISION_MAKER), body="Min: {{ link }}")
    page = text(response)
    assert response.status_code == 409
    assert "Somebody else has saved another version" in page
    assert "Min: {{ link }}</textarea>" in page
    assert 'name="version" value="1"' in page
    assert "Her: {{ link }}</pre>" in page  # what is in force now, to compare
    assert LetterText.objects.count() == 1
    assert send(decides, body="Min: {{ link }}", version="1").status_code == 302


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Hei\n{{ nobody }}{{ link }}", "Line 2: This letter knows no “nobody”."),
        ("{{ settings }}{{ link }}", "Line 1: This letter knows no “settings”."),
        ('{% include "base.html" %}{{ link }}', "Line 1: “include” is not allowed."),
        ("{% load i18n %}{{ link }}", "Line 1: “load” is not allowed."),
        ("{% debug %}{{ link }}", "Line 1: “debug” is not allowed."),
        ("Hei {{ link", "Line 1: “{{” stands alone."),
        ("{% if link %}{{ link }}", "Line 1: “if” is never ended."),
        ("Lenken kommer.", "“link” has to stand in the text"),
        ("{% if not link %}{{ link }}{% endif %}", "“link” has to stand in the text"),
        ("", "Write a text."),
        ("x" * 1_000_000, "The text can be up to 20000 characters long; this one has 1000000."),
        ("Hei\x00{{ link }}", "The text holds a character that cannot be stored."),
    ],
)
@pytest.mark.parametrize("step", ["preview", "save"])
def test_what_is_wrong_is_said_in_words_and_nothing_is_saved(
    decides: DeskClient, step: str, body: str, words: str
) -> None:
    response = send(decides, step, body=body)
    assert response.status_code == 422
    assert words in text(response)
    assert not LetterText.objects.exists()


def test_a_subject_has_its_own_errors(decides: DeskClient) -> None:
    page = text(send(decides, subject="{% url 'x' %}"))
    assert 'id="id_subject_error"' in page
    assert "Line 1: “url” is not allowed." in page


def test_a_page_of_an_unknown_letter_or_language_is_none(decides: DeskClient) -> None:
    for url in ("nothing/nb/", "status_link/sv/", "status_link/nb/delete/"):
        assert decides.get(f"/desk/letters/{url}").status_code == 404


def test_what_was_typed_is_shown_as_it_is_and_never_run(decides: DeskClient) -> None:
    page = text(send(decides, "preview", body="<script>alert(1)</script> {{ link }}"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
