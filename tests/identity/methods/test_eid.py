"""Tries that come at the same moment: never more than the limit is compared, and an answer counts once."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from identity.domain.enums import EidOutcome
from identity.methods import eid
from identity.models import Verification
from requests_app.domain.enums import Requester, Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.models import AuditEntry, Case
from tests.identity import scenes
from tests.identity.together import at_once, together
from tests.services.openid_provider import OpenIdProvider

pytestmark = pytest.mark.django_db

SwitchOn = Callable[..., None]
BROWSER = "the-secret-of-one-browser"


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_time_are_no_more_than_the_limit(wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer)
    case = scenes.doubted(Right.ACCESS).case
    queries = [wayward.log_in(eid.start(case, BROWSER), "s1", name="Ola Nordmann") for _ in range(12)]
    outcomes = at_once(*[lambda query=query: eid.finish(query, BROWSER) for query in queries])
    assert outcomes.count(EidOutcome.REVIEW) == eid.TRIES
    assert AuditEntry.objects.filter(action="identity.eid_mismatch").count() == eid.TRIES
    assert not Verification.objects.filter(state="confirmed").exists()


@pytest.mark.django_db(transaction=True)
def test_one_answer_at_the_same_time_counts_once(wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer)
    case = scenes.doubted(Right.ACCESS).case
    query = wayward.log_in(eid.start(case, BROWSER), "s1", name="Kari Holm")
    outcomes = together(4, lambda: eid.finish(query, BROWSER))
    assert outcomes.count(EidOutcome.CONFIRMED) == 1
    assert Verification.objects.filter(state="confirmed").count() == 1


def test_two_providers_know_one_person_by_two_pseudonyms(wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    """Nobody who holds two cases, or the provider's list, can tell by what is kept that a person is in both."""
    kept = set()
    for issuer in (wayward.issuer, "https://another.example"):
        switch_on("EID", issuer)
        kept.add(eid._reference({"sub": "s1"}))
    assert len(kept) == 2
    assert eid._reference({"sub": "s1", "txn": "t-1"}) == "t-1"
    for number in ("æ", "t" * 101, "a b", 7, None, ""):
        assert eid._reference({"sub": "s1", "txn": number}).startswith("pseudonym:")
    assert eid._reference({}) == ""


def test_what_is_said_of_a_level_is_asked_for(wayward: OpenIdProvider, switch_on: SwitchOn) -> None:
    switch_on("EID", wayward.issuer, ACR="high")
    case: Case = scenes.doubted(Right.ACCESS).case
    assert parse_qs(urlsplit(eid.start(case, BROWSER)).query)["acr_values"] == ["high"]


@pytest.mark.parametrize("requester", [Requester.REPRESENTATIVE, Requester.GUARDIAN])
def test_whoever_writes_for_another_does_not_answer_the_question_put_to_that_person(
    wayward: OpenIdProvider, switch_on: SwitchOn, requester: Requester
) -> None:
    switch_on("EID", wayward.issuer)
    case = scenes.doubted(Right.ERASURE).case
    query = wayward.log_in(eid.start(case, BROWSER), "s1", name="Kari Holm")  # before anybody saw for whom it is
    Case.objects.filter(pk=case.pk).update(requester=requester.value, concerned_name="Per Vik")
    case.refresh_from_db()
    with pytest.raises(ActionRefused):
        eid.start(case, BROWSER)
    assert eid.why_not_without_link(case) == Reason("eid_link_only")
    assert eid.finish(query, BROWSER) is EidOutcome.FAILED
    assert not Verification.objects.filter(state="confirmed").exists()


@pytest.mark.parametrize(("name", "outcome"), [("Kari Holm", EidOutcome.REVIEW), ("Per Vik", EidOutcome.CONFIRMED)])
def test_by_the_link_it_is_the_person_and_not_their_agent(
    wayward: OpenIdProvider, switch_on: SwitchOn, name: str, outcome: EidOutcome
) -> None:
    switch_on("EID", wayward.issuer)
    asked = scenes.doubted(Right.ACCESS)
    Case.objects.filter(pk=asked.case_id).update(requester=Requester.REPRESENTATIVE.value, concerned_name="Per Vik")
    asked.case.refresh_from_db()
    query = wayward.log_in(eid.start(asked.case, BROWSER, link=asked), "s1", name=name)
    assert eid.finish(query, BROWSER) is outcome
