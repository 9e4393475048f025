"""The case page as a whole; the verbs show it again when they refuse."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Intent
from requests_app.labels import CHANNELS, NOT_ACKNOWLEDGED, REQUESTERS, SPOKEN
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, may, staff
from requests_app.services import acknowledgements, clock

from . import (
    absence_words,
    authenticity_words,
    clock_facts,
    deadline,
    history_words,
    menu,
    panels,
    reply,
    request_cards,
    status,
    systems,
    timeline,
)
from .case_forms import AddRightForm, AnsweredForm, AssignForm, NoteForm

REFUSED = 409
INVALID = 422


def find(reference: str) -> Case:
    """Return the case with this reference; 404 when there is none."""
    return get_object_or_404(Case.objects.select_related("assignee__deputy"), reference=reference)


def show(
    request: HttpRequest,
    case: Case,
    *,
    bound: Mapping[str, forms.Form] | None = None,
    news: Sequence[str] = (),
    code: int = 200,
) -> HttpResponse:
    """Render the page of a case. `bound` holds forms as they were filled in, by slot; `news` what others did."""
    bound = bound or {}
    user, dsrs = staff(request), _requests(case)
    rule = clock.rule()
    today = rule.calendar.local_date(timezone.now())
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in timeline.SHOW else "all"
    entries = timeline.entries(case, chosen, writes=may(user, Permission.WRITE) and bool(case.person_email))
    context: dict[str, Any] = {
        "case": case,
        "form": next((form for form in bound.values() if form.errors), None),
        "news": news,
        "kept_at": "note" if "note" in bound else "write",
        "status": status.of(dsrs),
        "paused": status.clock_stands(dsrs, rule, today),
        "extended": status.extended(dsrs, rule),
        "cards": [request_cards.card(dsr, user.as_actor(), bound) for dsr in dsrs],
        "clocks": deadline.clocks(dsrs),
        "replies": clock_facts.replies(dsrs),
        "panels": panels.render(request, case, settings.CASE_PANELS),
        "foot_panels": panels.render(request, case, settings.CASE_FOOT_PANELS),
        "side_panels": panels.render(request, case, settings.CASE_SIDE_PANELS),
        "entries": entries,
        "views": _views(chosen),
        "requester": REQUESTERS[case.requester],
        "channel": CHANNELS[case.channel],
        "spoken": SPOKEN[case.language],
        "silence": _silence(case),
        "authentic": authenticity_words.of_case(case),
        "comes_back": selectors.comes_back(case.person_email),
        "unsent": case.messages.filter(selectors.unsent()).exists(),
        "me": user,
        "away": absence_words.of(case.assignee, today),
        "may_write": may(user, Permission.WRITE),
        "may_assign": may(user, Permission.ASSIGN),
        "may_sort": may(user, Permission.SORT),
        "may_keep_clock": may(user, Permission.KEEP_CLOCK),
    }
    answer = bound.get("message") or reply.blank(case, request.GET.get("quote", ""))
    context |= reply.context(case, answer, author=user.pk)
    return render(request, "requests_app/desk/case.html", context | _forms(case, bound), status=code)


def news_since(case: Case, version: int) -> list[str]:
    """Return in words what people did to a case since it had this version, the latest first."""
    names, called = timeline.staff_names(), systems.names()
    rights = {f"dsr:{pk}": right for pk, right in case.dsrs.values_list("pk", "right")}
    person = case.person_name or case.person_email
    told = (
        (history_words.sentence(row, names, rights.get(row.subject, ""), called), history_words.who(row, names, person))
        for row in selectors.changes_since(case, version)
    )
    return [f"{words} ({who})" for words, who in told]


def _requests(case: Case) -> list[DataSubjectRequest]:
    return list(selectors.requests_with_waits().filter(case=case))


def _forms(case: Case, bound: Mapping[str, forms.Form]) -> dict[str, Any]:
    return {
        "note_form": bound.get("note") or NoteForm.blank(case),
        "assign_form": AssignForm(initial={"assignee": case.assignee_id, "version": case.version}),
        "answered_form": AnsweredForm(),
        "add_form": bound.get("add") or AddRightForm(case),
    }


def _silence(case: Case) -> str:
    """Why the person has no confirmation (yet), in words; empty when one is on its way or was sent."""
    if case.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).exists():
        return ""
    reason = acknowledgements.why_not_acknowledged(case) or acknowledgements.why_held_back(case)
    return "" if reason is None else str(NOT_ACKNOWLEDGED.get(reason, reason))


def _views(chosen: str) -> list[menu.Link]:
    return [menu.Link(label, f"?show={name}#timeline", name == chosen) for name, label in timeline.SHOW.items()]
