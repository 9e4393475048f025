"""Codes that reach the desk have words: steps of the clock, entries of the audit, reasons of the mail."""

import re
from datetime import date
from enum import StrEnum

import pytest
from django.utils import translation

from requests_app import labels
from requests_app.desk import (
    authenticity_words,
    clock_words,
    deadline,
    delivery_state,
    delivery_words,
    history_words,
    status,
    timeline,
)
from requests_app.domain import clock, enums, steps
from requests_app.mailbox import authenticity, autoreply, parsed
from requests_app.management.commands.deadline import ENGLISH
from requests_app.models import AuditEntry
from requests_app.models.inquiry import SENDER_UNPROVEN
from requests_app.selectors import TOUCHING
from requests_app.services import confirmations
from tests.architecture import recorded as recorded_in_audit
from tests.architecture.test_direction import ROOT

# What is about no case: accounts, the organisation, registers, letters. No page tells of it.
ELSEWHERE = (
    "api_token.", "corrections.", "glass.", "letter.", "organisation.", "register.changed", "sent_mail.", "staff.",
    "system.",
)  # fmt: skip
NAME = re.compile(r"%\((\w+)\)s")


def test_every_step_of_the_clock_has_a_sentence() -> None:
    assert set(clock_words.SENTENCES) == set(steps.StepCode)
    assert set(deadline.WHY) == set(clock.Binding.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", list(steps.StepCode))
def test_a_sentence_names_nothing_that_the_step_does_not_carry(code: steps.StepCode) -> None:
    carried = set(re.findall(r"{(\w+)}", ENGLISH[code]))
    named = set(NAME.findall(str(clock_words.SENTENCES[code])))
    assert named <= carried
    assert carried - named <= {"zone"}


def test_whatever_a_case_can_be_told_of_has_words() -> None:
    """The auditor's page tells every entry of a case, of its requests and of the messages that came in for it."""
    recorded = frozenset().union(*(call.actions for call in recorded_in_audit.calls()))
    assert {"case.opened", "request.release", "message.sent", "task.retried", "recipient.told"} <= recorded
    worded = set(history_words.EVENTS) | set(history_words.UNTOLD)
    assert {action for action in recorded - worded if not action.startswith(ELSEWHERE)} == set()
    assert not [action for action in worded if action.startswith(ELSEWHERE)]


def test_what_needs_no_words_is_never_about_a_case() -> None:
    for call in recorded_in_audit.calls():
        if any(action.startswith(ELSEWHERE) for action in call.actions):
            assert not re.search(r"case|dsr|inquiry", call.subject), (call.actions, call.subject)


def test_nothing_is_told_of_what_is_never_recorded() -> None:
    recorded = frozenset().union(*(call.actions for call in recorded_in_audit.calls()))
    assert set(history_words.EVENTS) | set(history_words.UNTOLD) <= recorded
    assert not set(history_words.EVENTS) & set(history_words.UNTOLD)


def test_whoever_was_overtaken_reads_what_was_done() -> None:
    worded = set(history_words.EVENTS) | set(history_words.UNTOLD)
    assert set(TOUCHING) <= worded


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_words_of_the_audit_can_always_be_filled_in(language: str) -> None:
    with translation.override(language):
        for action in (*history_words.EVENTS, *history_words.UNTOLD):
            entry = AuditEntry(action=action, actor="system", details={})
            words = history_words.sentence(entry, {})
            assert words
            assert words != action
            assert "%(" not in words


def test_every_kind_has_its_drawing() -> None:
    icons = (ROOT / "templates" / "components" / "icon.html").read_text(encoding="utf-8")
    for kind, _words in history_words.EVENTS.values():
        assert f'name == "{kind}"' in icons


def test_every_reason_against_an_automatic_answer_has_words() -> None:
    robots = {reason.value for reason in autoreply.Reason if reason is not autoreply.Reason.OK}
    others = {"import", "answer", "junk", "no_address", "words_unresolved", "letter_part_missing"}
    assert set(labels.NOT_ACKNOWLEDGED) == robots | set(confirmations.Brake) | others


@pytest.mark.parametrize(
    "status, words",
    [
        ("5.1.1", "There is no such address. (Code 5.1.1)"),
        ("4.2.2", "The mailbox is full. (Code 4.2.2)"),
        ("5.1.99", "Something is wrong with the address. (Code 5.1.99)"),
        ("5.7.26", "The mail server there refuses mail from us. (Code 5.7.26)"),
        ("5.0.0", "The mail server there did not say why. (Code 5.0.0)"),
        ("", "The mail server there did not say why."),
    ],
)
def test_every_status_of_a_report_has_words(status: str, words: str) -> None:
    with translation.override("en"):
        assert delivery_words.why(status) == words


def test_every_problem_of_a_mail_has_words() -> None:
    codes = {value for name, value in vars(parsed).items() if name.isupper() and isinstance(value, str)}
    assert set(labels.PROBLEMS) == codes | {SENDER_UNPROVEN}


@pytest.mark.parametrize(
    "words,values",
    [
        (labels.RIGHTS, enums.Right), (labels.STAGES, enums.Stage), (labels.OUTCOMES, enums.Outcome),
        (labels.CHANNELS, enums.Channel), (labels.VERDICTS, enums.Verdict), (labels.REQUESTERS, enums.Requester),
        (labels.ROLES, enums.Role), (labels.INTENTS, enums.Intent), (labels.MESSAGE_STATES, enums.MessageState),
        (labels.REQUIREMENTS, enums.RequirementKind), (labels.ACTIONS, enums.Action),
        (status.WAITING, enums.SuspensionKind), (timeline.STANDS, enums.SuspensionKind),
        (delivery_state.DELIVERY, enums.MessageState), (authenticity_words.VERDICTS, authenticity.Authenticity),
        (authenticity_words.REASONS, authenticity.Why),
    ],
)  # fmt: skip
def test_every_value_of_a_closed_set_has_a_word(words: dict[str, object], values: type[StrEnum]) -> None:
    assert set(words) == set(values)


def test_the_steps_speak_the_readers_language() -> None:
    step = steps.Step(steps.StepCode.MONTH_END, {"day": date(2026, 12, 2)})
    with translation.override("en"):
        assert clock_words.sentence(step) == "One month later is 2 December 2026."
    with translation.override("nb"):
        assert "2. desember 2026" in clock_words.sentence(step)
