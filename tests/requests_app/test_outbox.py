"""The outbox: published with the fact, run once, survives whoever dies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from time_machine import travel

from requests_app import outbox, tasks
from requests_app.domain import events
from requests_app.models import Heartbeat, OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db

HERE = "tests.requests_app.test_outbox"


def beat(inquiry_id: int) -> None:
    """A handler with an effect in the database."""
    Heartbeat.objects.update_or_create(name=f"seen-{inquiry_id}", defaults={"at": timezone.now()})


def beat_and_fail(inquiry_id: int) -> None:
    """A handler that dies after its effect."""
    beat(inquiry_id)
    raise RuntimeError("kari@example.com went wrong")


@outbox.outside_transaction
def not_yet(inquiry_id: int) -> None:
    """A handler whose other side is away."""
    raise outbox.Later("the system is away", timedelta(minutes=3))


def wired(handler: str) -> override_settings:
    """The one event of these tests, wired to one of the handlers above."""
    return override_settings(OUTBOX_HANDLERS={"InquiryReceived": (f"{HERE}.{handler}",)})


def publish(number: int = 1, key: str | None = None) -> None:
    """Publish in a transaction of its own."""
    with transaction.atomic():
        outbox.publish(events.InquiryReceived(number), key=key)


@wired("beat")
def test_an_event_runs_once() -> None:
    publish()
    assert outbox.relay() == 1
    assert outbox.relay() == 0
    assert Heartbeat.objects.filter(name="seen-1").exists()
    assert OutboxEvent.objects.get().done_at is not None


@wired("beat")
def test_a_handler_that_has_moved_since_is_found_under_its_name() -> None:
    publish()
    OutboxEvent.objects.update(handler="requests_app.services.moved.beat")
    assert outbox.relay() == 1
    assert Heartbeat.objects.filter(name="seen-1").exists()


@wired("beat")
def test_a_handler_that_is_gone_holds_up_nobody_behind_it() -> None:
    publish(1)
    OutboxEvent.objects.update(handler="requests_app.services.moved.gone")
    publish(2)
    outbox.relay()
    assert Heartbeat.objects.filter(name="seen-2").exists()
    assert OutboxEvent.objects.filter(done_at__isnull=True).get().error == "ModuleNotFoundError"


@pytest.mark.django_db(transaction=True)
@wired("beat")
def test_what_is_rolled_back_never_happens() -> None:
    with transaction.atomic():
        outbox.publish(events.InquiryReceived(1))
        transaction.set_rollback(True)
    assert outbox.relay() == 0


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        outbox.publish(events.InquiryReceived(1))


@wired("beat")
def test_a_key_is_published_once() -> None:
    publish(key="inquiry:1")
    publish(key="inquiry:1")
    assert outbox.relay() == 1


@pytest.mark.django_db(transaction=True)
@wired("beat_and_fail")
def test_a_failed_handler_leaves_no_trace_and_is_tried_again_later() -> None:
    publish()
    outbox.relay()
    row = OutboxEvent.objects.get()
    assert not Heartbeat.objects.exists()
    assert (row.done_at, row.lease_until, row.attempts) == (None, None, 1)
    assert row.error == "RuntimeError"
    assert row.run_at > timezone.now()
    with wired("beat"), travel(timezone.now() + timedelta(minutes=20), tick=False):
        OutboxEvent.objects.update(handler=f"{HERE}.beat")
        assert outbox.relay() == 1
    assert Heartbeat.objects.filter(name="seen-1").exists()


@wired("not_yet")
def test_later_says_why_and_when() -> None:
    publish()
    outbox.relay()
    row = OutboxEvent.objects.get()
    assert row.error == "the system is away"
    assert timedelta(minutes=2) < row.run_at - timezone.now() <= timedelta(minutes=3)


@wired("beat")
def test_a_claimed_row_is_nobody_elses_until_its_lease_ends() -> None:
    publish()
    assert len(outbox.claim(5)) == 1
    assert outbox.claim(5) == []
    with travel(timezone.now() + settings.OUTBOX_LEASE + timedelta(seconds=1), tick=False):
        assert outbox.claim(5)[0].attempts == 2


@wired("beat")
def test_a_worker_that_slept_through_its_lease_cannot_finish() -> None:
    publish()
    sleeper = outbox.claim(1)[0]
    with travel(timezone.now() + settings.OUTBOX_LEASE + timedelta(seconds=1), tick=False):
        newer = outbox.claim(1)[0]
        assert not outbox.run(sleeper)
        assert not Heartbeat.objects.exists()
        assert outbox.run(newer)


def test_a_broker_that_is_away_is_no_reason_to_fail() -> None:
    with override_settings(CELERY_BROKER_URL="redis://127.0.0.1:1/0"):
        outbox.nudge()


@wired("beat")
def test_what_was_done_long_ago_is_cleared_away_and_what_is_owed_stays() -> None:
    publish(1)
    outbox.relay()
    with override_settings(OUTBOX_HANDLERS={"InquiryReceived": (f"{HERE}.not_yet",)}):
        publish(2)
        outbox.relay()
    with travel(timezone.now() + outbox.KEPT + timedelta(hours=1), tick=False):
        assert outbox.clear() == 1
    assert OutboxEvent.objects.get().payload == {"inquiry_id": 2}


@wired("not_yet")
def test_a_clock_that_went_back_makes_nothing_wait_for_the_old_time() -> None:
    factories.organisation()
    publish(1)
    outbox.relay()
    publish(2)
    outbox.claim(1)
    with travel(timezone.now() - timedelta(hours=2), tick=False):
        now = timezone.now()
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": now + timedelta(hours=2)})
        tasks.heartbeat()
        retried, claimed = OutboxEvent.objects.order_by("id")
        assert now < retried.run_at <= now + timedelta(minutes=3)
        assert claimed.lease_until is not None
        assert now < claimed.lease_until <= now + settings.OUTBOX_LEASE
        tasks.heartbeat()
        assert OutboxEvent.objects.get(pk=retried.pk).run_at == retried.run_at
        assert Heartbeat.objects.get(name="worker").at == now


@wired("beat")
def test_whoever_stops_at_the_limit_hints_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    hints: list[int] = []
    monkeypatch.setattr(outbox, "nudge", lambda: hints.append(1))
    for number in range(3):
        publish(number)
    assert outbox.relay(2) == 2
    assert hints == [1]
    assert outbox.relay(2) == 1
    assert hints == [1]


def test_a_sign_of_life_from_the_future_is_none(client: Client) -> None:
    for off, status in ((timedelta(), 200), (timedelta(hours=2), 503), (timedelta(hours=-2), 503)):
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now() + off})
        assert client.get("/healthz").status_code == status


def beat_for_long(inquiry_id: int) -> None:
    """A handler that takes half of the lease and more, by the clock of the relay."""
    Heartbeat.objects.create(name=f"seen-{inquiry_id}", at=timezone.now())
    _passed[0] += settings.OUTBOX_LEASE.total_seconds() / 2 + 1


_passed = [0.0]


@wired("beat_for_long")
def test_rows_that_would_outlive_their_lease_are_given_back_and_run_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests_app.outbox.monotonic", lambda: _passed[0])
    for number in range(3):
        publish(number)
    rows = outbox.claim(3)
    assert outbox._run_in_time(rows) == 1
    assert list(OutboxEvent.objects.order_by("id").values_list("lease_until", flat=True)) == [None] * 3
    assert outbox.relay() == 2
    assert Heartbeat.objects.count() == 3


def beat_together(payloads: outbox.Payloads, in_time: Callable[[], bool]) -> list[bool]:
    """Beat once for all but number 3, which is to be handled alone, and fail where number 9 is among them."""
    numbers = [payload["inquiry_id"] for payload in payloads]
    if 9 in numbers:
        raise RuntimeError("kari@example.com went wrong")
    Heartbeat.objects.create(name="together", at=timezone.now())
    return [number != 3 for number in numbers]


@outbox.together(beat_together)
def beat_alone(inquiry_id: int) -> None:
    """What is called for those that did not go together."""
    beat(inquiry_id)


def beats() -> set[str]:
    """What the handlers have done."""
    return set(Heartbeat.objects.values_list("name", flat=True))


@wired("beat_alone")
def test_what_goes_together_is_handled_in_one_go_and_the_rest_one_by_one() -> None:
    for number in range(8):
        publish(number)
    assert outbox.relay() == 8
    assert beats() == {"together", "seen-3"}
    assert not OutboxEvent.objects.filter(done_at__isnull=True).exists()
    assert not OutboxEvent.objects.filter(lease_until__isnull=False).exists()


@wired("beat_alone")
def test_a_failure_among_several_makes_each_go_alone() -> None:
    for number in (1, 9):
        publish(number)
    assert outbox.relay() == 2
    assert beats() == {"seen-1", "seen-9"}
    assert not OutboxEvent.objects.filter(done_at__isnull=True).exists()


@wired("beat_alone")
def test_what_was_tried_before_goes_alone() -> None:
    for number in range(3):
        publish(number)
    outbox.claim(3)
    with travel(timezone.now() + settings.OUTBOX_LEASE + timedelta(seconds=1), tick=False):
        assert outbox.relay() == 3
    assert beats() == {"seen-0", "seen-1", "seen-2"}


@wired("beat_alone")
def test_whoever_slept_through_the_lease_marks_nothing_of_what_went_together() -> None:
    for number in range(2):
        publish(number)
    sleeper = outbox.claim(2)
    with travel(timezone.now() + settings.OUTBOX_LEASE + timedelta(seconds=1), tick=False):
        outbox.claim(1)
        outbox.run_together(sleeper, lambda: True)
    assert OutboxEvent.objects.filter(done_at__isnull=True).count() == 1


def test_only_what_goes_together_is_claimed_in_greater_number() -> None:
    for handler, claimed in (("beat_alone", 12), ("beat", outbox.AT_ONCE)):
        with wired(handler):
            for number in range(12):
                publish(number)
            assert len(outbox.claim(20)) == claimed
            OutboxEvent.objects.all().delete()


def beat_until_its_lease_ends(inquiry_id: int) -> None:
    """A handler that takes a third of the lease, and writes down until when its own row is held."""
    held = OutboxEvent.objects.get(payload__inquiry_id=inquiry_id).lease_until
    _until[inquiry_id] = held.timestamp() if held else 0.0
    _passed[0] += settings.OUTBOX_LEASE.total_seconds() / 3


_until: dict[int, float] = {}


@wired("beat_until_its_lease_ends")
def test_a_row_that_begins_late_has_its_whole_lease_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        publish(number)
    start = _passed[0] = timezone.now().timestamp()
    monkeypatch.setattr("requests_app.outbox.monotonic", lambda: _passed[0])
    monkeypatch.setattr("requests_app.outbox._finish", lambda row: True)  # the row is read while it runs
    lease = settings.OUTBOX_LEASE.total_seconds()
    with travel(start, tick=False) as clock:
        rows = outbox.claim(2)
        clock.shift(lease / 3)
        assert outbox._run_in_time(rows) == 2
    assert [round(_until[number] - start) for number in range(2)] == [lease, lease / 3 + lease]
