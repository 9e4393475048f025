"""A step on the page of a case: a POST that is taken or refused, and leads back to where it was pressed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.reasons import sentence


def version(request: HttpRequest) -> int:
    """Return the version of the case that the page showed; a page without one has shown none, and -1 matches none."""
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


def done(request: HttpRequest, case: Case, anchor: str, said: str) -> HttpResponse:
    """Say that a step was taken, and lead back to its place on the page."""
    messages.success(request, said)
    return _back(case, anchor)


def attempt(request: HttpRequest, case: Case, anchor: str, act: Callable[[], object], said: str) -> HttpResponse:
    """Take a step that needs no words; a refusal is told on the page."""
    try:
        act()
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
        return _back(case, anchor)
    return done(request, case, anchor, said)


def _back(case: Case, anchor: str) -> HttpResponse:
    return redirect(f"{reverse('requests:desk:case', args=[case.reference])}#{anchor}")
