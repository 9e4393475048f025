"""What we say and what is said to us: every message is a row first, and sent from there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from requests_app import audit, outbox, selectors
from requests_app.domain import events, tokens
from requests_app.domain.enums import Channel, Direction, Intent, MessageState, Requester, Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE, BLOCKS_MARKETING
from requests_app.domain.snapshot import PERSON, SYSTEM, Actor, Reason
from requests_app.keyring import ring
from requests_app.labels import right_label
from requests_app.mailbox import threading
from requests_app.models import Case, DataSubjectRequest, Inquiry, Message

from . import clock, collision, confirmations, rows, undo_link, wording
from .intake import LINK_PURPOSE

_ACKNOWLEDGEMENT = "requests_app/mail/acknowledgement"
STAFF_TOKEN = "staff"  # noqa: S105 - the place of the case in the Message-ID of a notice


@dataclass(frozen=True, slots=True)
class Words:
    """A mail before it is sent."""

    subject: str
    body: str

    def __repr__(self) -> str:
        return "<Words>"


def queue(
    case: Case,
    intent: Intent,
    template: str,
    context: dict[str, object],
    *,
    key: str,
    to: str | None = None,
    secrets: dict[str, tokens.Secret] | None = None,
    in_reply_to: str = "",
    dsr: DataSubjectRequest | None = None,
    inquiry: Inquiry | None = None,
) -> Message:
    """Write a mail to the person of a case and owe its sending; the same key is written once.

    `dsr` is the one request that the mail speaks of, `inquiry` the message that it confirms.

    `template` names a folder with `subject.<language>.txt` and `body.<language>.txt`. Each name in `secrets` may
    be used in the template; its value is filled in only in the mail that leaves.
    """
    return _write(
        case, intent, template, context, language=case.language, key=key, to=case.person_email if to is None else to,
        secrets=secrets or {}, in_reply_to=in_reply_to, dsr=dsr, inquiry=inquiry,
    )  # fmt: skip


def preview(case: Case, template: str, context: dict[str, object], *, secrets: Mapping[str, str]) -> Words:
    """Return the words of a mail as `queue` would write it; `secrets` are stand-ins for what stays secret.

    Raises `wording.Unresolved`.
    """
    return _words(template, case.language, _common(case) | context | dict(secrets))


def notify_staff(
    address: str, language: str, template: str, context: dict[str, object], *, key: str, case: Case | None = None
) -> Message:
    """Write a notice to a member of staff; it must hold no personal data of the person."""
    return _write(
        case, Intent.REMINDER, template, context, language=language, key=key, to=address, secrets={}, in_reply_to=""
    )


def status_link_secret(case: Case) -> tokens.Secret:
    """Return how the status link of a case is derived."""
    return tokens.Secret("/s/{}", LINK_PURPOSE, str(case.uuid), case.link_generation, case.link_key_id)


def acknowledge(case_id: int) -> None:
    """Tell the person that we have the request, by when we answer and where it can be followed (letter T01).

    A mail that a robot may have written gets none; the case stands all the same and the desk shows why. Where
    everything that is asked for takes effect at once, its confirmation says it all (letter T15). Raises
    `outbox.Later` while a brake of `confirmations` holds it back; the desk lists the case until then. A case that is
    closed meanwhile has had its answer.
    """
    with transaction.atomic():
        confirmations.one_at_a_time()
        case = rows.lock_case(case_id)
        if case.closed_at or why_not_acknowledged(case) is not None or is_acknowledged(case):
            return
        if confirmed_at_once(case):
            return
        _stand_back(case)
        _acknowledge(case)


def owe_word_of(dsr: DataSubjectRequest) -> None:
    """The acknowledgement did not name this request: the person is owed a word of its own, in this transaction.

    One that has not gone out yet will name it; there is none where all that was asked for took effect at once.
    Needs the lock of the case.
    """
    before = dsr.case.dsrs.exclude(pk=dsr.pk)
    if is_acknowledged(dsr.case) or (before.exists() and _take_effect_at_once(dsr.case, before)):
        outbox.publish(events.RequestNamed(dsr.pk), key=f"request-named:{dsr.pk}")


def acknowledge_request(dsr_id: int) -> None:
    """Tell the person how a request was understood after all, or that there is one more, and by when (letter T01).

    What takes effect at once has its own confirmation. Once per request. Raises `outbox.Later` like `acknowledge`.
    """
    with transaction.atomic():
        confirmations.one_at_a_time()
        dsr = rows.lock_request(dsr_id)
        case = dsr.case
        told_otherwise = case.requester == Requester.SELF and dsr.right in AT_ONCE
        if dsr.closed_at or told_otherwise or case.messages.filter(key=_named_as(dsr)).exists():
            return
        _stand_back(case)
        _acknowledge(case, dsr)


def why_held_back(case: Case) -> str | None:
    """Return what holds the acknowledgement of a case back now: a brake of `confirmations`, or a hole in its words.

    None when nothing does.
    """
    if confirmed_at_once(case):
        return None
    if hold := _held(case):
        return hold.brake
    try:
        _words(_ACKNOWLEDGEMENT, case.language, _common(case) | _understood(case) | {"link": "", "undo": ""})
    except wording.Unresolved:
        return "words_unresolved"
    return None


def confirm_receipt(inquiry: Inquiry, to: str, language: str) -> Message:
    """Tell whoever wrote an inquiry that it is here, although nobody has sorted it yet; once for each."""
    return _write(
        None, Intent.ACKNOWLEDGEMENT, "requests_app/mail/receipt",
        {"received_on": clock.calendar().local_date(inquiry.received_at)} | _privacy_notice(language),
        language=language, key=f"receipt:{inquiry.pk}", to=to, secrets={}, in_reply_to=inquiry.message_id,
        inquiry=inquiry,
    )  # fmt: skip


def why_not_acknowledged(case: Case) -> str | None:
    """Return why the person of a case got no acknowledgement: a reason of `mailbox.autoreply`, or `no_address`.

    What a colleague passed on may look as it likes: somebody has confirmed who asks, and the answer goes to them.
    """
    if not case.person_email:
        return "no_address"
    if confirmed_at_once(case):
        return None
    inquiry = first_inquiry(case)
    by_mail = inquiry is not None and inquiry.channel == Channel.MAIL and not _passed_on(case, inquiry)
    silent = by_mail and inquiry is not None and not inquiry.auto_reply_allowed
    return inquiry.auto_reply_reason if inquiry and silent else None


def acknowledge_anyway(case_id: int, *, actor: Actor) -> Message:
    """Send the acknowledgement now, although the mail looked automatic or a brake holds it: a person has looked.

    Once per case. Raises ActionRefused without an address, and once the case is closed.
    """
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if not case.person_email:
            raise ActionRefused(Reason("no_address"))
        if sent := case.messages.filter(key=_acknowledged_as(case)).first():
            return sent
        if case.closed_at:
            raise ActionRefused(Reason("case_closed"))
        message = _acknowledge(case)
        audit.record("message.acknowledged_anyway", f"case:{case.pk}", actor, message=message.pk)
        return message


def first_inquiry(case: Case) -> Inquiry | None:
    """Return the message with which a case began."""
    return case.inquiries.light().order_by("received_at", "id").first()


def confirmed_at_once(case: Case) -> bool:
    """Tell whether everything that the person asks for takes effect at once, and letter T15 says so."""
    return _take_effect_at_once(case, case.dsrs.all())


def _take_effect_at_once(case: Case, dsrs: QuerySet[DataSubjectRequest]) -> bool:
    return case.requester == Requester.SELF and set(dsrs.values_list("right", flat=True)) <= AT_ONCE


def _passed_on(case: Case, inquiry: Inquiry) -> bool:
    return inquiry.forwarded and inquiry.sender_address.lower() != case.person_email.lower()


def is_acknowledged(case: Case) -> bool:
    """Tell whether the acknowledgement of a case has been written."""
    return case.messages.filter(key=_acknowledged_as(case)).exists()


def _acknowledged_as(case: Case) -> str:
    return f"acknowledge:{case.pk}"


def _named_as(dsr: DataSubjectRequest) -> str:
    return f"acknowledge:{dsr.case_id}:{dsr.pk}"


def _stand_back(case: Case) -> None:
    if hold := _held(case):
        raise outbox.Later(hold.brake, max(hold.until - timezone.now(), timedelta(seconds=1)))


def _held(case: Case) -> confirmations.Hold | None:
    inquiry = first_inquiry(case)
    return confirmations.held(_confirm_to(case, inquiry), inquiry)


def _confirm_to(case: Case, inquiry: Inquiry | None) -> str:
    """Where a machine answers a mail (RFC 3834 section 4), as long as the person of the case is its sender."""
    if inquiry and inquiry.reply_address and inquiry.sender_address.lower() == case.person_email.lower():
        return inquiry.reply_address
    return case.person_email


def _privacy_notice(language: str) -> dict[str, object]:
    """Where a mail says what we do with what people write: the organisation's page, else the start of our form."""
    page = selectors.organisation().privacy_page.get(language)
    return {"privacy_url": page or f"{settings.SITE_URL}/{language}/"}


