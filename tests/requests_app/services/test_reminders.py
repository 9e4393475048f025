"""Reminders to the staff: which goes to whom on which day, once each, whatever runs twice or not at all."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import travel

from requests_app import selectors, tasks
from requests_app.domain.enums import (
    Action,
    Channel,
    Intent,
    MessageState,
    RequirementKind,
    Right,
    Role,
    Stage,
    SuspensionKind,
)
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Reason
from requests_app.labels import MILESTONES
from requests_app.models import Case, DataSubjectRequest, Heartbeat, Message, ReminderSent
from requests_app.services import (
    acknowledgements,
    clock,
    correspondence,
    lifecycle,
    milestones,
    reminders,
    requirements,
    sending,
)
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # a Tuesday; due on Thursday 1 October


def at(day: int, month: int = 9, hour: int = 8) -> datetime:
    """Ten o'clock in Oslo, or another hour of UTC, on a day of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def sweep_at(moment: datetime) -> list[str]:
    """Run the sweep and return what it told: "kind: who hears it", with a star where it left by mail at once."""
    before = set(Message.objects.values_list("pk", flat=True))
    with travel(moment, tick=False):
        reminders.sweep()
        lines = [
            f"{one.milestone.kind}: {', '.join(person.name for person in one.people)}"
            for one in reminders.told_since(timezone.now())
        ]
    mailed: dict[str, list[str]] = {}
    names = {person.email: person.name for person in selectors.handlers()}
    for message in Message.objects.exclude(pk__in=before).order_by("pk"):
        assert message.intent == Intent.REMINDER
        mailed.setdefault(str(message.key).split(":")[2], []).append(names[message.to_address])
    return lines + [f"*{kind}: {', '.join(people)}" for kind, people in mailed.items()]


def diary(until: date, events: dict[date, Callable[[], object]] | None = None) -> str:
    """Let the days pass until a day, two sweeps on each; return a line for each day on which something was told.

    What happens on a day happens before its sweeps.
    """
    day, lines = RECEIVED.date(), []
    while day <= until:
        if happens := (events or {}).get(day):
            with travel(at(day.day, day.month, 6), tick=False):
                happens()
        told = sweep_at(at(day.day, day.month))
        assert sweep_at(at(day.day, day.month, 12)) == []
        lines += [f"{day:%a %d %b}  {one}" for one in told]
        day += timedelta(days=1)
    return "\n".join(lines)


