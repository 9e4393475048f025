"""A warning on the desk before the secret ends by which we get at mail."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from requests_app.services import mail_secret


@dataclass(frozen=True)
class Ending:
    """`last_day`: until when the secret works; `urgent`: in three days or fewer; `over`: that was before today."""

    last_day: date
    urgent: bool
    over: bool


def warning() -> Ending | None:
    """Return what is to be said today; None while there is time."""
    last_day, left = settings.OAUTH_SECRET_ENDS, mail_secret.days_left()
    if last_day is None or left is None:
        return None
    return Ending(last_day, left <= min(mail_secret.DAYS_BEFORE), left < 0)
