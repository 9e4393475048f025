"""Away to the provider of electronic IDs and back. Only a press of the button begins it: mail scanners open links.

The page that leads away is a page of ours and no redirect: browsers that hold to `form-action` follow a form nowhere
else. What comes back in the address is gone from it before anything is shown.
"""

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST, require_safe

from identity.domain.enums import EidOutcome
from identity.methods import eid
from identity.models import Verification
from identity.oidc.errors import OidcError
from identity.services import attempts, second_step, verify
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.portal.session import case_required

log = structlog.get_logger(__name__)

OUTCOME = "eid_outcome"
GONE, UNAVAILABLE = 410, 503
TEMPLATES = {
    EidOutcome.CONFIRMED: "identity/portal/confirmed.html",
    EidOutcome.REVIEW: "identity/portal/eid_review.html",
    EidOutcome.WORN_OUT: "identity/portal/eid_review.html",
    EidOutcome.FAILED: "identity/portal/eid_failed.html",
}


@require_POST
def from_link(request: HttpRequest, token: str) -> HttpResponse:
    """Begin from the page behind an identity link."""
    asked = verify.asked_by_link(token) or second_step.link_of(token)
    if asked is None:
        return render(request, "identity/portal/dead.html", {"token": token}, status=GONE)
    if "lang" not in request.GET:
        translation.activate(asked.case.language)
    return _leave(request, asked.case, asked)


@require_POST
@case_required
def from_status(request: HttpRequest, case: Case) -> HttpResponse:
    """Begin from the status page: whoever lost the address on file has no link."""
    return _leave(request, case)


@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Take what the provider sends, and lead on to an address without it."""
    query = {name: request.GET[name] for name in request.GET}
    request.session[OUTCOME] = eid.finish(query, attempts.browser_of(request.session)).value
    return redirect("identity:eid-result")


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Say how it ended."""
    outcome = EidOutcome(request.session.get(OUTCOME, EidOutcome.FAILED.value))
    return render(request, TEMPLATES[outcome])


def _leave(request: HttpRequest, case: Case, link: Verification | None = None) -> HttpResponse:
    try:
        url = eid.start(case, attempts.browser(request.session), link=link)
    except ActionRefused as refusal:
        worn_out = refusal.reason.code in ("eid_worn_out", "eid_no_name")
        return render(request, TEMPLATES[EidOutcome.WORN_OUT if worn_out else EidOutcome.FAILED])
    except OidcError as error:
        log.warning("provider of electronic IDs cannot be reached", code=error.code)
        return render(request, TEMPLATES[EidOutcome.FAILED], status=UNAVAILABLE)
    request.session["language"] = translation.get_language()
    request.session.pop(OUTCOME, None)
    return render(request, "identity/portal/eid_leave.html", {"url": url})
