"""Answers about own data: what is kept, what is counted, when it goes."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core import serializers
from django.utils import timezone

from identity.domain.enums import Level, Method
from identity.domain.knowledge import OwnData
from identity.models import ExpectedAnswer, KnowledgeTry
from identity.services import housekeeping, knowledge, proof, verify
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON
from requests_app.models import AuditEntry, Case, Message, Organisation
from tests import factories
from tests.identity import knowing, scenes
from tests.identity.together import together

pytestmark = pytest.mark.django_db


def tried(case: Case, given: dict[str, str]) -> knowledge.Tried:
    answers = {OwnData(code): text for code, text in given.items()}
    return knowledge.check(case.pk, answers, Method.KNOWLEDGE, actor=PERSON)


def test_off_nothing_is_kept_and_nothing_is_asked() -> None:
    case = factories.case()
    knowledge.offer(case, OwnData.CITY, {"Molde"}, "website")
    assert not ExpectedAnswer.objects.exists()
    assert str(knowledge.why_not(case)).startswith("Reason(code='knowledge_off'")
    with pytest.raises(ActionRefused, match="knowledge_off"):
        tried(case, knowing.RIGHT)
    assert not KnowledgeTry.objects.exists()


def test_two_of_three_are_enough_and_one_is_not() -> None:
    case = knowing.offered(factories.case())
    assert tried(case, knowing.RIGHT).right == 3
    assert tried(case, knowing.RIGHT | {"city": "Bergen"}).enough
    result = tried(case, knowing.WRONG)
    assert (result.right, result.enough, result.tries_left) == (1, False, 2)
    assert not tried(case, {"city": "Molde"}).enough
    assert not tried(case, dict.fromkeys(knowing.RIGHT, "")).right


def test_neither_expected_nor_given_answers_stand_anywhere() -> None:
    case = knowing.offered(factories.case())
    tried(case, {"first_contact": "mai 1999", "newsletter": "Hemmelig brev", "city": "Atlantis"})
    kept = serializers.serialize(
        "json",
        [*ExpectedAnswer.objects.all(), *KnowledgeTry.objects.all(), *AuditEntry.objects.all(), *Message.objects.all()],
    ).casefold()
    for word in ("molde", "verftet", "2024-03", "1999", "hemmelig", "atlantis"):
        assert word not in kept


def test_too_little_is_held_for_three_questions() -> None:
    case = factories.case()
    factories.organisation(asks_own_data=True)
    for question in (OwnData.CITY, OwnData.NEWSLETTER):
        knowledge.offer(case, question, {"x"}, "website")
    with pytest.raises(ActionRefused, match="knowledge_no_questions"):
        tried(case, knowing.RIGHT)


def test_what_the_case_itself_tells_is_never_asked() -> None:
    case = factories.case()
    Case.objects.filter(pk=case.pk).update(person_address="Nordre vei 7\n6400 Molde")
    Message.objects.create(
        case=case, direction="in", intent="reply", state="received", created_at=timezone.now(),
        body="Jeg får fortsatt «Nytt fra verftet» hver uke.",
    )  # fmt: skip
    knowing.offered(case)
    assert set(ExpectedAnswer.objects.values_list("question", flat=True)) == {"first_contact"}


def test_a_system_that_answers_anew_takes_back_what_it_said() -> None:
    case = knowing.offered(factories.case())
    knowledge.offer(case, OwnData.CITY, {"Bergen"}, "website")
    knowledge.offer(case, OwnData.CITY, {"Oslo"}, "hubspot")
    right = knowing.RIGHT | {"newsletter": ""}
    assert not tried(case, right).enough
    assert tried(case, right | {"city": "bergen"}).enough
    assert tried(case, right | {"city": "oslo"}).enough


def test_after_five_tries_there_is_a_day_of_pause_and_a_person_looks() -> None:
    case = knowing.offered(factories.case(Right.ACCESS))
    left = [tried(case, knowing.WRONG).tries_left for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(ActionRefused, match="knowledge_pause"):
        tried(case, knowing.RIGHT)
    assert AuditEntry.objects.filter(action="identity.review_wanted").count() == 1
    assert case.dsrs.get().closed_at is None
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        assert tried(case, knowing.RIGHT).enough


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_get_five_answers() -> None:
    case = knowing.offered(factories.case())
    looked_at: list[int] = []

    def guess() -> None:
        with suppress(ActionRefused):
            looked_at.append(tried(case, knowing.WRONG).right)

    together(12, guess)
    assert len(looked_at) == 5
    assert KnowledgeTry.objects.count() == 5


def test_expected_answers_go_when_the_verification_ends() -> None:
    row = scenes.doubted(Right.ACCESS)
    knowing.offered(row.case)
    proof.shown(row.case_id, Method.VIDEO_CALL, Level.L4, actor=factories.staff().as_actor())
    assert not ExpectedAnswer.objects.exists()
    knowing.offered(row.case)
    assert not ExpectedAnswer.objects.exists()


def test_they_go_when_the_question_is_taken_back_and_stay_for_a_second_step() -> None:
    row = scenes.doubted(Right.ACCESS)
    knowing.offered(row.case)
    verify.withdraw(row.case_id, actor=factories.staff().as_actor())
    assert not ExpectedAnswer.objects.exists()
    link, _token = knowing.linked()
    assert ExpectedAnswer.objects.filter(case=knowing.offered(link.case)).count() == 3


def test_they_go_after_thirty_days_and_with_the_case() -> None:
    case, closed = (knowing.offered(factories.case()) for _ in range(2))
    Case.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    housekeeping.sweep()
    assert set(ExpectedAnswer.objects.values_list("case", flat=True)) == {case.pk}
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        housekeeping.sweep()
    assert not ExpectedAnswer.objects.exists()


def test_switched_off_again_nothing_is_looked_at() -> None:
    case = knowing.offered(factories.case())
    Organisation.objects.update(asks_own_data=False)
    with pytest.raises(ActionRefused, match="knowledge_off"):
        tried(case, knowing.RIGHT)
    housekeeping.sweep()
    assert not ExpectedAnswer.objects.exists()


def test_a_key_that_is_gone_fits_nothing() -> None:
    case = knowing.offered(factories.case())
    ExpectedAnswer.objects.update(key_id="gone")
    assert tried(case, knowing.RIGHT).right == 0
