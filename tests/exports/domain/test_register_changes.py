"""What two versions of a register differ in."""

from dataclasses import replace

from exports.domain import register
from exports.domain.register import Change, Difference

from .register_files import ours, trial

THREE_YEARS = register.Text(en="three years", nb="tre år")


def test_equal_versions_differ_in_nothing() -> None:
    assert register.differences(ours(), ours()) == []


def test_a_field_that_was_filled_is_changed_from_unknown() -> None:
    after = register.fill(ours(), "activities.PA10.retention", THREE_YEARS)
    assert register.differences(ours(), after) == [
        Difference("activities.PA10.retention", Change.CHANGED, (register.UNKNOWN,), (THREE_YEARS,))
    ]


def test_of_a_list_only_what_differs_is_told() -> None:
    path = "activities.PA08.recipients"
    after = register.fill(ours(), path, [register.same("HubSpot"), register.same("Posten")], replace=True)
    assert register.differences(ours(), after) == [
        Difference(path, Change.CHANGED, (register.same("Microsoft (Dynamics)"),), (register.same("Posten"),))
    ]


def test_another_order_within_a_list_is_told_as_a_whole() -> None:
    path = "activities.PA08.recipients"
    names = (register.same("HubSpot"), register.same("Microsoft (Dynamics)"))
    after = register.fill(ours(), path, names, replace=True)
    assert register.differences(ours(), after) == [Difference(path, Change.CHANGED, names[::-1], names)]


def test_another_order_of_the_parts_is_no_difference() -> None:
    assert register.differences(ours(), replace(ours(), systems=ours().systems[::-1])) == []


def test_what_is_said_for_the_first_time_is_added_and_what_is_left_out_removed() -> None:
    before, after = ours(), replace(ours(), backup_days=90, source_document=None)
    found = {one.path: (one.change, one.before, one.after) for one in register.differences(before, after)}
    assert found == {
        "backup_days": (Change.ADDED, (), (90,)),
        "source_document": (Change.REMOVED, (before.source_document,), ()),
    }


def test_a_part_that_comes_or_goes_is_one_difference() -> None:
    less = replace(ours(), activities=ours().activities[1:])
    name = ours().activity("PA01").name
    assert register.differences(ours(), less) == [Difference("activities.PA01", Change.REMOVED, (name,), ())]
    assert register.differences(less, ours()) == [Difference("activities.PA01", Change.ADDED, (), (name,))]


def test_settling_a_contradiction_shows_what_it_was_and_what_holds() -> None:
    holds = register.Text(en="Only HubSpot is in use.", nb="Bare HubSpot er i bruk.")
    after = register.settle(ours(), "systems.hubspot", holds)
    conflict = ours().system("hubspot").seed_conflict
    assert conflict is not None
    assert register.differences(ours(), after) == [
        Difference("systems.hubspot.conflict_settled", Change.ADDED, (), (holds,)),
        Difference("systems.hubspot.seed_conflict", Change.REMOVED, (conflict,), ()),
    ]
    assert register.parse_text(register.to_yaml(after)) == after


def test_everything_that_can_differ_has_a_word_in_both_languages() -> None:
    everything = trial()
    paths = [path for path, _ in register.everything_said(everything)]
    assert len(paths) > 200
    for path in paths:
        word = register.word_for(everything, path)
        assert word.en
        assert word.nb
