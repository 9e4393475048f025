"""The answer to whoever has to wait a little."""

from django.http import HttpResponse


def slowed(page: HttpResponse, seconds: int) -> HttpResponse:
    """Make a page the answer 429 with `Retry-After`, or leave it as it is when there is nothing to wait for."""
    if seconds:
        page.status_code = 429
        page.headers["Retry-After"] = str(seconds)
    return page
