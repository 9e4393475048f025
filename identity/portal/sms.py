"""The pages on which a person asks for a code by SMS and types it in, behind a confirmed link."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from identity.domain.enums import CodeState, Method
from identity.models import Verification
from identity.selectors import SMS_PURPOSE
from identity.services import second_step, sms
from identity.services.codes import CodeResult
from requests_app.domain.errors import ActionRefused

from .views import no_second_step, speak

INVALID = 422
_WORDS = {
    CodeState.EXPIRED: _("The code is too old. Ask for a new one."),
    CodeState.TOO_MANY: _("The code was typed in wrongly too many times. Ask for a new one."),
    CodeState.NONE: _("This code does not work any more. Ask for a new one."),
}


class SmsCodeForm(forms.Form):
    """Eight digits, typed or pasted: nothing cuts what is pasted with blanks or hyphens (WCAG 3.3.8)."""

    code = forms.CharField(
        label=_("Code from the SMS"),
        help_text=_("Eight digits. The code works for 15 minutes."),
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
        error_messages={
            "required": _("Type in the code from the SMS."),
            "null_characters_not_allowed": _("The code has eight digits."),
        },
    )

    def refuse(self, result: CodeResult) -> None:
        """Say what was wrong with the code, and what helps."""
        if result.state is CodeState.WRONG:
            text = ngettext(
                "The code is not right. You have %(n)d more try.",
                "The code is not right. You have %(n)d more tries.",
                result.tries_left,
            )
            self.add_error("code", text % {"n": result.tries_left})
        else:
            self.add_error("code", _WORDS[result.state])


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that asks for a code, and take the code."""
    speak(request, token)
    link = second_step.link_of(token)
    if link is None:
        return no_second_step(request, token)
    form = SmsCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        result = second_step.type_in(link, form.cleaned_data["code"])
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
