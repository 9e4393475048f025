"""The language of pages that do not carry it in their address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Remember the language for this session and go back to the page `next`, which must be one of ours."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    if wanted in dict(settings.LANGUAGES):
        request.session["language"] = wanted
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "/")
