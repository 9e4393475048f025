"""Scopes of API tokens."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # the framework loads this module while it loads its views
    from rest_framework.request import Request
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """A view names the scope it needs for each method in `scopes`; without it nobody gets in."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        """Tell whether the token carries the scope of this method."""
        needed = getattr(view, "scopes", {}).get(request.method)
        return bool(needed) and needed in getattr(request.user, "scopes", ())
