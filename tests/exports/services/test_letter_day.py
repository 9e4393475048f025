"""A letter carries the day of its release: one of an earlier day waits for the outbox, and nobody redraws without need.

6 December 2026 is a Sunday, 7 December a Monday.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from time_machine import Traveller, travel

from exports.models import Bundle
from exports.services import answer, bundle, bundle_files, decide, deliver, second_look
from identity.models import User
from requests_app import outbox
from requests_app.domain.enums import Outcome, RequirementKind, Right, Role, Stage
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.grounds import Ground
from requests_app.domain.snapshot import Actor
from requests_app.models import DataSubjectRequest, Organisation
from tests import factories
from tests.desk_client import desk_client
from tests.exports import scenes
from tests.exports.house import House, owed
from tests.exports.services import test_letters

FRIDAY = datetime(2026, 11, 27, 9, tzinfo=UTC)
SUNDAY = datetime(2026, 12, 6, 9, tzinfo=UTC)
MONDAY = datetime(2026, 12, 7, 9, tzinfo=UTC)
BEFORE_MIDNIGHT = datetime(2026, 12, 6, 22, 59, 59, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 12, 6, 23, 0, 1, tzinfo=UTC)
GROUND = {Right.RECTIFICATION: Ground.DATA_ACCURATE, Right.ERASURE: Ground.LEGAL_OBLIGATION}


@pytest.fixture
def now() -> Iterator[Traveller]:
    """The clock, which stands until it is moved."""
    with travel(FRIDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def handler(now: Traveller, house: House) -> User:
    """Somebody who prepares answers, on the Friday."""
    return factories.staff(Role.HANDLER)


@pytest.fixture
def approver(handler: User) -> Actor:
    """Somebody who releases them, refusals too."""
    return factories.staff(Role.DECISION_MAKER).as_actor()


def release(dsr: DataSubjectRequest, approver: Actor) -> str:
    """Release the package that lies there; return the code of the refusal, or nothing."""
    try:
        decide.release(dsr.pk, actor=approver, bundle=scenes.current(dsr).uuid)
    except (ActionRefused, TransitionDenied) as error:
        return error.reason.code
    return ""


def standing(dsr: DataSubjectRequest) -> tuple[str, str]:
    """State and reason of the requirement ANSWER."""
    row = dsr.requirements.get(kind=RequirementKind.ANSWER.value)
    return row.state, row.reason


def drawn(dsr: DataSubjectRequest) -> int:
    """How many packages were ever drawn for a request."""
    return Bundle.objects.filter(dsr=dsr).count()


def written(dsr: DataSubjectRequest) -> tuple[str, str]:
    """The day of the answer as its data names it, and as its letter dates itself."""
    kept = scenes.current(dsr)
    letter = PdfReader(BytesIO(bundle_files.read(kept.files.get(media_type="application/pdf"))))
    text = " ".join(letter.pages[0].extract_text().replace("\u200b", "").split())
    dated = re.search(r"Dato (\d+\. \w+ \d{4})", text)
    assert dated, text
    return json.loads(letter.attachments["data.json"][0])["answered_on"], dated.group(1)


def drafted(handler: User, right: Right) -> DataSubjectRequest:
    """The draft of a full answer, or of a letter that refuses another right."""
    if right is Right.ACCESS:
        return scenes.drafted(handler)
    scenes.trial()
    dsr, actor = test_letters.searched(right, language="nb"), handler.as_actor()
    decide.begin(dsr.pk, actor=actor)
    decide.choose(dsr.pk, Outcome.REFUSED, "Vi har undersøkt det.", grounds=[GROUND[right]], actor=actor)
    return scenes.fresh(dsr)


@pytest.mark.parametrize("right", [Right.ACCESS, Right.RECTIFICATION, Right.ERASURE])
def test_drawn_on_27_november_and_released_on_6_december_it_says_6_december(
    now: Traveller, handler: User, approver: Actor, right: Right
) -> None:
    dsr = drafted(handler, right)
    bundle.build(dsr.pk)
    decide.submit(dsr.pk, actor=handler.as_actor(), bundle=scenes.current(dsr).uuid)
    assert written(dsr) == ("2026-11-27", "27. november 2026")
    now.move_to(SUNDAY, tick=False)
    before = owed("BundleRequested")
    assert release(dsr, approver) == "requirement_open"
    assert standing(dsr) == ("open", "answer_redated")
    assert owed("BundleRequested") == before + 1
    bundle.build(dsr.pk)
    assert release(dsr, approver) == ""
    deliver.announce(dsr.pk)
    assert written(dsr) == ("2026-12-06", "6. desember 2026")


def test_a_draft_that_nobody_is_about_to_release_is_not_redrawn(now: Traveller, handler: User) -> None:
    dsr = scenes.drafted(handler)
    kept = scenes.packed(dsr)
    now.move_to(MONDAY, tick=False)
    assert bundle.sweep() == 0
    bundle.review(dsr.pk)
    bundle.build(dsr.pk)
    assert standing(dsr) == ("met", "")
    assert scenes.current(dsr) == kept


def test_what_is_handed_over_on_a_later_day_is_redated_at_once(now: Traveller, handler: User, approver: Actor) -> None:
    dsr = scenes.drafted(handler)
    kept = scenes.packed(dsr)
    now.move_to(SUNDAY, tick=False)
    assert decide.submit(dsr.pk, actor=handler.as_actor(), bundle=kept.uuid).stage == Stage.IN_REVIEW
    assert standing(dsr) == ("open", "answer_redated")
    scenes.packed(dsr)
    assert release(dsr, approver) == ""


def test_on_a_working_day_the_letter_is_redated_before_anybody_presses_and_once(
    now: Traveller, handler: User, approver: Actor
) -> None:
    dsr = scenes.in_review(handler)
    assert bundle.sweep() == 0
    now.move_to(SUNDAY, tick=False)
    assert bundle.sweep() == 0
    now.move_to(MONDAY, tick=False)
    before = owed("BundleRequested")
    assert [bundle.sweep(), bundle.sweep()] == [1, 0]
    assert owed("BundleRequested") == before + 1
    scenes.packed(dsr)
    assert bundle.sweep() == 0
    assert (drawn(dsr), standing(dsr)) == (2, ("met", ""))
    assert release(dsr, approver) == ""


def test_pressing_again_and_again_draws_one_letter_a_day(now: Traveller, handler: User, approver: Actor) -> None:
    dsr = scenes.in_review(handler)
    while outbox.relay():
        pass
    now.move_to(SUNDAY, tick=False)
    assert [release(dsr, approver) for _ in range(3)] == ["requirement_open"] * 3
    while outbox.relay():
        pass
    assert (drawn(dsr), owed("BundleRequested")) == (2, 0)
    assert release(dsr, approver) == ""


def test_a_letter_that_midnight_overtakes_while_it_is_drawn_is_drawn_again(now: Traveller, handler: User) -> None:
    dsr = scenes.in_review(handler)
    now.move_to(BEFORE_MIDNIGHT, tick=False)
    given, began = answer.facts(scenes.fresh(dsr)), timezone.now()
    now.move_to(AFTER_MIDNIGHT, tick=False)
    before = owed("BundleRequested")
    assert bundle.keep(dsr.pk, given.sha256, [scenes.TABLE], drawn_at=began) is None
    assert (drawn(dsr), owed("BundleRequested")) == (1, before + 1)
    assert standing(dsr) == ("open", "answer_redated")


def test_a_draft_that_midnight_overtakes_is_kept_and_remembers_its_day(now: Traveller, handler: User) -> None:
    dsr = scenes.drafted(handler)
    now.move_to(BEFORE_MIDNIGHT, tick=False)
    given, began = answer.facts(dsr), timezone.now()
    now.move_to(AFTER_MIDNIGHT, tick=False)
    kept = bundle.keep(dsr.pk, given.sha256, [scenes.TABLE], drawn_at=began)
    assert kept is not None
    decide.submit(dsr.pk, actor=handler.as_actor(), bundle=kept.uuid)
    assert standing(dsr) == ("open", "answer_redated")


def test_a_release_that_midnight_overtakes_is_taken_back(
    now: Traveller, handler: User, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    now.move_to(BEFORE_MIDNIGHT, tick=False)
    dsr, look = scenes.in_review(handler), second_look.why_not_release

    def slow(*given: object) -> object:
        now.move_to(AFTER_MIDNIGHT, tick=False)
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(second_look, "why_not_release", slow)
    assert release(dsr, approver) == "answer_redated"
    assert scenes.fresh(dsr).stage == Stage.IN_REVIEW
    assert release(dsr, approver) == "requirement_open"
    scenes.packed(dsr)
    assert release(dsr, approver) == ""


def test_the_day_is_that_of_the_organisation(now: Traveller, handler: User, approver: Actor) -> None:
    Organisation.objects.update(time_zone="UTC")
    now.move_to(BEFORE_MIDNIGHT, tick=False)
    dsr = scenes.in_review(handler)
    now.move_to(AFTER_MIDNIGHT, tick=False)
    assert release(dsr, approver) == ""


def test_what_is_released_is_never_redrawn_and_keeps_its_letter_when_it_is_offered_again(
    now: Traveller, handler: User, approver: Actor
) -> None:
    dsr = scenes.in_review(handler)
    assert release(dsr, approver) == ""
    now.move_to(MONDAY, tick=False)
    before = owed("BundleRequested")

    def left_alone() -> bool:
        bundle.review(dsr.pk)
        bundle.build(dsr.pk)
        return (bundle.sweep(), owed("BundleRequested")) == (0, before)

    assert left_alone()  # the person is not told yet
    deliver.announce(dsr.pk)
    letter = scenes.current(dsr).files.get(media_type="application/pdf")
    again = deliver.offer_again(dsr.pk, actor=approver)
    assert left_alone()
    assert again.files.get(media_type="application/pdf").sha256 == letter.sha256
    assert drawn(dsr) == 2


def test_the_page_says_why_the_release_waits(now: Traveller, handler: User) -> None:
    dsr = scenes.in_review(handler)
    kept, version = scenes.current(dsr), scenes.fresh(dsr).case.version
    now.move_to(SUNDAY, tick=False)
    desk = desk_client(Role.APPROVER)
    desk.post(reverse("exports:desk:answer-release", args=[dsr.pk]), {"bundle": kept.uuid, "version": version})
    said = "It is drawn anew with today’s date"
    assert said in desk.read(reverse("requests:desk:case", args=[dsr.case.reference]))
