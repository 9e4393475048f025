"""Inquiries handed in by a machine: the same key never makes a second one."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from requests_app.domain.enums import Channel
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import BLOCKS_MARKETING
from requests_app.domain.snapshot import Reason
from requests_app.models import ApiSubmission, Inquiry

from . import suppression, suppression_list
from .intake import record_inquiry


@dataclass(frozen=True)
class Submitted:
    """The inquiry of a key, and whether this call made it."""

    inquiry: Inquiry
    new: bool


def submit(client: str, key: str, content: dict[str, Any], *, now: datetime | None = None) -> Submitted:
    """Record `content` as an inquiry received now, once per (client, key).

    Rights that stop marketing stop it now: provisionally, until somebody has sorted the inquiry. Raises ActionRefused
    when the key was used before with other content.
    """
    body = json.dumps(content, sort_keys=True, ensure_ascii=False)
    fingerprint = sha256(body.encode()).hexdigest()
    known = _known(client, key, fingerprint)
    if known:
        return known
    raw = json.dumps({"client": client, "key": key, "content": content}, sort_keys=True, ensure_ascii=False).encode()
    try:
        with transaction.atomic():
            blocks = not BLOCKS_MARKETING.isdisjoint(content["rights"])
            if blocks:
                suppression_list.hold(content["email"])  # before the audit is written to
            inquiry, _ = record_inquiry(channel=Channel.API, received_at=now or timezone.now(), raw=raw)
            if blocks:
                suppression.on_receipt(inquiry, content["email"], content["rights"])
            ApiSubmission.objects.create(client=client, key=key, body_sha256=fingerprint, inquiry=inquiry)
            return Submitted(inquiry, new=True)
    except IntegrityError:
        known = _known(client, key, fingerprint)
        if known is None:
            raise
        return known


def _known(client: str, key: str, fingerprint: str) -> Submitted | None:
    earlier = ApiSubmission.objects.filter(client=client, key=key).select_related("inquiry__case").first()
    if earlier is None:
        return None
    if earlier.body_sha256 != fingerprint:
        raise ActionRefused(Reason("idempotency_key_reused"))
    return Submitted(earlier.inquiry, new=False)
