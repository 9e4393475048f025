"""What the decision panel can do where no mail reaches the person; each step is a POST that leads back to the case."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exports.services import by_hand
from requests_app.domain.enums import DeliveryWay
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.models import DataSubjectRequest
from requests_app.permissions import Permission, requires, staff
from requests_app.services import at_once

from . import decision_words as words
from .by_hand_forms import DeliveredForm, ToldForm, WayForm
from .decision_steps import again, done, find


@requires(Permission.DECIDE)
@require_POST
def way(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Say how the answer reaches the person."""
    dsr = find(dsr_id)
    form = WayForm(dsr, request.POST)

    def act() -> None:
        given = form.cleaned_data
        chosen = DeliveryWay(given["way"]) if given["way"] else None
        actor = staff(request).as_actor()
        by_hand.choose(dsr.pk, chosen, given["address"], actor=actor, version=given["version"])

    return _step(request, dsr, form, act, _("How the answer reaches the person"), _("Saved."))


@requires(Permission.DECIDE)
@require_POST
def delivered(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Record the day on which the answer was posted or handed over."""
    dsr = find(dsr_id)
    form = DeliveredForm(dsr, request.POST)

    def act() -> None:
        given = form.cleaned_data
        by_hand.delivered(dsr.pk, given["on"], actor=staff(request).as_actor(), version=given["version"])

    return _step(request, dsr, form, act, _("Posted or handed over"), _("Recorded."))


@requires(Permission.DECIDE)
@require_POST
def told(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Record that the person was told of what took effect at once."""
    dsr = find(dsr_id)
    form = ToldForm(dsr, request.POST)

    def act() -> None:
        given = form.cleaned_data
        actor = staff(request).as_actor()
        by_hand.told(dsr.pk, DeliveryWay(given["way"]), given["on"], actor=actor, version=given["version"])

    return _step(request, dsr, form, act, _("Tell the person"), _("Recorded."))


@requires(Permission.DECIDE)
@require_POST
def tell(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Send the letter about what took effect at once, although it is held back."""
    dsr = find(dsr_id)
    return _press(
        request, dsr, lambda: at_once.tell_anyway(dsr.pk, actor=staff(request).as_actor()),
        _("The confirmation is on its way."),
    )  # fmt: skip


@requires(Permission.DECIDE)
@require_POST
def nothing_new(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """End a reopened request of which the person was told before."""
    dsr = find(dsr_id)
    return _press(
        request, dsr, lambda: by_hand.nothing_new(dsr.pk, actor=staff(request).as_actor()), _("Recorded.")
    )  # fmt: skip


def _press(request: HttpRequest, dsr: DataSubjectRequest, act: Callable[[], object], said: str) -> HttpResponse:
    """Take a step that needs nothing typed, or say on the case why not."""
    try:
        act()
    except (ActionRefused, TransitionDenied) as refused:
        messages.error(request, words.refusal(refused.reason, dsr))
        return redirect("requests:desk:case", dsr.case.reference)
    return done(request, dsr, said)


def _step(
    request: HttpRequest, dsr: DataSubjectRequest, form: forms.Form, act: Callable[[], None], title: str, said: str
) -> HttpResponse:
    """Take the step, or show the form again with what was wrong, so that nothing typed is lost."""
    if form.is_valid():
        try:
            act()
        except (ActionRefused, TransitionDenied) as refused:
            form.add_error(None, words.refusal(refused.reason, dsr))
        else:
            return done(request, dsr, said)
    return again(request, dsr, form, title, _("Save"))
