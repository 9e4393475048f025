"""The status page behind the secret link: where the case stands, what was said, a box to write to us."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.brake import Door, seconds_to_wait
from requests_app.domain.enums import Direction, Intent, MessageState, Stage
from requests_app.domain.national_numbers import mask_national_numbers
from requests_app.labels import right_label
from requests_app.models import Case, DataSubjectRequest, Message
from requests_app.services import acknowledgements, portal_access, portal_reply
from requests_app.services.sending import SECRET

from .dates import due_dates
from .forms import RenewForm, ReplyForm
from .session import case_required, close_session, open_session
from .slowed import slowed

_LETTERS = (
    *(
        Intent.ACKNOWLEDGEMENT,
        Intent.STAFF_MESSAGE,
        Intent.CLARIFICATION,
        Intent.EXTENSION,
        Intent.FEE,
        Intent.NEW_DAY,
        Intent.STILL_WAITING,
        Intent.LATE,
    ),
    *(Intent.MANDATE, Intent.CONFIRMATION, Intent.LIFTING, Intent.ENDING, Intent.ORDERS_DONE),
)
"""What we wrote and the person may want to read again. Links and codes of a moment are no letters."""
_SHOWN = [intent.value for intent in (Intent.INQUIRY, Intent.REPLY, *_LETTERS)]


@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link first shows a button, for mail scanners follow links; only the POST opens the case."""
    if request.method == "GET":
        return render(request, "requests_app/portal/open.html")
    case = portal_access.case_of_link(token)
    if case is None:
        return render(
            request, "requests_app/portal/link_needed.html", {"form": RenewForm(), "failed": True}, status=410
        )
    open_session(request, case)
    return redirect("requests:portal:status")


@require_safe
@case_required
def status(request: HttpRequest, case: Case) -> HttpResponse:
    """Where the case stands."""
    return _page(request, case, ReplyForm.blank())


@require_POST
@case_required
def reply(request: HttpRequest, case: Case) -> HttpResponse:
    """Keep what the person writes, at once, where somebody sees it."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form, code=400)
    text, _found = mask_national_numbers(form.cleaned_data["text"])
    portal_reply.keep(case.pk, text, key=form.cleaned_data["key"])
    messages.success(request, _("We have received your message."))
    return redirect("requests:portal:status")


@require_http_methods(["GET", "POST"])
def link_needed(request: HttpRequest) -> HttpResponse:
    """Offer a new link; the answer is the same whether or not we know the address."""
    form = RenewForm(request.POST if request.method == "POST" else None)
    wait = seconds_to_wait(Door.LINK, request.META) if form.is_valid() else 0
    if form.is_valid() and not wait:
        portal_access.renew(form.cleaned_data["email"])
        return render(request, "requests_app/portal/link_sent.html")
    code = 400 if form.errors else 200
    page = render(request, "requests_app/portal/link_needed.html", {"form": form, "wait": wait}, status=code)
    return slowed(page, wait)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the case in this browser, for people on a shared computer."""
    close_session(request)
    request.session.pop("draft", None)
    return redirect("requests:portal:start", translation.get_language() or settings.LANGUAGE_CODE)


def _page(request: HttpRequest, case: Case, form: ReplyForm, code: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "progress": _progress(case),
        "requests": [_wish(dsr) for dsr in case.dsrs.order_by("id")],
        "dates": due_dates(case),
        "closed": case.closed_at is not None,
        "timeline": _timeline(case),
        "panels": panels(request, case),
    }
    return render(request, "requests_app/portal/status.html", context, status=code)


def panels(request: HttpRequest, case: Case) -> list[SafeString]:
    """Return what upper apps show on the status page; their templates have escaped it."""
    drawn = [import_string(name)(request, case) for name in settings.PORTAL_PANELS]
    return [mark_safe(html) for html in drawn if html]  # noqa: S308 - rendered by templates with autoescape


def _wish(dsr: DataSubjectRequest) -> str:
    """What a request is about, also while we are still working that out."""
    return str(right_label(dsr.right)) if dsr.right else _("We are working out what you need")


def _progress(case: Case) -> list[dict[str, Any]]:
    """The way of the least advanced request in everyday steps."""
    stages = list(Stage)
    open_stages = [stages.index(Stage(dsr.stage)) for dsr in case.dsrs.all()]
    at = min(open_stages, default=0)
    answered = [
        (_("We have received it"), Stage.RECEIVED),
        (_("We are looking for your data"), Stage.TRIAGED),
        (_("We are preparing the answer"), Stage.DECISION_DRAFT),
        (_("You have your answer"), Stage.RELEASED),
    ]
    confirmed = [
        (_("We have received it"), Stage.RECEIVED),
        (_("It has taken effect"), Stage.TRIAGED),
        (_("You have the confirmation"), Stage.RELEASED),
    ]
    names = confirmed if acknowledgements.confirmed_at_once(case) else answered
    current = max(i for i, (_name, begins) in enumerate(names) if stages.index(begins) <= at)
    finished = case.closed_at is not None
    return [
        {"label": name, "state": "done" if i < current or finished else "current" if i == current else "todo"}
        for i, (name, _begins) in enumerate(names)
    ]


def _timeline(case: Case) -> list[dict[str, Any]]:
    """What we wrote and what the person wrote; what somebody else wrote is not theirs to read, although on the case."""
    own = Q(direction=Direction.OUT.value) | Q(intent=Intent.INQUIRY.value) | Q(inquiry=None)
    own |= Q(inquiry__sender_address__iexact=case.person_email)
    shown = case.messages.filter(own, intent__in=_SHOWN).exclude(subject="", body="")
    shown = shown.exclude(state=MessageState.DROPPED.value)
    items = [_message(message) for message in shown]
    items += [_line("message_in", row.received_at, "", row.text) for row in portal_reply.set_aside(case)]
    return sorted(items, key=lambda item: item["when"], reverse=True)


def _message(message: Message) -> dict[str, Any]:
    kind = "message_out" if message.direction == Direction.OUT else "message_in"
    text = message.body.replace("{{secret:link}}", _("(link to this page)"))
    text = SECRET.sub(_("[personal link, only in the e-mail]"), text)
    return _line(kind, message.created_at, message.subject, text)


def _line(kind: str, when: datetime, title: str, text: str) -> dict[str, Any]:
    who = _("We wrote") if kind == "message_out" else _("You wrote")
    return {"kind": kind, "when": when, "who": who, "title": title, "text": text}
