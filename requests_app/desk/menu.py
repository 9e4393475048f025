"""The menu of the desk: only what its reader may open."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from requests_app import selectors
from requests_app.permissions import Permission, Staff, may, staff


@dataclass(frozen=True)
class Link:
    """One line of a menu; `count` is what waits there, empty when nothing does."""

    label: Promise | str
    url: str
    current: bool = False
    count: str = ""


@dataclass(frozen=True)
class Language:
    """A language to switch to, named in itself."""

    code: str
    label: str
    current: bool


def links(request: HttpRequest) -> list[Link]:
    """Return the pages of the main menu; current is the one whose address begins that of the page most fully.

    None is on a page of one's own menu: every address of the desk begins like that of the queue.
    """
    allowed = [entry for entry in settings.DESK_NAV if may(staff(request), Permission(entry[2]))]
    urls = [reverse(name) for _, name, _, _ in allowed]
    own = any(request.path_info.startswith(link.url) for link in user_links())
    here = "" if own else max((url for url in urls if request.path_info.startswith(url)), key=len, default="")
    return [
        Link(label, url, url == here, _count(counter, staff(request)))
        for (label, _, _, counter), url in zip(allowed, urls, strict=True)
    ]


def home(request: HttpRequest) -> str | None:
    """Return the first page of the menu that this person may open; None when there is none."""
    allowed = (name for _, name, permission, _ in settings.DESK_NAV if may(staff(request), Permission(permission)))
    return next(map(reverse, allowed), None)


def user_links() -> list[Link]:
    """Return what stands in the menu under one's own name."""
    return [Link(label, reverse(name)) for label, name in settings.DESK_USER_LINKS]


def search_url(request: HttpRequest) -> str:
    """Return where the search box sends its text; empty for who sees no cases."""
    return reverse("requests:desk:search") if may(staff(request), Permission.VIEW_CASES) else ""


def logout_url() -> str:
    """Return where one logs out."""
    return reverse(settings.DESK_LOGOUT)


def languages() -> list[Language]:
    """Return the languages of the desk."""
    return [Language(code, label, code == get_language()) for code, label in (("nb", "Norsk"), ("en", "English"))]


def _count(counter: str, user: Staff) -> str:
    number: int = import_string(counter)(user) if counter else 0
    return selectors.count_in_words(number) if number else ""
