"""How often a machine may write by the API."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import BaseThrottle

from requests_app.brake import Door, seconds_to_wait

if TYPE_CHECKING:  # the framework loads this module while it loads its views
    from rest_framework.request import Request
    from rest_framework.views import APIView


class WriteThrottle(BaseThrottle):
    """Counts what a token writes; reading is free. A refused call is answered by 429 with `Retry-After`."""

    seconds = 0

    def allow_request(self, request: "Request", view: "APIView") -> bool:
        """Tell whether this call may be made now."""
        if request.method in SAFE_METHODS:
            return True
        self.seconds = seconds_to_wait(Door.API, request.META, f"token {request.user.pk}")
        return self.seconds == 0

    def wait(self) -> float | None:
        """Return in how many seconds to try again."""
        return self.seconds
