"""Whoever writes for another is asked for the mandate, once, and the one they write for is told nothing."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from requests_app.domain.enums import Intent, Requester
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, Suspension
from requests_app.services import mandate
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db


def by_agent(language: str = "nb", changes: Mapping[str, object] = MappingProxyType({})) -> Case:
    """A case that a lawyer opened for somebody."""
    case = factories.case(language=language, email="advokat@example.com")
    values = {"requester": Requester.REPRESENTATIVE.value, "concerned_name": "Per Vik",
              "concerned_known_as": "per.vik@example.com"}  # fmt: skip
    Case.objects.filter(pk=case.pk).update(**(values | dict(changes)))
    case.refresh_from_db()
    return case


def ask(case: Case) -> str:
    """Ask; return why not, or nothing."""
    try:
        mandate.ask(case.pk, actor=factories.staff().as_actor())
    except ActionRefused as refused:
        return refused.reason.code
    return ""


@pytest.mark.parametrize(
    "language,said",
    [
        ("nb", ["Send oss fullmakten", "som gir fullmakten", "Optimar", "Innsyn", "En advokat kan",
                "Vi har ikke fortalt"]),
        ("en", ["Please send the mandate", "who gives the mandate", "Optimar", "Access", "A lawyer may",
                "We have not told the person you write for"]),
    ],
)  # fmt: skip
def test_the_letter_says_what_proof_is_needed_and_that_nobody_was_told(language: str, said: list[str]) -> None:
    case = by_agent(language)
    assert ask(case) == ""
    (message,) = case.messages.filter(intent=Intent.MANDATE)
    assert message.to_address == "advokat@example.com"
    assert [words for words in said if words.lower() not in message.body.lower()] == []
    assert "Per Vik" not in message.body
    assert not case.messages.filter(to_address="per.vik@example.com").exists()
    assert not Suspension.objects.exists()  # the time runs on


@pytest.mark.django_db(transaction=True)
def test_it_is_asked_for_once() -> None:
    case = by_agent()
    assert sorted(together(3, lambda: ask(case))) == ["", "mandate_asked", "mandate_asked"]


@pytest.mark.parametrize(
    "changes,code",
    [
        ({"requester": Requester.SELF.value}, "mandate_not_needed"),
        ({"requester": Requester.GUARDIAN.value}, "mandate_not_needed"),
        ({"person_email": ""}, "no_address"),
    ],
)
def test_nobody_else_is_asked(changes: dict[str, object], code: str) -> None:
    assert ask(by_agent(changes=changes)) == code


def test_nobody_is_asked_on_a_closed_case() -> None:
    case = by_agent()
    factories.close(case)
    assert ask(case) == "case_closed"
