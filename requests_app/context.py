"""What every template may use."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from requests_app.desk import menu
from requests_app.models import Organisation


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the organisation of this installation (None before set-up)."""
    return {"organisation": Organisation.objects.filter(pk=1).first(), "language_links": language_links(request)}


def language_links(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the same page in each language: by its path where that holds the language, else by a parameter."""
    current = get_language()
    first = request.path_info.split("/")[1]
    links = []
    for code, label in (("nb", "Norsk"), ("en", "English")):
        url = f"/{code}{request.path_info[3:]}" if first in ("nb", "en") else f"?lang={code}"
        links.append({"code": code, "label": label, "url": url, "current": code == current})
    return links


def desk(request: HttpRequest) -> dict[str, Any]:
    """Give pages of the desk their menu; nothing before both factors were shown, or outside the desk."""
    user = getattr(request, "user", None)
    if not request.path_info.startswith("/desk/") or user is None or not user.is_authenticated:
        return {}
    if not user.is_verified():
        return {"desk_logout_url": menu.logout_url()}
    # Looked up when a layout asks: the parts of a page are rendered one by one, each with this context.
    return {
        "desk_nav": SimpleLazyObject(lambda: menu.links(request)),
        "desk_user_links": menu.user_links(),
        "desk_search_url": menu.search_url(request),
        "desk_logout_url": menu.logout_url(),
        "desk_languages": menu.languages(),
    }
