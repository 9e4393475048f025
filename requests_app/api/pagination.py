"""Pages by key, never by offset: the thousandth page costs as little as the first."""

from rest_framework.pagination import CursorPagination


class CasePagination(CursorPagination):
    """Newest first."""

    ordering = "-id"
    page_size = 50
