"""What every template may use."""

from typing import Any

from django.http import HttpRequest

from requests_app.models import Organisation


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the organisation of this installation (None before set-up)."""
    return {"organisation": Organisation.objects.filter(pk=1).first()}
