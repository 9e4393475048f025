"""Fetching the answer: a code by mail to the address on file, then the files, each five times."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exports.models import BundleFile
from exports.services import deliver
from identity.services import codes
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.portal.session import case_required
from requests_app.templatetags.ui import moment

from . import code_session, page
from .forms import CodeForm

PURPOSE = "download"
INVALID = 422
GONE = 410


@require_http_methods(["GET", "POST"])
@case_required
def answer(request: HttpRequest, case: Case) -> HttpResponse:
    """Show the way to the answer, and take the code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, case)
    if form.is_valid():
        result = codes.check(case, PURPOSE, form.cleaned_data["code"], deliver.code_address(case))
        if result.ok:
            code_session.grant(request, case)
            return redirect("exports:portal:answer")
        form.refuse(result)
    return _page(request, case, form, INVALID)


@require_POST
@case_required
def send_code(request: HttpRequest, case: Case) -> HttpResponse:
    """Send a code to the address on file; whoever asks learns nothing about that address."""
    if not any(offer.open for offer in page.offers(case)):
        return redirect("exports:portal:answer")
    try:
        codes.send(case, PURPOSE, deliver.code_address(case))
    except ActionRefused as refused:
        if until := refused.reason.params.get("until"):
            messages.warning(request, _paused(until))
            return redirect("exports:portal:answer")
    code_session.asked(request, case)
    messages.success(
        request, _("We have sent a code to the e-mail address we have on file for you. It may take a minute or two.")
    )
    return redirect("exports:portal:answer")


@require_GET
@case_required
def file(request: HttpRequest, case: Case, file_id: int) -> HttpResponse:
    """Hand over one file after a right code; counted before it leaves."""
    if code_session.granted_until(request, case) is None:
        messages.info(request, _("Ask for a code to download the files."))
        return redirect("exports:portal:answer")
    try:
        fetched = deliver.fetch(case, file_id)
    except BundleFile.DoesNotExist:
        raise Http404 from None
    except ActionRefused as refused:
        context = page.context(request, case) | {"reason": refused.reason.code}
        return render(request, "exports/portal/no_file.html", context, status=GONE)
    return _attachment(fetched)


def _page(request: HttpRequest, case: Case, form: CodeForm | None = None, code: int = 200) -> HttpResponse:
    return render(request, "exports/portal/answer.html", page.context(request, case, form), status=code)


def _attachment(fetched: deliver.Fetched) -> HttpResponse:
    """Return a file that a browser saves, never opens in our name, and no cache keeps."""
    charset = "; charset=utf-8" if fetched.media_type.startswith("text/") else ""
    response = HttpResponse(fetched.content, content_type=f"{fetched.media_type}{charset}")
    response.headers["Content-Disposition"] = f'attachment; filename="{fetched.name.rpartition("/")[2]}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _paused(until: str) -> str:
    return _("We have sent many codes today. You can ask for a new one from %(until)s.") % {
        "until": moment(timezone.localtime(datetime.fromisoformat(until)))
    }
