"""What a letter would print as unknown, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain.register import (
    UNKNOWN,
    ExampleValue,
    Kind,
    Register,
    Text,
    UnknownValue,
    art15,
    controller_text,
    parse_text,
    same,
    unknowns,
)
from exports.domain.register_fields import all_fields, with_value

from .register_files import SMALL, all_ids, ours, policy, small, trial

CONTROLLER = ["controller.legal_entity_name", "controller.org_number", "controller.postal_address"]


def paths(register: Register, *activity_ids: str) -> list[str]:
    """The paths of the unknown fields."""
    return [unknown.path for unknown in unknowns(register, activity_ids)]


@pytest.mark.parametrize("register", [policy(), ours()], ids=["policy", "ours"])
def test_a_marketing_case_lacks_exactly_this(register: Register) -> None:
    assert paths(register, "PA08", "PA10") == [
        *CONTROLLER,
        "activities.PA08.transfers.outside_eea",
        "activities.PA08.transfers.safeguards",
        "activities.PA08.retention",
        "activities.PA08.automated_decision_art22",
        "activities.PA10.recipients",
        "activities.PA10.transfers.outside_eea",
        "activities.PA10.transfers.safeguards",
        "activities.PA10.retention",
        "activities.PA10.automated_decision_art22",
    ]


def test_only_the_activities_that_concern_the_person_count() -> None:
    assert paths(ours()) == CONTROLLER
    assert not [path for path in paths(ours(), "PA05") if "PA05" not in path and path not in CONTROLLER]


def test_an_unnamed_recipient_is_unknown_and_the_named_ones_stay() -> None:
    found = {unknown.path: unknown for unknown in unknowns(ours(), ["PA07"])}
    field = found["activities.PA07.recipients"]
    assert [text.en for text in field.known] == [
        *("Google Ads", "Google Marketing Platform", "Facebook", "Microsoft Bing", "LinkedIn")
    ]
    assert [text.nb for text in field.said] == ["flere andre er mulige"]
    assert (field.kind, field.activity_id) == (Kind.LIST, "PA07")
    assert field.about == Text("Targeting of advertisements", "Målretting av annonser")
    assert field.label.nb == "navnene på dem som får opplysningene"


def test_the_law_itself_gives_the_basis_of_rights_cases() -> None:
    assert ours().activity("PA10").legal_basis is UNKNOWN
    assert "activities.PA10.legal_basis" not in paths(ours(), "PA10")


def test_a_proposal_is_shown_and_not_taken() -> None:
    retention = next(field for field in unknowns(ours(), ["PA10"]) if field.field == "retention")
    assert retention.proposal is not None
    assert "tre år" in retention.proposal.nb


@pytest.mark.parametrize(
    "good, other, expected",
    [
        ("outside_eea: false", "outside_eea: false, safeguards: unknown", []),
        ("outside_eea: false", "outside_eea: USA", ["activities.A1.transfers.safeguards"]),
        (
            "outside_eea: false",
            "outside_eea: true",
            ["activities.A1.transfers.outside_eea", "activities.A1.transfers.safeguards"],
        ),
        ("automated_decision_art22: false\n", "\n", ["activities.A1.automated_decision_art22"]),
        ("_art22: false", "_art22: true", ["activities.A1.automated_decision_art22"]),
        ("_art22: false", "_art22: {en: credit score, nb: kredittsjekk}", []),
        ("_art22: false", "_art22: false\n    profiling: unknown", ["activities.A1.profiling"]),
        ("_art22: false", "_art22: false\n    profiling: true", []),
        ("_art22: false", "_art22: false\n    recipient_role: unknown", []),
        ("_art22: false", "_art22: false\n    consent_withdrawal: unknown", []),
        ("items: [name,", "items: [unknown,", ["data_categories.contact.items"]),
        ("source_systems: [shop]", "source_systems: [shop, unknown]", []),
        ("recipients: [Budbilen AS]", "recipients: [Budbilen AS, unknown]", ["activities.A1.recipients"]),
        ("legal_entity_name: Bakeriet AS", "legal_entity_name: Unknown", ["controller.legal_entity_name"]),
        ("  rights_contact", "  dpo: unknown\n  rights_contact", []),
    ],
)
def test_what_counts(good: str, other: str, expected: list[str]) -> None:
    assert paths(small(), "A1") == []
    text = SMALL.replace(good, other, 1)
    assert text != SMALL
    assert paths(parse_text(text), "A1") == expected


def test_examples_are_unknown_outside_a_trial() -> None:
    ids = all_ids(trial())
    assert unknowns(trial(), ids, trial=True) == []
    assert [field.path for field in unknowns(trial(), ids)] == paths(ours(), *ids)


def test_other_rights_print_nothing_of_the_register_yet() -> None:
    assert unknowns(ours(), ["PA08"], "erasure") == []
    with pytest.raises(ValueError, match="acces"):
        unknowns(ours(), ["PA08"], "acces")


def test_an_activity_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="PA99"):
        unknowns(ours(), ["PA08", "PA99"])


def test_a_list_without_members_says_nothing() -> None:
    assert paths(with_value(small(), "activities.A1.recipients", ()), "A1") == ["activities.A1.recipients"]


@given(data=st.data())
def test_an_answer_can_be_built_exactly_when_nothing_is_unknown(data: st.DataObject) -> None:
    """Fill most fields of the register at random: the list, the builder and the gaps always agree."""
    register = ours()
    known = data.draw(st.sets(st.sampled_from([path for path, _ in all_fields(register)])))
    ids = data.draw(st.lists(st.sampled_from(all_ids(register)), unique=True, max_size=3))
    relevant = {field.path for field in unknowns(register, ids)}
    if data.draw(st.booleans()):
        known |= relevant
    for path, field in all_fields(register):
        if path in known and field.kind is not Kind.SYSTEMS:
            several = field.kind in (Kind.LIST, Kind.CATEGORIES)
            register = with_value(register, path, (same("known"),) if several else same("known"))
    left = {field.path for field in unknowns(register, ids)}
    assert left == relevant - known
    assert buildable(register, ids) == (not left)
    texts = art15(register, ids, "nb", missing_ok=True)
    sender = controller_text(register, "nb", missing_ok=True)
    assert len(sender.missing) + sum(len(text.missing) for text in texts) == len(left)


def buildable(register: Register, ids: list[str]) -> bool:
    """True if letter and sender can be written without leave."""
    try:
        controller_text(register, "en")
        art15(register, ids, "en")
    except (UnknownValue, ExampleValue):
        return False
    return True
