"""Saying no to marketing by one click on the link in a mailing, and taking such a no back.

Opening a link changes nothing, for mail scanners open links. The token is all that is needed: no cookie, no session,
and so no CSRF token either, which a mail program (RFC 8058) could not know.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from requests_app.services import undo, unsubscribe
from requests_app.services import undo_link as undo_links
from requests_app.services.undo import Undone

GONE = 410
_ONE_CLICK = ("List-Unsubscribe", "One-Click")
_UNDO_PAGES = {
    Undone.TAKEN_BACK: ("requests_app/portal/undone.html", 200),
    Undone.STAYS: ("requests_app/portal/undo_stays.html", 200),
    Undone.EXPIRED: ("requests_app/portal/undo_expired.html", GONE),
    Undone.BROKEN: ("requests_app/portal/link_broken.html", GONE),
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button, or stop marketing to whoever the link was made for."""
    reader = unsubscribe.reader_of(token)
    _speak(request, reader.language if reader else "")
    if request.method != "POST":
        return render(request, "requests_app/portal/unsubscribe.html")
    stopped = unsubscribe.stop(token)
    if _by_mail_program(request):
        words, code = (_("It is stopped."), 200) if stopped else (_("The link does not work."), GONE)
        return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=code)
    if stopped is None:
        return render(request, "requests_app/portal/link_broken.html", status=GONE)
    return render(request, "requests_app/portal/unsubscribed.html", {"new": stopped.new})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def undo_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button, or take back what a case has blocked."""
    link = undo_links.read(token)
    _speak(request, link.case.language if link else "")
    if link and link.expired:
        return _undo_page(request, Undone.EXPIRED)
    if request.method != "POST":
        return render(request, "requests_app/portal/undo.html", {"days": settings.UNDO_LIFETIME.days})
    return _undo_page(request, undo.take_back(token))


def _undo_page(request: HttpRequest, undone: Undone) -> HttpResponse:
    template, code = _UNDO_PAGES[undone]
    return render(request, template, status=code)


def _by_mail_program(request: HttpRequest) -> bool:
    name, value = _ONE_CLICK
    return request.POST.get(name) == value


def _speak(request: HttpRequest, language: str) -> None:
    """Use the language of the mail, unless the person chose one here or the link is none of ours."""
    if language and "lang" not in request.GET:
        translation.activate(language)
