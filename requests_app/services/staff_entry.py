"""What reaches us by phone, letter or in person: somebody who works here writes it down, and it is a case."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from requests_app import audit
from requests_app.domain import evidence as kinds
from requests_app.domain.enums import Channel, Requester, Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import BLOCKS_MARKETING
from requests_app.domain.snapshot import Actor, Reason
from requests_app.labels import CHANNELS
from requests_app.mailbox import entry as mails
from requests_app.mailbox.parsed import Attachment
from requests_app.models import Case, Inquiry, IntakeDraft, Note
from requests_app.permissions import Staff

from . import drafts, intake, rows, suppression_list

CHANNELS_OF_STAFF = (Channel.PHONE, Channel.LETTER, Channel.IN_PERSON)
LONGEST_SUBJECT = 100
# A clock in the browser may be ahead of ours, and people round up.
MINUTES_AHEAD = timedelta(minutes=2)


@dataclass(frozen=True)
class Entry:
    """What the member of staff wrote down. `received_at` is the talk itself, or the arrival of the letter.

    No rights means "not sure". `unreachable` says why there is no way to reach the person; `taken_by` is whoever
    took the call, opened the letter or met the person. `evidence` is (name, content) of a scan or picture.
    """

    channel: Channel
    received_at: datetime
    person: intake.Person
    rights: Sequence[Right]
    text: str
    language: str
    taken_by: str
    unreachable: str = ""
    evidence: tuple[str, bytes] | None = None


def enter(entry: Entry, *, key: UUID, user: Staff) -> Case:
    """Make a case of an entry, dated on the day the person turned to us. The same `key` makes one case.

    Raises ActionRefused for a receipt in the future or implausibly long ago, for nobody to reach without a word
    why, and for a file that is not taken.
    """
    now = timezone.now()
    evidence, actor = _check(entry, now), user.as_actor()
    with transaction.atomic():
        rows.lock_serial(min(entry.received_at, now))
        # The row of the form's drafts also serves here: one key, one lock, at most one case.
        IntakeDraft.objects.get_or_create(uuid=key, defaults={"expires_at": now + drafts.LIFETIME})
        draft = IntakeDraft.objects.select_for_update(of=("self",)).get(uuid=key)
        if draft.case_id:
            return Case.objects.get(pk=draft.case_id)
        if not BLOCKS_MARKETING.isdisjoint(entry.rights) and entry.person.requester is Requester.SELF:
            suppression_list.hold(entry.person.email, entry.person.phone)  # before the audit is written to
        inquiry = _record(entry, evidence, key, actor, now)
        case = intake.open_case(
            inquiry, entry.rights, entry.person, language=entry.language, scope=entry.text, actor=actor
        )
        Note.objects.create(case=case, author_id=user.pk, text=_note(entry), created_at=now)
        audit.record("case.entered", f"case:{case.pk}", actor, channel=entry.channel.value, evidence=bool(evidence))
        draft.case, draft.expires_at = case, now + drafts.LIFETIME
        draft.save(update_fields=["case", "expires_at"])
        return case


def _check(entry: Entry, now: datetime) -> tuple[str, str, bytes] | None:
    """Refuse what cannot be; return the evidence with its media type."""
    if entry.received_at > now + MINUTES_AHEAD:
        raise ActionRefused(Reason("receipt_in_future"))
    if entry.received_at < now - intake.LONGEST_UNNOTICED:
        raise ActionRefused(Reason("receipt_too_old"))
    person = entry.person
    if not (person.email or person.phone or person.address or entry.unreachable):
        raise ActionRefused(Reason("nobody_to_reach"))
    if entry.evidence is None:
        return None
    name, content = entry.evidence
    if len(content) > kinds.LARGEST:
        raise ActionRefused(Reason("evidence_too_large"))
    kind = kinds.media_type(content)
    if kind is None:
        raise ActionRefused(Reason("evidence_type"))
    return kinds.safe_name(name, kind), kind, content


def _record(entry: Entry, evidence: tuple[str, str, bytes] | None, key: UUID, actor: Actor, now: datetime) -> Inquiry:
    raw = mails.compose(key.hex, _facts(entry, actor), entry.text, evidence)
    inquiry, _ = intake.record_inquiry(channel=entry.channel, received_at=min(entry.received_at, now), raw=raw)
    with translation.override(entry.language):
        subject = f"{CHANNELS[entry.channel]}: {entry.text.strip().splitlines()[0]}"[:LONGEST_SUBJECT]
    Inquiry.objects.filter(pk=inquiry.pk).update(
        parsed_at=now,
        subject=subject,
        sender_name=entry.person.name,
        sender_address=entry.person.email,
        text=entry.text,
        language=entry.language,
        suggested_rights=[right.value for right in entry.rights],
        attachments=[_described(evidence)] if evidence else [],
        auto_reply_allowed=True,
        auto_reply_reason="ok",
    )
    inquiry.refresh_from_db()
    return inquiry


def _described(evidence: tuple[str, str, bytes]) -> dict[str, Any]:
    name, kind, content = evidence
    return asdict(Attachment(name, kind, len(content)))


def _facts(entry: Entry, actor: Actor) -> dict[str, Any]:
    person = entry.person
    return {
        "channel": entry.channel.value,
        "received_at": entry.received_at.isoformat(),
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "postal_address": person.address,
        "requester": person.requester.value,
        "rights": [right.value for right in entry.rights],
        "language": entry.language,
        "unreachable": entry.unreachable,
        "taken_by": entry.taken_by,
        "entered_by": actor.user_id,
    }


def _note(entry: Entry) -> str:
    """What a reader of the case wants to know and the person never said; in the language of whoever writes."""
    lines = [gettext("Taken down by %(name)s.") % {"name": entry.taken_by}]
    if entry.unreachable:
        lines.append(gettext("No way to reach the person: %(why)s") % {"why": entry.unreachable})
    return "\n".join(lines)