def table(text: str) -> str:
    """A table as it stands in a test, without its indentation."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


@pytest.fixture
def _house() -> None:
    """Hanne handles, Dag decides, Pia is the data protection officer, Arne approves."""
    for role, name in (
        (Role.HANDLER, "Hanne"),
        (Role.DECISION_MAKER, "Dag"),
        (Role.DPO, "Pia"),
        (Role.APPROVER, "Arne"),
    ):
        factories.staff(role, name=name)


def received(right: Right = Right.ACCESS, *, channel: Channel = Channel.FORM, assignee: str = "") -> DataSubjectRequest:
    """A request of 1 September, seen from that day."""
    with travel(RECEIVED, tick=False):
        case = factories.case(right, received_at=RECEIVED, channel=channel)
    if assignee:
        case.assignee_id = next(one.pk for one in selectors.handlers() if one.name == assignee)
        case.save(update_fields=["assignee"])
    return case.dsrs.get()


def answered(dsr: DataSubjectRequest) -> None:
    """The answer is sent."""
    factories.force(dsr, Stage.RELEASED, answer_sent_at=timezone.now())


@pytest.mark.usefixtures("_house")
def test_an_access_request_that_nobody_touches_day_by_day() -> None:
    dsr = received(assignee="Hanne")
    requirements.put(dsr, RequirementKind.SYSTEMS, met=False, reason="systems_silent")
    requirements.put(dsr, RequirementKind.IDENTITY, met=False, reason="identity_not_confirmed")
    assert diary(date(2026, 10, 4)) == table(
        """
        Wed 02 Sep  acknowledge: Hanne
        Thu 03 Sep  ask: Hanne
        Tue 15 Sep  search: Hanne
        Wed 16 Sep  half: Hanne
        Tue 22 Sep  draft: Hanne
        Wed 23 Sep  three_quarters: Hanne
        Thu 24 Sep  extend: Hanne, Dag
        Fri 25 Sep  due_5: Hanne
        Tue 29 Sep  review: Dag
        Tue 29 Sep  *due_2: Hanne
        Thu 01 Oct  *act_by: Hanne
        Fri 02 Oct  *overdue: Hanne, Dag, Pia
        Sat 03 Oct  *overdue: Hanne, Dag, Pia
        Sun 04 Oct  *overdue: Hanne, Dag, Pia
        """
    )


@pytest.mark.usefixtures("_house")
def test_an_access_request_that_goes_well_is_hardly_heard_of() -> None:
    dsr = received(assignee="Hanne")
    with travel(RECEIVED, tick=False):
        acknowledgements.acknowledge(dsr.case_id)
    happens: dict[date, Callable[[], object]] = {date(2026, 9, 18): lambda: answered(dsr)}
    assert diary(date(2026, 10, 4), happens) == "Wed 16 Sep  half: Hanne"


@pytest.mark.usefixtures("_house")
def test_a_withdrawal_of_consent_by_mail_that_nobody_touches_day_by_day() -> None:
    received(Right.CONSENT_WITHDRAWAL, channel=Channel.MAIL)
    assert diary(date(2026, 9, 4)) == table(
        """
        Wed 02 Sep  *stop: Hanne, Dag
        Thu 03 Sep  *overdue: Hanne, Dag, Pia
        Fri 04 Sep  *overdue: Hanne, Dag, Pia
        """
    )


@pytest.mark.usefixtures("_house")
def test_a_withdrawal_that_took_effect_is_still_to_be_told() -> None:
    dsr = received(Right.CONSENT_WITHDRAWAL, assignee="Hanne")

    def stopped() -> None:
        lifecycle.advance(dsr.pk, Action.START, SYSTEM)
        requirements.put(dsr, RequirementKind.SYSTEMS, met=False, reason="systems_silent")

    def told() -> None:
        requirements.put(dsr, RequirementKind.SYSTEMS, met=True)
        answered(dsr)

    assert diary(date(2026, 9, 10), {date(2026, 9, 1): stopped, date(2026, 9, 6): told}) == table(
        """
        Wed 02 Sep  confirm: Hanne
        Fri 04 Sep  processors: Hanne
        Sat 05 Sep  *overdue: Hanne, Dag, Pia
        """
    )


@pytest.mark.usefixtures("_house")
def test_a_block_that_is_not_made_because_somebody_writes_for_another_has_not_taken_effect() -> None:
    dsr = received(Right.MARKETING_OBJECTION, assignee="Hanne")
    with travel(RECEIVED, tick=False):
        lifecycle.advance(dsr.pk, Action.START, SYSTEM)
    requirements.put(dsr, RequirementKind.BLOCK, met=False, reason="nobody_blocked")
    assert sweep_at(at(2)) == ["*stop: Hanne"]


@pytest.mark.usefixtures("_house")
def test_after_three_days_of_silence_everything_is_told_once_and_only_the_newest_truth() -> None:
    first, second, third = received(assignee="Hanne"), received(), received(Right.ERASURE)
    with travel(at(2), tick=False), transaction.atomic():
        clock.suspend(second, SuspensionKind.IDENTITY, "mismatch", SYSTEM)  # its clock stands until 7 September
    with travel(at(7), tick=False), transaction.atomic():
        clock.resume(second, SuspensionKind.IDENTITY, SYSTEM)
    factories.force(third, Stage.DECISION_DRAFT)
    sweep_at(at(28))
    assert sorted(ReminderSent.objects.values_list("dsr", "kind")) == [
        (first.pk, "due_5"), (first.pk, "extend"),  # a day of whoever decides, who has no newer one
        (second.pk, "extend"), (second.pk, "three_quarters"),
        (third.pk, "due_5"),
    ]  # fmt: skip
    assert sorted(sweep_at(at(2, 10))) == [  # nothing ran on the three days between
        "*due_2: Hanne, Dag",
        "*overdue: Hanne, Dag, Pia, Hanne, Dag, Pia",
        "review: Dag",
    ]
    assert sweep_at(at(2, 10, 12)) == []


@pytest.mark.usefixtures("_house")
def test_two_requests_of_one_case_that_are_due_on_one_day_fill_one_mail() -> None:
    with travel(RECEIVED, tick=False):
        case = factories.case(Right.ACCESS, Right.ERASURE, received_at=RECEIVED)
    Case.objects.filter(pk=case.pk).update(assignee=selectors.staff_with(Role.HANDLER)[0])
    assert sweep_at(at(1, 10)) == ["review: Dag", "review: Dag", "*act_by: Hanne"]
    first = case.dsrs.earliest("pk")
    with travel(at(1, 10), tick=False):
        answered(first)
    assert sweep_at(at(2, 10)) == ["*overdue: Hanne, Dag, Pia"]


@pytest.mark.usefixtures("_house")
def test_what_waited_for_the_mail_system_leaves_only_where_it_is_still_the_newest_truth(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path
    late, done = received(assignee="Hanne"), received(assignee="Hanne")
    for day in (at(29), at(1, 10), at(2, 10), at(3, 10)):  # no mail leaves on these days
        sweep_at(day)
    with travel(at(3, 10, 9), tick=False):
        answered(done)
        for pk in Message.objects.filter(intent=Intent.REMINDER).values_list("pk", flat=True):
            sending.send(pk)
    sent = Message.objects.filter(intent=Intent.REMINDER, state=MessageState.SENT)
    assert [str(row.key).split(":")[1:4] for row in sent] == [[str(late.case_id), "overdue", "2026-10-03"]] * 3
    dropped = Message.objects.filter(intent=Intent.REMINDER).exclude(pk__in=sent)
    assert {row.state for row in dropped} == {MessageState.DROPPED}


@pytest.mark.usefixtures("_house")
def test_a_clock_that_stands_leaves_only_the_hard_alarm() -> None:
    dsr = received(assignee="Hanne")

    def asked() -> None:
        with transaction.atomic():
            clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)

    def heard() -> None:
        with transaction.atomic():
            clock.resume(dsr, SuspensionKind.IDENTITY, SYSTEM)

    assert diary(date(2026, 10, 12), {date(2026, 9, 3): asked, date(2026, 10, 6): heard}) == table(
        """
        Wed 02 Sep  acknowledge: Hanne
        Thu 24 Sep  extend: Hanne, Dag
        Thu 01 Oct  *alarm: Hanne, Dag
        Fri 02 Oct  *overdue: Hanne, Dag, Pia
        Sat 03 Oct  *overdue: Hanne, Dag, Pia
        Sun 04 Oct  *overdue: Hanne, Dag, Pia
        Mon 05 Oct  *overdue: Hanne, Dag, Pia
        """
    )


@pytest.mark.usefixtures("_house")
def test_a_moved_date_is_reminded_of_anew() -> None:
    dsr = received(assignee="Hanne")
    assert sweep_at(at(29)) == ["review: Dag", "*due_2: Hanne"]
    with travel(at(2), tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    with travel(at(7), tick=False), transaction.atomic():
        clock.resume(dsr, SuspensionKind.IDENTITY, SYSTEM)
    assert sweep_at(at(29)) == ["three_quarters: Hanne", "extend: Dag"]
    assert sweep_at(at(4, 10)) == ["review: Dag", "*due_2: Hanne"]


@pytest.mark.usefixtures("_house")
def test_a_reopened_request_is_looked_at_again() -> None:
    dsr = received(assignee="Hanne")
    factories.force(dsr, Stage.RELEASED, answer_sent_at=at(10), next_milestone_on=None)
    assert sweep_at(at(5, 10)) == []
    with travel(at(6, 10), tick=False):
        lifecycle.advance(dsr.pk, Action.REOPEN, factories.staff(Role.HANDLER).as_actor(), note="Ikke alt var med")
    assert sweep_at(at(6, 10)) == ["*overdue: Hanne, Dag, Pia"]


def test_while_nobody_has_the_case_everybody_who_could_take_it_is_told() -> None:
    factories.staff(Role.HANDLER, name="Hanne")
    factories.staff(Role.DECISION_MAKER, name="Dag")
    factories.staff(Role.APPROVER)
    gone = factories.staff(Role.HANDLER, active=False)
    dsr = received()
    assert sweep_at(at(29)) == ["review: Dag", "*due_2: Hanne, Dag"]
    Case.objects.filter(pk=dsr.case_id).update(assignee=gone)
    assert sweep_at(at(1, 10)) == ["*act_by: Hanne, Dag"]


def test_a_reminder_waits_for_somebody_to_read_it() -> None:
    received()
    assert sweep_at(at(30)) == []
    factories.staff(Role.HANDLER, name="Hanne")
    assert sweep_at(at(30)) == ["*due_2: Hanne"]


@pytest.mark.usefixtures("_house")
def test_a_reminder_names_the_case_and_nobody() -> None:
    dsr = received(assignee="Hanne")
    for day in (at(29), at(1, 10), at(2, 10)):
        sweep_at(day)
    written = Message.objects.filter(intent=Intent.REMINDER)
    assert written.count() == 5
    for message in written:
        assert dsr.case.reference in message.subject
        assert f"/desk/cases/{dsr.case.reference}/" in message.body
        for secret in (dsr.case.person_name, dsr.case.person_email):
            assert secret not in message.subject + message.body


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("kind", ["due_2", "act_by", "alarm", "stop", "overdue"])
def test_every_instant_reminder_says_its_own_thing(language: str, kind: str) -> None:
    factories.organisation()
    context: dict[str, object] = {
        "reference": "DR-2026-000123-45", "kind": kind, "what": MILESTONES[kind],
        "due_on": date(2026, 10, 1), "days": 2,
    }  # fmt: skip
    message = correspondence.notify_staff(
        "hanne@optimar.example", language, reminders.TEMPLATE, context, key=f"{kind}:{language}"
    )
    words = {
        "nb": {"due_2": "om 2 dager", "act_by": "ingen arbeidsdag", "alarm": "begrunnelse", "stop": "markedsføring",
               "overdue": "for 2 dager siden"},
        "en": {"due_2": "in 2 days", "act_by": "no working day", "alarm": "with reasons", "stop": "marketing",
               "overdue": "2 days ago"},
    }  # fmt: skip
    assert words[language][kind] in message.body


@pytest.mark.usefixtures("_house")
def test_what_waits_for_the_morning_and_has_been_done_meanwhile_is_not_in_it() -> None:
    dsr = received(assignee="Hanne")
    with travel(at(22, hour=1), tick=False):
        reminders.sweep()
        begin = timezone.now()
        assert [one.milestone.kind for one in reminders.told_since(begin)] == ["draft"]
    with travel(at(22), tick=False):
        factories.force(dsr, Stage.DECISION_DRAFT)
        assert list(reminders.told_since(begin)) == []
    with travel(at(23), tick=False):
        assert list(reminders.told_since(timezone.now())) == []


@pytest.mark.usefixtures("_house")
def test_the_request_that_cannot_be_looked_at_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = received(assignee="Hanne"), received(assignee="Hanne")
    facts = milestones.facts

    def refuse(dsr: DataSubjectRequest) -> object:
        if dsr.pk == broken.pk:
            raise ActionRefused(Reason("words_unresolved"))
        return facts(dsr)

    monkeypatch.setattr(milestones, "facts", refuse)
    with travel(at(29), tick=False):
        assert reminders.sweep() == 2
    assert {row.dsr_id for row in ReminderSent.objects.all()} == {whole.pk}
    monkeypatch.undo()
    with travel(at(29), tick=False):
        assert reminders.sweep() == 2


@pytest.mark.usefixtures("_house")
def test_a_sweep_leaves_alone_whose_day_has_not_come() -> None:
    dsr = received(assignee="Hanne")
    sweep_at(at(16))
    dsr.refresh_from_db()
    assert dsr.next_milestone_on == date(2026, 9, 22)
    looked_at = []
    with travel(at(21), tick=False), pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminders, "_look_at", lambda pk, today: looked_at.append(pk))
        reminders.sweep()
    assert looked_at == []


@pytest.mark.usefixtures("_house")
def test_a_clock_that_ran_ahead_and_was_set_back_silences_nobody() -> None:
    dsr = received(assignee="Hanne")
    assert sweep_at(datetime(2027, 9, 20, 8, tzinfo=UTC)) == ["*overdue: Hanne, Dag, Pia"]
    with travel(at(29), tick=False):
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": datetime(2027, 9, 20, 8, tzinfo=UTC)})
        tasks.heartbeat()
    dsr.refresh_from_db()
    assert dsr.next_milestone_on == date(2026, 9, 29)
    assert sweep_at(at(29)) == ["review: Dag", "*due_2: Hanne"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_house")
def test_two_sweeps_at_once_send_each_mail_once() -> None:
    for _ in range(6):
        received(assignee="Hanne")
    with travel(at(2, 10), tick=False):
        assert sum(together(4, reminders.sweep)) == 6
    assert ReminderSent.objects.count() == 6
    assert Message.objects.filter(intent=Intent.REMINDER).count() == 6 * 3


@pytest.mark.usefixtures("_house")
def test_the_sweep_costs_by_what_is_due_and_not_by_what_is_stored() -> None:
    def statements(due: int, stored: int) -> int:
        with travel(at(28), tick=False):
            for dsr in DataSubjectRequest.objects.open():
                factories.close(dsr.case)
        rows = [received(assignee="Hanne") for _ in range(stored)]
        DataSubjectRequest.objects.filter(pk__in=[row.pk for row in rows[due:]]).update(next_milestone_on=at(30).date())
        with travel(at(29), tick=False), CaptureQueriesContext(connection) as caught:
            reminders.sweep()
        return len(caught)

    none, one = statements(0, 3), statements(1, 3)
    assert statements(0, 9) == none
    assert statements(4, 9) - none == 4 * (one - none)


def test_the_sweep_finds_what_is_due_by_its_index() -> None:
    due = DataSubjectRequest.objects.with_milestone_by(date(2026, 9, 29)).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a table with next to no rows any index will do, and sorting costs nothing. What is asked here is
            # whether this one alone gives what is due in its order; that it is chosen among a million, the bench shows.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    plan = due.explain()
    assert "dsr_by_milestone" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan  # SQLite's word for it
