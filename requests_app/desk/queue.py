"""The queue: open cases by due date, in saved views."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from requests_app import selectors
from requests_app.domain import reference
from requests_app.labels import CHANNELS, right_label
from requests_app.models import Case
from requests_app.permissions import Permission, Staff, may, requires, staff
from requests_app.selectors import BY_DUE_DATE, LATEST_CLOSED, LATEST_RECEIVED, CaseView
from requests_app.services import clock

from . import absence_words, approvers, keyset, mail_secret, mailboxes, menu, status
from .filters import FilterForm, SearchForm

SIZE = 25
KEPT_SEARCHES = 10
SEARCHES = "desk_searches"

VIEWS: dict[CaseView, Promise] = {
    CaseView.MINE: _("Mine"),
    CaseView.UNASSIGNED: _("Unassigned"),
    CaseView.DUE: _("Due within a week"),
    CaseView.OVERDUE: _("Overdue"),
    CaseView.UNREAD: _("New message"),
    CaseView.UNCONFIRMED: _("Without confirmation"),
    CaseView.HELD: _("In effect, not confirmed"),
    CaseView.IDENTITY: _("Waiting for identity"),
    CaseView.APPROVE: _("To approve"),
    CaseView.OPEN: _("All open"),
    CaseView.CLOSED: _("Closed"),
}


@dataclass(frozen=True)
class Row:
    """One case as the queue shows it; `away`: until when its handler is, in words."""

    case: Case
    away: str
    rights: str
    channel: Promise
    status: status.Status
    paused: bool
    extended: bool
    unsent: bool


@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """Show a view of the queue, or what a search found. Who sees no cases is led to what they may see, or told."""
    user = staff(request)
    if not may(user, Permission.VIEW_CASES):
        if home := menu.home(request):
            return redirect(home)
        return render(request, "requests_app/desk/nothing.html")
    rule = clock.rule()
    today = rule.calendar.local_date(timezone.now())
    sought = _sought(request)
    view = None if sought else _view(request)
    cases = selectors.cases_about(sought) if view is None else selectors.cases_in(view, user_id=user.pk, today=today)
    form = FilterForm(request.GET)
    theirs = selectors.narrowed(cases.visible_to(user), **form.chosen())
    order = _order(view)
    after, before = keyset.marks(request, order)
    shown = selectors.page(selectors.for_queue(theirs), order, size=SIZE, after=after, before=before)
    previous_url, next_url = keyset.links(request, shown, order)
    return render(
        request,
        "requests_app/desk/queue.html",
        {
            "views": _views(view, user, today),
            "mailboxes": mailboxes.outages(),
            "mail_secret": mail_secret.warning(),
            "unread_since": mailboxes.unread_since(),
            "approvers": approvers.warning(rule.calendar),
            "view": view,
            "may_sort": may(user, Permission.SORT),
            "page_heading": VIEWS[view] if view else gettext("Search results"),
            "sought": sought,
            "lost_search": bool(request.GET.get("find")) and not sought,
            "search_query": sought,
            "form": form,
            "kept": _kept(request, view),
            "filtered": any(form.chosen().values()),
            "rows": [_row(case, rule, today) for case in shown.rows],
            "summary": _summary(theirs, len(shown.rows)),
            "previous_url": previous_url,
            "next_url": next_url,
        },
    )


@require_POST
@requires(Permission.VIEW_CASES)
def search(request: HttpRequest) -> HttpResponse:
    """Go to the case with this reference, or keep the text and show what it finds.

    The text is most often somebody's name, so it is kept in the session: addresses end up in logs and histories.
    """
    form = SearchForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["q"][0]))
        return redirect("requests:desk:queue")
    text = form.cleaned_data["q"]
    known = Case.objects.visible_to(staff(request))
    if reference.is_valid(text) and known.filter(reference=text.upper()).exists():
        return redirect("requests:desk:case", text.upper())
    token = secrets.token_urlsafe(6)
    searches = dict(list(request.session.get(SEARCHES, {}).items())[1 - KEPT_SEARCHES :])
    request.session[SEARCHES] = {**searches, token: text}
    return redirect(f"{reverse('requests:desk:queue')}?{urlencode({'find': token})}")


def _sought(request: HttpRequest) -> str:
    found: str = request.session.get(SEARCHES, {}).get(request.GET.get("find", ""), "")
    return found


def _view(request: HttpRequest) -> CaseView:
    given = request.GET.get("view", "")
    return CaseView(given) if given in set(CaseView) else CaseView.OPEN


def _order(view: CaseView | None) -> selectors.Order:
    if view is None:
        return LATEST_RECEIVED
    return LATEST_CLOSED if view is CaseView.CLOSED else BY_DUE_DATE


def _kept(request: HttpRequest, view: CaseView | None) -> Iterable[tuple[str, str]]:
    """What the filter form carries along."""
    return [("view", view.value)] if view else [("find", request.GET.get("find", ""))]


def _views(current: CaseView | None, user: Staff, today: date) -> list[menu.Link]:
    url = reverse("requests:desk:queue")
    return [
        menu.Link(
            label,
            f"{url}?{urlencode({'view': view.value})}",
            view is current,
            selectors.count_in_words(selectors.counted(_cases(view, user, today))),
        )
        for view, label in VIEWS.items()
    ]


def _cases(view: CaseView, user: Staff, today: date) -> QuerySet[Case]:
    return selectors.cases_in(view, user_id=user.pk, today=today).visible_to(user)


def _row(case: Case, rule: clock.Rule, today: date) -> Row:
    dsrs = list(case.dsrs.all())
    return Row(
        case=case,
        away=absence_words.of(case.assignee, today),
        rights=", ".join(str(right_label(dsr.right)) for dsr in dsrs),
        channel=CHANNELS[case.channel],
        status=status.of(dsrs),
        paused=status.clock_stands(dsrs, rule, today),
        extended=status.extended(dsrs, rule),
        unsent=bool(getattr(case, "has_unsent", False)),
    )


def _summary(cases: QuerySet[Case], shown: int) -> str:
    number = selectors.counted(cases)
    words = {"shown": shown, "all": selectors.count_in_words(number)}
    return ngettext("%(shown)s of %(all)s case", "%(shown)s of %(all)s cases", number) % words if number else ""
