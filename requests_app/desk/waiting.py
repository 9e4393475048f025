"""What we wrote to the person while we wait for them, and what goes out next by itself."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import MessageState, SuspensionKind
from requests_app.models import Case, DataSubjectRequest
from requests_app.reasons import sentence
from requests_app.services import clock, still_waiting, unverified, waiting, waiting_reminders

KINDS: dict[SuspensionKind, Promise] = {
    SuspensionKind.IDENTITY: _("Who is asking"),
    SuspensionKind.CLARIFICATION: _("What exactly is asked for"),
}


@dataclass(frozen=True)
class Line:
    """One question: when it was asked, on which days the person was reminded, and when they are next."""

    kind: Promise
    asked_on: date
    reminded_on: tuple[date, ...]
    next_on: date | None


@dataclass(frozen=True)
class Notice:
    """The notice that we still wait: when it goes or went out, whether in time, or why it cannot."""

    on: date
    sent: bool
    in_time: bool
    why_not: str


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty while we wait for nothing."""
    asked = [one for kind in KINDS if (one := waiting.question(case, kind))]
    if not asked:
        return ""
    dsrs = list(case.dsrs.open().select_related("case").order_by("id"))
    context = {
        "lines": [_line(one) for one in asked],
        "notice": next((notice for dsr in dsrs if (notice := _notice(dsr))), None),
        "closable_from": min((day for dsr in dsrs if (day := unverified.closable_from(dsr))), default=None),
        "unread": case.unread_since is not None,
    }
    return render_to_string("requests_app/desk/waiting.html", context, request=request)


def _line(asked: waiting.Question) -> Line:
    reminded = waiting_reminders.written(asked)
    days = tuple(sorted({clock.calendar().local_date(row.created_at) for row in reminded}))
    return Line(KINDS[asked.kind], asked.asked_on, days, waiting_reminders.next_on(asked))


def _notice(dsr: DataSubjectRequest) -> Notice | None:
    """The notice of one request; None while its clock runs."""
    on = waiting.notice_on(dsr)
    if on is None:
        return None
    if message := waiting.notice(dsr):
        day = clock.calendar().local_date(message.sent_at or message.created_at)
        return Notice(day, message.state == MessageState.SENT, waiting.notice_given(dsr), "")
    reason = still_waiting.why_not(dsr)
    return Notice(on, sent=False, in_time=False, why_not=sentence(reason) if reason else "")