def _acknowledge(case: Case, dsr: DataSubjectRequest | None = None) -> Message:
    """Write the acknowledgement of everything that a case asks for, or of the one request."""
    inquiry, context = first_inquiry(case), _understood(case, dsr)
    secrets = {"link": status_link_secret(case)}
    if context["stopped"]:
        secrets["undo"] = undo_link.secret(case, timezone.now())
    return queue(
        case, Intent.ACKNOWLEDGEMENT, _ACKNOWLEDGEMENT, context,
        key=_named_as(dsr) if dsr else _acknowledged_as(case), dsr=dsr,
        to=_confirm_to(case, inquiry), secrets=secrets,
        in_reply_to=inquiry.message_id if inquiry and not _passed_on(case, inquiry) else "", inquiry=inquiry,
    )  # fmt: skip


def _understood(case: Case, dsr: DataSubjectRequest | None = None) -> dict[str, object]:
    """What the acknowledgement says: when it came, what we understood, and by when we answer."""
    codes = [dsr.right] if dsr else list(case.dsrs.order_by("id").values_list("right", flat=True))
    with translation.override(case.language):
        rights = [str(right_label(code)) for code in codes if code]
    return {
        "received_on": clock.calendar().local_date((dsr or case).received_at),
        "due_on": dsr.effective_due if dsr else case.due_on,
        "rights": rights,
        "erasure": Right.ERASURE in codes,
        "stopped": case.requester == Requester.SELF and not BLOCKS_MARKETING.isdisjoint(codes),
        "undo_until": undo_link.last_day(timezone.now()),
    } | _privacy_notice(case.language)


