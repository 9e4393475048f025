"""Every other right gets its letter: the right words for what was done, and none for what may not be said."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from exports.demo.people import INGRID
from exports.domain import portability
from exports.domain.changes import Emptied
from exports.domain.enums import Measure, TaskAction, TaskMode, TaskState
from exports.domain.erasure_order import CHANGES
from exports.domain.letter import Letter, LetterKind
from exports.domain.records import Label
from exports.models import Correction, ErasureLine, ErasurePlan, SystemTask
from exports.services import contents, decide, emptied, letters, letters_portability, package, plan, register, uses
from exports.services.answer_problems import NotReady
from identity.models import User
from requests_app.domain.enums import Outcome, Requester, Right, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.models import Case, DataSubjectRequest, LetterText, Organisation, Suppression
from tests import factories
from tests.exports import scenes
from tests.exports.house import House
from tests.exports.letters import a_letter

ON = date(2026, 12, 1)


@pytest.fixture
def handler(house: House) -> User:
    """Somebody who prepares answers."""
    scenes.trial()
    return factories.staff(Role.HANDLER)


def searched(right: Right, email: str = INGRID.email, language: str = "en") -> DataSubjectRequest:
    """Return a request of Ingrid of this right whose every system has answered."""
    dsr = factories.case(right, email=email, language=language).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    dsr.refresh_from_db()
    if right in (Right.RECTIFICATION, Right.ERASURE, Right.PORTABILITY):
        scenes.answer_all(dsr)
    return scenes.fresh(dsr)


def task(dsr: DataSubjectRequest, action: TaskAction, state: TaskState, **values: object) -> SystemTask:
    """Write a task with its answer, as colleagues' services do."""
    given: dict[str, object] = {"system": "website", "system_name": "The website", "mode": TaskMode.AUTOMATIC.value}
    given |= {"rows": 7} if state is TaskState.DONE else {}
    given |= {"due_on": ON, "done_at": timezone.now(), "activities": ["PA08"]} | values
    found = dsr.tasks.filter(system=given["system"], action=action.value)
    if found.update(state=state.value, **{k: v for k, v in values.items() if k != "system"}):
        return found.get()
    plan = ErasurePlan.objects.current().filter(dsr=dsr).first() if action in CHANGES else None
    return SystemTask.objects.create(dsr=dsr, plan=plan, action=action.value, state=state.value, **given)


def choose(dsr: DataSubjectRequest, by: User, outcome: Outcome, reasoning: str = "", *grounds: Ground) -> Letter:
    """Decide, and return the letter that follows."""
    if dsr.stage != "decision_draft":
        decide.begin(dsr.pk, actor=by.as_actor())
    decide.choose(dsr.pk, outcome, reasoning, grounds=grounds, actor=by.as_actor())
    given = letters.facts(scenes.fresh(dsr))
    return letters.compose(given, on=ON)


def refused(dsr: DataSubjectRequest, by: User, outcome: Outcome, reasoning: str = "", *grounds: Ground) -> str:
    """The code with which an outcome is refused."""
    with pytest.raises(ActionRefused) as caught:
        choose(dsr, by, outcome, reasoning, *grounds)
    dsr.refresh_from_db()
    return caught.value.reason.code


def said(letter: Letter) -> str:
    """Everything that a letter says, as one text."""
    rows = [" ".join(line.cells) for section in letter.sections for line in section.lines]
    heads = [text for section in letter.sections for text in (section.heading, *section.paragraphs)]
    return " ".join((letter.title, *letter.opening, *heads, *rows, letter.reasoning, *letter.grounds))


def tables_of(letter: Letter) -> dict[str, list[tuple[str, ...]]]:
    """The tables of a letter by their heading."""
    return {section.heading: [line.cells for line in section.lines] for section in letter.sections}


