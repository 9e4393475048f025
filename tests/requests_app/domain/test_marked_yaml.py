"""The tree of a YAML file: what was written, where it stood, and what is no YAML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain.marked_yaml import Node, Problems, Section, did_you_mean, from_data, parse


def tree(text: str) -> tuple[Node | None, list[str]]:
    """The tree and what was wrong with it."""
    problems = Problems("f.yaml")
    return parse(text, problems), [str(problem) for problem in problems.found]


def test_a_scalar_keeps_what_was_written() -> None:
    node, wrong = tree("[NO, 007, 1_000, 2026-11-22, ~, 'yes', null text]")
    assert wrong == []
    assert node is not None
    assert [item.raw for item in node.items] == ["NO", "007", "1_000", "2026-11-22", "~", "yes", "null text"]
    assert [item.kind for item in node.items] == ["truth", "number", "number", "text", "nothing", "text", "text"]
    assert [item.truth for item in node.items[:2]] == [False, None]


def test_every_value_knows_its_line() -> None:
    node, _ = tree("# a comment\na: 1\nb:\n  - x\n  - y\n")
    assert node is not None
    assert [(entry.key, entry.line) for entry in node.entries] == [("a", 2), ("b", 3)]
    assert [item.line for item in node.entries[1].value.items] == [4, 5]


@pytest.mark.parametrize(
    "text, message",
    [
        ("a: 1\na: 2", "f.yaml:2: a: stands twice (first on line 1)"),
        ("? [x]\n: 1", "f.yaml:1: a key must be a plain word"),
        ("a: 'x", "f.yaml:1: no valid YAML: found unexpected end of stream"),
        ("a: 1\n b: 2", "f.yaml:2: no valid YAML: mapping values are not allowed here"),
        ("a: 1\n---\nb: 2", "f.yaml:2: no valid YAML: but found another document"),
    ],
)
def test_what_is_no_good_yaml(text: str, message: str) -> None:
    assert tree(text)[1] == [message]


@pytest.mark.parametrize("number, wrong", [("0", True), ("1", False), ("9", False), ("10", True), ("1.5", True)])
def test_a_whole_number_has_bounds(number: str, wrong: bool) -> None:
    problems = Problems("f.yaml")
    node = parse(f"days: {number}", problems)
    assert node is not None
    value = Section(node, "", problems, required=("days",)).whole_number("days", least=1, most=9)
    assert (value is None, bool(problems.found)) == (wrong, wrong)


def test_a_key_that_was_probably_meant_is_not_also_missing() -> None:
    problems = Problems("f.yaml")
    node = parse("nmae: x", problems)
    assert node is not None
    Section(node, "top", problems, required=("name", "age"))
    assert [str(problem) for problem in problems.found] == [
        "f.yaml:1: top.nmae: is no key of this place (did you mean name?)",
        "f.yaml:1: top: lacks the key age",
    ]


def test_a_word_far_from_all_others_gets_no_hint() -> None:
    assert did_you_mean("retension", ["retention", "name"]) == " (did you mean retention?)"
    assert did_you_mean("zzz", ["retention", "name"]) == ""


LEAVES = st.booleans() | st.none() | st.integers() | st.text()
DATA = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(DATA)
def test_data_and_its_tree_have_the_same_shape(data: object) -> None:
    def shape(node: Node) -> object:
        if node.kind == "list":
            return [shape(item) for item in node.items]
        if node.kind == "mapping":
            return {entry.key: shape(entry.value) for entry in node.entries}
        return {"truth": node.truth, "nothing": None, "number": node.raw, "text": node.raw}[node.kind]

    def flat(value: object) -> object:
        if isinstance(value, list):
            return [flat(item) for item in value]
        if isinstance(value, dict):
            return {key: flat(item) for key, item in value.items()}
        return value if value is None or isinstance(value, bool | str) else str(value)

    assert shape(from_data(data)) == flat(data)  # type: ignore[arg-type]  # JSON by its strategy