def write_to_person(
    case_id: int, *, subject: str, body: str, actor: Actor, key: str = "", version: int | None = None
) -> Message:
    """Send a message of the staff to the person: the words go by mail, so they must not hold data from systems.

    The same `key` is sent once, however often the form comes. Raises ActionRefused without an address, or when
    the case is not as it was seen (`version`).
    """
    key = f"staff:{key or timezone.now().timestamp()}:{case_id}"
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if written := case.messages.filter(key=key).first():
            return written
        collision.check(case, version)
        if not case.person_email:
            raise ActionRefused(Reason("no_address"))
        last = case.messages.filter(direction=Direction.IN).exclude(message_id="").order_by("-created_at").first()
        message = queue(
            case, Intent.STAFF_MESSAGE, "requests_app/mail/staff_message", {"subject": subject, "text": body},
            key=key, secrets={"link": status_link_secret(case)}, in_reply_to=last.message_id if last else "",
        )  # fmt: skip
        Message.objects.filter(pk=message.pk).update(author=actor.user_id)
        _read(case)
        collision.touch(case.pk)
        audit.record("message.written", f"case:{case.pk}", actor, message=message.pk)
        return message


def receive(
    case: Case,
    *,
    body: str,
    subject: str = "",
    inquiry: Inquiry | None = None,
    at: datetime,
    message_id: str = "",
    key: str | None = None,
) -> Message:
    """Put something the person wrote (by mail or on the status page) on the case; a `key` is used once only."""
    with transaction.atomic():
        rows.lock_case(case.pk)
        message = Message.objects.create(
            case=case,
            direction=Direction.IN.value,
            intent=Intent.REPLY.value,
            state=MessageState.RECEIVED.value,
            language=case.language,
            subject=subject,
            body=body,
            inquiry=inquiry,
            message_id=message_id,
            key=key,
            created_at=at,
        )
        Case.objects.filter(pk=case.pk, unread_since__isnull=True).update(unread_since=at)
        collision.touch(case.pk)
        audit.record("message.received", f"case:{case.pk}", PERSON, message=message.pk)
        return message


