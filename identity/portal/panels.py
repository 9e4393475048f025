"""The panel that this app puts on the status page (`config.wiring.PORTAL_PANELS`)."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from identity import selectors
from identity.methods import eid
from requests_app.models import Case


def question(request: HttpRequest, case: Case) -> str:
    """Say that we wait for the person to confirm who they are; empty when nothing is asked.

    Whoever reads the page was told so by mail, too. Neither says to which address the link went: it may be one
    that the reader does not know of.
    """
    waiting = selectors.standing(case).waiting if case.closed_at is None else None
    if waiting is None:
        return ""
    context = {"waiting": waiting, "eid": eid.why_not_without_link(case) is None, "asked_from": case.person_email}
    return render_to_string("identity/portal/panel.html", context, request=request)
