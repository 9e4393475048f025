"""The notice that the time is extended (T05): why, until when, what comes when, and where to complain."""

from django.db.models import QuerySet
from django.utils import translation

from requests_app import selectors
from requests_app.domain.enums import Intent, MessageState
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.labels import right_label
from requests_app.models import Extension, Message

from . import clock, complaint_block, correspondence, portal_access, wording
from .correspondence import Words

TEMPLATE = "requests_app/mail/extension"


def queue(row: Extension) -> Message:
    """Owe the letter, once for each extension, and only within the first month; on paper where no mail reaches.

    Raises ActionRefused. Its link lasts until the day that the letter names.
    """
    if refused := why_not(row):
        raise ActionRefused(refused)
    case, calendar = row.dsr.case, clock.calendar()
    portal_access.keep_link_until(case, calendar.end_of_day_utc(row.answer_by))
    return correspondence.queue(
        case, Intent.EXTENSION, TEMPLATE, _context(row), key=key_of(row), dsr=row.dsr,
        secrets={"link": correspondence.status_link_secret(case)},
        send_before=calendar.end_of_day_utc(clock.latest_notice(row.dsr)), on_paper=not case.person_email,
    )  # fmt: skip


def words(row: Extension) -> Words:
    """Return the letter to read, to post or to hand over. Raises `wording.Unresolved`."""
    case = row.dsr.case
    with translation.override(case.language):
        stand_in = translation.gettext("[the personal link]")
    return correspondence.preview(case, TEMPLATE, _context(row), secrets={"link": stand_in})


def why_not(row: Extension) -> Reason | None:
    """Return why the letter cannot be written, or None: it gives reasons and names no day later than the law does."""
    if not (row.reasons and row.explanation.strip() and row.what_comes.strip()):
        return Reason("extension_words_missing")
    if late := why_not_day(row):
        return late
    if not complaint_block.authority():
        return Reason("answer_waits_authority")
    try:
        words(row)
    except wording.Unresolved as error:
        return error.reason
    return None


def why_not_day(row: Extension) -> Reason | None:
    """Return why the day that the letter names cannot stand, or None: the law allows no later one."""
    late = row.answer_by > clock.if_extended(row.dsr).effective_due
    return Reason("extension_day_late", {"date": row.answer_by.isoformat()}) if late else None


def mail_of(row: Extension) -> Message | None:
    """Return the mail that tells of an extension; None before the approval, and where no mail reaches the person."""
    return _mails(row).first()


def withdraw(row: Extension) -> None:
    """See to it that no letter goes out any more. Raises ActionRefused for a mail that may reach the person."""
    correspondence.throw_away(key_of(row))
    if not drop_failed(row) and _mails(row).exists():
        raise ActionRefused(Reason("extension_mail_out"))


def drop_failed(row: Extension) -> bool:
    """See to it that a mail which failed is never sent, and is no alarm any more; tell whether there was one."""
    return bool(_mails(row).filter(state=MessageState.FAILED.value).update(state=MessageState.DROPPED.value))


def is_under_way(row: Extension) -> bool:
    """Tell whether a mail may still reach the person by itself; one that failed may not."""
    return _mails(row).exclude(state__in=selectors.UNSENT).exists()


def key_of(row: Extension) -> str:
    """Return the key of the message that tells of an extension."""
    return f"extension:{row.pk}"


def _mails(row: Extension) -> QuerySet[Message]:
    return Message.objects.filter(key=key_of(row)).exclude(state__in=selectors.NO_MAIL)


def _context(row: Extension) -> dict[str, object]:
    dsr = row.dsr
    with translation.override(dsr.case.language):
        authority, right = complaint_block.authority(), str(right_label(dsr.right))
    return {
        "right": right,
        "received_on": clock.calendar().local_date(dsr.received_at),
        "answer_by": row.answer_by,
        "reasons": row.reasons,
        "explanation": row.explanation,
        "what_comes": row.what_comes,
        "paused": clock.derive(dsr).paused,
        "by_mail": bool(dsr.case.person_email),
        "authority": authority,
        "outside_norway": complaint_block.outside_norway(dsr.case),
    }
