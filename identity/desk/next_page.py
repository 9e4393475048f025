"""Where somebody wanted to go before the login came in between."""

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def wanted(request: HttpRequest) -> str:
    """Return the page named by `next`, or the desk; never a page of another site."""
    page = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(page, allowed_hosts=hosts, require_https=request.is_secure())
    return page if safe else str(settings.LOGIN_REDIRECT_URL)


def via(name: str, page: str) -> str:
    """Return the address of the page `name` that afterwards leads on to `page`."""
    return f"{reverse(name)}?next={quote(page)}"
