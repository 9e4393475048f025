"""The trial: complete, marked, and impossible to take for the truth."""

import pytest

from exports.domain.register import (
    UNKNOWN,
    MissingExample,
    RegisterError,
    Text,
    from_json,
    has_examples,
    load_examples,
    parse_examples,
    to_json,
    unknown_paths,
    unsearchable,
    value_at,
    with_examples,
)
from exports.domain.register_fields import field_at, is_lacking

from .register_files import EXAMPLES, ours, policy, small, trial

HEAD = "schema: datarett-register-examples/1\nexamples:\n"


def test_there_is_one_example_for_each_unknown_and_no_other() -> None:
    assert list(load_examples(EXAMPLES, ours())) == unknown_paths(ours())


def test_nothing_is_left_unknown_but_the_systems_nobody_named() -> None:
    assert unknown_paths(trial()) == []
    assert unsearchable(trial(), "access") == unsearchable(ours(), "access") == ["PA02", "PA04", "PA09", "PA11"]


def test_every_value_that_was_made_up_is_marked_and_nothing_else() -> None:
    assert not has_examples(ours())
    assert has_examples(trial())
    for path in unknown_paths(ours()):
        assert is_lacking(field_at(trial(), path), value_at(trial(), path))
    for activity, real in zip(trial().activities, ours().activities, strict=True):
        assert activity.purposes == real.purposes
        assert activity.source_systems == real.source_systems
        assert [x for x in activity.recipients if isinstance(x, Text) and not x.example] == [
            x for x in real.recipients if isinstance(x, Text) and not x.incomplete
        ]


def test_the_mark_survives_the_database() -> None:
    assert from_json(to_json(trial())) == trial()
    assert has_examples(from_json(to_json(trial())))


def test_an_example_can_only_be_read_as_one() -> None:
    retention = trial().activity("PA08").retention
    assert retention is not UNKNOWN
    assert retention.in_language("nb").endswith("(eksempelverdi)")
    assert retention.in_language("en").endswith("(example value)")


def test_what_the_law_says_is_no_example() -> None:
    assert trial().activity("PA10").basis == ours().activity("PA10").derived.legal_basis


def test_examples_also_fit_the_policy_in_one_language() -> None:
    assert unknown_paths(with_examples(policy(), load_examples(EXAMPLES, policy()))) == []


def test_a_register_of_which_all_is_known_stays_as_it_is() -> None:
    assert with_examples(small(), {}) == small()


def test_a_wanting_example_is_named() -> None:
    examples = dict(load_examples(EXAMPLES, ours()))
    del examples["activities.PA08.retention"]
    with pytest.raises(MissingExample) as caught:
        with_examples(ours(), examples)
    assert caught.value.path == "activities.PA08.retention"


@pytest.mark.parametrize(
    "line, message",
    [
        (
            "activities.PA08.retension: two years",
            "t.yaml:3: examples.activities.PA08.retension: is no key",
        ),
        ("activities.PA08.retension: two years", "(did you mean activities.PA08.retention?)"),
        ("activities.PA08.retention: unknown", "t.yaml:3: examples.activities.PA08.retention: an example must say"),
        ("activities.PA08.retention: [two years]", "t.yaml:3: examples.activities.PA08.retention: must be a text"),
        ("activities.PA10.recipients: Budbilen", "t.yaml:3: examples.activities.PA10.recipients: must be a list"),
        ("activities.PA08.retention: {en: two years}", "lacks the key nb"),
    ],
)
def test_a_mistake_is_named_with_its_line(line: str, message: str) -> None:
    with pytest.raises(RegisterError) as caught:
        parse_examples(f"{HEAD}  {line}\n", ours(), file="t.yaml")
    assert message in str(caught.value)
