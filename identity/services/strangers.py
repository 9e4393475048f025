"""The brake on what strangers write: forms handed in, links asked for, calls of the API."""

from collections.abc import Mapping
from datetime import timedelta

from identity.domain import backoff

from . import throttle


def slow_down(door: str, meta: Mapping[str, object], client: str) -> timedelta:
    """Count one try of a client, or without one of the network in `meta`; return zero or how long to wait.

    Raises KeyError for a door without a rule.
    """
    rule = backoff.STRANGERS[door]
    return throttle.spend([throttle.brake(rule, client or throttle.network(meta))])
