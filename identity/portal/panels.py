"""The panel that this app puts on the status page (`config.wiring.PORTAL_PANELS`)."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from identity import selectors
from requests_app.models import Case


def question(request: HttpRequest, case: Case) -> str:
    """Say that we wait for the person to confirm who they are; empty when nothing is asked.

    Whoever reads the page was told so by mail, too. Neither says to which address the link went: it may be one
    that the reader does not know of.
    """
    waiting = selectors.standing(case).waiting if case.closed_at is None else None
    return render_to_string("identity/portal/panel.html", {"waiting": waiting}, request=request) if waiting else ""
