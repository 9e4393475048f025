"""The brake on guessing, kept in the database: every try is counted before it is looked at.

So no number of parallel tries gets more answers than a series would. Keys are hashes: a row tells nobody which
account or network it slows down.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from identity.domain.backoff import FORGOTTEN_AFTER, Rule
from identity.models import LoginThrottle
from requests_app.keyring import ring

IPV4_PREFIX, IPV6_PREFIX = 24, 56


@dataclass(frozen=True)
class Brake:
    """One thing that is slowed down, under one rule."""

    rule: Rule
    key: str


def brake(rule: Rule, *subject: str) -> Brake:
    """Return the brake for a subject such as an address; the database sees its keyed hash only."""
    mac = hmac.new(ring().key("throttle"), "\n".join((rule.name, *subject)).encode(), hashlib.sha256)
    return Brake(rule, f"{rule.name}:{mac.hexdigest()[:40]}")


def spend(brakes: Sequence[Brake]) -> timedelta:
    """Count one try under every brake; return zero, or how long to wait when the try may not be made now.

    A refused try is not counted: knocking on a closed door does not keep it closed.
    """
    now = timezone.now()
    with transaction.atomic():
        rows = _locked(brakes, now)
        waits = [row.blocked_until - now for row in rows.values() if row.blocked_until and row.blocked_until > now]
        if waits:
            return max(waits)
        for one in brakes:
            row = rows[one.key]
            row.failures = (0 if now - row.updated_at > FORGOTTEN_AFTER else row.failures) + 1
            pause = one.rule.pause_after(row.failures)
            row.blocked_until = now + pause if pause else None
            row.updated_at = now
            row.save()
    return timedelta()


def forgive(brakes: Sequence[Brake]) -> None:
    """The try was right: forget what was counted for these."""
    rows = LoginThrottle.objects.filter(key__in=[one.key for one in brakes])
    rows.update(failures=0, blocked_until=None)


def give_back(one: Brake) -> None:
    """The try was right, but others share this brake: take back this one try only."""
    with transaction.atomic():
        row = LoginThrottle.objects.select_for_update().filter(key=one.key).first()
        if row and row.failures:
            row.failures -= 1
            row.blocked_until = row.blocked_until if one.rule.pause_after(row.failures) else None
            row.save(update_fields=["failures", "blocked_until"])


def forget_old(now: datetime | None = None) -> int:
    """Delete rows that no longer slow anything down; return how many."""
    before = (now or timezone.now()) - FORGOTTEN_AFTER
    return LoginThrottle.objects.filter(updated_at__lt=before).delete()[0]


def network(meta: Mapping[str, object]) -> str:
    """Return the network from which a page was asked for, from the request's META.

    An installation under https stands behind a proxy that appends the address it saw; what stands before
    that in the header may be invented by the client.
    """
    address = str(meta.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        address = str(meta.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or address
    try:
        host = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    prefix = IPV4_PREFIX if host.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((host, prefix), strict=False))


def _locked(brakes: Sequence[Brake], now: datetime) -> dict[str, LoginThrottle]:
    """Lock the rows in one order for everybody, so that two tries never wait for each other."""
    keys = sorted(one.key for one in brakes)
    LoginThrottle.objects.bulk_create([LoginThrottle(key=key, updated_at=now) for key in keys], ignore_conflicts=True)
    rows = LoginThrottle.objects.select_for_update().filter(key__in=keys).order_by("key")
    return {row.key: row for row in rows}
