"""The pages on which a person asks for a code by SMS and types it in, behind a confirmed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from identity.domain.enums import Method
from identity.models import Verification
from identity.selectors import SMS_PURPOSE
from identity.services import second_step, sms
from requests_app.domain.errors import ActionRefused

from .code_form import RefusableCodeForm, code_field
from .views import no_second_step, speak

INVALID = 422


class SmsCodeForm(RefusableCodeForm):
    """Eight digits from a text message, typed or pasted."""

    code = code_field(
        label=_("Code from the SMS"),
        help_text=_("Eight digits. The code works for 15 minutes."),
        missing=_("Type in the code from the SMS."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that asks for a code, and take the code."""
    speak(request, token)
    link = second_step.link_of(token)
    if link is None:
        return no_second_step(request, token)
    form = SmsCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            result = second_step.type_in(link, form.cleaned_data["code"])
        except ActionRefused:  # meanwhile the case was closed, or the person asked at another address
            return no_second_step(request, token)
        if result.ok:
            return render(request, "identity/portal/confirmed.html", {"ways": ()})
        form.refuse(result)
    return _page(request, link, form, token)


@require_POST
def send(request: HttpRequest, token: str) -> HttpResponse:
    """Send a code to the phone on file; the page does not tell which number that is."""
    speak(request, token)
    link = second_step.link_of(token)
    if link is None:
        return no_second_step(request, token)
    try:
        sms.send(link.case)
    except ActionRefused:
        return render(request, "identity/portal/no_questions.html", {})
    return redirect("identity:sms", token)


def _page(request: HttpRequest, link: Verification, form: SmsCodeForm, token: str) -> HttpResponse:
    asked = link.case.one_time_codes.filter(purpose=SMS_PURPOSE, created_at__gte=link.concluded_at).exists()
    may_ask = Method.SMS_CODE in second_step.open_ways(link.case)
    if not (asked or may_ask):
        return render(request, "identity/portal/no_questions.html", {})
    page = {"form": form, "token": token, "asked": asked, "may_ask": may_ask}
    return render(request, "identity/portal/sms.html", page, status=INVALID if form.is_bound else 200)
