"""The versions of a register: who made which, why and when; one as it was; what it changed; and as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from exports import labels
from exports.models import CUSTOMERS, RegisterVersion
from exports.services import register as service
from requests_app import selectors
from requests_app.permissions import Permission, requires

from . import register_differences, register_page
from .task_panel import language

A_PAGE = 50
LATEST = 10


def lines(key: str, *, before: int | None = None, most: int = LATEST) -> list[dict[str, Any]]:
    """Return the latest versions of a register older than number `before`, newest first, each with its reason."""
    rows = RegisterVersion.objects.filter(register=key).select_related("created_by").defer("content")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return [{"row": row, "reason": labels.version_reason(row)} for row in rows.order_by("-number")[:most]]


@requires(Permission.VIEW_REGISTER)
@require_safe
def versions(request: HttpRequest, key: str = CUSTOMERS) -> HttpResponseBase:
    """List the versions, newest first; `?before=NUMBER` goes on with older ones."""
    before = request.GET.get("before", "")
    found = lines(key, before=int(before) if before.isdecimal() and len(before) < 10 else None, most=A_PAGE)
    if not found:
        raise Http404
    oldest = found[-1]["row"].number
    context = {"register_key": key, "versions": found, "older": f"?before={oldest}" if oldest > 1 else ""}
    return render(request, "exports/desk/register_versions.html", context)


@requires(Permission.VIEW_REGISTER)
@require_safe
def version(request: HttpRequest, number: int, key: str = CUSTOMERS) -> HttpResponseBase:
    """Show a version of the register as it was."""
    row = _row(number, key)
    parts = register_page.parts(row.register, service.content(row), language(), trial=selectors.organisation().trial)
    return render(request, "exports/desk/register_version.html", _context(row) | {"parts": parts})


@requires(Permission.VIEW_REGISTER)
@require_safe
def changes(request: HttpRequest, number: int, key: str = CUSTOMERS) -> HttpResponseBase:
    """Compare a version with the one before, field by field."""
    row, before = _row(number, key), _row(number - 1, key)
    found = register_differences.lines(service.content(before), service.content(row), language())
    return render(request, "exports/desk/register_changes.html", _context(row) | {"lines": found})


@requires(Permission.VIEW_REGISTER)
@require_safe
def download(request: HttpRequest, number: int, key: str = CUSTOMERS) -> HttpResponseBase:
    """Hand out a version as YAML, in the shape of the register file."""
    response = HttpResponse(service.as_yaml(_row(number, key)), content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="register-{key}-{number}.yaml"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _context(row: RegisterVersion) -> dict[str, Any]:
    return {"register_key": row.register, "row": row, "reason": labels.version_reason(row)}


def _row(number: int, key: str) -> RegisterVersion:
    try:
        return service.version(number, key)
    except service.NoRegister:
        raise Http404 from None
