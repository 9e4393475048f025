"""Who gets what on which day: the tables of `docs/reminders.md`, lived through day by day by the whole timetable."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings
from time_machine import travel

import identity.tasks
from identity.domain.enums import DoubtReason
from identity.models import User
from identity.services import verify
from requests_app import tasks
from requests_app.domain.enums import Channel, Direction, Intent, MessageState, RequirementKind, Right, Role, Stage
from requests_app.labels import MILESTONES
from requests_app.models import Case, Message
from requests_app.services import acknowledgements, requirements, sending
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "reminders.md"
OSLO = ZoneInfo("Europe/Oslo")
RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # a Tuesday; due on Thursday 1 October
ROLES = {Role.HANDLER: "assignee", Role.DECISION_MAKER: "decision-maker", Role.DPO: "DPO", Role.APPROVER: "approver"}
LETTERS = {
    Intent.ACKNOWLEDGEMENT: "receipt (T01)",
    Intent.IDENTITY_REQUEST: "question who is asking (T02)",
    Intent.WAITING_REMINDER: "reminder of the question (T04)",
    Intent.STILL_WAITING: "notice that we still wait (T07)",
}
TASKS = (  # in the order of the timetable
    tasks.send_reminders, tasks.send_digests, tasks.remind_of_clarifications, tasks.tell_that_we_wait,
    identity.tasks.expire, identity.tasks.remind,
)  # fmt: skip
GOALS = "This should be done by now:"


@pytest.fixture(autouse=True)
def house(settings: Settings, tmp_path: Path) -> None:
    """One of each role; mail becomes files."""
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path
    factories.organisation()
    for role in ROLES:
        factories.staff(role)
    User.objects.update(language="en", date_joined=RECEIVED - timedelta(days=30))


def received(right: Right, channel: Channel = Channel.FORM) -> Case:
    """A request of 1 September that the assignee has."""
    with travel(RECEIVED, tick=False):
        case = factories.case(right, received_at=RECEIVED, channel=channel)
    Case.objects.filter(pk=case.pk).update(assignee=User.objects.get(role_rows__role=Role.HANDLER.value))
    return case


def a_day(day: date) -> None:
    """What the timetable does about reminders on one day: at night, at the hour of the morning mail, and at noon."""
    for hour in (time(0, 5), time(7, 0), time(12, 0)):
        with travel(datetime.combine(day, hour, tzinfo=OSLO), tick=False):
            for task in TASKS:
                task()
                deliver()


def deliver() -> None:
    """Everything that is queued leaves."""
    for pk in Message.objects.filter(state=MessageState.QUEUED).values_list("pk", flat=True):
        sending.send(pk)


def lived(until: date, events: dict[date, Callable[[], object]] | None = None) -> str:
    """Let the days pass; return the table of every mail that was sent, a line for each day, reader and way."""
    day = RECEIVED.date()
    while day <= until:
        if happens := (events or {}).get(day):
            with travel(datetime.combine(day, time(10), tzinfo=OSLO), tick=False):
                happens()
                deliver()
        a_day(day)
        day += timedelta(days=1)
    sent = Message.objects.filter(direction=Direction.OUT)
    assert not sent.exclude(state=MessageState.SENT).exists()
    found: dict[tuple[date, str, str], list[str]] = defaultdict(list)
    for message in sent.order_by("created_at", "pk"):
        for said in contents(message):
            how = "morning mail" if is_morning(message) else "mail at once"
            found[message.created_at.astimezone(OSLO).date(), reader(message), how].append(said)
    lines = [
        f"| {(on - RECEIVED.date()).days} | {on:%a %-d %b} | {who} | {how} | {'; '.join(dict.fromkeys(what))} |"
        for (on, who, how), what in sorted(found.items(), key=lambda item: (item[0][0], *order(*item[0][1:])))
    ]
    return "\n".join(["| Day | Date | Who | How | What |", "|---|---|---|---|---|", *lines])


def order(who: str, how: str) -> tuple[int, int]:
    """The person comes first, then the staff by role; what is sent at once before the morning."""
    return (["person", "person, at the address on file", *ROLES.values()].index(who), how == "morning mail")


def reader(message: Message) -> str:
    """The role of whoever a mail is for."""
    if user := User.objects.filter(email=message.to_address).first():
        (role,) = user.roles
        return ROLES[role]
    return "person, at the address on file" if message.to_address == scenes.ON_FILE else "person"


def is_morning(message: Message) -> bool:
    """Tell the morning mail from a mail of its own."""
    return str(message.key).startswith("digest:")


def contents(message: Message) -> Iterator[str]:
    """What a mail is about: the letter, the milestone, or what stands in the morning mail."""
    if message.intent != Intent.REMINDER:
        yield LETTERS[Intent(message.intent)]
    elif not is_morning(message):
        with translation.override("en"):
            yield str(MILESTONES[str(message.key).split(":")[2]])
    else:
        assert message.body.count("/desk/cases/") > 0
        for block in message.body.split("\n\n")[:-1]:
            heading, *rows = block.strip().splitlines()
            if heading == GOALS:
                yield from re.findall(r": (.+), due ", "\n".join(rows))
            else:
                yield f"“{heading.rstrip(':')}”"


def documented(name: str) -> str:
    """The table of a name as it stands in the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.partition(f"<!-- {name} -->\n\n")[2].partition("\n\n")[0].strip()


def test_an_access_request_that_nobody_touches_until_it_is_overdue() -> None:
    dsr = received(Right.ACCESS).dsrs.get()
    factories.force(dsr, Stage.RECEIVED)
    requirements.put(dsr, RequirementKind.SYSTEMS, met=False, reason="systems_silent")
    assert lived(date(2026, 10, 5)) == documented("untouched")


def test_an_access_request_whose_person_never_shows_who_they_are() -> None:
    case = received(Right.ACCESS)
    point = scenes.on_file(case)
    handler = User.objects.get(role_rows__role=Role.HANDLER.value)
    events: dict[date, Callable[[], object]] = {
        date(2026, 9, 1): lambda: acknowledgements.acknowledge(case.pk),
        date(2026, 9, 2): lambda: verify.ask(
            case.pk, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=handler.as_actor()
        ),
    }  # fmt: skip
    assert lived(date(2026, 10, 5), events) == documented("waiting")


def test_a_withdrawal_of_consent_by_mail_that_nobody_touches() -> None:
    received(Right.CONSENT_WITHDRAWAL, Channel.MAIL)
    assert lived(date(2026, 9, 7)) == documented("at-once")
