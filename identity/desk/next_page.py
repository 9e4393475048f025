"""Where somebody wanted to go before the login came in between."""

from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def wanted(request: HttpRequest) -> str:
    """Return the page named by `next`, or the desk; never a page of another site."""
    page = request.POST.get("next") or request.GET.get("next") or ""
    return page if _is_path_of_ours(page) else str(settings.LOGIN_REDIRECT_URL)


def came_from(request: HttpRequest) -> str:
    """Return the page of the desk whose form was sent, from the `Referer` header; empty when it names none."""
    sent_by = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(sent_by, allowed_hosts=hosts, require_https=request.is_secure()):
        return ""
    parts = urlsplit(sent_by)
    page = parts.path + (f"?{parts.query}" if parts.query else "")
    return page if page.startswith("/desk/") and _is_path_of_ours(page) else ""


def _is_path_of_ours(page: str) -> bool:
    """Only a path will do: an address with a host could name one that the browser reads otherwise than we do."""
    return page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)


def via(name: str, page: str) -> str:
    """Return the address of the page `name` that afterwards leads on to `page`."""
    return f"{reverse(name)}?next={quote(page)}"
