"""An organisation writes its own text for a letter: it is tried out first, used from then on, and kept for good."""

import pytest
from django.db import DatabaseError, connection, transaction

from requests_app.domain.enums import Intent, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.letters import LETTERS, StandardLetter
from requests_app.domain.letters.language import Fault
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.models import AuditEntry, LetterText, Message, OutboxEvent
from requests_app.services import acknowledgements, correspondence, letter_texts, wording
from requests_app.services.letter_texts import BadText, Found
from tests import factories
from tests.identity.together import at_once

pytestmark = pytest.mark.django_db

LETTER = LETTERS["status_link"]
BODY = "Hei\n\nHer er lenken:\n{{ link }}\n\n{{ organisation.name }} & co"


@pytest.fixture
def actor() -> Actor:
    return factories.staff(Role.DECISION_MAKER).as_actor()


def save(actor: Actor, body: str = BODY, *, expected: int = 0, letter: StandardLetter = LETTER) -> LetterText:
    return letter_texts.save(
        letter, "nb", "Saken din ({{ case.reference }})", body, expected=expected, reason="Kortere", actor=actor
    )


def lacking(letter: str, body: str, subject: str = "Emne") -> list[str]:
    """The mandatory parts that a text is told to lack."""
    found = letter_texts.check(LETTERS[letter], "nb", subject, body)
    assert {one.fault.code for one in found} <= {"lacks"}
    return [one.fault.what for one in found]


def test_the_next_letter_says_what_the_organisation_wrote(actor: Actor) -> None:
    case = factories.case()
    save(actor)
    message = correspondence.queue(
        case, Intent.STATUS_LINK, LETTER.template, {}, key="own",
        secrets={"link": correspondence.status_link_secret(case)},
    )  # fmt: skip
    assert message.subject == f"Saken din ({case.reference})"
    assert message.body == "Hei\n\nHer er lenken:\n{{secret:link}}\n\nOptimar & co\n"
    assert message.text_version == 1


def test_a_letter_keeps_its_words_and_the_number_of_its_text(actor: Actor) -> None:
    case = factories.case()
    before = acknowledgements.acknowledge_anyway(case.pk, actor=actor)
    words = before.body
    letter = LETTERS["acknowledgement"]
    given = letter_texts.in_force(letter, "nb")
    letter_texts.save(
        letter, "nb", given.subject, given.body + "\n\nHilsen oss", expected=0, reason="Vennligere", actor=actor
    )
    before.refresh_from_db()
    assert (before.body, before.text_version) == (words, 0)


def test_the_other_language_is_left_alone(actor: Actor) -> None:
    save(actor)
    assert not letter_texts.in_force(LETTER, "en").own


def test_restoring_is_a_version_of_its_own_and_brings_the_file_back(actor: Actor) -> None:
    save(actor)
    row = letter_texts.restore(LETTER, "nb", expected=1, reason="Likevel ikke", actor=actor)
    assert (row.version, row.restored, row.body) == (2, True, letter_texts.default(LETTER, "nb").body)
    now = wording.source(LETTER, "nb")
    assert (now.own, now.version) == (False, 2)
    assert save(actor, expected=2).version == 3
    assert [row.version for row in LetterText.objects.of(LETTER.key, "nb")] == [3, 2, 1]


def test_each_version_is_in_the_audit_without_its_words(actor: Actor) -> None:
    save(actor)
    entry = AuditEntry.objects.get(action="letter.edited")
    assert (entry.subject, entry.details) == ("letter:status_link", {"language": "nb", "version": 1})


def test_who_saves_on_top_of_another_version_is_told_and_nothing_is_kept(actor: Actor) -> None:
    save(actor)
    with pytest.raises(ActionRefused) as refused:
        save(actor, BODY + "!", expected=0)
    assert refused.value.reason == Reason("text_changed")
    assert LetterText.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(actor: Actor) -> None:
    def attempt(body: str) -> str:
        try:
            save(actor, body)
        except ActionRefused as refused:
            return refused.reason.code
        return "saved"

    told = at_once(lambda: attempt(BODY), lambda: attempt(f"{BODY}!"))
    assert sorted(told) == ["saved", "text_changed"]
    assert [row.version for row in LetterText.objects.all()] == [1]


def test_nobody_writes_the_morning_mail_in_other_words(actor: Actor) -> None:
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "text_fixed"):
        letter_texts.save(
            LETTERS["digest"], "nb", "God morgen", "{{ site_url }}", expected=0, reason="Kortere", actor=actor
        )
    assert not LetterText.objects.exists()


def test_a_change_needs_a_reason_and_has_to_be_one(actor: Actor) -> None:
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "note_missing"):
        letter_texts.save(LETTER, "nb", "Emne", BODY, expected=0, reason="  ", actor=actor)
    given = letter_texts.default(LETTER, "nb")
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "text_same"):
        letter_texts.save(LETTER, "nb", given.subject, given.body, expected=0, reason="x", actor=actor)
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "text_same"):
        letter_texts.restore(LETTER, "nb", expected=0, reason="x", actor=actor)
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "staff_only"):
        save(SYSTEM)


