"""The public form: start, four questions, check, send, receipt."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app import selectors
from requests_app.brake import Door, seconds_to_wait
from requests_app.models import Case, IntakeDraft
from requests_app.services import acknowledgements, drafts, intake

from . import steps
from .dates import due_dates
from .forms import NOT_SURE
from .session import open_session
from .slowed import slowed

DRAFT = "draft"


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the form in a language they read."""
    return redirect("requests:portal:start", get_language_from_request(request))


@require_safe
def start(request: HttpRequest, language: str) -> HttpResponse:
    """Say what can be asked for, what happens, how long it takes, and the other ways to reach us."""
    organisation = selectors.organisation()
    return render(request, "requests_app/portal/start.html", {"days": organisation.policy_days})


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, language: str, step: str) -> HttpResponse:
    """Ask one question and keep the answer; every page can be changed again from the check page."""
    if step not in steps.ORDER:
        raise Http404
    draft = _draft(request)
    answers: steps.Answers = draft.data if draft and not draft.case_id else {}
    missing = steps.first_missing(answers)
    if missing and steps.ORDER.index(missing) < steps.ORDER.index(step):
        return redirect("requests:portal:step", language, missing)
    data = request.POST if request.method == "POST" else None
    form = steps.make_form(step, answers, data, language=language)
    changing = "change" in request.GET
    if form.is_valid():
        draft = draft if draft and not draft.case_id else _begin(request)
        drafts.answer(draft, step, _kept(form.cleaned_data))
        following = steps.after(step)
        if following is None or (changing and steps.first_missing(draft.data) is None):
            return redirect("requests:portal:check", language)
        return redirect("requests:portal:step", language, following)
    previous = steps.before(step)
    back = reverse("requests:portal:step", args=[language, previous]) if previous else None
    if changing:
        back = reverse("requests:portal:check", args=[language])
    context = {
        "form": form,
        "step": step,
        "number": steps.ORDER.index(step) + 1,
        "count": len(steps.ORDER) + 1,
        "back_url": back or reverse("requests:portal:start", args=[language]),
    }
    return render(request, "requests_app/portal/step.html", context, status=400 if form.errors else 200)


@require_safe
def check(request: HttpRequest, language: str) -> HttpResponse:
    """Show all answers before anything is sent."""
    draft = _draft(request)
    if draft and draft.case_id:
        return redirect("requests:portal:received", language)
    missing = steps.first_missing(draft.data if draft else {})
    if draft is None or missing:
        return redirect("requests:portal:step", language, missing or steps.ORDER[0])
    return _check_page(request, draft, language)


@require_POST
def send(request: HttpRequest, language: str) -> HttpResponse:
    """Hand the draft in; a second click finds the same case.

    The first click gave the browser a new session, and the second one still carries the old: the page itself says
    which draft it shows.
    """
    draft = _draft(request) or drafts.find(request.POST.get("draft", ""))
    if draft is None:
        return render(request, "requests_app/portal/expired.html", status=410)
    if not draft.case_id and (missing := steps.first_missing(draft.data)):
        return redirect("requests:portal:step", language, missing)
    if not draft.case_id and (seconds := seconds_to_wait(Door.FORM, request.META)):
        return _check_page(request, draft, language, wait=seconds)
    case = drafts.submit(draft)
    open_session(request, case)
    request.session[DRAFT] = str(draft.uuid)
    return redirect("requests:portal:received", language)


@require_safe
def received(request: HttpRequest, language: str) -> HttpResponse:
    """The receipt: reference, both dates and which one counts, what happens next, the secret link."""
    draft = _draft(request)
    case = draft.case if draft else None
    if case is None:
        return render(request, "requests_app/portal/expired.html", status=410)
    return render(request, "requests_app/portal/received.html", _receipt(case))


def _check_page(request: HttpRequest, draft: IntakeDraft, language: str, *, wait: int = 0) -> HttpResponse:
    """The answers once more; `wait` is in how many seconds they can be sent, when too many were from this network."""
    context = {
        "draft": draft,
        "rows": steps.rows(draft.data, language),
        "number": len(steps.ORDER) + 1,
        "count": len(steps.ORDER) + 1,
        "back_url": reverse("requests:portal:step", args=[language, steps.ORDER[-1]]),
        "wait": wait,
    }
    return slowed(render(request, "requests_app/portal/check.html", context), wait)


def _receipt(case: Case) -> dict[str, object]:
    dsr = case.dsrs.order_by("effective_due", "id").first()
    if dsr is None:
        raise Http404
    return {
        "case": case,
        "received_at": case.received_at,
        "dates": due_dates(case),
        "at_once": acknowledgements.confirmed_at_once(case),
        "status_link": f"{settings.SITE_URL}/s/{intake.link_token(case)}",
    }


def _draft(request: HttpRequest) -> IntakeDraft | None:
    return drafts.find(str(request.session.get(DRAFT, "")))


def _begin(request: HttpRequest) -> IntakeDraft:
    draft = drafts.start()
    request.session[DRAFT] = str(draft.uuid)
    return draft


def _kept(cleaned: dict[str, object]) -> dict[str, object]:
    """Answers as JSON; "not sure" beside a real choice says nothing more."""
    kept = {name: list(value) if isinstance(value, list | tuple) else value for name, value in cleaned.items()}
    rights = kept.get("rights")
    if isinstance(rights, list) and len(rights) > 1:
        kept["rights"] = [right for right in rights if right != NOT_SURE]
    return kept