def correction(dsr: DataSubjectRequest, by: User, *, done: bool) -> Correction:
    """Write a wrong value and the right one."""
    return Correction.objects.create(
        dsr=dsr, system="website", field="email", label="E-mail", old_value="old@example.com",
        new_value="new@example.com", created_at=timezone.now(), created_by=by,
        ordered_in=1, done_at=timezone.now() if done else None,
    )  # fmt: skip


def use_of(activity: str) -> str:
    """What the register calls a use of data."""
    return uses.names("en")[activity]


def planned_deletion(dsr: DataSubjectRequest, by: User, measure: Measure, **values: object) -> ErasureLine:
    """Write a line of a plan that two persons stand behind."""
    approver = factories.staff(Role.APPROVER, name="Arne Berg")
    made, _ = ErasurePlan.objects.get_or_create(dsr=dsr, defaults={"prepared_by": by, "approved_by": approver})
    given: dict[str, object] = {"activity": "PA08", "system": "website", "rows": 7} | values
    return ErasureLine.objects.create(plan=made, measure=measure.value, **given)


def test_a_correction_says_what_it_was_what_it_is_and_where(handler: User) -> None:
    dsr = searched(Right.RECTIFICATION)
    assert refused(dsr, handler, Outcome.FULFILLED) == "outcome_nothing_corrected"
    row = correction(dsr, handler, done=False)
    assert refused(dsr, handler, Outcome.FULFILLED) == "outcome_something_stays"
    Correction.objects.filter(pk=row.pk).update(done_at=timezone.now())
    task(dsr, TaskAction.NOTIFY, TaskState.OPEN, system="hubspot", system_name="HubSpot")
    letter = choose(dsr, handler, Outcome.FULFILLED)
    assert (letter.kind, letter.complaint) == (LetterKind.RECTIFIED, False)
    assert letter.title == "We have corrected your data"
    assert "E-mail old@example.com new@example.com" in said(letter)
    assert "HubSpot Will be told" in said(letter)


def test_the_same_correction_in_several_rows_of_a_system_is_said_once(handler: User) -> None:
    dsr = searched(Right.RECTIFICATION)
    for collection in ("accounts", "contact_messages"):
        row = correction(dsr, handler, done=True)
        Correction.objects.filter(pk=row.pk).update(collection=collection)
    assert said(choose(dsr, handler, Outcome.FULFILLED)).count("new@example.com") == 1


def test_what_is_only_ordered_is_never_called_corrected(handler: User) -> None:
    dsr = searched(Right.RECTIFICATION)
    correction(dsr, handler, done=False)
    task(dsr, TaskAction.RECTIFY, TaskState.ACCEPTED, finishes_on=date(2026, 12, 9))
    letter = choose(dsr, handler, Outcome.FULFILLED)
    assert "We have corrected" not in said(letter)
    assert "the vendor says by 9\xa0December\xa02026" in said(letter)


def test_a_certificate_of_deletion_says_where_when_and_how_and_nothing_that_was_deleted(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now(), rows=7)
    Suppression.objects.create(
        digest="a" * 64, key_id="k", channel="email", state="standing", case=dsr.case, created_at=timezone.now()
    )
    letter = choose(dsr, handler, Outcome.FULFILLED)
    assert (letter.kind, letter.title) == (LetterKind.DELETED, "Certificate of deletion")
    assert letter.signed_by == (handler.name, "Arne Berg")
    assert "proved by a second look-up 7" in said(letter)
    assert "Nobody can read the address from the code" in said(letter)
    assert INGRID.email not in said(letter)


def test_where_a_person_deleted_nobody_says_how_many_rows_went(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.DONE, mode=TaskMode.MANUAL.value)
    assert "confirmed by a member of our staff –" in said(choose(dsr, handler, Outcome.FULFILLED))


