"""An identity document that nobody had asked for is cut out of our stored copy, at once (GDPR Art. 5(1)(c) and (e)).

Cut are the raw mail and everything derived from it. The hash of the mail as it came stays, so that it is known when it
comes again. The original in the mailbox is for a person to delete: until somebody says so it stays on the list.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Channel, Direction, ExcisionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.national_numbers import mask_national_numbers
from requests_app.domain.snapshot import Actor, Reason
from requests_app.mailbox import excise, parsed, quoting
from requests_app.mailbox.bounded import parse_bounded
from requests_app.mailbox.parsed import ParsedMail
from requests_app.models import Case, Excision, HeldFile, Inquiry, Message
from requests_app.models.inquiry import InquiryQuerySet

from . import clock, corrections, reading, rows


def remove_attachment(inquiry_id: int, position: int, *, actor: Actor, held: int | None = None) -> Excision:
    """Cut out one attachment, counted as the inquiry lists them; saying the same again changes nothing.

    `held`: the number of the held file because of which it goes. Raises ActionRefused when it cannot be found for
    certain in the mail, when that one was freed meanwhile, and as `_cut` does.
    """

    def without(raw: bytes, inquiry: Inquiry) -> bytes:
        return excise.attachment(raw, position, _today())

    def fits(mail: ParsedMail, inquiry: Inquiry) -> bool:
        others = [one for place, one in enumerate(inquiry.attachments) if place != position]
        kept = [one for one in mail.attachments if not excise.is_note(one)]
        known = [one for one in others if (one["name"], one["content_type"]) != (excise.NAME, "text/plain")]
        return [(one.name, one.size) for one in kept] == [(one["name"], one["size"]) for one in known]

    return _cut(inquiry_id, ExcisionKind.ATTACHMENT, without, fits, actor=actor, position=position, held=held)


def remove_numbers(inquiry_id: int, *, actor: Actor) -> Excision:
    """Put asterisks in place of every identity number in the words and attached texts of a mail, on its case as well.

    Raises ActionRefused when there is none, or one would be left, and as `_cut` does.
    """

    def fits(mail: ParsedMail, inquiry: Inquiry) -> bool:
        inside = (text for one in mail.attached_mails for text in (one.subject, one.text))
        texts = (mail.subject, mail.text, mail.html or "", *inside)
        in_words = any(mask_national_numbers(text)[1] for text in texts)
        return not in_words and not any(one.numbers for one in mail.attachments)

    return _cut(inquiry_id, ExcisionKind.NUMBERS, lambda raw, _: excise.numbers(raw), fits, actor=actor)


def keep_text_only(inquiry_id: int, *, actor: Actor) -> Excision:
    """Keep the header and the words of a mail, and nothing that was attached: for mails that cannot be cut otherwise.

    Raises ActionRefused as `_cut` does.
    """

    def without(raw: bytes, inquiry: Inquiry) -> bytes:
        return excise.all_but_text(raw, inquiry.words, _today())

    def fits(mail: ParsedMail, inquiry: Inquiry) -> bool:
        return not mail.attachments

    return _cut(inquiry_id, ExcisionKind.ALL_BUT_TEXT, without, fits, actor=actor)


def may_be_cut(inquiry: Inquiry) -> bool:
    """Tell whether a stored mail holds anything that could be cut out of it."""
    read = inquiry.channel == Channel.MAIL and inquiry.parsed_at is not None
    return read and inquiry.forgotten_at is None and not inquiry.oversize


def originals() -> InquiryQuerySet:
    """Return the inquiries whose mail still lies in a mailbox although our copy was cut, the oldest first.

    One that is seen there again after somebody said that it is deleted is back on the list.
    """
    cuts = Excision.objects.filter(inquiry=OuterRef("pk"))
    again = cuts.filter(inquiry__sightings__seen_at__gt=F("original_deleted_at"))
    owed = Exists(cuts.filter(original_deleted_at__isnull=True)) | Exists(again)
    return Inquiry.objects.light().filter(owed).order_by("received_at", "pk")


def original_deleted(inquiry_id: int, *, actor: Actor) -> None:
    """Note that somebody deleted the mail in the mailbox, too; saying it again changes nothing."""
    with transaction.atomic():
        Inquiry.objects.select_for_update(of=("self",)).light().get(pk=inquiry_id)
        if not originals().filter(pk=inquiry_id).exists():
            return
        Excision.objects.filter(inquiry=inquiry_id).update(
            original_deleted_at=timezone.now(), original_deleted_by=actor.user_id
        )
        audit.record("inquiry.original_deleted", f"inquiry:{inquiry_id}", actor)


def _cut(
    inquiry_id: int,
    kind: ExcisionKind,
    without: Callable[[bytes, Inquiry], bytes],
    fits: Callable[[ParsedMail, Inquiry], bool],
    *,
    actor: Actor,
    position: int | None = None,
    held: int | None = None,
) -> Excision:
    """Replace the stored mail by one `without` the piece, if reading that anew `fits`; the reading is bounded.

    Raises ActionRefused for what is no mail of ours to cut, and when somebody changed it meanwhile.
    """
    before = Inquiry.objects.get(pk=inquiry_id)
    if position is not None and (done := before.excisions.filter(position=position).first()):
        return done
    if not may_be_cut(before):
        raise ActionRefused(Reason("nothing_to_cut"))
    try:
        raw = without(bytes(before.raw), before)
    except excise.CannotCutError:
        raise ActionRefused(Reason("cannot_be_cut")) from None
    mail = parse_bounded(raw)
    if parsed.UNREADABLE in mail.problems or not fits(mail, before):
        raise ActionRefused(Reason("cannot_be_cut"))
    words = reading.words_of(mail, before)
    with transaction.atomic():
        case, inquiry = _locked(inquiry_id)
        if bytes(inquiry.raw) != bytes(before.raw) or inquiry.case_id != before.case_id:
            raise ActionRefused(Reason("inquiry_changed"))
        _let_go(inquiry, kind, position, held)
        Inquiry.objects.filter(pk=inquiry_id).update(raw=raw, **words)
        corrections.drop(inquiry)
        _rewrite_messages(inquiry, words, masked=kind is not ExcisionKind.ATTACHMENT)
        row = Excision.objects.create(
            inquiry=inquiry, kind=kind.value, position=position, sha256=hashlib.sha256(raw).hexdigest(),
            removed_at=timezone.now(), removed_by_id=actor.user_id,
        )  # fmt: skip
        audit.record(
            "inquiry.document_removed", f"inquiry:{inquiry_id}", actor, kind=kind.value, sha256=row.sha256,
        )  # fmt: skip
        if case:
            audit.record("case.document_removed", f"case:{case.pk}", actor, inquiry=inquiry_id, kind=kind.value)
        return row


def _let_go(inquiry: Inquiry, kind: ExcisionKind, position: int | None, held: int | None) -> None:
    """Say of the hidden files that are cut out now that they are gone; `held` must be one of them (ActionRefused)."""
    if kind is ExcisionKind.NUMBERS:
        return
    gone = HeldFile.objects.hidden().filter(inquiry=inquiry)
    if position is not None:
        gone = gone.filter(position=position)
    if held is not None and not gone.filter(pk=held).exists():
        raise ActionRefused(Reason("inquiry_changed"))
    HeldFile.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).update(deleted_at=timezone.now())


def _locked(inquiry_id: int) -> tuple[Case | None, Inquiry]:
    case_id = Inquiry.objects.values_list("case_id", flat=True).get(pk=inquiry_id)
    case = rows.lock_case(case_id) if case_id else None
    return case, Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry_id)


def _rewrite_messages(inquiry: Inquiry, words: dict[str, Any], *, masked: bool) -> None:
    """Say on the case what the mail says now; `masked`: whatever else was said there loses its numbers, too."""
    after = Inquiry(text=words["text"], forwarded_text=words["forwarded_text"])
    derived = {
        inquiry.words: after.words,
        quoting.strip_reply(inquiry.text) or inquiry.text: quoting.strip_reply(after.text) or after.text,
    }
    own = Q(inquiry=inquiry)
    about = own | Q(case=inquiry.case_id) if inquiry.case_id else own
    for message in Message.objects.filter(about).order_by("pk"):
        mine = message.inquiry_id == inquiry.pk and message.direction == Direction.IN
        body = derived.get(message.body, message.body) if mine else message.body
        subject = message.subject
        if masked:
            body, subject = mask_national_numbers(body)[0], mask_national_numbers(subject)[0]
        if (body, subject) != (message.body, message.subject):
            Message.objects.filter(pk=message.pk).update(body=body, subject=subject)


def _today() -> date:
    return clock.calendar().local_date(timezone.now())
