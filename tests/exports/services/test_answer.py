"""The answer as facts make it: the same facts, the same answer; nothing unknown, nothing invented, nothing lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from exports import vault
from exports.domain.answer import ColumnKind, Layout, SearchOutcome, counts, missing_information
from exports.domain.enums import TaskState
from exports.models import SystemTask
from exports.services import answer, collect, decide, tasks
from exports.services.answer_problems import NotReady
from identity.models import User
from requests_app.domain.enums import Outcome, RequirementKind, Role
from requests_app.models import Case, DataSubjectRequest, Decision, Organisation, Override, Requirement
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, answer_the_rest, planned, task_of

ON = date(2026, 12, 1)


@pytest.fixture
def handler(house: House) -> User:
    """Somebody who prepares answers."""
    return factories.staff(Role.HANDLER)


def waits_for(dsr: DataSubjectRequest) -> str:
    """What the answer says it waits for."""
    with pytest.raises(NotReady) as caught:
        answer.compose(answer.facts(scenes.fresh(dsr)), on=ON)
    return caught.value.stored


def leave_open(dsr: DataSubjectRequest, kind: RequirementKind, what: str) -> None:
    """The decision-maker lets the answer go without this, promised for Christmas Eve."""
    Requirement.objects.filter(dsr=dsr, kind=kind.value).update(state="open")
    Override.objects.create(
        dsr=dsr, kind=kind.value, reason="Fristen", missing=what, promised_on=date(2026, 12, 24),
        decided_by=factories.staff(Role.DECISION_MAKER), decided_at=timezone.now(),
    )  # fmt: skip


def test_the_same_facts_have_the_same_hash_whatever_the_day_of_the_letter(handler: User) -> None:
    dsr = scenes.drafted(handler)
    first, second = answer.facts(dsr), answer.facts(scenes.fresh(dsr))
    assert first.sha256 == second.sha256
    monday, friday = (answer.compose(first, on=ON + timedelta(days=days)) for days in (0, 4))
    assert replace(friday, answered_on=ON) == monday


def test_every_fact_that_is_printed_changes_the_hash(handler: User) -> None:
    dsr = scenes.drafted(handler)
    seen = {answer.facts(dsr).sha256}
    task = task_of(dsr, "hubspot")
    changes: list[Callable[[], object]] = [
        lambda: Case.objects.filter(pk=dsr.case_id).update(person_name="Ingrid S."),
        lambda: Case.objects.filter(pk=dsr.case_id).update(language="en"),
        lambda: Decision.objects.filter(dsr=dsr).update(outcome="partly_fulfilled", reasoning="Sladdet."),
        lambda: SystemTask.objects.filter(pk=task.pk).update(note="Søkte på navn."),
        lambda: SystemTask.objects.filter(pk=task.pk).update(cannot_identify=True),
        lambda: SystemTask.objects.filter(pk=task_of(dsr).pk).update(result_sha256="0" * 64),
        lambda: Organisation.objects.update(policy_days=20),
    ]
    for number, change in enumerate(changes, start=2):
        change()
        seen.add(answer.facts(scenes.fresh(dsr)).sha256)
        assert len(seen) == number


def test_what_only_staff_see_does_not_change_it(handler: User) -> None:
    dsr = scenes.drafted(handler)
    before = answer.facts(dsr).sha256
    Decision.objects.filter(dsr=dsr).update(reasoning="Et internt ord", prepared_by=factories.staff())
    assert answer.facts(scenes.fresh(dsr)).sha256 == before
    assert answer.facts(scenes.fresh(dsr)).frame.reasoning == ""


def test_the_data_of_the_website_stands_in_the_answer_as_it_was_read(handler: User) -> None:
    dsr = scenes.drafted(handler, language="en")
    composed = answer.compose(answer.facts(dsr), on=ON)
    website = next(system for system in composed.systems if system.id == "website")
    assert website.outcome is SearchOutcome.FOUND
    assert website.entries == task_of(dsr).rows > 40
    account, visits = website.collections[0], website.collections[-1]
    assert (account.label, account.layout) == ("Customer account", Layout.RECORDS)
    said = dict(zip((column.label for column in account.columns), account.rows[0], strict=True))
    assert said["First name"] == "Ingrid"
    assert said["Password (scrambled)"] == "[withheld: security]"
    assert visits.layout is Layout.TABLE
    when = next(i for i, column in enumerate(visits.columns) if column.kind is ColumnKind.TIME)
    times = [str(row[when]) for row in visits.rows]
    assert times == sorted(times, reverse=True)
    assert counts(composed).years == (2025, 2026)


def test_systems_without_anything_are_listed_too(handler: User) -> None:
    dsr = scenes.drafted(handler, language="en")
    SystemTask.objects.filter(dsr=dsr, system="ga").update(cannot_identify=True)
    composed = answer.compose(answer.facts(scenes.fresh(dsr)), on=ON)
    found = {system.id: system for system in composed.systems}
    assert len(found) == dsr.tasks.count()
    assert found["hubspot"].outcome is SearchOutcome.NOTHING_FOUND
    assert found["hubspot"].how_searched == (
        "Searched by a member of our staff, by name (Kari Holm), e-mail address (ingrid.solvang@example.com)"
    )
    assert found["ga"].outcome is SearchOutcome.CANNOT_IDENTIFY
    assert "cookie ID" in found["ga"].note


@pytest.mark.parametrize("requester, by_hand", [("self", ", by name (Kari Holm)"), ("representative", "")])
def test_an_answer_without_data_names_what_was_looked_under(handler: User, requester: str, by_hand: str) -> None:
    scenes.trial()
    dsr = planned("nobody@example.com")
    collect.run_task(task_of(dsr).pk)
    answer_the_rest(dsr)
    Case.objects.filter(pk=dsr.case_id).update(language="en", requester=requester)
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.NO_DATA, "", actor=handler.as_actor())
    composed = answer.compose(answer.facts(scenes.fresh(dsr)), on=ON)
    how = {system.id: system.how_searched for system in composed.systems}
    value = " (nobody@example.com)" if requester == "self" else ""
    assert how["website"] == f"Searched by e-mail address{value}"
    assert how["hubspot"].startswith(f"Searched by a member of our staff{by_hand}")
    assert ("Kari Holm" in str(how)) is (requester == "self")


@pytest.mark.parametrize(
    "language, phone, elsewhere",
    [
        ("nb", "", False), ("nb", "+47 900 00 000", False), ("nb", "900 00 000", False), ("nb", "+46 70 000", True),
        ("en", "", True), ("en", "0047 900 00 000", False), ("en", "+44 7700 900000", True),
    ],
)  # fmt: skip
def test_whose_authority_the_letter_names(handler: User, language: str, phone: str, elsewhere: bool) -> None:
    dsr = scenes.drafted(handler, language=language, person_phone=phone)
    frame = answer.facts(dsr).frame
    assert frame.outside_norway is elsewhere
    assert "Datatilsynet" in frame.authority
    other = {"name": {"nb": "Tilsynet", "en": "the Authority"}, "postal_address": "Gata 1", "website": "dpa.example"}
    Organisation.objects.update(supervisory_authority=other)
    said = {"nb": "Tilsynet, Gata 1, dpa.example", "en": "the Authority, Gata 1, dpa.example"}[language]
    assert answer.facts(scenes.fresh(dsr)).frame.authority == said


def test_no_letter_goes_without_an_authority_to_complain_to(handler: User) -> None:
    dsr = scenes.drafted(handler)
    Organisation.objects.update(supervisory_authority={})
    assert waits_for(dsr) == "answer_waits_authority"


def test_only_the_activities_that_concern_the_person_are_explained(handler: User) -> None:
    composed = answer.compose(answer.facts(scenes.drafted(handler)), on=ON)
    assert [activity.id for activity in composed.activities] == ["PA01", "PA03", "PA08", "PA10"]
    website = next(system for system in composed.systems if system.id == "website")
    assert set(website.activity_ids) == {"PA01", "PA03", "PA08"}
    assert missing_information(composed) == ()
    for activity in composed.activities:
        assert not activity.legal_basis[0].islower()
        assert "unknown" not in str(activity)


@pytest.mark.parametrize("language,word", [("nb", "eksempelverdi"), ("en", "example value")])
def test_the_answer_speaks_the_language_of_the_case(handler: User, language: str, word: str) -> None:
    dsr = scenes.drafted(handler, language=language)
    composed = answer.compose(answer.facts(dsr), on=ON)
    assert composed.language == language
    assert word in composed.organisation.name
    assert word in composed.activities[0].retention


def test_a_note_and_a_file_of_a_manual_search_are_part_of_the_answer(handler: User) -> None:
    scenes.trial()
    dsr = planned("nobody@example.com")
    tasks.complete(
        task_of(dsr, "dynamics").pk, state=TaskState.DONE, note="Ett kundekort, se filen.", actor=handler.as_actor(),
        evidence=tasks.Evidence("kort for Ingrid.pdf", scenes.PDF),
    )  # fmt: skip
    scenes.answer_all(dsr)
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
    given = answer.facts(scenes.fresh(dsr))
    system = next(s for s in answer.compose(given, on=ON).systems if s.id == "dynamics")
    (document,) = answer.documents(given.searches, given.binding)
    assert (document.content, document.media_type, document.system) == (scenes.PDF, "application/pdf", "dynamics")
    assert "Ingrid" not in document.name
    assert system.collections[0].rows == (("Ett kundekort, se filen.", document.name),)
    assert system.entries == 1


def test_without_an_override_nothing_unknown_gets_through(handler: User) -> None:
    dsr = scenes.drafted(handler)
    Organisation.objects.update(trial=False)  # an example counts as unknown
    assert waits_for(dsr) == "answer_waits_register"


def test_with_the_override_each_gap_says_that_it_will_follow(handler: User) -> None:
    dsr = scenes.drafted(handler)
    Organisation.objects.update(trial=False)
    Decision.objects.filter(dsr=dsr).update(outcome="partly_fulfilled", reasoning="Noe mangler.")
    leave_open(dsr, RequirementKind.REGISTER, "enkelte punkter")
    composed = answer.compose(answer.facts(scenes.fresh(dsr)), on=ON)
    assert [(part.what, part.due_on) for part in composed.missing] == [("enkelte punkter", date(2026, 12, 24))]
    retention = composed.activities[0].retention
    assert "hvor lenge opplysningene lagres" in retention
    assert "24.\xa0desember\xa02026" in retention
    assert "eksempelverdi" not in str(composed)
    assert missing_information(composed) == ()


def test_a_silent_system_is_waited_for_or_named_as_missing(handler: User) -> None:
    dsr = scenes.drafted(handler)
    SystemTask.objects.filter(dsr=dsr, system="hubspot").update(state="open", done_at=None)
    assert waits_for(dsr) == "answer_waits_systems"
    leave_open(dsr, RequirementKind.SYSTEMS, "deg i HubSpot")
    assert waits_for(dsr) == "outcome_not_whole"
    Decision.objects.filter(dsr=dsr).update(outcome="partly_fulfilled", reasoning="HubSpot mangler.")
    composed = answer.compose(answer.facts(scenes.fresh(dsr)), on=ON)
    hubspot = next(system for system in composed.systems if system.id == "hubspot")
    assert (hubspot.outcome, hubspot.searched_at) == (SearchOutcome.STILL_MISSING, None)
    assert composed.reasoning == "HubSpot mangler."


def test_an_override_that_is_not_needed_any_more_says_nothing(handler: User) -> None:
    dsr = scenes.drafted(handler)
    leave_open(dsr, RequirementKind.SYSTEMS, "deg i HubSpot")
    Requirement.objects.filter(dsr=dsr).update(state="met")
    assert answer.facts(scenes.fresh(dsr)).frame.missing == ()


def test_no_data_cannot_be_said_where_something_was_found(handler: User) -> None:
    dsr = scenes.drafted(handler)
    Decision.objects.filter(dsr=dsr).update(outcome="no_data")
    assert waits_for(dsr) == "outcome_data_found"


def test_what_was_purged_since_has_to_be_searched_again(handler: User) -> None:
    dsr = scenes.drafted(handler)
    SystemTask.objects.filter(pk=task_of(dsr).pk).update(result_file="")
    assert waits_for(dsr) == "answer_data_gone:website"


def test_a_file_that_was_tampered_with_is_not_printed(house: House, handler: User) -> None:
    dsr = scenes.drafted(handler)
    path = vault.root() / task_of(dsr).result_file
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert waits_for(dsr) == "answer_data_unreadable:website"
    path.unlink()
    assert waits_for(dsr) == "answer_data_unreadable:website"