def test_what_a_vendor_was_ordered_to_delete_is_not_called_deleted(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.ACCEPTED, finishes_on=date(2026, 12, 24))
    letter = choose(dsr, handler, Outcome.FULFILLED)
    assert letter.title == "Answer to your request for deletion"
    assert "We have ordered the deletion" in said(letter)
    assert "24\xa0December\xa02026" in said(letter)
    assert "Deleted" not in said(letter)
    assert "have deleted" not in said(letter)


def test_what_stays_makes_a_deletion_partial_with_ground_and_end(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    planned_deletion(
        dsr, handler, Measure.KEEP, activity="PA10", ground="legal_obligation", kept_until=date(2029, 12, 31)
    )
    task(dsr, TaskAction.ERASE, TaskState.DONE)
    assert refused(dsr, handler, Outcome.FULFILLED) == "outcome_something_stays"
    reason = "Fakturaene hører til regnskapet."
    assert refused(dsr, handler, Outcome.REFUSED, reason, Ground.LEGAL_OBLIGATION) == "outcome_something_done"
    letter = choose(dsr, handler, Outcome.PARTLY_FULFILLED, reason, Ground.LEGAL_OBLIGATION)
    assert (letter.kind, letter.complaint) == (LetterKind.PARTLY, True)
    assert letter.signed_by == (handler.name, "Arne Berg")
    assert "A legal obligation to keep the data (Article 17(3)(b) of the GDPR) 31\xa0December\xa02029" in said(letter)


def test_a_duty_is_named_with_its_law_and_what_holds_for_several_uses_is_said_once(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE, rows=2)
    planned_deletion(dsr, handler, Measure.DELETE, activity="PA03", rows=40)
    end = date(2029, 12, 31)
    planned_deletion(
        dsr, handler, Measure.KEEP, activity="bookkeeping", ground="legal_obligation", kept_until=end, rows=5
    )
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now(), rows=42)
    letter = choose(dsr, handler, Outcome.PARTLY_FULFILLED, "Ordrene er bilag.", Ground.LEGAL_OBLIGATION)
    tables = tables_of(letter)
    [deleted] = tables["What we have deleted"]
    assert (deleted[1].count(","), deleted[-1]) == (1, "42")
    [kept] = tables["What we keep"]
    assert kept[1] == "Bookkeeping"
    assert "(Article 17(3)(b) of the GDPR). The Bookkeeping Act, section 13" in kept[2]


def test_rows_that_could_only_be_made_anonymous_are_not_called_deleted(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE, rows=42)
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now(), rows=41, otherwise={"anonymise": 1})
    letter = choose(dsr, handler, Outcome.FULFILLED)
    assert "proved by a second look-up 41" in said(letter)
    assert "1 row was made anonymous instead of deleted" in said(letter)


def test_where_every_row_became_something_else_none_is_called_deleted(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE, rows=1)
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now(), rows=0, otherwise={"anonymise": 1})
    letter = choose(dsr, handler, Outcome.FULFILLED)
    assert "What we have deleted" not in tables_of(letter)
    assert "1 row was made anonymous instead of deleted" in said(letter)


def test_data_that_stays_for_another_use_is_not_called_deleted(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE, activity="PA01", rows=3)
    planned_deletion(dsr, handler, Measure.DELETE, activity="PA08", rows=0)  # the visits are counted with PA01
    planned_deletion(dsr, handler, Measure.DELETE, activity="PA04", rows=0)
    for use in ("PA03", "consent_proof", "bookkeeping"):
        planned_deletion(dsr, handler, Measure.KEEP, activity=use, ground="legal_obligation", kept_until=ON)
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now(), rows=3)
    letter = choose(dsr, handler, Outcome.PARTLY_FULFILLED, "Ordrene er bilag.", Ground.LEGAL_OBLIGATION)
    tables = tables_of(letter)
    [deleted] = tables["What we have deleted"]
    assert deleted[1] == f"{use_of('PA01')}, {use_of('PA08')}"
    [nothing] = tables["Where there was nothing to delete"]
    assert nothing[1] == use_of("PA04")
    assert f"The data is also used for {use_of('PA03')}" in nothing[2]


