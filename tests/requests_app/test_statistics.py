"""The figures of a made-up year, each worked out by hand beside it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from time_machine import travel

from requests_app import audit, statistics
from requests_app.domain import periods
from requests_app.domain.enums import Channel, Intent, Outcome, Right, Role, Stage
from requests_app.domain.grounds import Ground
from requests_app.domain.small_cells import Table
from requests_app.domain.snapshot import SYSTEM
from requests_app.domain.spread import Spread
from requests_app.models import Case, DataSubjectRequest, Decision, Extension, Message, Suspension
from tests import factories

pytestmark = pytest.mark.django_db

AFTERWARDS = datetime(2027, 2, 1, 12, tzinfo=UTC)


def at(month: int, day: int, hour: int = 8, year: int = 2026) -> datetime:
    """A moment of the year, in UTC."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def asked(
    right: Right, received: datetime, person: str, *, channel: Channel = Channel.FORM, language: str = "nb"
) -> DataSubjectRequest:
    """A request that reached us then and was read two hours later."""
    with travel(received + timedelta(hours=2), tick=False):
        email = f"{person}@example.com"
        return factories.case(right, received_at=received, channel=channel, language=language, email=email).dsrs.get()


def answer(dsr: DataSubjectRequest, days: int, outcome: Outcome = Outcome.FULFILLED, *grounds: Ground) -> None:
    """The answer went so many days after the receipt, and the request was closed."""
    sent = dsr.received_at + timedelta(days=days)
    factories.force(dsr, Stage.CLOSED, outcome=outcome.value, answer_sent_at=sent, closed_at=sent)
    Decision.objects.filter(dsr=dsr).update(outcome=outcome.value, grounds=[ground.value for ground in grounds])


def moved(dsr: DataSubjectRequest, action: str, stage: Stage, when: datetime) -> None:
    """The audit remembers that a request went on to a stage."""
    with travel(when, tick=False), transaction.atomic():
        audit.record(f"request.{action}", f"dsr:{dsr.pk}", SYSTEM, target=stage.value)


@pytest.fixture
def year() -> Iterator[statistics.Span]:
    """Thirty-nine requests: what is asked, and how long it took.

    On the last evening of 2025 one that does not count, and half an hour after midnight one that does (answered after
    5 days). In March 20 for access: 10 answered after 10 days, 5 after 20, 5 after 31, the day the month ends. In June
    6 deletions by mail in English, met in part after 94 days. In July 5 objections to marketing. In December 7 for
    access that are still open.
    """
    factories.organisation()
    asked(Right.ACCESS, at(12, 31, 22, 2025), "eve")
    answer(asked(Right.ACCESS, datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "p0"), 5)
    for number in range(20):
        dsr = asked(Right.ACCESS, at(3, 1), f"p{number + 1}")
        answer(dsr, 10 if number < 10 else 20 if number < 15 else 31)
        if number < 5:
            Suspension.objects.create(
                dsr=dsr, kind="identity", ground="mismatch", asked_at=at(3, 2), answered_at=at(3, 7)
            )
    for number in range(6):
        dsr = asked(Right.ERASURE, at(6, 1), f"P{number}", channel=Channel.MAIL, language="en")
        moved(dsr, "start", Stage.IN_PROGRESS, at(6, 5))
        moved(dsr, "submit", Stage.IN_REVIEW, at(6, 20))
        moved(dsr, "release", Stage.RELEASED, at(9, 3))
        answer(dsr, 94, Outcome.PARTLY_FULFILLED, Ground.LEGAL_OBLIGATION)
    for number in range(5):
        answer(asked(Right.MARKETING_OBJECTION, at(7, 1), f"m{number}"), 0)
    for number in range(7):
        dsr = asked(Right.ACCESS, at(12, 5), f"p{number + 21}")
        if number < 5:
            moved(dsr, "reopen", Stage.IN_PROGRESS, at(12, 6))
    with travel(AFTERWARDS, tick=False):
        yield statistics.span(periods.year("2026"))


def told(table: Table) -> dict[str, int | None]:
    """What is not zero in a table."""
    return {key: value for key, value in table.cells.items() if value != 0}


def test_what_came_in(year: statistics.Span) -> None:
    received = statistics.figures(year).received
    assert told(received.by_right) == {"access": 28, "erasure": 6, "marketing_objection": 5}
    assert told(received.by_channel) == {"form": 33, "mail": 6}
    assert told(received.by_language) == {"nb": 33, "en": 6}
    assert {received.by_right.total, received.by_channel.total, received.by_language.total} == {39}
    assert received.by_right.cells["complaint"] == received.by_right.cells["unsorted"] == 0


