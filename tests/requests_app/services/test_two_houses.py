"""Two installations that write to each other: whatever happens to the mail on the way, there is an end to it.

Both are the real code, one after the other in one process: parsing, the rules against automatic answers, receipts,
sending. The brakes are off, and whatever comes in may be a request, so that only the marks of the mails can end it.
"""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from time_machine import travel

from requests_app.domain.enums import Direction, MessageState, Right
from requests_app.mailbox import suggest
from requests_app.models import Inquiry, Message
from requests_app.services import acknowledgements, confirmations, correspondence, sending, triage, unsorted
from tests import factories

from .post import captured, letter, read

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
A_WEEK = timedelta(days=7)
MOST = 6  # mails after which nobody looks on any longer
# Each of these alone has to be enough to end it, whatever becomes of the others.
SUBMITTED, ENVELOPE, IDS = "auto-submitted", "return-path", "message-ids"
MAY_BE_ONE = suggest.Suggestion(rights=(), language="nb", reasons=(), probability=0.5, unsure=True)
OTHERS = ("X-Auto-Response-Suppress", "X-Loop", "Reply-To", "References", "MIME-Version")
PREFIXES = ("", "Re: ", "SV: ", "[EKSTERN] ", "Auto: ")


@dataclass(frozen=True)
class House:
    """One installation. `envelope` is its setting for the envelope sender."""

    name: str
    envelope: str

    @property
    def address(self) -> str:
        """Where people write to it."""
        return f"info@{self.name}.example"

    @contextmanager
    def at_work(self, now: datetime) -> Iterator[None]:
        """Be this installation for a while."""
        key = base64.urlsafe_b64encode(self.name.encode().ljust(32)).decode()
        with (
            override_settings(
                SITE_URL=f"https://rights.{self.name}.example",
                KEYS_TEXT=f"{self.name}:{key}",
                ENVELOPE_SENDER=self.envelope,
            ),
            travel(now, tick=False),
        ):
            factories.organisation(
                name=self.name, rights_contact=self.address, from_address=self.address,
                own_addresses=[self.address], own_domains=[f"{self.name}.example"],
                own_mail_hosts=[f"mx.{self.name}.example"],
            )  # fmt: skip
            yield


@dataclass(frozen=True)
class Road:
    """What servers on the way do to a mail: which marks arrive, which other fields are lost, how it looks."""

    kept: frozenset[str]
    lost: frozenset[str]
    prefix: str
    shouted: bool
    delivered_to: bool


@dataclass(frozen=True)
class Mail:
    """A mail on the way."""

    sender: str
    recipient: str
    data: bytes


class Wire:
    """A transport that keeps what is handed over."""

    repeatable = True

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def deliver(self, *, key: str, sender: str, recipient: str, data: bytes) -> None:
        """Take one mail."""
        self.mails.append(Mail(sender, recipient, data))


def carried(mail: Mail, road: Road) -> bytes:
    """Return a mail as it arrives at the end of a road."""
    head, _, body = mail.data.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    gone = {name.lower() for name in road.lost}
    if SUBMITTED not in road.kept:
        gone.add("auto-submitted")
    if IDS not in road.kept:
        gone |= {"message-id", "in-reply-to", "references"}
    arriving = []
    for one in fields:
        name, _, value = one.partition(b":")
        if name.decode().lower() in gone:
            continue
        value = b" " + road.prefix.encode() + value.strip() if name == b"Subject" else value
        arriving.append((name.upper() if road.shouted else name) + b":" + value)
    if ENVELOPE in road.kept:
        arriving.insert(0, f"Return-Path: <{mail.sender}>".encode())
    if road.delivered_to:
        arriving.insert(0, f"Delivered-To: {mail.recipient}".encode())
    return b"\r\n".join(arriving) + b"\r\n\r\n" + body


def marks_of(envelope: str) -> list[str]:
    """The marks that the mail of an installation bears, and that can end it."""
    return [SUBMITTED, IDS] if envelope == "from" else [SUBMITTED, ENVELOPE, IDS]


ENVELOPES = ("null", "bounce", "from")
OPENINGS = ("forged", "forged and sorted", "written at the desk")


@st.composite
def houses(draw: st.DrawFn) -> tuple[House, House]:
    """Two installations with settings of their own."""
    return House("fjord", draw(st.sampled_from(ENVELOPES))), House("vidde", draw(st.sampled_from(ENVELOPES)))