def test_what_a_person_did_for_a_failed_connector_is_not_called_automatic(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now(), rows=0, done_by=handler)
    assert "confirmed by a member of our staff –" in said(choose(dsr, handler, Outcome.FULFILLED))


def test_what_was_emptied_in_the_data_that_stays_is_told(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    planned_deletion(dsr, handler, Measure.KEEP, activity="bookkeeping", ground="legal_obligation", kept_until=ON)
    lost = Emptied("orders", Label("Order", "Ordre"), (Label("Comment", "Kommentar"), Label("Note", "Notat")), 4)
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now(), emptied=emptied.to_data([lost]))
    letter = choose(dsr, handler, Outcome.PARTLY_FULFILLED, "Ordrene er bilag.", Ground.LEGAL_OBLIGATION)
    [row] = tables_of(letter)["What we have emptied in the data that stays"]
    assert row[1:] == ("Order", "Comment, Note", "4")


@pytest.mark.parametrize("instead", [{"keep": 1}, {"restrict": 1, "anonymise": 2}])
def test_rows_that_had_to_stay_make_a_deletion_partial(handler: User, instead: dict[str, int]) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE, rows=42)
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now(), rows=41, otherwise=instead)
    assert refused(dsr, handler, Outcome.FULFILLED) == "outcome_something_stays"
    letter = choose(dsr, handler, Outcome.PARTLY_FULFILLED, "Ordren peker på den.", Ground.LEGAL_OBLIGATION)
    assert letter.complaint
    assert "because data that has to stay refers to it" in said(letter)


def test_the_letter_says_when_the_last_backup_is_gone_where_the_register_does(
    handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.DONE, done_at=datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert "when the backups expire" in said(choose(dsr, handler, Outcome.FULFILLED))
    number, current = register.current()
    monkeypatch.setattr(register, "current", lambda _key="customers": (number, replace(current, backup_days=30)))
    assert "gone by 20\xa0December\xa02026" in said(choose(scenes.fresh(dsr), handler, Outcome.FULFILLED))


@pytest.mark.parametrize("right", [Right.RESTRICTION, Right.OBJECTION])
def test_restricted_data_is_listed_system_by_system(handler: User, right: Right) -> None:
    dsr = searched(right)
    dsr.tasks.update(state=TaskState.NOT_FOUND.value, done_at=timezone.now())
    task(dsr, TaskAction.RESTRICT, TaskState.DONE)
    kind = LetterKind.RESTRICTED if right is Right.RESTRICTION else LetterKind.OBJECTION_UPHELD
    letter = choose(dsr, handler, Outcome.FULFILLED)
    assert letter.kind is kind
    assert "Only stored, since" in said(letter)
    task(dsr, TaskAction.RESTRICT, TaskState.KEPT)
    assert refused(scenes.fresh(dsr), handler, Outcome.FULFILLED) == "outcome_something_stays"


@pytest.mark.parametrize(
    "outcome,words",
    [
        (Outcome.REFUSED, "We find that we have kept to the rules."),
        (Outcome.PARTLY_FULFILLED, "You are right in part."),
    ],
)
def test_a_complaint_is_answered_on_its_merits_and_not_by_a_ground(handler: User, outcome: Outcome, words: str) -> None:
    dsr = searched(Right.COMPLAINT)
    assert refused(dsr, handler, outcome) == "reasoning_missing"
    letter = choose(dsr, handler, outcome, "You had our answer on the 28th day.")
    assert (letter.kind, letter.complaint, letter.grounds) == (LetterKind.COMPLAINT, True, ())
    assert words in said(letter)
    assert "put it right" not in said(letter)


def test_what_was_ordered_from_a_vendor_is_not_refused(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.ACCEPTED, finishes_on=date(2026, 12, 24))
    assert refused(dsr, handler, Outcome.REFUSED, "Nei.", Ground.LEGAL_CLAIMS) == "outcome_something_done"


def test_where_nothing_was_left_nothing_is_certified(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.NOT_FOUND)
    letter = choose(dsr, handler, Outcome.FULFILLED)
    assert letter.title == "Answer to your request for deletion"
    assert "nothing was left to delete" in said(letter)
    [nothing] = tables_of(letter)["Where there was nothing to delete"]
    assert nothing[2] == "Nothing was there any more."


def test_the_block_of_another_case_is_explained_too(handler: User) -> None:
    earlier = factories.case(Right.MARKETING_OBJECTION, email=INGRID.email)
    assert Suppression.objects.in_force().filter(case=earlier).exists()
    dsr = searched(Right.ERASURE)
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.DONE, verified_at=timezone.now())
    assert "Nobody can read the address from the code" in said(choose(dsr, handler, Outcome.FULFILLED))


