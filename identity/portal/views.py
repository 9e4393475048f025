"""The page behind an identity link. Opening it changes nothing: mail scanners open links, too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST

from identity.domain.enums import LinkState, VerificationPurpose
from identity.methods import eid
from identity.services import second_step, verify

GONE = 410
TEMPLATES = {
    LinkState.OPEN: "identity/portal/confirm.html",
    LinkState.CONFIRMED: "identity/portal/confirmed.html",
    LinkState.DEAD: "identity/portal/dead.html",
}


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button, or confirm when it was pressed."""
    speak(request, token)
    state = verify.confirm(token) if request.method == "POST" else verify.look_up(token)
    status = GONE if state is LinkState.DEAD else 200
    about_address = state is LinkState.OPEN and verify.purpose_of(token) is VerificationPurpose.NEW_ADDRESS
    template = "identity/portal/confirm_address.html" if about_address else TEMPLATES[state]
    second = second_step.link_of(token) if state is LinkState.CONFIRMED else None
    asked = second or (verify.asked_by_link(token) if state is LinkState.OPEN else None)
    context = {
        "token": token,
        "eid": asked is not None and eid.WAY.why_not(asked.case) is None,
        "ways": second_step.open_ways(second.case) if second else (),
        "wanted": second is not None,
    }
    return render(request, template, context, status=status)


@require_POST
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link where the old one went; the page is the same whether or not there was an old one."""
    speak(request, token)
    verify.renew(token)
    return render(request, "identity/portal/new_link.html")


def no_second_step(request: HttpRequest, token: str) -> HttpResponse:
    """Answer where a link opens no further step: it thanks if it was confirmed, and is dead like any other if not."""
    if verify.look_up(token) is LinkState.CONFIRMED:
        return render(request, TEMPLATES[LinkState.CONFIRMED], {"token": token, "ways": ()})
    return render(request, TEMPLATES[LinkState.DEAD], {"token": token}, status=GONE)


def speak(request: HttpRequest, token: str) -> None:
    """Use the language of the case, unless the person chose one here or no case belongs to the link."""
    language = verify.language_of(token)
    if language and "lang" not in request.GET:
        translation.activate(language)