@st.composite
def journeys(draw: st.DrawFn) -> tuple[tuple[House, House], str, tuple[Road, Road]]:
    """Two installations, how it begins, and the road from each to the other.

    One mark at least arrives on both roads: an answer is known by the same one all the way.
    """
    pair = draw(houses())
    shared = draw(st.sampled_from([one for one in marks_of(pair[0].envelope) if one in marks_of(pair[1].envelope)]))
    roads = tuple(
        Road(
            kept=draw(st.frozensets(st.sampled_from(marks_of(house.envelope)))) | {shared},
            lost=draw(st.frozensets(st.sampled_from(OTHERS))),
            prefix=draw(st.sampled_from(PREFIXES)),
            shouted=draw(st.booleans()),
            delivered_to=draw(st.booleans()),
        )
        for house in pair
    )
    return pair, draw(st.sampled_from(OPENINGS)), (roads[0], roads[1])


def opened(ours: House, other: House, opening: str) -> None:
    """Let it begin: somebody writes to `ours` in the name of the other, or a member of staff writes to the other."""
    with ours.at_work(MONDAY):
        actor = factories.staff().as_actor()
        if opening == "written at the desk":
            case = factories.case(email=other.address)
            correspondence.write_to_person(case.pk, subject="Innsyn", body="Hva har dere?", actor=actor)
            return
        wish = letter("Jeg ber om innsyn i alle opplysninger dere har om meg.", sender=other.address)
        inquiry = arrives(wish.replace(b"info@optimar.no", ours.address.encode()), MONDAY)
        if opening == "forged and sorted":
            case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=actor)
            acknowledgements.acknowledge(case.pk)


def arrives(raw: bytes, now: datetime) -> Inquiry:
    """Read a mail that comes in now."""
    return read(captured(raw, at=now))


def looked_at(house: House, now: datetime) -> None:
    """Write the receipts that an installation owes by now, and send what waits."""
    with house.at_work(now):
        unsorted.confirm()
        waiting = Message.objects.filter(state=MessageState.QUEUED.value, direction=Direction.OUT.value)
        for pk in list(waiting.values_list("pk", flat=True)):
            sending.send(pk)


def exchanged(pair: tuple[House, House], opening: str, roads: tuple[Road, Road]) -> int:
    """Return how many mails go between two installations before both are silent, MOST at the most."""
    wire, count, now = Wire(), 0, MONDAY + A_WEEK
    with (
        patch.object(sending, "transport", lambda: wire),
        patch.object(confirmations, "held", lambda *_: None),
        patch.object(suggest, "of_mail", lambda mail: MAY_BE_ONE),
    ):
        opened(*pair, opening)
        looked_at(pair[0], now)
        while wire.mails and count < MOST:
            mail = wire.mails.pop(0)
            count += 1
            there = next(house for house in pair if mail.recipient.endswith(f"@{house.name}.example"))
            road = roads[1 - pair.index(there)]
            with there.at_work(now):
                arrives(carried(mail, road), now)
            now += A_WEEK
            looked_at(there, now)
    return count


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("envelope, mark", [(envelope, mark) for envelope in ENVELOPES for mark in marks_of(envelope)])
def test_each_mark_alone_is_enough(envelope: str, mark: str, opening: str) -> None:
    road = Road(kept=frozenset({mark}), lost=frozenset(OTHERS), prefix="", shouted=False, delivered_to=False)
    assert 1 <= exchanged((House("fjord", envelope), House("vidde", envelope)), opening, (road, road)) <= 2


def test_without_any_mark_only_the_brakes_would_end_it() -> None:
    road = Road(kept=frozenset(), lost=frozenset(OTHERS), prefix="", shouted=False, delivered_to=False)
    assert exchanged((House("fjord", "from"), House("vidde", "from")), "forged", (road, road)) == MOST


@settings(max_examples=60, deadline=None)
@given(journeys())
def test_two_houses_that_write_to_each_other_settle_within_two_mails(
    journey: tuple[tuple[House, House], str, tuple[Road, Road]],
) -> None:
    with transaction.atomic():
        assert 1 <= exchanged(*journey) <= 2
        transaction.set_rollback(True)