@pytest.mark.parametrize("right", [Right.AUTOMATED_DECISION, Right.COMPLAINT])
def test_a_review_says_what_was_found(handler: User, right: Right) -> None:
    dsr = searched(right)
    assert refused(dsr, handler, Outcome.FULFILLED) == "reasoning_missing"
    letter = choose(dsr, handler, Outcome.FULFILLED, "We have raised your limit.")
    assert letter.reasoning == "We have raised your limit."
    assert letter.complaint is (right is Right.COMPLAINT)


@pytest.mark.parametrize("right", [Right.RECTIFICATION, Right.ERASURE, Right.PORTABILITY])
def test_where_nothing_is_found_the_letter_lists_the_searches(handler: User, right: Right) -> None:
    dsr = searched(right, email="nobody@example.com")
    assert refused(dsr, handler, Outcome.FULFILLED) == "outcome_nothing_found"
    letter = choose(dsr, handler, Outcome.NO_DATA)
    assert (letter.kind, letter.complaint) == (LetterKind.NO_DATA, True)
    assert len(letter.sections[0].lines) == dsr.tasks.count()


def test_no_data_is_not_said_of_somebody_who_was_found(handler: User) -> None:
    assert refused(searched(Right.ERASURE), handler, Outcome.NO_DATA) == "outcome_data_found"


def test_access_is_refused_by_letter_with_ground_article_reason_and_complaint(handler: User) -> None:
    dsr = scenes.searched()
    Case.objects.filter(pk=dsr.case_id).update(language="en")
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.REFUSED, "An investigation.", grounds=[Ground.SECTION_16_B], actor=handler.as_actor())
    given = contents.facts(scenes.fresh(dsr))
    assert isinstance(given, letters.Facts)
    letter = letters.compose(given, on=ON)
    assert (letter.kind, letter.complaint, letter.reasoning) == (LetterKind.REFUSED, True, "An investigation.")
    assert "section 16, first paragraph, letter (b), of the Personal Data Act" in letter.grounds[0]


