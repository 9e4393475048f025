"""The parts of the case page that other apps serve (`config.wiring.CASE_PANELS`)."""

from collections.abc import Callable, Iterable, Iterator

import structlog
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe

from requests_app.models import Case

log = structlog.get_logger(__name__)

Panel = Callable[[HttpRequest, Case], str]


def render(request: HttpRequest, case: Case, names: Iterable[str]) -> list[SafeString]:
    """Return the HTML of each panel that has something to show; one that fails says so and spares the others."""
    return [html for name in names for html in _one(request, case, name)]


def _one(request: HttpRequest, case: Case, name: str) -> Iterator[SafeString]:
    try:
        panel: Panel = import_string(name)
        html = panel(request, case)
    except Exception as error:  # noqa: BLE001 - whatever breaks a panel must not take the case page with it
        # The text of an error may quote what somebody wrote, so only its kind is logged.
        log.error("panel_failed", panel=name, error=type(error).__name__)
        html = render_to_string("requests_app/desk/panel_failed.html", {"name": name}, request=request)
    if html.strip():
        yield mark_safe(html)  # noqa: S308 - panels are rendered from templates
