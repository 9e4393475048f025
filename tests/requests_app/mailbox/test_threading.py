"""Marks that join a mail to its case: ours are known again, forged ones are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain import reference
from requests_app.mailbox import threading
from requests_app.mailbox.parse import parse
from requests_app.mailbox.threading import Mark, OwnMessage

from .mails import mail

NEW, OLD, FOREIGN = b"n" * 32, b"o" * 32, b"f" * 32
KEYS = (NEW, OLD)
CASE, MESSAGE = "0f" * 16, "a1" * 16


def message_id(key: bytes = NEW) -> str:
    """A Message-ID signed with this key."""
    return threading.make_message_id([key], CASE, MESSAGE, "optimar.no")


def address(key: bytes = NEW) -> str:
    """A reply address signed with this key."""
    return threading.make_reply_address([key], CASE, "info@optimar.no")


def test_our_message_id_is_known_again() -> None:
    assert threading.read_message_id(KEYS, message_id()) == OwnMessage(CASE, MESSAGE)
    assert threading.case_of_message_id(KEYS, f" {message_id().upper()} ") == CASE
    assert message_id().startswith("<")
    assert message_id().endswith("@optimar.no>")


def test_our_reply_address_is_known_again() -> None:
    assert address().startswith(f"info+sak-{CASE}-")
    assert len(address().partition("@")[0]) <= 64
    assert threading.case_of_address(KEYS, address().upper()) == CASE


def test_an_older_key_still_opens_and_a_foreign_one_does_not() -> None:
    assert threading.case_of_message_id(KEYS, message_id(OLD)) == CASE
    assert threading.case_of_address(KEYS, address(OLD)) == CASE
    assert threading.case_of_message_id(KEYS, message_id(FOREIGN)) is None
    assert threading.case_of_address(KEYS, address(FOREIGN)) is None


def test_marks_of_one_kind_do_not_open_as_the_other() -> None:
    mac = address().partition("@")[0].rpartition("-")[2]
    assert threading.read_message_id(KEYS, f"<dr.{CASE}.{MESSAGE}.{mac}@optimar.no>") is None


@given(st.integers(0, 200), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567.-"))
def test_no_changed_character_survives(at: int, char: str) -> None:
    for made, read in ((message_id(), threading.case_of_message_id), (address(), threading.case_of_address)):
        local, _, domain = made.partition("@")
        at_here = at % len(local)
        forged = f"{local[:at_here]}{char}{local[at_here + 1 :]}@{domain}"
        prefix = made.startswith("info") and at_here < len("info")  # our own name is not signed
        assert forged == made or prefix or read(KEYS, forged) is None


@given(st.text(max_size=200))
def test_anything_may_stand_in_a_header(value: str) -> None:
    assert threading.case_of_message_id(KEYS, value) is None
    assert threading.case_of_address(KEYS, value) is None


@pytest.mark.parametrize("token", ["", "A", "a-b", "a.b", "a@b", "x" * 41, "a\n"])
def test_odd_tokens_are_refused(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        threading.make_message_id(KEYS, token, MESSAGE, "optimar.no")
    with pytest.raises(ValueError, match="token"):
        threading.make_reply_address(KEYS, token, "info@optimar.no")


def test_without_a_key_nothing_is_signed_or_opened() -> None:
    with pytest.raises(ValueError, match="key"):
        threading.make_message_id([], CASE, MESSAGE, "optimar.no")
    assert threading.case_of_message_id([], message_id()) is None


def test_an_address_that_would_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="64 octets"):
        threading.make_reply_address(KEYS, "a" * 40, "customer-service-and-support@optimar.no")


def test_the_reply_address_goes_before_the_message_id() -> None:
    other = threading.make_message_id(KEYS, "c0ffee", MESSAGE, "optimar.no")
    found = parse(mail(f"To: {address()}", f"In-Reply-To: {other}"))
    assert threading.marked_case(KEYS, found) == (CASE, Mark.ADDRESS)


@pytest.mark.parametrize("field", ["In-Reply-To: {}", "References: <x@example.com> {} <y@example.com>"])
def test_an_answered_message_id_brings_the_mail_home(field: str) -> None:
    found = parse(mail(field.format(message_id())))
    assert threading.marked_case(KEYS, found) == (CASE, Mark.MESSAGE_ID)


def test_the_address_may_stand_in_delivered_to() -> None:
    assert threading.marked_case(KEYS, parse(mail(f"Delivered-To: {address()}"))) == (CASE, Mark.ADDRESS)


def test_a_strange_mail_carries_no_mark() -> None:
    assert (
        threading.marked_case(KEYS, parse(mail("In-Reply-To: <x@example.com>", "Cc: info+sak-a-b@optimar.no"))) is None
    )


def test_a_reference_in_the_subject_is_found() -> None:
    right = reference.make(2026, 123)
    assert threading.reference_in_subject(parse(mail(f"Subject: SV: Innsyn ({right.lower()})"))) == right
    assert threading.reference_in_subject(parse(mail("Subject: DR-2026-000123-00"))) is None
