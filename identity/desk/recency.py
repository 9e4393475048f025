"""How long ago a session showed the second factor."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

KEY = "factor_shown_at"
_CLOCKS_DIFFER = timedelta(minutes=1)  # between the machines of one installation


def note(request: HttpRequest) -> None:
    """Remember that the second factor was shown just now."""
    request.session[KEY] = timezone.now().timestamp()


def note_elsewhere(request: HttpRequest, at: datetime | None) -> None:
    """Remember when a provider says that it was shown there; None: it does not say, which may be long ago."""
    request.session.pop(KEY, None)
    if at is not None:
        request.session[KEY] = at.timestamp()


def is_recent(request: HttpRequest) -> bool:
    """Tell whether it was shown recently enough for what takes a second look (`settings.RECENT_FACTOR_AGE`)."""
    shown = request.session.get(KEY)
    if shown is None:
        return False
    passed = timezone.now() - datetime.fromtimestamp(shown, tz=UTC)
    return -_CLOCKS_DIFFER <= passed <= settings.RECENT_FACTOR_AGE