def test_what_is_open_at_the_end_of_the_year(year: statistics.Span) -> None:
    """Seven from 5 December, and the one of the last evening of the year before: 8, which lie 27 and 366 days."""
    found = statistics.figures(year).open
    assert found.days == Spread(8, 27.0, 366.0, 366.0)
    assert found.by_age == Table(8, {"up_to_30_days": None, "up_to_90_days": None, "longer": None})


def test_how_long_answers_took(year: statistics.Span) -> None:
    """5 x 0, 1 x 5, 10 x 10, 5 x 20, 5 x 31 and 6 x 94 days are 32; the 16th is 10, the 17th 20, the 29th 94."""
    answered = statistics.figures(year).answered
    assert answered.days == Spread(32, 15.0, 94.0, 94.0)
    assert answered.within_30_days == 65.6  # 21 of 32
    assert answered.within_one_month == answered.within_three_months == 81.2  # 26 of 32


def test_what_was_late_and_where_it_lay(year: statistics.Span) -> None:
    """The promise of 1 March ends on the 31st: five went on 1 April. Six deletions were due on 1 July."""
    overdue = statistics.figures(year).overdue
    assert told(overdue.ever) == {"start": 5, "approval": 6}
    assert overdue.in_time == 71.8  # 28 of 39
    # Of what is open only the request of the year before is overdue, and one is not told.
    assert overdue.now.total is None


def test_what_was_overdue_when_august_ended(year: statistics.Span) -> None:
    august = statistics.figures(statistics.span(periods.month("2026-08")))
    assert august.overdue.now.total == 7  # the deletions, and the request of the year before
    assert august.received.by_right.total == 0
    assert august.answered.days == Spread(0)
    assert august.answered.within_30_days is None


def test_how_it_ended(year: statistics.Span) -> None:
    found = statistics.figures(year)
    assert told(found.outcomes) == {"fulfilled": 26, "partly_fulfilled": 6}
    assert found.outcomes.cells["no_data"] == found.outcomes.cells["closed_unverified"] == 0
    assert told(found.refusals_by_ground) == {"legal_obligation": 6}


def test_the_rest_of_the_year(year: statistics.Span) -> None:
    found = statistics.figures(year)
    assert told(found.suspensions.by_kind) == {"identity": 5}
    assert found.suspensions.days == Spread(5, 5.0, 5.0, 5.0)
    assert found.marketing_stop_hours == Spread(5, 2.0, 2.0, 2.0)
    assert found.reopened == 5
    assert found.complaints.total == 0
    assert told(found.askers) == {"once": 27, "again": 6}  # whoever wrote P0 to P5 had asked before, as p0 to p5
    assert (told(found.extensions.by_reason), found.extensions.share) == ({}, 0.0)


def test_extensions_are_counted_by_reason_once_the_person_was_told(year: statistics.Span) -> None:
    proposes, decides = factories.staff(), factories.staff(Role.DECISION_MAKER)
    for dsr in DataSubjectRequest.objects.filter(right=Right.ERASURE.value):
        Extension.objects.create(
            dsr=dsr, reasons=["volume"], explanation="-", what_comes="-", answer_by=date(2026, 12, 1),
            proposed_by=proposes, proposed_at=at(10, 1), approved_by=decides, approved_at=at(10, 1),
            notice_sent_at=at(10, 1),
        )  # fmt: skip
    extensions = statistics.figures(year).extensions
    assert (told(extensions.by_reason), extensions.share) == ({"volume": 6}, 15.4)  # 6 of 39


def test_what_is_only_proposed_extends_nothing(year: statistics.Span) -> None:
    for dsr in DataSubjectRequest.objects.filter(right=Right.ERASURE.value):
        Extension.objects.create(
            dsr=dsr, reasons=["volume"], explanation="-", what_comes="-", answer_by=date(2026, 12, 1),
            proposed_by=factories.staff(), proposed_at=at(10, 1),
        )  # fmt: skip
    assert statistics.figures(year).extensions.share == 0.0


def test_a_single_complaint_that_is_open_is_hidden_behind_the_others(year: statistics.Span) -> None:
    for number in range(6):
        dsr = asked(Right.COMPLAINT, at(10, 1), f"k{number}")
        if number:
            answer(dsr, 14)
    complaints = statistics.figures(year).complaints
    assert complaints.total == 6
    assert told(complaints) == {"open": None, "fulfilled": None}


