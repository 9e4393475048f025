"""`manage.py deadline`: the oracle as JSON, the arithmetic in words, bad input in one line."""

import csv
import json
import os
import string
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from requests_app.domain.clock import Step, StepCode
from requests_app.domain.steps import StepValue
from requests_app.management.commands.deadline import ENGLISH, in_words

ROOT = Path(__file__).resolve().parents[3]

with (ROOT / "tests/data/deadline-vectors.csv").open(encoding="utf-8", newline="") as _file:
    VECTORS = list(csv.DictReader(_file))

FIELDS = [
    "received_local_date",
    "suspended_days",
    "extension_valid",
    "statutory_due",
    "policy_due",
    "effective_due",
    "unsuspended_due",
    "act_by",
    "effective_due_end_utc",
    "paused",
    "binding",
    "policy_breach",
]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("deadline", *arguments)
    return capsys.readouterr().out


def as_arguments(row: dict[str, str]) -> list[str]:
    """The facts of one line of the oracle as a command line."""
    facts = [row["received_at"], "--country", row["country"], "--tz", row["timezone"]]
    facts += ["--policy-days", row["policy_days"]]
    for suspension in filter(None, row["suspensions"].split(";")):
        facts += ["--suspend", suspension]
    return [*facts, "--extended-at", row["extension_notice_at"]] if row["extension_notice_at"] else facts


@pytest.mark.parametrize("row", VECTORS, ids=[row["id"] for row in VECTORS])
def test_vector(row: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    result = json.loads(run(capsys, *as_arguments(row), "--json"))
    spelled = {"": None, "yes": True, "no": False}
    assert list(result) == FIELDS
    assert result.pop("extension_valid") is spelled[row["extension_valid"]]
    assert result.pop("suspended_days") == (int(row["suspended_days"]) if row["suspended_days"] else None)
    for name in FIELDS[3:9] + FIELDS[:1]:
        assert result.pop(name) == (row[name] or None)
    assert set(result) == {"paused", "binding", "policy_breach"}


def test_what_the_oracle_does_not_say(capsys: pytest.CaptureFixture[str]) -> None:
    late_notice = ["2026-10-01T10:00:00+02:00", "--extended-at", "2026-11-02T09:00:00+01:00", "--json"]
    breach = json.loads(run(capsys, *late_notice))
    assert (breach["binding"], breach["policy_breach"], breach["paused"]) == ("extension", True, False)
    open_question = ["2026-09-01T10:00Z", "--suspend", "2026-09-02T10:00Z/..", "--json"]
    paused = json.loads(run(capsys, *open_question))
    assert (paused["binding"], paused["policy_breach"], paused["paused"]) == ("alarm", False, True)


def test_norway_and_thirty_days_unless_said_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    said = ["--country", "NO", "--tz", "Europe/Oslo", "--policy-days", "30"]
    received = "2026-06-30T22:30:00Z"
    assert run(capsys, received) == run(capsys, received, *said)


def test_country_zone_and_promise_matter(capsys: pytest.CaptureFixture[str]) -> None:
    received = "2028-04-16T22:30:00Z"
    dates = {
        run(capsys, received, "--json", *more)
        for more in (
            ["--policy-days", "60"],
            ["--policy-days", "60", "--country", "DE"],
            ["--policy-days", "60", "--tz", "UTC"],
            ["--policy-days", "20"],
        )
    }
    assert len(dates) == 4


def test_the_arithmetic_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    suspend = ["--suspend", "2027-02-26T09:00:00+01:00/2027-02-27T09:00:00+01:00"]
    said = run(capsys, "2027-02-25T09:00:00+01:00", *suspend, "--extended-at", "2027-04-01T09:00:00+02:00")
    assert said.splitlines() == [
        "Received on Thursday 25 February 2027 (Europe/Oslo). That day itself is not counted.",
        "One month later: Thursday 25 March 2027.",
        "Thursday 25 March 2027 is not a working day: the month ends with Tuesday 30 March 2027.",
        "The promise of 30 calendar days: Saturday 27 March 2027, never moved to a working day.",
        "Hard alarm: Saturday 27 March 2027. By then something reasoned must be out, whatever happens.",
        "Asked on Friday 26 February 2027, answered on Saturday 27 February 2027: days that do not count: 1.",
        "Suspended days in all: 1.",
        "Not extended: the notice of Thursday 1 April 2027 came after Tuesday 30 March 2027.",
        "The period of the law with the suspended days: Friday 26 March 2027.",
        "Friday 26 March 2027 is not a working day: the period of the law ends with Tuesday 30 March 2027.",
        "The promise with the suspended days: Sunday 28 March 2027.",
        "Due: Sunday 28 March 2027. The promise binds; the law would allow until Tuesday 30 March 2027.",
        "Act by Wednesday 24 March 2027, the last working day until then.",
        "Too late from 2027-03-28T22:00:00Z, the end of Sunday 28 March 2027 in Europe/Oslo.",
        "Rules 1, holidays NO/1.",
    ]


def test_a_question_that_does_not_count_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "2026-09-01T10:00Z", "--suspend", "2026-09-14T10:00Z/..")
    assert "Asked on Monday 14 September 2026: not counted, because it is more than 7 days" in said
    assert "Tuesday 8 September 2026 would have counted." in said


