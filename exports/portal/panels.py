"""The panel that this app puts on the status page (`config.wiring.PORTAL_PANELS`)."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from requests_app.models import Case

from . import page


def answer(request: HttpRequest, case: Case) -> str:
    """Return the way to the answer as HTML; empty while none was released."""
    context = page.context(request, case)
    if not context["offers"]:
        return ""
    return render_to_string("exports/portal/panel.html", context | {"form": None}, request=request)
