"""The box of the case page that says a person has to look, because codes or answers pause."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from identity.services import codes, knowledge
from requests_app.models import Case


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty while nothing pauses."""
    codes_until, answers_until = codes.paused_until(case), knowledge.paused_until(case)
    if codes_until is None and answers_until is None:
        return ""
    context = {"codes_until": codes_until, "answers_until": answers_until}
    return render_to_string("identity/desk/review.html", context, request=request)
