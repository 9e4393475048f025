"""What a system was read for becomes questions, where the organisation wants them."""

import pytest

from exports.demo.people import INGRID
from exports.domain.own_data import Question
from exports.services import collect
from identity.domain.enums import DoubtReason
from identity.domain.knowledge import OwnData
from identity.models import ExpectedAnswer
from identity.services import knowledge, verify
from requests_app import outbox
from requests_app.models import AuditEntry
from tests import factories
from tests.exports.house import House, planned, task_of
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def test_what_the_website_holds_is_asked_about(house: House) -> None:
    factories.organisation(asks_own_data=True)
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    asked = knowledge.questions(dsr.case)
    assert len(asked) == 3
    assert asked[0] is OwnData.FIRST_CONTACT
    assert set(ExpectedAnswer.objects.values_list("system", flat=True)) == {"website"}
    assert not any(INGRID.email in str(row) for row in AuditEntry.objects.values_list("details", flat=True))


def test_while_it_is_switched_off_nothing_is_handed_down(house: House) -> None:
    factories.organisation(asks_own_data=False)
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    assert not ExpectedAnswer.objects.exists()


def test_both_apps_name_the_same_questions() -> None:
    assert [one.value for one in Question] == [one.value for one in OwnData]


def test_once_another_address_is_confirmed_only_what_lies_under_it_is_asked_about(house: House) -> None:
    factories.organisation(asks_own_data=True)
    dsr = planned()  # whoever writes is in the website themselves, and names somebody else
    collect.run_task(task_of(dsr).pk)
    assert len(knowledge.questions(dsr.case)) == 3
    theirs = scenes.on_file(dsr.case, system="hubspot")
    asked = verify.ask(dsr.case_id, DoubtReason.FRAUD_SIGN, theirs.pk, actor=factories.staff().as_actor())
    verify.confirm(scenes.link_token(asked))
    assert not ExpectedAnswer.objects.exists()
    while outbox.relay():
        pass
    assert task_of(dsr).attempts > 1
    assert task_of(dsr).rows > 0
    assert not ExpectedAnswer.objects.exists()


def test_what_lies_under_the_confirmed_address_is_asked_about(house: House) -> None:
    factories.organisation(asks_own_data=True)
    dsr = planned("stranger@example.com")
    collect.run_task(task_of(dsr).pk)
    assert not ExpectedAnswer.objects.exists()
    theirs = scenes.on_file(dsr.case, INGRID.email, system="hubspot")
    asked = verify.ask(dsr.case_id, DoubtReason.FRAUD_SIGN, theirs.pk, actor=factories.staff().as_actor())
    verify.confirm(scenes.link_token(asked))
    while outbox.relay():
        pass
    assert len(knowledge.questions(dsr.case)) == 3
