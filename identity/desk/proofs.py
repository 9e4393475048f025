"""The part of the identity panel that tells which ways to show who asks are open, and records what was shown."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from identity import labels, selectors
from identity.domain.enums import Level
from identity.methods import METHODS
from identity.methods.protocol import VerificationMethod
from identity.services import call_back as service
from identity.services import knowledge, proof
from requests_app.desk import form_again
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.permissions import Permission, Staff, may, requires, staff
from requests_app.reasons import sentence

from .proof_forms import SHOWN_PREFIX, YES, CallBackForm, ShownForm


@dataclass(frozen=True)
class Way:
    """One way to show who asks: how sure it makes us, and why it is not open; empty when it is."""

    words: Promise
    level: Level
    why_not: str


def context(case: Case, user: Staff) -> dict[str, object]:
    """Return what `identity/desk/proofs.html` shows of a case."""
    asked, reason = selectors.standing(case).waiting is not None, proof.why_not(case)
    records = may(user, Permission.ASK_IDENTITY) and reason is None
    return {
        "ways": [_way(case, way) for way in METHODS.values()],
        "may_call_back": may(user, Permission.ASK_IDENTITY) and service.why_not(case) is None,
        "shown_form": ShownForm(asked=asked, prefix=SHOWN_PREFIX) if records else None,
    }


def _way(case: Case, way: VerificationMethod) -> Way:
    reason = way.why_not(case)
    return Way(labels.METHODS[way.method], way.level, sentence(reason) if reason else "")


@requires(Permission.ASK_IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what to ask on the phone, and look at what the person answered; nobody sees what is expected."""
    case = get_object_or_404(Case, reference=reference)
    form, reason = None, service.why_not(case)
    if reason is None:
        form = CallBackForm(
            request.POST if request.method == "POST" else None,
            asked=selectors.standing(case).waiting is not None,
            phones=service.phones(case),
            questions=knowledge.questions(case),
        )
        if form.is_valid() and (done := _answered(request, case, form)):
            return done
        reason = service.why_not(case)
    page = {"case": case, "form": form, "why_not": sentence(reason) if reason else ""}
    code = 422 if request.method == "POST" else 200
    return render(request, "identity/desk/call_back.html", page, status=code)


def _answered(request: HttpRequest, case: Case, form: CallBackForm) -> HttpResponse | None:
    """Look at the answers; return where to go when they are enough."""
    try:
        tried = service.answered(
            case, form.cleaned_data["phone"], form.given(), actor=staff(request).as_actor(), doubt=form.given_doubt()
        )
    except ActionRefused as refusal:
        form.add_error(None, sentence(refusal.reason))
        return None
    if tried.enough:
        messages.success(request, _("Enough answers were right. The person has shown who they are."))
        return redirect("requests:desk:case", case.reference)
    told = ngettext(
        "Right answers: %(right)d. That is not enough. There is %(left)d more try today.",
        "Right answers: %(right)d. That is not enough. There are %(left)d more tries today.",
        tried.tries_left,
    )
    form.add_error(None, told % {"right": tried.right, "left": tried.tries_left})
    return None


@requires(Permission.ASK_IDENTITY)
@require_POST
def shown(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that somebody held up an identity document, and whether it was the person."""
    case = get_object_or_404(Case, reference=reference)
    form = ShownForm(request.POST, asked=selectors.standing(case).waiting is not None, prefix=SHOWN_PREFIX)
    if form.is_valid():
        given, actor = form.cleaned_data, staff(request).as_actor()
        way = METHODS[given["method"]]
        try:
            if given["result"] == YES:
                proof.shown(case.pk, way.method, way.level, actor=actor, doubt=form.given_doubt())
                messages.success(request, _("It is recorded that the person has shown who they are."))
            else:
                proof.not_shown(case.pk, way.method, actor=actor, doubt=form.given_doubt())
                messages.success(request, _("It is recorded that the person did not show who they are."))
            return redirect("requests:desk:case", case.reference)
        except ActionRefused as refusal:
            form.add_error(None, sentence(refusal.reason))
    title, button = _("An identity document was shown"), _("Record the result")
    return form_again.show(request, case, form, title=title, button=button, anchor="identity")
