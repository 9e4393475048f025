"""Send queued messages: each at most once, and when it is unknown whether one went, staff are told."""

import re
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from requests_app import audit, outbox, selectors
from requests_app.domain import events, tokens
from requests_app.domain.enums import Direction, Intent, MessageState
from requests_app.domain.envelope import EnvelopeError
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.keyring import ring
from requests_app.mailbox import graph_address, threading
from requests_app.mailbox.delivery import SERVER_TOO_SMALL, FileSink, SmtpSink, Transport, TransportError
from requests_app.mailbox.outgoing import Outgoing, TooLarge, build, on_the_wire
from requests_app.models import Message, Organisation

from . import attachments, extension, mail_access, still_news

SECRET = re.compile(r"\{\{secret:(\w+)\}\}")
# What stands in `Message.error` of a message that we did not even hand over.
NO_ADDRESS = "no mail can be written to this address"
TOO_LARGE = "the mail is larger than mail servers take"
UNTRUE = "it would be untrue by now, so it was not sent"
FILE_LOST = "a file of it cannot be opened any more"
STOPPED = "the sender stopped before the server's answer"
STAYS_REFUSED = frozenset({NO_ADDRESS, TOO_LARGE, FILE_LOST, SERVER_TOO_SMALL})
"""Of these the same message would fail again, however often it is sent."""
COMES_BACK = "an earlier mail to this address came back, so nothing is sent there by itself"
_AUTOMATIC: dict[str, str] = {
    Intent.ACKNOWLEDGEMENT: "auto-replied",
    Intent.CLARIFICATION: "",
    Intent.STAFF_MESSAGE: "",
}


def transport() -> Transport:
    """Return where mail goes in this installation."""
    if not settings.SMTP_URL:
        return FileSink(settings.SENT_FOLDER)
    if settings.SMTP_URL.partition(":")[0].lower() == graph_address.SCHEME:
        from requests_app.mailbox.graph_sink import GraphSink  # with httpx, as in `mailbox.mailboxes`

        return GraphSink(settings.SMTP_URL, mail_access.application())
    return SmtpSink(settings.SMTP_URL, mail_access.application())


@outbox.outside_transaction
def send(message_id: int) -> None:
    """Hand one message over. Raises `outbox.Later` when the mail system is away."""
    way = transport()
    message = _begin(message_id, way)
    if message is None:
        return
    try:
        mail = _compose(message)
        data = build(mail)
    except (ValueError, EnvelopeError) as error:
        _conclude(message, MessageState.FAILED, error=_why_not_written(error))
        return
    try:
        to = on_the_wire(message.to_address)
        way.deliver(key=message.uuid.hex, sender=mail.envelope_sender, recipient=to, data=data)
    except TransportError as error:
        state = _state_after(error)
        _conclude(message, state, error=str(error))
        if state is MessageState.QUEUED:
            delay = timedelta(seconds=error.retry_after) if error.retry_after else None
            raise outbox.Later(f"mail: {error}", delay) from None
        return
    _conclude(message, MessageState.SENT)


