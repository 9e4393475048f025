"""Where a page of a list begins or ends, as it stands in the address: the values of the sorting columns."""

import re
from datetime import UTC, date, datetime
from typing import TypeVar

from django.db.models import Model
from django.http import HttpRequest, QueryDict

from requests_app.selectors import Order, Page

M = TypeVar("M", bound=Model)

Mark = tuple[object, int]
_NUMBER = re.compile(r"[0-9]{1,18}")


def write(row: Model, order: Order) -> str:
    """Return the mark of a row."""
    value = getattr(row, order.column)
    return f"{value.isoformat()}~{row.pk}"


def read(text: str, order: Order) -> Mark | None:
    """Return the mark in an address; None for none, or for one that somebody has broken."""
    value, _, number = text.rpartition("~")
    if not _NUMBER.fullmatch(number):
        return None
    try:
        if order.column.endswith("_on"):
            return date.fromisoformat(value), int(number)
        moment = datetime.fromisoformat(value)
        # In UTC the first and the last day of the calendar may lie outside it.
        return (moment.astimezone(UTC), int(number)) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def marks(request: HttpRequest, order: Order) -> tuple[Mark | None, Mark | None]:
    """Return the marks `after` and `before` of an address; at most one of them counts."""
    after = read(request.GET.get("after", ""), order)
    return after, None if after else read(request.GET.get("before", ""), order)


def links(request: HttpRequest, shown: Page[M], order: Order) -> tuple[str, str]:
    """Return the addresses of the previous and the next page, empty where there is none."""
    if not shown.rows:
        return "", ""
    previous = _address(request, before=write(shown.rows[0], order)) if shown.earlier else ""
    following = _address(request, after=write(shown.rows[-1], order)) if shown.later else ""
    return previous, following


def _address(request: HttpRequest, **mark: str) -> str:
    query: QueryDict = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update(mark)
    return f"?{query.urlencode()}"
