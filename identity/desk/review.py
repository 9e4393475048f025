"""The box of the case page that says a person has to look, because codes or answers pause."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from identity.services import codes
from requests_app.models import Case


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty while nothing pauses."""
    until = codes.paused_until(case)
    if until is None:
        return ""
    context = {"codes_until": until}
    return render_to_string("identity/desk/review.html", context, request=request)
