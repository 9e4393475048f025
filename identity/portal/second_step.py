"""The pages behind a confirmed link on which a person gives one more proof, where the doubt asks for it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from identity.domain.enums import Method
from identity.methods.answer_form import AnswerForm
from identity.models import Verification
from identity.services import knowledge, second_step
from requests_app.domain.errors import ActionRefused

from .views import no_second_step, speak

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, token: str) -> HttpResponse:
    """Ask three questions about own data, and look at the answers. Which of them were right is never told."""
    speak(request, token)
    link = second_step.link_of(token)
    if link is None:
        return no_second_step(request, token)
    if Method.KNOWLEDGE not in second_step.open_ways(link.case):
        return render(request, "identity/portal/no_questions.html", {})
    form = AnswerForm(request.POST if request.method == "POST" else None, questions=knowledge.questions(link.case))
    if form.is_valid():
        return _looked_at(request, link, form)
    return _page(request, form, INVALID if form.is_bound else 200)


def _looked_at(request: HttpRequest, link: Verification, form: AnswerForm) -> HttpResponse:
    try:
        tried = second_step.answer(link, form.given())
    except ActionRefused:  # meanwhile another browser used up the tries, or the case was closed
        return render(request, "identity/portal/no_questions.html", {})
    if tried.enough:
        return render(request, "identity/portal/confirmed.html", {"ways": ()})
    if not tried.tries_left:
        return render(request, "identity/portal/no_questions.html", {})
    told = ngettext(
        "Too few of the answers fit what we hold. You have %(n)d more try today.",
        "Too few of the answers fit what we hold. You have %(n)d more tries today.",
        tried.tries_left,
    )
    form.add_error(None, told % {"n": tried.tries_left})
    return _page(request, form, INVALID)


def _page(request: HttpRequest, form: forms.Form, status: int) -> HttpResponse:
    title = _("Some questions that only you can answer")
    return render(request, "identity/portal/questions.html", {"form": form, "title": title}, status=status)
