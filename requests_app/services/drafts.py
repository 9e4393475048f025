"""What a person fills in on the form, kept for two hours, and the one case that comes of it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from requests_app.domain.enums import Channel, Requester, Right
from requests_app.domain.outcomes import BLOCKS_MARKETING
from requests_app.domain.snapshot import PERSON
from requests_app.models import Case, Inquiry, IntakeDraft

from . import rows, suppression_list
from .intake import Person, open_case, record_inquiry

LIFETIME = timedelta(hours=2)


def start() -> IntakeDraft:
    """Begin a draft; it expires two hours after the last answer."""
    return IntakeDraft.objects.create(uuid=uuid4(), expires_at=timezone.now() + LIFETIME)


def forget_old() -> int:
    """Delete drafts that have expired, as the form promises; return how many."""
    return IntakeDraft.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def find(uuid: str) -> IntakeDraft | None:
    """Return a draft that has not expired: two hours after the last answer, or after it became a case."""
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    return IntakeDraft.objects.select_related("case").filter(uuid=wanted, expires_at__gt=timezone.now()).first()


def answer(draft: IntakeDraft, step: str, answers: Mapping[str, Any]) -> None:
    """Keep the answers of one step, unless the draft was handed in meanwhile."""
    with transaction.atomic():
        row = IntakeDraft.objects.select_for_update().get(pk=draft.pk)
        if row.case_id is None:
            row.data = row.data | {step: dict(answers)}
            row.expires_at = timezone.now() + LIFETIME
            row.save(update_fields=["data", "expires_at"])
        draft.data, draft.case_id = row.data, row.case_id


def submit(draft: IntakeDraft) -> Case:
    """Make the case of a draft. Handing the same draft in again returns the same case.

    The answers themselves are kept as the raw bytes of the inquiry; the draft is emptied.
    """
    with transaction.atomic():
        now = timezone.now()
        rows.lock_serial(now)
        row = IntakeDraft.objects.select_for_update().get(pk=draft.pk)
        if row.case is not None:
            return row.case
        case = _open(row, now)
        row.case, row.data, row.expires_at = case, {}, timezone.now() + LIFETIME
        row.save(update_fields=["case", "data", "expires_at"])
        return case


def _open(row: IntakeDraft, now: datetime) -> Case:
    data: dict[str, dict[str, Any]] = row.data
    raw = json.dumps({"draft": str(row.uuid), "answers": data}, sort_keys=True, ensure_ascii=False).encode()
    rights = [Right(code) for code in data["right"]["rights"] if code in set(Right)]
    person = Person(
        name=data["who"]["name"],
        email=data["contact"]["email"],
        phone=data["contact"]["phone"],
        requester=Requester(data["who"]["requester"]),
        concerned_name=data["who"].get("concerned_name", ""),
        concerned_known_as=data["who"].get("concerned_known_as", ""),
    )
    if not BLOCKS_MARKETING.isdisjoint(rights) and person.requester is Requester.SELF:
        suppression_list.hold(
            person.email, person.phone
        )  # before the audit is written to; `open_case` says what it is for
    inquiry, _ = record_inquiry(channel=Channel.FORM, received_at=now, raw=raw)
    Inquiry.objects.filter(pk=inquiry.pk).update(
        parsed_at=now,
        sender_name=person.name,
        sender_address=person.email,
        text=data["details"]["text"],
        language=data["contact"]["language"],
        suggested_rights=[right.value for right in rights],
        auto_reply_allowed=True,
        auto_reply_reason="ok",
    )
    inquiry.refresh_from_db()
    return open_case(
        inquiry,
        rights,
        person,
        language=data["contact"]["language"],
        scope=data["details"]["text"],
        actor=PERSON,
    )