def wrote_it(case: Case, inquiry: Inquiry) -> bool:
    """Tell whether an inquiry came from the address of the person of a case."""
    return bool(case.person_email) and inquiry.sender_address.lower() == case.person_email.lower()


def forget(case: Case, inquiry: Inquiry) -> None:
    """Delete what an inquiry became on a case; the inquiry itself keeps every word of it."""
    with transaction.atomic():
        gone = list(case.messages.filter(inquiry=inquiry))
        Message.objects.filter(pk__in=[message.pk for message in gone]).delete()
        if case.unread_since in [message.created_at for message in gone]:
            # An answer would have cleared the mark, so whatever the person wrote since then is unread, too.
            later = case.messages.filter(intent=Intent.REPLY.value, created_at__gte=case.unread_since).first()
            Case.objects.filter(pk=case.pk).update(unread_since=later.created_at if later else None)
        collision.touch(case.pk)


def mark_read(case_id: int, *, actor: Actor) -> None:
    """Say that what the person wrote is read and needs no answer; what is read already stays so."""
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if case.unread_since is not None:
            _read(case)
            audit.record("message.read", f"case:{case.pk}", actor)


def _read(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(unread_since=None)


def _common(case: Case | None) -> dict[str, object]:
    return {"organisation": selectors.organisation(), "case": case, "site_url": settings.SITE_URL}


def _words(template: str, language: str, context: Mapping[str, object]) -> Words:
    """The mail in words; raises `wording.Unresolved` rather than leave a hole in it."""
    subject = wording.render(template, "subject", language, context)
    return Words(" ".join(subject.split()), wording.render(template, "body", language, context) + "\n")


def _write(
    case: Case | None,
    intent: Intent,
    template: str,
    context: dict[str, object],
    *,
    language: str,
    key: str,
    to: str,
    secrets: dict[str, tokens.Secret],
    in_reply_to: str,
    dsr: DataSubjectRequest | None = None,
    inquiry: Inquiry | None = None,
) -> Message:
    organisation = selectors.organisation()
    names: dict[str, object] = {name: f"{{{{secret:{name}}}}}" for name in secrets}
    context = _common(case) | context | names
    try:
        words = _words(template, language, context)
    except wording.Unresolved as error:
        raise ActionRefused(Reason("words_unresolved", {"ids": str(error)})) from error
    with transaction.atomic():
        if case is not None:
            rows.lock_case(case.pk)
        message, new = Message.objects.get_or_create(
            key=key,
            defaults={
                "case": case,
                "dsr": dsr,
                "inquiry": inquiry,
                "direction": Direction.OUT.value,
                "intent": intent.value,
                "state": MessageState.QUEUED.value,
                "language": language,
                "to_address": to,
                "subject": words.subject,
                "body": words.body,
                "secrets": {name: secret.as_json() for name, secret in secrets.items()},
                "in_reply_to": in_reply_to,
                "created_at": timezone.now(),
            },
        )
        if new:
            domain = organisation.from_address.rpartition("@")[2]
            message.message_id = threading.make_message_id(
                ring().all("mail"), case.uuid.hex if case else STAFF_TOKEN, message.uuid.hex, domain
            )
            message.save(update_fields=["message_id"])
            subject_of = f"inquiry:{inquiry.pk}" if inquiry and not case else f"case:{case.pk if case else 0}"
            audit.record("message.queued", subject_of, SYSTEM, message=message.pk, intent=intent)
            outbox.publish(events.MessageQueued(message.pk), key=f"send:{message.pk}")
        return message