def test_who_waits_for_the_person_is_late_for_that_reason(year: statistics.Span) -> None:
    for dsr in DataSubjectRequest.objects.filter(right=Right.ERASURE.value):
        Suspension.objects.create(dsr=dsr, kind="identity", ground="mismatch", asked_at=at(6, 20))
    assert told(statistics.figures(year).overdue.ever) == {"start": 5, "waiting_for_person": 6}


def test_who_was_told_in_time_that_we_wait_is_not_late(year: statistics.Span) -> None:
    """Something with reasons was out before the alarm of 1 July: no more was owed."""
    for dsr in DataSubjectRequest.objects.filter(right=Right.ERASURE.value):
        Suspension.objects.create(dsr=dsr, kind="identity", ground="mismatch", asked_at=at(6, 20))
        Message.objects.create(
            case=dsr.case, direction="out", intent=Intent.STILL_WAITING.value, subject="-", body="-",
            language="en", state="sent", created_at=at(6, 25), sent_at=at(6, 25),
        )  # fmt: skip
    overdue = statistics.figures(year).overdue
    assert told(overdue.ever) == {"start": 5}
    assert overdue.in_time == 87.2  # 34 of 39


def test_a_year_without_anything_is_all_zeros() -> None:
    factories.organisation()
    with travel(AFTERWARDS, tick=False):
        found = statistics.figures(statistics.span(periods.year("2026")))
    assert found.received.by_right.total == 0
    assert found.open.days == Spread(0)
    assert found.overdue.in_time is None


def test_the_time_zone_of_the_organisation_says_which_year_it_is(year: statistics.Span) -> None:
    factories.organisation(country="IS", time_zone="Atlantic/Reykjavik")
    assert statistics.figures(statistics.span(periods.year("2026"))).received.by_right.total == 38
    assert Case.objects.count() == 40


def test_few_of_another_kind_cannot_be_reckoned_from_how_often_marketing_was_stopped(year: statistics.Span) -> None:
    """Two corrections are few; the five objections to marketing are hidden with them, as the next larger number."""
    for number in range(2):
        answer(asked(Right.RECTIFICATION, at(10, 1), f"k{number}"), 14)
    found = statistics.figures(year)
    assert found.received.by_right.cells["marketing_objection"] is None
    assert found.marketing_stop_hours == Spread(None)


def test_few_of_another_kind_cannot_be_reckoned_from_the_complaints(year: statistics.Span) -> None:
    """Two corrections are few, and five complaints are hidden with them: they come before the objections."""
    for number in range(7):
        answer(asked(Right.COMPLAINT if number < 5 else Right.RECTIFICATION, at(10, 1), f"k{number}"), 14)
    found = statistics.figures(year)
    assert found.received.by_right.cells["complaint"] is None
    assert found.complaints.total is None
    assert set(found.complaints.cells.values()) == {None}


def test_a_few_that_were_in_time_cannot_be_reckoned_from_those_that_were_late() -> None:
    """Seven of ten were late: how many is not told, for it would tell that three were not."""
    factories.organisation()
    for number in range(10):
        answer(asked(Right.ACCESS, at(3, 1), f"p{number}"), 40 if number < 7 else 10)
    with travel(AFTERWARDS, tick=False):
        overdue = statistics.figures(statistics.span(periods.year("2026"))).overdue
    assert (overdue.in_time, overdue.ever.total) == (None, None)
    assert set(overdue.ever.cells.values()) == {None}


def test_a_few_that_are_open_and_not_overdue_cannot_be_reckoned_from_those_that_are() -> None:
    factories.organisation()
    for number in range(8):
        asked(Right.ACCESS, at(3, 1) if number < 7 else datetime(2027, 1, 20, tzinfo=UTC), f"p{number}")
    with travel(AFTERWARDS, tick=False):
        found = statistics.figures(statistics.span(periods.year("2027")))
    assert found.open.days.count == 8
    assert found.overdue.now.total is None


def test_the_grounds_of_few_refusals_are_not_counted_either() -> None:
    """Three refusals on two grounds each are six grounds, and still three people."""
    factories.organisation()
    for number in range(13):
        dsr = asked(Right.ERASURE, at(3, 1), f"p{number}")
        if number < 10:
            answer(dsr, 10)
        else:
            answer(dsr, 10, Outcome.REFUSED, Ground.LEGAL_OBLIGATION, Ground.LEGAL_CLAIMS)
    with travel(AFTERWARDS, tick=False):
        found = statistics.figures(statistics.span(periods.year("2026")))
    assert found.outcomes.cells["refused"] is None
    assert found.refusals_by_ground.total is None
