"""Guessing, replaying, scanning, comparing answers: what an outsider can try at the doors of identity, and gets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from identity.domain.enums import DoubtReason, Level, Method
from identity.models import OneTimeCode, Verification
from identity.services import codes, housekeeping, proof, verify
from requests_app.domain import tokens
from requests_app.domain.enums import Right, Role
from requests_app.domain.errors import ActionRefused
from requests_app.keyring import ring
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Message
from tests import factories
from tests.identity import scenes
from tests.identity.together import at_once, together

pytestmark = pytest.mark.django_db

PURPOSE, ADDRESS = "download", "kari.holm@example.com"


@contextmanager
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], list[str]]]:
    """Collect the statements and the hashes of what is done inside."""
    statements: list[str] = []
    hashes: list[str] = []
    digest, mac = tokens.digest, tokens._mac

    def counted_digest(token: str) -> str:
        hashes.append("digest")
        return digest(token)

    def counted_mac(*given: object) -> bytes:
        hashes.append("mac")
        return mac(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as captured:
        patch.setattr(tokens, "digest", counted_digest)
        patch.setattr(tokens, "_mac", counted_mac)
        yield statements, hashes
    statements += [" ".join(query["sql"].split()[:6]) for query in captured.captured_queries]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("post", ""), ("get", "/questions"), ("post", "/questions"), ("get", "/sms"), ("post", "/sms"),
     ("post", "/sms/send")],
)  # fmt: skip
def test_a_link_that_never_was_costs_the_same_work_as_one_that_is_dead(
    client: Client, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    row = scenes.doubted()
    ours = f"/identity/{scenes.link_token(row)}{path}"
    nobodys = f"/identity/{tokens.derive_token(ring(), 'identity-link', 'nobody', 1)}{path}"
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        act: Callable[..., object] = getattr(client, method)
        client.get("/nb/")  # reads the time zone anew, which whoever comes first after a day does
        with work(monkeypatch) as known:
            act(ours)
        with work(monkeypatch) as unknown:
            act(nobodys)
    assert known == unknown
    assert known[1]


def test_what_a_mail_scanner_opens_writes_nothing(client: Client) -> None:
    row = scenes.doubted()
    page = f"/identity/{scenes.link_token(row)}"
    with CaptureQueriesContext(connection) as captured:
        for method in (client.get, client.head, client.options, client.get):
            method(page)
        client.get(f"{page}/new")
    written = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith("SELECT")]
    assert written == []


def test_a_link_confirms_once_and_never_for_a_later_question() -> None:
    row = scenes.doubted(Right.ACCESS)
    token = scenes.link_token(row)
    verify.confirm(token)
    asked = Verification.objects.get(pk=row.pk).concluded_at
    again = verify.ask(
        row.case_id, DoubtReason.FRAUD_SIGN, row.case.contact_points.get().pk, actor=factories.staff().as_actor()
    )
    verify.confirm(token)
    again.refresh_from_db()
    assert again.state == "asked"
    assert Verification.objects.get(pk=row.pk).concluded_at == asked


@pytest.mark.django_db(transaction=True)
def test_guessers_with_every_code_of_a_day_get_twenty_five_answers() -> None:
    case = factories.case()
    rights = 0
    for _ in range(7):
        with suppress(ActionRefused):
            codes.send(case, PURPOSE, ADDRESS)
        row = OneTimeCode.objects.latest("id")
        right = tokens.derive_code(ring(), codes.DERIVATION, str(row.uuid), 1, row.key_id)
        wrong = f"{(int(right) + 1) % 10**8:08d}"
        results = together(8, partial(codes.check, case, PURPOSE, wrong, ADDRESS))
        rights += sum(result.ok for result in results)
    assert rights == 0
    assert OneTimeCode.objects.count() == 5
    assert sum(OneTimeCode.objects.values_list("tries", flat=True)) == 25
    assert AuditEntry.objects.filter(action="code.wrong").count() == 25


@pytest.mark.django_db(transaction=True)
def test_the_right_code_among_many_guesses_is_taken_once_at_most() -> None:
    case = factories.case()
    codes.send(case, PURPOSE, ADDRESS)
    row = OneTimeCode.objects.get()
    right = tokens.derive_code(ring(), codes.DERIVATION, str(row.uuid), 1, row.key_id)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    guesses = [partial(codes.check, case, PURPOSE, given, ADDRESS) for given in [wrong, right] * 5]
    assert sum(result.ok for result in at_once(*guesses)) <= 1
    row.refresh_from_db()
    assert row.tries <= codes.TRIES


@pytest.mark.django_db(transaction=True)
def test_a_link_pressed_many_times_at_once_confirms_once() -> None:
    row = scenes.doubted(Right.ACCESS)
    token = scenes.link_token(row)
    assert len(set(together(6, lambda: verify.confirm(token)))) == 1
    assert AuditEntry.objects.filter(action="identity.confirmed").count() == 1


def test_a_pause_ends_nothing_and_a_person_is_told(client: Client) -> None:
    factories.staff(Role.HANDLER)
    row = scenes.doubted(Right.ACCESS)
    verify.confirm(scenes.link_token(row))
    for _ in range(4):
        codes.send(row.case, PURPOSE, ADDRESS)
    assert not AuditEntry.objects.filter(action="identity.review_wanted").exists()
    codes.send(row.case, PURPOSE, ADDRESS)
    for _ in range(3):
        with pytest.raises(ActionRefused, match="code_pause"):
            codes.send(row.case, PURPOSE, ADDRESS)
    assert AuditEntry.objects.filter(action="identity.review_wanted").count() == 1
    told = Message.objects.filter(key__startswith="human-review:").latest("id")
    assert row.case.reference in told.body
    assert "Kari" not in told.body + told.subject
    assert ADDRESS not in told.body + told.subject
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        housekeeping.sweep()
        dsr = DataSubjectRequest.objects.get(case=row.case)
        assert (dsr.closed_at, dsr.outcome) == (None, "")
        proof.shown(
            row.case_id, Method.VIDEO_CALL, Level.L4, actor=factories.staff().as_actor(), doubt=DoubtReason.MISMATCH
        )
        codes.send(row.case, PURPOSE, ADDRESS)


def test_an_open_way_stays_open_while_codes_pause() -> None:
    case: Case = factories.case(Right.ACCESS)
    for _ in range(5):
        codes.send(case, PURPOSE, ADDRESS)
    shown = proof.shown(
        case.pk, Method.SHOWN_DOCUMENT, Level.L4, actor=factories.staff().as_actor(), doubt=DoubtReason.MISMATCH
    )
    assert shown.state == "confirmed"