def test_a_refusal_without_its_ground_is_never_composed(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    choose(dsr, handler, Outcome.REFUSED, "Claims.", Ground.LEGAL_CLAIMS)
    row = scenes.fresh(dsr).decision
    row.grounds = []
    row.save()
    with pytest.raises(NotReady) as caught:
        letters.facts(scenes.fresh(dsr))
    assert caught.value.reason.code == "ground_missing"


@pytest.mark.parametrize(
    ("lacks", "code"),
    [
        ({"reasoning": " "}, "reasoning_missing"),
        ({"grounds": ()}, "ground_missing"),
    ],
)
def test_a_refusal_without_what_the_law_wants_in_it_is_not_sent(
    handler: User, lacks: dict[str, Any], code: str
) -> None:
    dsr = searched(Right.ERASURE)
    choose(dsr, handler, Outcome.REFUSED, "Claims.", Ground.LEGAL_CLAIMS)
    given = letters.facts(scenes.fresh(dsr))
    with pytest.raises(NotReady) as caught:
        letters.compose(replace(given, letter=replace(given.letter, **lacks)), on=ON)
    assert caught.value.reason.code == code


@pytest.mark.django_db
def test_the_answer_to_a_complaint_is_not_sent_without_the_way_to_complain() -> None:
    with pytest.raises(NotReady) as caught:
        letters.check(replace(a_letter(LetterKind.COMPLAINT, "en"), complaint=False))
    assert caught.value.reason.code == "letter_complaint_missing"


def write_own(user: User, body: str) -> None:
    """Put a text for refusals in force that nobody has checked."""
    LetterText.objects.create(
        letter="refused", language="en", version=LetterText.objects.count() + 1, body=body, reason="x",
        created_at=timezone.now(), created_by=user,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ("No\n\n{{ what_was_asked }} {{ nobody }}", "words_unresolved:exports/letters/refused.en.txt: nobody"),
        ("No\n\nNo.", "letter_part_missing:exports/letters/refused.en.txt: what_was_asked"),
    ],
)
def test_a_text_with_a_hole_or_without_the_day_of_receipt_stops_the_letter(
    handler: User, body: str, stored: str
) -> None:
    dsr = searched(Right.ERASURE)
    choose(dsr, handler, Outcome.REFUSED, "Claims.", Ground.LEGAL_CLAIMS)
    write_own(handler, body)
    with pytest.raises(NotReady) as caught:
        letters.facts(scenes.fresh(dsr))
    assert caught.value.stored == stored


