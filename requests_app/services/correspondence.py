"""What we say and what is said to us: every message is a row first, and sent from there."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from requests_app import audit, local_time, outbox, selectors
from requests_app.domain import events, tokens
from requests_app.domain.enums import Direction, Intent, MessageState
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON, SYSTEM, Actor, Reason
from requests_app.keyring import ring
from requests_app.mailbox import threading
from requests_app.models import Case, DataSubjectRequest, Inquiry, Message, Organisation

from . import attachments, collision, rows, wording
from .intake import LINK_PURPOSE
from .wording import Words as Words

STAFF_MESSAGE = "requests_app/mail/staff_message"
STAFF_TOKEN = "staff"  # noqa: S105 - the place of the case in the Message-ID of a notice


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
    send_before: datetime | None = None,
    on_paper: bool = False,
) -> Message:
    """Write a mail to the person of a case and owe its sending; the same key is written once.

    `on_paper`: no mail goes; the words are kept as they are posted or handed over.

    `dsr` is the one request that the mail speaks of, `inquiry` the message that it confirms. From `send_before` on its
    words would be untrue, so it is not sent any more.

    `template` names a folder with `subject.<language>.txt` and `body.<language>.txt`. Each name in `secrets` may
    be used in the template; its value is filled in only in the mail that leaves.
    """
    return _write(
        case, intent, template, context, language=case.language, key=key, to=case.person_email if to is None else to,
        secrets=secrets or {}, in_reply_to=in_reply_to, dsr=dsr, inquiry=inquiry, send_before=send_before,
        on_paper=on_paper,
    )  # fmt: skip


def written(key: str) -> Message | None:
    """Return the letter with this key as it was written, by mail or on paper."""
    return Message.objects.filter(key=key).first()


def throw_away(key: str) -> None:
    """Delete a letter on paper that nobody has posted, since it will not be."""
    Message.objects.filter(key=key, state=MessageState.PAPER.value).delete()


def preview(case: Case, template: str, context: dict[str, object], *, secrets: Mapping[str, str]) -> Words:
    """Return the words of a mail as `queue` would write it; `secrets` are stand-ins for what stays secret.

    Raises `wording.Unresolved`.
    """
    organisation = selectors.organisation()
    context = _common(case, organisation) | context | dict(secrets)
    return _words(template, case.language, context, organisation)


def notify_staff(
    address: str,
    language: str,
    template: str,
    context: dict[str, object],
    *,
    key: str,
    case: Case | None = None,
    secrets: dict[str, tokens.Secret] | None = None,
) -> Message:
    """Write a notice to a member of staff; it must hold no personal data of the person."""
    return _write(
        case, Intent.REMINDER, template, context, language=language, key=key, to=address, secrets=secrets or {},
        in_reply_to="",
    )  # fmt: skip


def queue_to_writer(
    inquiry: Inquiry,
    intent: Intent,
    template: str,
    context: dict[str, object],
    *,
    key: str,
    to: str,
    language: str,
    organisation: Organisation | None = None,
) -> Message:
    """Write a mail to whoever wrote an inquiry that belongs to no case yet, as a reply to it.

    The `organisation` is read unless it is given.
    """
    return _write(
        None, intent, template, context, language=language, key=key, to=to, secrets={},
        in_reply_to=inquiry.message_id, inquiry=inquiry, organisation=organisation,
    )  # fmt: skip


def status_link_secret(case: Case) -> tokens.Secret:
    """Return how the status link of a case is derived."""
    return tokens.Secret("/s/{}", LINK_PURPOSE, str(case.uuid), case.link_generation, case.link_key_id)


def write_to_person(
    case_id: int,
    *,
    subject: str,
    body: str,
    actor: Actor,
    key: str = "",
    version: int | None = None,
    files: Collection[int] = (),
) -> Message:
    """Send a message of the staff to the person: the words go by mail, so they must not hold data from systems.

    The same `key` is sent once, however often the form comes; `files` are the numbers of those that wait under it
    (`attachments`), as the writer was shown them. Raises ActionRefused without an address, when the case or the files
    are not as they were seen (`version`), or when something else was sent under this `key` before.
    """
    draft, key = key, f"staff:{key or timezone.now().timestamp()}:{case_id}"
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if sent := case.messages.filter(key=key).first():
            words = preview_to_person(case, subject=subject, body=body, link=_stand_in("link"))
            _require_same(sent, words, files)
            return sent
        collision.check(case, version)
        if not case.person_email:
            raise ActionRefused(Reason("no_address"))
        going = attachments.take(case, draft, files, author=actor.user_id) if draft and actor.user_id else []
        last = case.messages.filter(direction=Direction.IN).exclude(message_id="").order_by("-created_at").first()
        message = queue(
            case, Intent.STAFF_MESSAGE, STAFF_MESSAGE, {"subject": subject, "text": body},
            key=key, secrets={"link": status_link_secret(case)}, in_reply_to=last.message_id if last else "",
        )  # fmt: skip
        Message.objects.filter(pk=message.pk).update(author=actor.user_id)
        attachments.give(going, message)
        _read(case)
        collision.touch(case.pk)
        audit.record("message.written", f"case:{case.pk}", actor, message=message.pk, files=len(going))
        return message


def _require_same(sent: Message, words: Words, files: Collection[int]) -> None:
    """Raise ActionRefused unless a form that comes again holds what was sent from it: else a press would be lost."""
    went = set(sent.attachments.values_list("pk", flat=True))
    if (sent.subject, sent.body) != (words.subject, words.body) or went != set(files):
        raise ActionRefused(Reason("message_sent_before"))


def preview_to_person(case: Case, *, subject: str, body: str, link: str) -> Words:
    """Return a message of the staff as it would go, with its greeting and sign-off; `link` stands for the secret one.

    Raises ActionRefused when the organisation's own words for it cannot be filled in.
    """
    try:
        return preview(case, STAFF_MESSAGE, {"subject": subject, "text": body}, secrets={"link": link})
    except wording.Unresolved as error:
        raise ActionRefused(error.reason) from error


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
        was_read = Case.objects.filter(pk=case.pk, unread_since__isnull=True).update(unread_since=at)
        collision.touch(case.pk)
        audit.record("message.received", f"case:{case.pk}", PERSON, message=message.pk)
        if was_read:
            outbox.publish(events.PersonWrote(message.pk), key=f"wrote:{message.pk}")
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


def _stand_in(name: str) -> str:
    """What stands in the stored words where the mail that leaves has a secret."""
    return f"{{{{secret:{name}}}}}"


def _common(case: Case | None, organisation: Organisation) -> dict[str, object]:
    return {"organisation": organisation, "case": case, "site_url": settings.SITE_URL}


def _words(template: str, language: str, context: Mapping[str, object], organisation: Organisation) -> Words:
    """The mail in words; raises `wording.Unresolved` rather than leave a hole in it."""
    with local_time.of(organisation):
        words = wording.write(template, language, context)
    return replace(words, body=words.body + "\n")


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
    send_before: datetime | None = None,
    on_paper: bool = False,
    organisation: Organisation | None = None,
) -> Message:
    organisation = organisation or selectors.organisation()
    names: dict[str, object] = {name: _stand_in(name) for name in secrets}
    context = _common(case, organisation) | context | names
    try:
        words = _words(template, language, context, organisation)
    except wording.Unresolved as error:
        raise ActionRefused(error.reason) from error
    with transaction.atomic(savepoint=False):  # whoever called has a transaction; what is wrong here undoes theirs
        if case is not None:
            rows.lock_case(case.pk)
        now, uuid = timezone.now(), uuid4()
        message_id = threading.make_message_id(
            ring().all("mail"),
            case.uuid.hex if case else STAFF_TOKEN,
            uuid.hex,
            organisation.from_address.rpartition("@")[2],
        )
        message, new = Message.objects.get_or_create(
            key=key,
            defaults={
                "uuid": uuid,
                "case": case,
                "dsr": dsr,
                "inquiry": inquiry,
                "direction": Direction.OUT.value,
                "intent": intent.value,
                "state": (MessageState.PAPER if on_paper else MessageState.QUEUED).value,
                "language": language,
                "to_address": "" if on_paper else to,
                "subject": words.subject,
                "body": words.body,
                "text_version": words.version,
                "secrets": {name: secret.as_json() for name, secret in secrets.items()},
                "message_id": "" if on_paper else message_id,
                "in_reply_to": in_reply_to,
                "created_at": now,
                "queued_at": None if on_paper else now,
                "send_before": send_before,
            },
        )
        if new and on_paper:
            audit.record("message.paper", f"case:{case.pk if case else 0}", SYSTEM, message=message.pk)
        elif new:
            subject_of = f"inquiry:{inquiry.pk}" if inquiry and not case else f"case:{case.pk if case else 0}"
            audit.record("message.queued", subject_of, SYSTEM, message=message.pk, intent=intent)
            outbox.publish(events.MessageQueued(message.pk), key=f"send:{message.pk}")
        return message