@pytest.mark.parametrize("code", StepCode)
def test_every_step_has_an_english_sentence(code: StepCode) -> None:
    other_than_days: dict[str, StepValue] = {
        "days": 7,
        "limit": 7,
        "number": 31,
        "zone": "Europe/Oslo",
        "instant": datetime(2026, 9, 1, 22, tzinfo=UTC),
    }
    names = [name for _, name, _, _ in string.Formatter().parse(ENGLISH[code]) if name]
    sentence = in_words(Step(code, {name: other_than_days.get(name, date(2026, 9, 1)) for name in names}))
    assert sentence.endswith(".")
    assert "{" not in sentence


BAD: list[tuple[list[str], str]] = [
    (["yesterday"], "not a time: 'yesterday'; write it like 2026-09-01T10:00:00+02:00"),
    ([""], "not a time: ''"),
    (["2026-13-01T10:00Z"], "not a time"),
    (["2026-09-01T10:00+25:00"], "not a time"),
    (["2026-09-01\n\0"], "not a time"),
    (["x" * 10_000], "not a time"),
    (["2026-09-01"], "a day without a time: '2026-09-01'; write it like"),
    (["2026-09-01T10:00"], "has no time zone: add the offset"),
    (["9999-12-31T23:59Z"], "outside the years 1900 to 9000"),
    (["0001-01-01T00:00+14:00"], "outside the years 1900 to 9000"),
    (["2026-09-01T10:00Z", "--suspend", "2026-09-02T10:00Z"], "not a suspension"),
    (["2026-09-01T10:00Z", "--suspend", "2026-09-02T10:00Z/"], "not a suspension"),
    (["2026-09-01T10:00Z", "--suspend", "../2026-09-02T10:00Z"], "not a time: '..'"),
    (["2026-09-01T10:00Z", "--suspend", "2026-09-02/.."], "a day without a time"),
    (["2026-09-01T10:00Z", "--suspend", "2026-08-31T10:00Z/.."], "before the receipt"),
    (["2026-09-01T10:00Z", "--suspend", "2026-09-03T10:00Z/2026-09-02T10:00Z"], "before it begins"),
    (["2026-09-01T10:00Z", "--extended-at", "soon"], "not a time: 'soon'"),
    (["2026-09-01T10:00Z", "--extended-at", "2026-08-01T10:00Z"], "older than the request"),
    (["2026-09-01T10:00Z", "--country", "XX"], "known countries: AT, DE, DK, FI, IS, NL, NO, SE"),
    (["2026-09-01T10:00Z", "--tz", "Oslo"], "unknown time zone 'Oslo'"),
    (["2026-09-01T10:00Z", "--policy-days", "0"], "the promise must be from 1 to 3650 days"),
]


@pytest.mark.parametrize("arguments, message", BAD)
def test_bad_input_is_refused_in_one_line(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("deadline", *arguments)
    assert caught.value.returncode == 2
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 200


def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`manage.py deadline` as a program of its own, with a database that nobody can reach."""
    environment = os.environ | {
        "DATARETT_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "DATARETT_SECRET_KEY_FILE": str(Path(os.environ["DATARETT_VAR"]) / "secret_key"),
        "DATARETT_KEYS_FILE": str(Path(os.environ["DATARETT_VAR"]) / "keys"),
    }
    command = [sys.executable, "manage.py", "deadline", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_no_database_is_needed() -> None:
    done = manage("2026-09-01T10:00:00+02:00", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["effective_due"] == "2026-10-01"


@pytest.mark.parametrize(
    "arguments",
    [["2026-09-01"], [], ["2026-09-01T10:00Z", "--policy-days", "many"], ["2026-09-01T10:00Z", "--nope"]],
)
def test_the_program_ends_with_two_and_one_line(arguments: list[str]) -> None:
    done = manage(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
