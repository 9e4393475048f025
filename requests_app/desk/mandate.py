"""The box of the case page that asks whoever writes for another to show that they may."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import mandate, wording

from . import case_page


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty where nobody writes by mandate."""
    if not mandate.concerns(case):
        return ""
    reason, words = mandate.why_not(case), None
    try:
        words = mandate.words(case) if reason is None else None
    except wording.Unresolved as error:
        reason = error.reason
    context = {
        "case": case,
        "asked": mandate.asked(case),
        "letter": words,
        "why_not": sentence(reason) if reason else "",
        "may_ask": may(staff(request), Permission.ASK_IDENTITY),
    }
    return render_to_string("requests_app/desk/mandate.html", context, request=request)


@require_POST
@requires(Permission.ASK_IDENTITY)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the mandate."""
    case, version = case_page.find(reference), request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
    try:
        mandate.ask(case.pk, actor=staff(request).as_actor(), version=seen)
        messages.success(request, _("The letter is on its way."))
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    return redirect("requests:desk:case", case.reference)
