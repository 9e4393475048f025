"""No letter says more than was done, and no outcome stands for less than that."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from exports.domain.enums import TaskAction, TaskState
from exports.services import decide, letters, tasks
from identity.models import User
from requests_app.domain.enums import Outcome, Requester, RequirementKind, Right, Role
from requests_app.domain.grounds import Ground
from requests_app.models import Case, DataSubjectRequest
from tests import factories
from tests.exports import scenes
from tests.exports.house import House

from .test_letters import choose, refused, said, searched

GROUND = {Right.RESTRICTION: Ground.NO_GROUND_TO_RESTRICT, Right.OBJECTION: Ground.COMPELLING_GROUNDS}
IN_A_WEEK = timedelta(days=7)


@pytest.fixture
def handler(house: House) -> User:
    """Somebody who prepares answers."""
    scenes.trial()
    return factories.staff(Role.HANDLER)


def answered(right: Right, by: User, *states: TaskState, language: str = "en") -> DataSubjectRequest:
    """A request whose systems say this of the restriction, the last state for all that are left."""
    dsr = searched(right, language=language)
    for number, task in enumerate(dsr.tasks.filter(action=TaskAction.RESTRICT.value).order_by("id")):
        state = states[min(number, len(states) - 1)]
        tasks.complete(
            task.pk, state=state, note="Sett på",
            finishes_on=timezone.localdate() + IN_A_WEEK if state is TaskState.ACCEPTED else None,
            ground=GROUND[right].value if state is TaskState.KEPT else "", actor=by.as_actor(),
        )  # fmt: skip
    return scenes.fresh(dsr)


@pytest.mark.parametrize(
    "right,language,done,ordered",
    [
        (Right.RESTRICTION, "en", "We have done so", "We have ordered it from the vendors"),
        (Right.RESTRICTION, "nb", "Det har vi gjort", "Det har vi bestilt hos leverandørene"),
        (Right.OBJECTION, "en", "We have stopped the use", "We have ordered the vendors to stop"),
        (Right.OBJECTION, "nb", "Vi har sluttet med den bruken", "Vi har bedt leverandørene slutte"),
    ],
)
def test_what_was_only_ordered_is_not_called_done(
    handler: User, right: Right, language: str, done: str, ordered: str
) -> None:
    only = said(
        choose(answered(right, handler, TaskState.ACCEPTED, language=language), handler, Outcome.FULFILLED, "Ja.")
    )
    assert ordered in only
    assert done not in only
    whole = said(choose(answered(right, handler, TaskState.DONE, language=language), handler, Outcome.FULFILLED, "Ja."))
    assert done in whole
    assert ordered not in whole
    both = answered(right, handler, TaskState.DONE, TaskState.ACCEPTED, language=language)
    assert done in said(choose(both, handler, Outcome.FULFILLED, "Ja."))


@pytest.mark.parametrize("language,words", [("en", "there was no such use to stop"), ("nb", "fant vi ingen slik bruk")])
def test_an_objection_to_a_use_that_there_is_not_is_answered_so(handler: User, language: str, words: str) -> None:
    dsr = answered(Right.OBJECTION, handler, TaskState.NOT_FOUND, language=language)
    assert words in said(choose(dsr, handler, Outcome.FULFILLED, "Ja."))


@pytest.mark.parametrize("right", [Right.RESTRICTION, Right.OBJECTION])
def test_where_nothing_was_restricted_nothing_was_done_in_part(handler: User, right: Right) -> None:
    dsr = answered(right, handler, TaskState.KEPT)
    assert refused(dsr, handler, Outcome.PARTLY_FULFILLED, "Fordi.", GROUND[right]) == "outcome_nothing_done"


def test_a_correction_that_was_not_made_is_not_made_in_part(handler: User) -> None:
    dsr = searched(Right.RECTIFICATION)
    code = refused(dsr, handler, Outcome.PARTLY_FULFILLED, "Det er riktig.", Ground.DATA_ACCURATE)
    assert code == "outcome_nothing_done"


@pytest.mark.parametrize(
    "right,ground", [(Right.ERASURE, Ground.LEGAL_CLAIMS), (Right.PORTABILITY, Ground.NOT_AUTOMATED)]
)
def test_nothing_found_is_no_part_of_anything(handler: User, right: Right, ground: Ground) -> None:
    dsr = searched(right)
    dsr.tasks.update(state=TaskState.NOT_FOUND.value)
    assert refused(dsr, handler, Outcome.PARTLY_FULFILLED, "Fordi.", ground) == "outcome_nothing_found"


def test_whoever_is_refused_is_promised_nothing_more(handler: User) -> None:
    dsr = searched(Right.ERASURE)
    open_task = dsr.tasks.filter(action=TaskAction.READ.value).latest("id")
    tasks.reopen(open_task.pk, actor=handler.as_actor())
    with time_machine.travel(timezone.now() + timedelta(days=27)):
        decide.override(
            dsr.pk, RequirementKind.SYSTEMS, reason="Haster", missing="HubSpot",
            promised_on=timezone.localdate() + IN_A_WEEK, actor=factories.staff(Role.DECISION_MAKER).as_actor(),
        )  # fmt: skip
        letter = choose(dsr, handler, Outcome.REFUSED, "En tvist pågår.", Ground.LEGAL_CLAIMS)
    assert letter.missing == ()


@pytest.mark.parametrize(
    "right,ground,cited",
    [
        (Right.PORTABILITY, Ground.RIGHTS_OF_OTHERS, "Article 20(4)"),
        (Right.OBJECTION, Ground.LEGAL_CLAIMS, "Article 21(1)"),
    ],
)
def test_a_ground_is_cited_where_it_stands_for_the_right(
    handler: User, right: Right, ground: Ground, cited: str
) -> None:
    letter = choose(searched(right), handler, Outcome.REFUSED, "Fordi.", ground)
    assert [cited in one for one in letter.grounds] == [True]


@pytest.mark.parametrize(
    "language,plain,tied",
    [("en", "We hold no personal data about you", "no data that we can tie to you"),
     ("nb", "Vi har ingen opplysninger om deg", "ingen opplysninger som vi kan knytte til deg")],
)  # fmt: skip
def test_where_nobody_can_be_told_apart_the_letter_does_not_say_that_there_is_nothing(
    handler: User, language: str, plain: str, tied: str
) -> None:
    dsr = searched(Right.ERASURE, language=language)
    dsr.tasks.update(state=TaskState.NOT_FOUND.value)
    assert plain in said(choose(dsr, handler, Outcome.NO_DATA))
    dsr.tasks.filter(pk=dsr.tasks.latest("id").pk).update(cannot_identify=True)
    text = said(letters.compose(letters.facts(scenes.fresh(dsr)), on=timezone.localdate()))
    assert tied in text
    assert plain not in text


@pytest.mark.parametrize("requester", [Requester.REPRESENTATIVE, Requester.GUARDIAN])
@pytest.mark.parametrize("language,words", [("en", "This letter is about Ola Berg"), ("nb", "Brevet gjelder Ola Berg")])
def test_whoever_writes_for_another_is_not_taken_for_them(
    handler: User, requester: Requester, language: str, words: str
) -> None:
    dsr = searched(Right.ERASURE, language=language)
    dsr.tasks.update(state=TaskState.NOT_FOUND.value)
    assert words not in said(choose(dsr, handler, Outcome.NO_DATA))
    Case.objects.filter(pk=dsr.case_id).update(requester=requester.value, concerned_name="Ola Berg")
    letter = letters.compose(letters.facts(scenes.fresh(dsr)), on=timezone.localdate())
    assert letter.opening[0].startswith(words)
