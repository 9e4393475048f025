"""What a system was read for becomes questions, where the organisation wants them."""

import pytest

from exports.demo.people import INGRID
from exports.domain.own_data import Question
from exports.services import collect
from identity.domain.knowledge import OwnData
from identity.models import ExpectedAnswer
from identity.services import knowledge
from requests_app.models import AuditEntry
from tests import factories
from tests.exports.house import House, planned, task_of

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