def test_a_letter_says_what_the_organisation_wrote_and_the_draft_before_it_is_outdated(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    choose(dsr, handler, Outcome.REFUSED, "Claims.", Ground.LEGAL_CLAIMS)
    before = letters.facts(scenes.fresh(dsr))
    write_own(handler, "Our answer is no\n\n{{ what_was_asked }} Below you see why.")
    now = letters.facts(scenes.fresh(dsr))
    assert (before.text_version, now.text_version) == (0, 1)
    assert now.letter.title == "Our answer is no"
    assert now.letter.opening[0].endswith("you asked us to delete data about you. Below you see why.")
    assert now.sha256 != before.sha256


def test_the_same_facts_give_the_same_hash_and_others_another(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    choose(dsr, handler, Outcome.REFUSED, "Claims.", Ground.LEGAL_CLAIMS)
    first = letters.facts(scenes.fresh(dsr)).sha256
    assert letters.facts(scenes.fresh(dsr)).sha256 == first
    Case.objects.filter(pk=dsr.case_id).update(person_name="Ingrid Solvang")
    assert letters.facts(scenes.fresh(dsr)).sha256 != first


def test_portable_data_is_only_what_was_given_or_observed_and_says_what_it_is(handler: User) -> None:
    dsr = searched(Right.PORTABILITY)
    letter = choose(dsr, handler, Outcome.FULFILLED)
    given = letters.facts(scenes.fresh(dsr))
    tables = letters_portability.tables(given.searches, "en", given.binding)
    files = {
        file.name: file.content
        for file in package.portable_files(letter, tables, letters_portability.field_guide(tables), ())
    }
    data = json.loads(files["portability.json"])
    fields = [f for system in data["systems"] for c in system["collections"] for f in c["fields"]]
    assert {field["origin"] for field in fields} == {"given", "observed"}
    assert INGRID.email in files["portability.json"].decode()
    assert {c["file"] for system in data["systems"] for c in system["collections"]} == {
        name for name in files if name.startswith("tables/")
    }
    guide = files["field_guide.csv"].decode("utf-8-sig").splitlines()
    assert len(guide) == 1 + len(fields)
    assert data["schema"] == portability.SCHEMA


def test_nothing_portable_is_no_request_met_in_full(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    dsr = searched(Right.PORTABILITY)
    choose(dsr, handler, Outcome.FULFILLED)
    monkeypatch.setattr(letters_portability, "activities", lambda _case: {})
    given = letters.facts(scenes.fresh(dsr))
    with pytest.raises(NotReady) as caught:
        letters_portability.tables(given.searches, "en", given.binding)
    assert caught.value.reason.code == "portability_empty"


def test_whom_nobody_can_identify_reads_how_to_be_found(handler: User) -> None:
    dsr = searched(Right.ACCESS, email="nobody@example.com")
    letter = choose(dsr, handler, Outcome.REFUSED, "Only cookie data could be meant.", Ground.CANNOT_IDENTIFY)
    assert (letter.kind, letter.complaint) == (LetterKind.CANNOT_IDENTIFY, True)
    assert "If you send your cookie ID we can look again" in said(letter)
    assert "11(2)" in letter.grounds[0]


def test_the_cookie_page_is_named_where_the_organisation_has_one(handler: User) -> None:
    Organisation.objects.update(
        cookie_page={"nb": "https://optimar.example/kapsler", "en": "https://optimar.example/c"}
    )
    dsr = searched(Right.ERASURE, email="nobody@example.com")
    letter = choose(dsr, handler, Outcome.REFUSED, "Only cookie data.", Ground.CANNOT_IDENTIFY)
    assert "change what you agree to: https://optimar.example/c" in said(letter)


def test_a_refusal_for_more_than_that_is_an_ordinary_one(handler: User) -> None:
    dsr = searched(Right.ERASURE, email="nobody@example.com")
    grounds = (Ground.CANNOT_IDENTIFY, Ground.NOT_OUR_DATA)
    assert choose(dsr, handler, Outcome.REFUSED, "Both.", *grounds).kind is LetterKind.REFUSED


def test_where_somebody_else_decides_the_letter_says_who_and_what_we_searched(handler: User) -> None:
    dsr = searched(Right.ACCESS, email="nobody@example.com")
    scenes.answer_all(dsr)
    assert refused(scenes.fresh(dsr), handler, Outcome.FORWARDED) == "reasoning_missing"
    letter = choose(scenes.fresh(dsr), handler, Outcome.FORWARDED, "Havbruk Example AS runs that shop.")
    assert (letter.kind, letter.complaint, letter.grounds) == (LetterKind.NOT_CONTROLLER, True, ())
    assert letter.reasoning == "Havbruk Example AS runs that shop."
    assert len(letter.sections[0].lines) == dsr.tasks.count()


def test_nobody_is_sent_elsewhere_with_data_that_we_hold(handler: User) -> None:
    assert refused(searched(Right.ERASURE), handler, Outcome.FORWARDED, "Somebody else.") == "outcome_ours_found"


def test_a_part_without_a_refusal_is_the_first_part(handler: User) -> None:
    assert letters.kind_of(Right.RESTRICTION, Outcome.PARTLY_FULFILLED, follows=True) is LetterKind.FIRST_PART
    grounds = (Ground.NO_GROUND_TO_RESTRICT,)
    kept_back = letters.kind_of(Right.RESTRICTION, Outcome.PARTLY_FULFILLED, follows=True, grounds=grounds)
    assert kept_back is LetterKind.PARTLY


def test_a_parent_reads_of_the_child(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    Case.objects.filter(pk=dsr.case_id).update(requester=Requester.GUARDIAN.value, concerned_name="Mikkel")
    planned_deletion(dsr, handler, Measure.DELETE)
    task(dsr, TaskAction.ERASE, TaskState.DONE)
    letter = choose(scenes.fresh(dsr), handler, Outcome.FULFILLED)
    assert (letter.kind, len(letter.signed_by)) == (LetterKind.CHILD_DELETED, 2)
    assert letter.title == "We have removed the data about Mikkel"
    assert "for whom you write" not in said(letter)
