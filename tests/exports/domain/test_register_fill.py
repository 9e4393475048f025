"""Filling what is unknown, one field a version, and telling what changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain.register import (
    FillError,
    FillValue,
    Kind,
    Text,
    art15,
    controller_text,
    fill,
    from_json,
    same,
    to_json,
    unknowns,
)
from exports.domain.register_fields import with_value

from .register_files import ours, trial

TWO_YEARS = Text("two years", "to år")


def test_filling_makes_a_new_register_and_leaves_the_old_one() -> None:
    path = "activities.PA08.retention"
    new = fill(ours(), path, TWO_YEARS)
    assert new.activity("PA08").retention == TWO_YEARS
    assert path in [field.path for field in unknowns(ours(), ["PA08"])]
    assert path not in [field.path for field in unknowns(new, ["PA08"])]
    assert with_value(new, path, ours().activity("PA08").retention) == ours()


def test_the_named_members_of_a_list_stay() -> None:
    new = fill(ours(), "activities.PA07.recipients", [same("Annonsehuset AS")])
    assert [text.en for text in new.activity("PA07").recipients if isinstance(text, Text)] == [
        *("Google Ads", "Google Marketing Platform", "Facebook", "Microsoft Bing", "LinkedIn", "Annonsehuset AS")
    ]


def test_there_may_be_no_others() -> None:
    new = fill(ours(), "activities.PA07.recipients", [])
    assert len(new.activity("PA07").recipients) == 5
    with pytest.raises(FillError, match="at least one"):
        fill(ours(), "activities.PA01.recipients", [])


def test_no_transfer_settles_the_safeguards_too() -> None:
    new = fill(ours(), "activities.PA08.transfers.outside_eea", False)
    assert not [field for field in unknowns(new, ["PA08"]) if "transfers" in field.path]


def test_a_system_is_named_by_its_id() -> None:
    new = fill(ours(), "activities.PA04.source_systems", ["dynamics"])
    assert new.activity("PA04").source_systems == ("mailbox", "dynamics")
    assert fill(ours(), "activities.PA04.source_systems", []).activity("PA04").source_systems == ("mailbox",)


def test_an_example_gives_way_to_the_real_value() -> None:
    new = fill(trial(), "activities.PA08.retention", TWO_YEARS)
    assert new.activity("PA08").retention == TWO_YEARS


def test_what_is_known_is_changed_only_on_purpose() -> None:
    path = "activities.PA08.legal_basis"
    with pytest.raises(FillError) as caught:
        fill(ours(), path, same("consent"))
    assert caught.value.code == "already_known"
    assert fill(ours(), path, same("consent"), replace=True).activity("PA08").legal_basis == same("consent")
    recipients = fill(ours(), "activities.PA07.recipients", [same("Nobody else AS")], replace=True)
    assert recipients.activity("PA07").recipients == (same("Nobody else AS"),)


@pytest.mark.parametrize(
    "path, value, code",
    [
        ("activities.PA08.retension", TWO_YEARS, "no_such_field"),
        ("activities.PA99.retention", TWO_YEARS, "no_such_field"),
        ("activities", TWO_YEARS, "no_such_field"),
        ("activities.PA08.derived.rights", TWO_YEARS, "no_such_field"),
        ("activities.PA08.retention", [TWO_YEARS], "wrong_type"),
        ("activities.PA08.retention", True, "wrong_type"),
        ("activities.PA08.retention", "two years", "wrong_type"),
        ("activities.PA08.transfers.outside_eea", True, "needs_words"),
        ("activities.PA08.automated_decision_art22", True, "needs_words"),
        ("activities.PA10.recipients", ["Budbilen AS"], "wrong_type"),
        ("activities.PA10.recipients", "Budbilen AS", "wrong_type"),
        ("activities.PA09.data_categories", ["kontact"], "no_such_id"),
        ("activities.PA02.source_systems", ["hubspott"], "no_such_id"),
        ("activities.PA02.source_systems", [same("hubspot")], "wrong_type"),
        ("activities.PA02.source_systems", same("hubspot"), "wrong_type"),
        ("activities.PA02.source_systems", [], "empty"),
        ("activities.PA08.retention", Text("a", "b", example=True), "not_final"),
        ("activities.PA10.recipients", [Text("others", "andre", incomplete=True)], "not_final"),
    ],
)
def test_what_does_not_fit_is_refused(path: str, value: FillValue, code: str) -> None:
    with pytest.raises(FillError) as caught:
        fill(ours(), path, value)
    assert (caught.value.path, caught.value.code) == (path, code)


def test_a_path_with_a_typo_gets_a_hint() -> None:
    with pytest.raises(FillError, match=r"did you mean activities\.PA08\.retention\?"):
        fill(ours(), "activities.PA08.retension", TWO_YEARS)


def test_kinds_of_data_may_be_ids_or_words() -> None:
    new = fill(ours(), "activities.PA09.data_categories", ["contact", same("the court's file")])
    assert new.activity("PA09").data_categories == ("contact", same("the court's file"))


@given(ids=st.sets(st.sampled_from([f"PA{number:02}" for number in range(1, 12)]), max_size=4))
def test_filling_what_is_asked_is_enough_for_the_letter(ids: set[str]) -> None:
    register = ours()
    while asked := unknowns(register, ids):
        field = asked[0]
        value: FillValue = same("known now") if field.kind in (Kind.TEXT, Kind.LIST, Kind.CATEGORIES) else False
        register = fill(register, field.path, value)
    controller_text(register, "nb")
    assert [text.activity_id for text in art15(register, ids, "nb")] == sorted(ids)


def test_what_a_person_filled_in_stays_known_in_the_database() -> None:
    """A name may hold a word that a policy uses to say nothing."""
    path = "activities.PA10.recipients"
    new = from_json(to_json(fill(ours(), path, same("Unknown Worlds AS"))))
    assert path not in [field.path for field in unknowns(new, ["PA10"])]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("activities.PA08.retention", Text("Unknown.", "Ikke avklart")),
        ("activities.PA08.retention", Text("until further notice", "Ukjent foreløpig")),
        ("activities.PA08.transfers.outside_eea", Text("yes, countries unknown", "ja, ukjent hvor")),
    ],
)
def test_nobody_fills_in_that_something_is_unknown(path: str, value: FillValue) -> None:
    with pytest.raises(FillError, check=lambda error: error.code == "says_nothing"):
        fill(ours(), path, value)