@pytest.mark.parametrize("sql", ["UPDATE requests_lettertext SET body = 'x'", "DELETE FROM requests_lettertext"])
def test_the_database_changes_and_forgets_no_version(actor: Actor, sql: str) -> None:
    save(actor)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_text_that_cannot_be_read_is_refused_with_everything_that_is_wrong(actor: Actor) -> None:
    with pytest.raises(BadText) as bad:
        letter_texts.save(
            LETTER, "nb", "{{ settings }}", "{% include 'x' %}", expected=0, reason="x", actor=actor
        )  # fmt: skip
    assert bad.value.found == [
        Found("subject", Fault("unknown_name", 1, "settings")),
        Found("body", Fault("tag", 1, "include")),
    ]
    assert not LetterText.objects.exists()


def test_a_mandatory_part_that_is_left_out_is_named() -> None:
    assert lacking("status_link", "Hei, lenken kommer.") == ["link"]
    asked = letter_texts.default(LETTERS["identity_request"], "nb").body
    assert lacking("identity_request", asked.replace("{{ why_we_ask }}", "Derfor.")) == ["why_we_ask"]
    assert lacking("identity_request", asked.replace("{{ no_id_copies }}", "Send pass.")) == ["no_id_copies"]
    assert lacking("refused", "Avslag\n\nNei.", "") == ["what_was_asked"]


@pytest.mark.parametrize("condition", ["erasure and not erasure", "stopped", "not rights", "due_on == 'x'"])
def test_a_mandatory_part_behind_a_condition_that_need_not_hold_is_found(condition: str) -> None:
    given = letter_texts.default(LETTERS["acknowledgement"], "nb").body
    hidden = given.replace("{{ privacy_url }}", f"{{% if {condition} %}}{{{{ privacy_url }}}}{{% endif %}}")
    assert hidden != given
    assert lacking("acknowledgement", hidden) == ["privacy_url"]


def test_a_date_without_its_day_is_no_date() -> None:
    given = letter_texts.default(LETTERS["acknowledgement"], "nb").body
    for only in ("F Y", "l"):
        assert lacking("acknowledgement", given.replace('due_on|date:"j. F Y"', f'due_on|date:"{only}"')) == ["due_on"]


def test_what_only_some_letters_need_may_stand_behind_its_condition() -> None:
    given = letter_texts.default(LETTERS["acknowledgement"], "nb").body
    assert lacking("acknowledgement", given.replace("{{ undo }}", "–")) == ["undo"]


def test_a_letter_needs_a_title_and_a_text() -> None:
    found = letter_texts.check(LETTERS["refused"], "nb", "", "{{ what_was_asked }} Vi sier nei.")
    assert found == [Found("body", Fault("title_only"))]


def test_a_subject_must_be_left_in_every_case() -> None:
    found = letter_texts.check(LETTERS["answer_ready"], "nb", "{{ right }}", letter_texts.default(
        LETTERS["answer_ready"], "nb").body)  # fmt: skip
    assert found == [Found("subject", Fault("empty_once"))]


def _lifting(**changes: object) -> dict[str, object]:
    return LETTERS["restriction_lifted"].variants("nb")[0] | changes


def test_a_letter_without_the_complaint_block_is_not_sent_and_the_reason_is_shown() -> None:
    """A text from before the catalogue demanded the block: sending does not trust the check when saving."""
    case, letter = factories.case(), LETTERS["restriction_lifted"]
    body = letter_texts.default(letter, "nb").body.replace("{{ complaint_block }}", "")
    LetterText.objects.create(
        letter=letter.key, language="nb", version=1, subject="Emne", body=body, reason="x",
        created_at=case.received_at, created_by=factories.staff(),
    )  # fmt: skip
    before = OutboxEvent.objects.count()
    with pytest.raises(ActionRefused) as refused:
        correspondence.queue(case, Intent.LIFTING, letter.template, _lifting(case=case), key="lifting")
    assert refused.value.reason.code == "letter_complaint_missing"
    assert not Message.objects.filter(key="lifting").exists()
    assert OutboxEvent.objects.count() == before


@pytest.mark.parametrize("empty", ["received_on", "lifted_on", "reason"])
def test_a_letter_whose_mandatory_part_is_empty_is_not_sent(empty: str) -> None:
    case = factories.case()
    with pytest.raises(ActionRefused) as refused:
        correspondence.queue(
            case, Intent.LIFTING, "exports/mail/restriction_lifted", _lifting(**{empty: None}), key="lifting"
        )
    assert refused.value.reason.code == "letter_part_missing"
    assert empty in refused.value.reason.params["ids"]


def test_an_own_text_that_names_what_is_no_longer_declared_is_not_sent() -> None:
    case = factories.case()
    LetterText.objects.create(
        letter=LETTER.key, language="nb", version=1, subject="Emne", body="{{ link }} {{ case.person_email }}",
        reason="x", created_at=case.received_at, created_by=factories.staff(),
    )  # fmt: skip
    with pytest.raises(wording.Unresolved, match=r"case\.person_email"):
        correspondence.preview(case, LETTER.template, {}, secrets={"link": "x"})
