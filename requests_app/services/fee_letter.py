"""The letter before a fee is charged (T20): how much, what for, and that the person can take the request back first."""

from django.db.models import QuerySet
from django.utils import formats, translation

from requests_app import selectors
from requests_app.domain.enums import Intent, MessageState
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.models import Fee, Message

from . import clock, complaint_block, correspondence, portal_access, wording
from .correspondence import Words

TEMPLATE = "requests_app/mail/fee"
_HERE = [MessageState.QUEUED.value, MessageState.FAILED.value]


def queue(row: Fee) -> Message:
    """Owe the letter, once for each fee; on paper where no mail reaches the person. Raises ActionRefused.

    Its link lasts until the day that it names.
    """
    if refused := why_not(row):
        raise ActionRefused(refused)
    case = row.dsr.case
    until = clock.calendar().end_of_day_utc(row.withdraw_by)
    portal_access.keep_link_until(case, until)
    return correspondence.queue(
        case, Intent.FEE, TEMPLATE, _context(row), key=key_of(row), dsr=row.dsr,
        secrets={"link": correspondence.status_link_secret(case)}, send_before=until, on_paper=not case.person_email,
    )  # fmt: skip


def words(row: Fee) -> Words:
    """Return the letter to read, to post or to hand over. Raises `wording.Unresolved`."""
    case = row.dsr.case
    with translation.override(case.language):
        stand_in = translation.gettext("[the personal link]")
    return correspondence.preview(case, TEMPLATE, _context(row), secrets={"link": stand_in})


def why_not(row: Fee) -> Reason | None:
    """Return why the letter cannot be written, or None."""
    if not (row.cost_basis.strip() and row.reasons.strip()):
        return Reason("fee_words_missing")
    if not complaint_block.authority():
        return Reason("answer_waits_authority")
    try:
        words(row)
    except wording.Unresolved as error:
        return error.reason
    return None


def mail_of(row: Fee) -> Message | None:
    """Return the mail that tells of a fee; None before the approval, and where no mail reaches the person."""
    return _mails(row).first()


def is_under_way(row: Fee) -> bool:
    """Tell whether a mail may still reach the person by itself; one that failed may not."""
    return _mails(row).exclude(state__in=selectors.UNSENT).exists()


def has_left(row: Fee) -> bool:
    """Tell whether a mail has left the house, or may have."""
    return _mails(row).exclude(state__in=_HERE).exists()


def withdraw(row: Fee) -> None:
    """See to it that a mail which has not begun to leave is never sent: what it says is no longer true."""
    Message.objects.filter(key=key_of(row), state__in=_HERE).update(state=MessageState.DROPPED.value)


def key_of(row: Fee) -> str:
    """Return the key of the message that tells of a fee."""
    return f"fee:{row.pk}"


def _mails(row: Fee) -> QuerySet[Message]:
    return Message.objects.filter(key=key_of(row)).exclude(state__in=selectors.NO_MAIL)


def _context(row: Fee) -> dict[str, object]:
    dsr = row.dsr
    with translation.override(dsr.case.language):
        authority = complaint_block.authority()
        amount = formats.number_format(row.amount, decimal_pos=2, force_grouping=True)
    return {
        "kind": row.kind,
        "received_on": clock.calendar().local_date(dsr.received_at),
        "amount": amount,
        "currency": row.currency,
        "cost_basis": row.cost_basis,
        "reasons": row.reasons,
        "withdraw_by": row.withdraw_by,
        "by_mail": bool(dsr.case.person_email),
        "authority": authority,
        "outside_norway": complaint_block.outside_norway(dsr.case),
    }
