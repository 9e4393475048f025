"""Telling people that we have what they wrote (letter T01): once for a case, a request, an inquiry, or not at all."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from requests_app import audit, outbox, selectors
from requests_app.domain import events
from requests_app.domain.enums import Channel, Intent, Requester, Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE, BLOCKS_MARKETING
from requests_app.domain.snapshot import Actor, Reason
from requests_app.labels import right_label
from requests_app.models import Case, DataSubjectRequest, Inquiry, Message, Organisation

from . import clock, colleagues, confirmations, correspondence, reading, rows, undo_link, wording

_ACKNOWLEDGEMENT = "requests_app/mail/acknowledgement"
_RECEIPT = "requests_app/mail/receipt"
_STAND_IN = "…"


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
        correspondence.preview(
            case, _ACKNOWLEDGEMENT, _understood(case), secrets={"link": _STAND_IN, "undo": _STAND_IN}
        )
    except wording.Unresolved as error:
        return error.reason.code
    return None


def confirm_receipt(inquiry: Inquiry, to: str, language: str, organisation: Organisation | None = None) -> Message:
    """Tell whoever wrote an inquiry that it is here, although nobody has sorted it yet; once for each.

    Whoever writes several hands in the `organisation`, which is else read for each.
    """
    organisation = organisation or selectors.organisation()
    received_on = clock.calendar_of(organisation).local_date(inquiry.received_at)
    return correspondence.queue_to_writer(
        inquiry, Intent.ACKNOWLEDGEMENT, _RECEIPT,
        {"received_on": received_on} | _privacy_notice(organisation, language),
        key=f"receipt:{inquiry.pk}", to=to, language=language, organisation=organisation,
    )  # fmt: skip


def why_not_acknowledged(case: Case) -> str | None:
    """Return why the person of a case got no acknowledgement: a reason of `mailbox.autoreply`, or `no_address`.

    What somebody passed on may look as it likes: a person has confirmed who asks, and the answer goes to them.
    """
    if not case.person_email:
        return "no_address"
    return None if confirmed_at_once(case) else why_no_machine_answers(case)


def why_no_machine_answers(case: Case) -> str | None:
    """Return why nothing goes out by itself to whoever wrote the mail that began a case: a machine may have.

    What came with other old mail, after an outage for instance, is confirmed once a person has sorted it, as long as
    there is still time to answer; older mail may have been answered elsewhere, and a person decides.
    """
    inquiry = first_inquiry(case)
    by_mail = inquiry is not None and inquiry.channel == Channel.MAIL and not _passed_on(case, inquiry)
    silent = by_mail and inquiry is not None and not inquiry.auto_reply_allowed
    if not inquiry or not silent:
        return None
    in_time = case.due_on is not None and case.due_on >= clock.calendar().local_date(timezone.now())
    return None if inquiry.auto_reply_reason == reading.BACKLOG and in_time else inquiry.auto_reply_reason


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
    if inquiry.sender_address.lower() == case.person_email.lower():
        return False
    inside = inquiry.forwarded or inquiry.attached_original
    return inside or colleagues.may_ask_for_another(inquiry, selectors.organisation())


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


def _privacy_notice(organisation: Organisation, language: str) -> dict[str, object]:
    """Where a mail says what we do with what people write: the organisation's page, else the start of our form."""
    page = organisation.privacy_page.get(language)
    return {"privacy_url": page or f"{settings.SITE_URL}/{language}/"}


def _acknowledge(case: Case, dsr: DataSubjectRequest | None = None) -> Message:
    """Write the acknowledgement of everything that a case asks for, or of the one request."""
    inquiry, context = first_inquiry(case), _understood(case, dsr)
    secrets = {"link": correspondence.status_link_secret(case)}
    if context["stopped"]:
        secrets["undo"] = undo_link.secret(case, timezone.now())
    return correspondence.queue(
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
    } | _privacy_notice(selectors.organisation(), case.language)
