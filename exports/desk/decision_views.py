"""What the decision panel can do: each step is a POST that leads back to the case; refusals become messages."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from exports.services import decide, deliver, second_look
from requests_app.desk import case_step
from requests_app.desk.form_again import INVALID
from requests_app.domain.enums import Outcome, RequirementKind
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.outcomes import ENDINGS
from requests_app.labels import REQUIREMENTS
from requests_app.models import DataSubjectRequest, Requirement
from requests_app.permissions import Permission, requires, staff
from requests_app.services import decision as service

from . import decision_words as words
from .decision_forms import OutcomeForm, OverrideForm, SendBackForm
from .decision_steps import again, back, done, find, url


@requires(Permission.DECIDE)
@require_POST
def draft(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Start the draft of an answer."""
    dsr = find(dsr_id)
    return _do(
        request, dsr, lambda: decide.begin(dsr.pk, actor=staff(request).as_actor(), version=case_step.version(request)),
        _("The draft is open. Choose the outcome."),
    )  # fmt: skip


@requires(Permission.DECIDE)
@require_POST
def choose(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Write the outcome into the draft; what cannot be taken is shown again with its words."""
    dsr = find(dsr_id)
    alone = second_look.allows_alone(second_look.why_not_prepare(dsr, staff(request).as_actor()))
    form = OutcomeForm(dsr, request.POST, alone=alone)
    if form.is_valid():
        given = form.cleaned_data
        try:
            decide.choose(
                dsr.pk, Outcome(given["outcome"]), given["reasoning"], grounds=form.chosen_grounds,
                why_alone=given.get("why_alone", ""), actor=staff(request).as_actor(), version=given["version"],
            )  # fmt: skip
        except ActionRefused as refused:
            form.add_error(_field(refused.reason.code, form), words.refusal(refused.reason, dsr))
        else:
            return done(request, dsr, _saved(Outcome(given["outcome"])))
    return again(request, dsr, form, _("Outcome"), _("Save the outcome"))


@requires(Permission.DECIDE)
@require_POST
def submit(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Hand the draft over for review."""
    dsr = find(dsr_id)
    return _do(
        request, dsr,
        lambda: decide.submit(
            dsr.pk, actor=staff(request).as_actor(), bundle=_bundle(request), version=case_step.version(request)
        ),
        _("Submitted. Somebody else now looks at the answer and releases it."),
    )  # fmt: skip


@requires(Permission.RELEASE)
@require_POST
def release(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Release the answer as the second person."""
    dsr = find(dsr_id)
    return _do(
        request, dsr,
        lambda: decide.release(
            dsr.pk, actor=staff(request).as_actor(), bundle=_bundle(request), version=case_step.version(request),
            why_alone=request.POST.get("why_alone", ""),
        ),
        _told(dsr),
    )  # fmt: skip


@requires(Permission.VIEW_CASES)
@require_POST
def send_back(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Return the draft with a note; who may stands in the table of the lifecycle."""
    dsr, user = find(dsr_id), staff(request)
    form = SendBackForm(dsr, request.POST)
    if not form.is_valid():
        return again(request, dsr, form, _("Send the draft back"), _("Send back"))
    given = form.cleaned_data
    return _do(
        request, dsr,
        lambda: decide.send_back(
            dsr.pk, given["note"], actor=user.as_actor(), user=user, version=given["version"]
        ),
        _("The draft is sent back."),
    )  # fmt: skip


@requires(Permission.OVERRIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def override(request: HttpRequest, dsr_id: int, kind: str) -> HttpResponse:
    """Let the answer go although something is missing; the letter says what, and until when."""
    dsr = find(dsr_id)
    row = get_object_or_404(Requirement, dsr=dsr, kind=kind)
    earlier = dsr.overrides.filter(kind=kind).first()
    form = OverrideForm(
        dsr,
        request.POST if request.method == "POST" else None,
        initial={
            "missing": earlier.missing if earlier else words.missing(row, dsr),
            "reason": earlier.reason if earlier else "",
            "promised_on": earlier.promised_on if earlier else None,
        },
    )
    if form.is_valid():
        try:
            decide.override(dsr.pk, RequirementKind(kind), actor=staff(request).as_actor(), **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, words.refusal(refused.reason, dsr))
        else:
            messages.success(request, _("The letter will say what is missing and when it follows."))
            return back(dsr)
    context = {
        "form": form,
        "case": dsr.case,
        "case_url": url(dsr),
        "label": REQUIREMENTS[kind],
        "words": words.requirement(row, dsr) if row.state == "open" else "",
        "begins": service.override_from(dsr),
    }
    code = INVALID if form.is_bound else 200
    return render(request, "exports/desk/decision_override.html", context, status=code)


@requires(Permission.DECIDE)
@require_POST
def build_again(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Try once more to put the package together."""
    dsr = find(dsr_id)
    return _do(
        request, dsr, lambda: decide.build_again(dsr.pk, actor=staff(request).as_actor()),
        _("The package is put together again; it takes a few seconds."),
    )  # fmt: skip


@requires(Permission.RELEASE)
@require_POST
def offer_again(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Offer the same answer for another 14 days."""
    dsr = find(dsr_id)
    return _do(
        request, dsr, lambda: deliver.offer_again(dsr.pk, actor=staff(request).as_actor(), bundle=_bundle(request)),
        _("The answer can be fetched again. The person is told by e-mail."),
    )  # fmt: skip


@requires(Permission.RELEASE)
@require_POST
def withdraw(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Close an answer at once that the person could still fetch."""
    dsr = find(dsr_id)
    return _do(
        request, dsr, lambda: deliver.withdraw(dsr.pk, actor=staff(request).as_actor()),
        _("The answer cannot be fetched any more."),
    )  # fmt: skip


def _do(request: HttpRequest, dsr: DataSubjectRequest, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except (ActionRefused, TransitionDenied) as refused:
        messages.error(request, words.refusal(refused.reason, dsr))
    else:
        messages.success(request, done)
    return back(dsr)


def _told(dsr: DataSubjectRequest) -> str:
    if service.by_hand(dsr):
        return _("The answer is released. Print it, bring it to the person and record the day.")
    return _("The answer is released. The person is told by e-mail.")


def _field(code: str, form: OutcomeForm) -> str | None:
    """The field that a refusal is about; None for the whole form."""
    if code in ("case_changed", "complaint_own_matter"):
        return None
    field = {"reasoning": "reasoning", "ground": "grounds"}.get(code.partition("_")[0], "outcome")
    return field if field in form.fields else "outcome"


def _saved(outcome: Outcome) -> str:
    if outcome in ENDINGS:
        return _("Saved. A plain mail tells the person; you see its words below.")
    return _("Saved. The answer package is being put together; it takes a few seconds.")


def _bundle(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("bundle", ""))
    except ValueError:
        return None