def send_again(message_id: int, *, actor: Actor) -> Message:
    """Owe the sending of a message once more that failed, came back, or of which nobody knows whether it went.

    Raises ActionRefused for any other state (so that two clicks send one mail), for one-time codes, which are worthless
    by now, for words that have become untrue, and for what would only be refused again.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
        if message.intent == Intent.ONE_TIME_CODE:
            raise ActionRefused(Reason("message_never_again"))
        if message.state == MessageState.DROPPED or (message.state in selectors.UNSENT and _is_over(message)):
            raise ActionRefused(Reason("message_over"))
        if message.state not in selectors.UNSENT:
            raise ActionRefused(Reason("message_not_failed"))
        if message.error in STAYS_REFUSED:
            raise ActionRefused(Reason("message_stays_refused"))
        before, message.state, message.error = message.state, MessageState.QUEUED.value, ""
        message.queued_at, message.sent_at = timezone.now(), None
        message.save(update_fields=["state", "error", "queued_at", "sent_at"])
        audit.record("message.sent_again", f"case:{message.case_id or 0}", actor, message=message.pk, before=before)
        outbox.publish(events.MessageQueued(message.pk), key=f"send:{message.pk}:{message.attempts}")
        return message


def _why_not_written(error: Exception) -> str:
    if isinstance(error, EnvelopeError):
        return FILE_LOST
    return TOO_LARGE if isinstance(error, TooLarge) else NO_ADDRESS


def _state_after(error: TransportError) -> MessageState:
    if error.unknown:
        return MessageState.UNCERTAIN
    return MessageState.FAILED if error.permanent else MessageState.QUEUED


def _begin(message_id: int, way: Transport) -> Message | None:
    """Claim the message; None when there is nothing left to do for it."""
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
        if message.state == MessageState.SENDING and not way.repeatable:
            # Whoever began this never came back: it may have gone. Twice would be worse than a question to staff.
            _conclude(message, MessageState.UNCERTAIN, error=STOPPED)
            return None
        if message.state not in (MessageState.QUEUED, MessageState.SENDING):
            return None
        waited = message.state == MessageState.QUEUED
        over, dropped = waited and _is_over(message), waited and not still_news.holds(message)
        dead = waited and message.attempts == 0 and _comes_back(message)
        message.state = MessageState.SENDING.value
        message.attempts += 1
        message.save(update_fields=["state", "attempts"])
        if dropped:
            _conclude(message, MessageState.DROPPED)
            return None
        if over:
            _conclude(message, MessageState.FAILED, error=UNTRUE)
            return None
        if dead:
            _conclude(message, MessageState.FAILED, error=COMES_BACK)
            return None
        return message


def _is_over(message: Message) -> bool:
    """Tell whether the words of a message are no longer true: their time has passed, or what they tell of changed."""
    if message.send_before is not None and message.send_before <= timezone.now():
        return True
    return message.intent == Intent.EXTENSION and extension.is_over(message)


def _comes_back(message: Message) -> bool:
    """Tell whether only a person may write to this address: the last mail to it came back for good.

    What a member of staff wrote goes, as does what one sends again; so do notices to the staff.
    """
    to_person = message.case_id or message.inquiry_id
    return bool(to_person) and message.author_id is None and selectors.comes_back(message.to_address)


def _conclude(message: Message, state: MessageState, *, error: str = "") -> None:
    with transaction.atomic():
        sent_at = timezone.now() if state is MessageState.SENT else None
        # Whoever has the server's yes knows better than another worker who only wondered.
        before = [MessageState.SENDING, MessageState.UNCERTAIN] if sent_at else [MessageState.SENDING]
        fenced = Message.objects.filter(pk=message.pk, state__in=before, attempts=message.attempts)
        if not fenced.update(state=state.value, sent_at=sent_at, error=error[:300]):
            return
        audit.record(f"message.{state}", f"case:{message.case_id or 0}", SYSTEM, message=message.pk)
        if state is MessageState.SENT:
            outbox.publish(events.MessageSent(message.pk), key=f"sent:{message.pk}")
        elif state in selectors.UNSENT and message.case_id is not None:
            outbox.publish(
                events.MessageFailed(message.pk, message.attempts), key=f"failed:{message.pk}:{message.attempts}"
            )


def _compose(message: Message) -> Outgoing:
    organisation = selectors.organisation()
    return Outgoing(
        from_name=organisation.name,
        from_address=organisation.from_address,
        to_address=message.to_address,
        subject=message.subject,
        body=SECRET.sub(lambda found: _reveal(message, found), message.body),
        message_id=message.message_id,
        date=message.created_at,
        loop=settings.SITE_URL,
        reply_to=_reply_to(message, organisation.rights_contact),
        in_reply_to=message.in_reply_to,
        thread=_thread(message),
        language=message.language,
        files=attachments.to_send(message),
        automatic=_AUTOMATIC.get(message.intent, "auto-generated") or None,
        reports_to=_reports_to(message, organisation),
    )


def _thread(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs of what the person and we wrote on the case before, the oldest first."""
    if message.case is None:
        return ()
    said = message.case.messages.filter(Q(direction=Direction.IN.value) | Q(to_address=message.to_address))
    earlier = said.filter(created_at__lt=message.created_at).exclude(message_id="")
    return tuple(earlier.order_by("created_at", "id").values_list("message_id", flat=True))


def _reports_to(message: Message, organisation: Organisation) -> str:
    """Return the envelope sender that is set, "" for the usual one; a mailbox whose name leaves no room signs none."""
    if settings.ENVELOPE_SENDER == "bounce":
        with suppress(ValueError):
            return threading.make_bounce_address(ring().all("mail"), message.uuid, organisation.rights_contact)
    return "" if settings.ENVELOPE_SENDER == "null" else organisation.from_address


def _reply_to(message: Message, contact: str) -> str:
    """Return the signed reply address of the case, nothing for a notice to the staff.

    Where it would not fit, or the mailbox takes no plus-addresses, an answer comes to where people write about their
    rights, and the Message-ID joins it; so does one to a receipt that belongs to no case yet.
    """
    if message.case is None:
        return contact if message.inquiry_id else ""
    if settings.REPLY_ADDRESS == "plain":
        return contact
    with suppress(ValueError):
        return threading.make_reply_address(ring().all("mail"), message.case.uuid.hex, contact)
    return contact


def _reveal(message: Message, found: "re.Match[str]") -> str:
    given = message.secrets.get(found.group(1))
    if given is None:
        return found.group(0)
    secret = tokens.Secret(**given)
    value = tokens.reveal(ring(), secret)
    return value if secret.form == "code" else f"{settings.SITE_URL}{value}"
