"""The inbox: what reached us and waits for somebody to say what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from requests_app import selectors
from requests_app.domain.calendars import Calendar
from requests_app.domain.enums import Verdict
from requests_app.labels import CHANNELS, SPOKEN, right_label
from requests_app.models import Inquiry, Organisation, RefusedFile
from requests_app.models.inquiry import SENDER_UNPROVEN
from requests_app.permissions import Permission, Staff, requires, staff
from requests_app.selectors import LATEST_RECEIVED, OLDEST_RECEIVED
from requests_app.services import clock, colleagues
from requests_app.templatetags.ui import Badge

from . import documents, keyset, mail_secret, mailboxes, menu

SIZE = 25
MOST_REFUSED = 20  # files that cannot be read; more are counted when these are seen to
SORTED_WITHIN = 2  # working days after receipt
_NOT_IN_FULL = {
    "unreadable", "oversize", "encrypted", "malformed", "empty", "tnef", "withheld", "no_headers", "header_too_long",
    "too_many_parts", "nested_too_deep",
}  # fmt: skip

VIEWS: dict[Verdict, Promise] = {
    Verdict.UNSORTED: _("Unsorted"),
    Verdict.NOT_A_REQUEST: _("Not a request"),
    Verdict.SPAM: _("Spam"),
    Verdict.REQUEST: _("Sorted as requests"),
}


@dataclass(frozen=True)
class Row:
    """One inquiry as the list shows it; `at_one_press`: it can become a case from here, nothing of it is in doubt."""

    inquiry: Inquiry
    age: Badge
    rights: list[Promise | str]
    unsure: bool
    language: Promise | str
    channel: Promise
    unreadable: bool
    doubtful: bool
    at_one_press: bool
    told: bool


@require_safe
@requires(Permission.SORT)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the inquiries with one verdict: the unsorted ones oldest first, the others latest first."""
    verdict = _verdict(request)
    order = OLDEST_RECEIVED if verdict is Verdict.UNSORTED else LATEST_RECEIVED
    after, before = keyset.marks(request, order)
    user = staff(request)
    inquiries = selectors.inbox(verdict).visible_to(user)
    shown = selectors.page(inquiries, order, size=SIZE, after=after, before=before)
    previous_url, next_url = keyset.links(request, shown, order)
    calendar, organisation = clock.calendar(), selectors.organisation()
    today = calendar.local_date(timezone.now())
    return render(
        request,
        "requests_app/desk/inbox.html",
        {
            "views": views(verdict, user),
            "verdict": verdict,
            "mailboxes": mailboxes.lines(),
            "mail_secret": mail_secret.warning(),
            "stuck": documents.stuck(user),
            "originals": documents.originals(user),
            "unread_since": mailboxes.unread_since(),
            "sent_elsewhere": selectors.count_sent_elsewhere(),
            "refused": RefusedFile.objects.all()[:MOST_REFUSED],
            "page_heading": VIEWS[verdict],
            "rows": [_row(inquiry, calendar, today, organisation) for inquiry in shown.rows],
            "previous_url": previous_url,
            "next_url": next_url,
        },
    )


def views(current: Verdict | None, user: Staff) -> list[menu.Link]:
    """Return the views of the inbox, with how much is unsorted."""
    url = reverse("requests:desk:inbox")
    counts = {Verdict.UNSORTED: selectors.count_in_words(selectors.count_unsorted(user))}
    return [
        menu.Link(label, f"{url}?{urlencode({'view': verdict.value})}", verdict is current, counts.get(verdict, ""))
        for verdict, label in VIEWS.items()
    ]


def age(inquiry: Inquiry, calendar: Calendar, today: date) -> Badge:
    """Return how long an unsorted inquiry has waited: yellow on the second working day, red after it."""
    arrived = calendar.local_date(inquiry.received_at)
    days = (today - arrived).days
    text = ngettext("%(days)d day old", "%(days)d days old", days) % {"days": days} if days > 0 else gettext("Today")
    latest = sort_by(arrived, calendar)
    return Badge("neutral" if today < latest else "yellow" if today == latest else "red", text)


def sort_by(arrived: date, calendar: Calendar) -> date:
    """Return the working day by which an inquiry should be sorted."""
    day = arrived
    for _step in range(SORTED_WITHIN):
        day = calendar.roll_forward(day + timedelta(days=1))
    return day


def rights_in_words(codes: Sequence[str]) -> list[Promise | str]:
    """Return rights as a reader sees them."""
    return [right_label(code) for code in codes]


def language_in_words(code: str) -> Promise | str:
    """Return the language a mail seems to be written in; empty when nothing is known."""
    return SPOKEN.get(code, SPOKEN["other"]) if code else ""


def _verdict(request: HttpRequest) -> Verdict:
    given = request.GET.get("view", "")
    return Verdict(given) if given in set(Verdict) else Verdict.UNSORTED


def _row(inquiry: Inquiry, calendar: Calendar, today: date, organisation: Organisation) -> Row:
    unreadable = bool(_NOT_IN_FULL & set(inquiry.problems))
    told = colleagues.may_ask_for_another(inquiry, organisation)
    return Row(
        inquiry=inquiry,
        age=age(inquiry, calendar, today),
        rights=rights_in_words(inquiry.suggested_rights),
        unsure=inquiry.verdict == Verdict.UNSORTED and inquiry.maybe_request and not inquiry.suggested_rights,
        language=language_in_words(inquiry.language),
        channel=CHANNELS[inquiry.channel],
        unreadable=unreadable,
        doubtful=SENDER_UNPROVEN in inquiry.problems,
        at_one_press=bool(inquiry.suggested_rights) and not unreadable and not told and _is_plain(inquiry),
        told=told,
    )


def _is_plain(inquiry: Inquiry) -> bool:
    """Whether it is read, and clear who asks and that it belongs to no case yet."""
    elsewhere = inquiry.suggested_case_id or inquiry.forwarded or inquiry.attached_original
    return inquiry.parsed_at is not None and bool(inquiry.sender_address) and not elsewhere
