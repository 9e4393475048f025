"""`manage.py deadline`: by when a request must be answered, with the arithmetic in words or as JSON."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from reprlib import Repr
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.domain.calendars import for_country
from requests_app.domain.clock import (
    RULE_VERSION,
    ClockInputError,
    Step,
    StepCode,
    Suspension,
    as_plain,
    compute_deadline,
    explain,
)
from requests_app.domain.steps import StepValue

EXAMPLE = "2026-09-01T10:00:00+02:00"

ENGLISH: dict[StepCode, str] = {
    StepCode.RECEIVED: "Received on {day} ({zone}). That day itself is not counted.",
    StepCode.MONTH_END: "One month later: {day}.",
    StepCode.MONTH_END_CLAMPED: "One month later: {day}, the last of its month, which has no day {number}.",
    StepCode.MONTH_ROLLED: "{day} is not a working day: the month ends with {to}.",
    StepCode.PROMISE: "The promise of {days} calendar days: {day}, never moved to a working day.",
    StepCode.HARD_ALARM: "Hard alarm: {day}. By then something reasoned must be out, whatever happens.",
    StepCode.SUSPENSION_COUNTED: "Asked on {asked}, answered on {answered}: days that do not count: {days}.",
    StepCode.SUSPENSION_OVERLAPS: (
        "Asked on {asked}, answered on {answered}: further days that do not count: {days}; "
        "the others are covered by an earlier question."
    ),
    StepCode.SUSPENSION_OPEN: "Asked on {asked}, not answered yet.",
    StepCode.SUSPENSION_ASKED_LATE: (
        "Asked on {asked}: not counted, because it is more than {limit} days after receipt "
        "or the last answer; {latest} would have counted."
    ),
    StepCode.SUSPENSION_ASKED_AFTER_MONTH: (
        "Asked on {asked}: not counted, because the first month was over after {latest}."
    ),
    StepCode.SUSPENDED_DAYS: "Suspended days in all: {days}.",
    StepCode.PAUSED: "The clock is paused: there is no due date before the answer, only an alarm.",
    StepCode.EXTENSION_VALID: "Extended: the notice of {notice} came in time (latest {latest}).",
    StepCode.EXTENSION_LATE: "Not extended: the notice of {notice} came after {latest}.",
    StepCode.EXTENSION_END: "Two further months: {day}.",
    StepCode.EXTENSION_END_EARLIER: (
        "Two further months: {day}, the earlier of {three_months} (three months from receipt) "
        "and {month_and_two} (the first month and two more)."
    ),
    StepCode.STATUTE_MOVED: "The period of the law with the suspended days: {day}.",
    StepCode.STATUTE_ROLLED: "{day} is not a working day: the period of the law ends with {to}.",
    StepCode.PROMISE_MOVED: "The promise with the suspended days: {day}.",
    StepCode.POLICY_BREACH: "The notice of {notice} was lawful, but later than the promise of {promise}.",
    StepCode.BINDS_POLICY: "Due: {day}. The promise binds; the law would allow until {other}.",
    StepCode.BINDS_STATUTE: "Due: {day}. The law binds; the promise would allow until {other}.",
    StepCode.BINDS_BOTH: "Due: {day}. The law and the promise agree.",
    StepCode.BINDS_EXTENSION: "Due: {day}. The extension binds.",
    StepCode.BINDS_ALARM: "Alarm: {day}. Not a due date, but something reasoned must be out by then.",
    StepCode.ACT_BY: "Act by {day}, the last working day until then.",
    StepCode.END_INSTANT: "Too late from {instant}, the end of {day} in {zone}.",
}

_shown = Repr()
_shown.maxstring = 60


class Command(BaseCommand):
    """Reckons one deadline from its facts; reads no database and writes nothing."""

    help = "Show by when a request must be answered, and how that is reckoned."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser without a usage line, so that bad input is answered with one line."""
        example = f"Example: manage.py deadline {EXAMPLE} --suspend 2026-09-02T09:00+02:00/.."
        return super().create_parser(prog_name, subcommand, usage=argparse.SUPPRESS, epilog=example, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """The facts of one request."""
        parser.add_argument("received", metavar="RECEIVED", help=f"when it reached us, such as {EXAMPLE}")
        parser.add_argument(
            "--suspend",
            action="append",
            default=[],
            metavar="ASKED/ANSWERED",
            help="a question to the person that may stop the clock; ASKED/.. while it is not answered",
        )
        parser.add_argument("--extended-at", metavar="T", help="when the notice of extension went out")
        parser.add_argument("--country", default="NO", help="whose holidays count (default: NO)")
        parser.add_argument("--tz", help="time zone of the controller (default: the country's, Europe/Oslo)")
        parser.add_argument("--policy-days", type=int, default=30, help="the promise in days (default: 30)")
        parser.add_argument("--json", action="store_true", help="the dates as JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the deadline; CommandError with exit status 2 for anything it cannot reckon with."""
        notice = options["extended_at"]
        try:
            calendar = for_country(options["country"], tz=options["tz"])
            received_at = _moment(options["received"])
            suspensions = [_suspension(text) for text in options["suspend"]]
            notice_at = None if notice is None else _moment(notice)
            facts: dict[str, Any] = {
                "calendar": calendar,
                "policy_days": options["policy_days"],
                "suspensions": suspensions,
                "extension_notice_at": notice_at,
            }
            deadline = compute_deadline(received_at, **facts)
        except ClockInputError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_plain(deadline), indent=2))
            return
        for step in explain(received_at, **facts):
            self.stdout.write(in_words(step))
        self.stdout.write(f"Rules {RULE_VERSION}, holidays {calendar.version}.")


def in_words(step: Step) -> str:
    """One step of the arithmetic as an English sentence."""
    return ENGLISH[step.code].format_map(_spoken(step.params))


def _spoken(params: Mapping[str, StepValue]) -> dict[str, str]:
    return {name: _in_full(value) for name, value in params.items()}


def _in_full(value: StepValue) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return f"{value:%A} {value.day} {value:%B %Y}"
    return str(value)


def _moment(text: str) -> datetime:
    """The time in `text`; the domain refuses one without offset.

    A day without a time is refused here, because Python would read it as midnight.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"not a time: {_shown.repr(text)}; write it like {EXAMPLE}"
        raise CommandError(message, returncode=2) from error
    if _is_day(text):
        message = f"a day without a time: {_shown.repr(text)}; write it like {EXAMPLE}"
        raise CommandError(message, returncode=2)
    return moment


def _is_day(text: str) -> bool:
    """Whether `text` is a date and nothing else."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _suspension(text: str) -> Suspension:
    """(asked, answered) from `ASKED/ANSWERED`, (asked, None) from `ASKED/..`."""
    asked, slash, answered = text.partition("/")
    if not (slash and asked and answered):
        message = f"not a suspension: {_shown.repr(text)}; write ASKED/ANSWERED, or ASKED/.. while open"
        raise CommandError(message, returncode=2)
    return _moment(asked), None if answered == ".." else _moment(answered)
