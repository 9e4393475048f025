"""Every code with which the product says no has words, and the words are filled in."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from requests_app import reasons
from requests_app.domain.enums import RequirementKind, Role, Stage
from requests_app.domain.snapshot import Reason
from requests_app.reasons import SENTENCES, sentence
from tests.architecture.test_direction import ROOT, sources

# What `_open_reason` reads out of a requirement's row rather than out of a `Reason`.
REQUIREMENT_WRITERS = {"put", "_reason"}
CODES_AS_TEXT = (
    ROOT / "identity" / "services" / "delivery.py",
    ROOT / "identity" / "services" / "on_behalf.py",
    ROOT / "requests_app" / "domain" / "mandates.py",
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _texts(node: ast.AST) -> set[str]:
    """Every text a value may become: both arms of `a if … else b`, and not what the condition compares with."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def used_codes() -> set[str]:
    """Read from the source every code that may reach `sentence`."""
    found: set[str] = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if _called(node) in {"Reason", "_reason"} and node.args:
                found |= _texts(node.args[0])
            if _called(node) in REQUIREMENT_WRITERS:
                found |= {
                    text for keyword in node.keywords if keyword.arg == "reason" for text in _texts(keyword.value)
                }
    for path in CODES_AS_TEXT:
        found |= set(re.findall(r'"((?:delivery|identity|mandate)_[a-z_]+)"', path.read_text(encoding="utf-8")))
    return found - {""}


def test_the_search_finds_what_it_should() -> None:
    assert {
        "right_unknown",
        "answer_not_built",
        "systems_silent",
        "delivery_no_address",
        "case_changed",
    } <= used_codes()


def test_every_code_has_words() -> None:
    assert used_codes() - set(SENTENCES) == set()


def test_no_words_for_a_code_that_nobody_uses() -> None:
    assert set(SENTENCES) - used_codes() == set()


def test_words_are_sentences_for_people() -> None:
    for code, text in SENTENCES.items():
        assert code not in str(text)
        assert "_" not in str(text)


def test_an_open_requirement_names_what_is_missing_and_why() -> None:
    said = sentence(Reason("requirement_open", {"kind": RequirementKind.ANSWER, "reason": "answer_not_built"}))
    assert said == "Answer package: The answer package is being put together."


def test_the_ids_behind_a_code_are_listed() -> None:
    said = sentence(Reason("requirement_open", {"kind": "systems", "reason": "systems_silent:website,dynamics"}))
    assert said == "Systems: these systems have not answered: website, dynamics"


def test_a_reason_in_plain_words_passes_through() -> None:
    said = sentence(Reason("requirement_open", {"kind": "register", "reason": "The list is at the lawyer’s."}))
    assert said.endswith("The list is at the lawyer’s.")


def test_a_requirement_without_a_reason_says_at_least_that_it_is_open() -> None:
    assert sentence(Reason("requirement_open", {"kind": "identity", "reason": ""})) == "Identity: not in place yet"


def test_roles_stages_and_dates_are_words() -> None:
    roles = ",".join(sorted({Role.APPROVER, Role.DECISION_MAKER}))
    assert sentence(Reason("role_missing", {"roles": roles})).endswith("Approver, Decision-maker.")
    assert "“To approve”" in sentence(Reason("not_from_here", {"stage": Stage.IN_REVIEW}))
    assert "2 December 2026" in sentence(Reason("override_too_early", {"date": "2026-12-02"}))
    assert "2 Dec 2026, 13:30" in sentence(Reason("code_pause", {"until": "2026-12-02T12:30:00+00:00"}))


def test_an_unknown_code_is_shown_rather_than_swallowed() -> None:
    assert sentence(Reason("something_new")) == "something_new"


def test_a_percent_sign_in_a_reason_does_no_harm() -> None:
    assert "100 %" in sentence(Reason("requirement_open", {"kind": "systems", "reason": "100 %s done"}))


def test_every_parameter_in_the_words_is_known_or_given() -> None:
    plain = {"ids", "least", "most", "number"}
    named = {name for text in SENTENCES.values() for name in re.findall(r"%\((\w+)\)s", str(text))}
    assert named - plain <= set(reasons._SPOKEN)
