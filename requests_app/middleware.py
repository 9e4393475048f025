"""What every request has to pass, and what every page of ours carries."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from . import local_time


class NoNulMiddleware:
    """No page has a NUL byte in its address: PostgreSQL refuses to look for one, which would end as our fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 404, or go on."""
        if "\0" in request.path_info:
            raise Http404
        return self.get_response(request)


class LocalTimeMiddleware:
    """Every page shows the organisation's time; who only asks whether we are well needs no database for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer by the clock on the organisation's wall."""
        if request.path_info == "/healthz":
            return self.get_response(request)
        with local_time.of_the_organisation():
            return self.get_response(request)


class NoStoreMiddleware:
    """Keep pages out of caches and search engines; static files are served before this point."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add `Cache-Control: no-store` where a view said nothing else, and `X-Robots-Tag`."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


class HeadMiddleware:
    """An answer to HEAD has no body (RFC 9110 section 9.3.2); the server would drop it, and warn of each."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave out what a GET would get, and keep its headers (`Content-Length` among them)."""
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.content = b""
        return response
