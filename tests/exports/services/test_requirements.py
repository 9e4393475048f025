"""What the systems and the register still owe an answer."""

from exports.domain import register as domain
from exports.domain.enums import TaskState
from exports.services import collect, register, requirements, tasks
from exports.services.trial import EXAMPLES
from requests_app import outbox
from requests_app.domain.enums import RequirementKind, RequirementState, Right, Role, Stage
from requests_app.models import DataSubjectRequest, Organisation, OutboxEvent, Requirement
from requests_app.services import organisation
from tests import factories
from tests.exports.house import House, planned, task_of


def row(dsr: DataSubjectRequest, kind: RequirementKind) -> Requirement:
    """One requirement as it stands now."""
    return dsr.requirements.get(kind=kind.value)


def unknown_paths(dsr: DataSubjectRequest) -> list[str]:
    """What the register still lacks for this request."""
    _, current = register.current()
    return [field.path for field in requirements.unknown_fields(dsr, dsr.tasks.all(), current, trial=False)]


def unknown(dsr: DataSubjectRequest) -> set[str]:
    """The parts of the register that still lack something for this request."""
    return {path.split(".")[1] if path.startswith("activities.") else path.split(".")[0] for path in unknown_paths(dsr)}


def fill_everything() -> int:
    """Fill whatever an answer about anything would print as unknown; return the version."""
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    number, current = register.current()
    said = domain.Text(en="said", nb="sagt")
    for field in domain.unknowns(current, [activity.id for activity in current.activities]):
        several = field.kind in (domain.Kind.LIST, domain.Kind.CATEGORIES)
        value: domain.FillValue = [said] if several else said
        number = register.fill(field.path, value, expected_version=number, reason="Vedtak", actor=actor)
    return number


def test_only_what_concerns_the_person_counts(house: House) -> None:
    stranger, known = planned("nobody@example.com"), planned()
    for dsr in (stranger, known):
        collect.run_task(task_of(dsr).pk)
    assert unknown(stranger) == {"controller", "PA10"}
    assert unknown(known) == {"controller", "PA01", "PA03", "PA08", "PA10"}
    assert row(stranger, RequirementKind.REGISTER).reason.startswith("register_unknown:controller.")
    told = row(known, RequirementKind.REGISTER).reason
    assert len(told) <= 500
    named = told.partition(":")[2].split(",")
    assert len(named) - 1 + int(named[-1].removeprefix("+")) == len(unknown_paths(known))
    assert named[:-1] == unknown_paths(known)[: len(named) - 1]


def test_what_a_person_found_by_hand_counts_too(house: House) -> None:
    dsr = planned("nobody@example.com")
    actor = factories.staff().as_actor()
    tasks.complete(task_of(dsr, "ga").pk, state=TaskState.DONE, note="To besøk", actor=actor)
    assert "PA05" in unknown(dsr)
    assert row(dsr, RequirementKind.REGISTER).state == RequirementState.OPEN


def test_filling_the_register_meets_it_for_every_open_request(house: House) -> None:
    first, second = planned(), planned("nobody@example.com")
    closed = planned("closed@example.com")
    factories.force(closed, Stage.RELEASED)
    number = fill_everything()
    assert row(first, RequirementKind.REGISTER).state == RequirementState.OPEN
    assert OutboxEvent.objects.filter(name="RegisterChanged", payload={"version": number}).exists()
    requirements.review_open_requests(number)
    assert {row(dsr, RequirementKind.REGISTER).state for dsr in (first, second)} == {RequirementState.MET}
    assert row(closed, RequirementKind.REGISTER).state == RequirementState.OPEN


def test_an_example_is_enough_in_a_trial_only(house: House) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    number = register.add_examples(EXAMPLES)
    requirements.review_open_requests(number)
    assert row(dsr, RequirementKind.REGISTER).state == RequirementState.OPEN
    Organisation.objects.update(trial=True)
    requirements.review_open_requests(number)
    assert row(dsr, RequirementKind.REGISTER).state == RequirementState.MET


def test_a_draft_is_put_together_again_when_something_changed(house: House) -> None:
    dsr = planned()
    requirements.review(dsr)
    assert not OutboxEvent.objects.filter(name="BundleRequested").exists()
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.DECISION_DRAFT.value)
    actor = factories.staff().as_actor()
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.NOT_FOUND, note="", actor=actor)
    assert OutboxEvent.objects.filter(name="BundleRequested", payload={"dsr_id": dsr.pk}).count() == 1
    assert row(dsr, RequirementKind.ANSWER).state == RequirementState.OPEN


def test_a_draft_is_put_together_again_when_the_organisation_says_something_else(house: House) -> None:
    """Its supervisory authority, for one, stands in every letter."""
    dsr = planned()
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.DECISION_DRAFT.value)
    row = Organisation.objects.get(pk=1)
    given = organisation.as_json(row) | {"dpo": "ombud@optimar.example"}
    actor = factories.staff(Role.ADMINISTRATOR).as_actor()
    organisation.change(given, expected_version=row.version, reason="Vedtak", actor=actor)
    assert outbox.run(OutboxEvent.objects.get(name="OrganisationChanged"))
    assert OutboxEvent.objects.filter(name="BundleRequested", payload={"dsr_id": dsr.pk}).count() == 1


def test_other_rights_have_nothing_to_print(house: House) -> None:
    dsr = factories.dsr(Right.ERASURE)
    _, current = register.current()
    assert requirements.unknown_fields(dsr, [], current, trial=False) == []


def test_a_system_that_left_the_register_does_not_break_the_review(house: House) -> None:
    dsr = planned()
    dsr.tasks.filter(system="hubspot").update(system="sold_since", state=TaskState.DONE.value)
    requirements.review(dsr)
    assert "PA10" in unknown(dsr)
