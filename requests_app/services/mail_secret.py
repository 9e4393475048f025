"""The secret by which we get at mail ends one day, which nobody but the settings can tell: warn before it does.

One secret may serve both ways of mail, so once it has ended, no mail could tell of it.
"""

from django.conf import settings

from requests_app import selectors
from requests_app.domain.enums import StaffNotice

from . import clock, mailbox_health, staff_notice

DAYS_BEFORE = (30, 14, 3)
TEMPLATE = "requests_app/mail/secret_ends"


def days_left() -> int | None:
    """Return how many days the secret still works after today, below 0 once it has ended; None while there is time."""
    last_day = settings.OAUTH_SECRET_ENDS
    if last_day is None:
        return None
    left = (last_day - clock.today()).days
    return left if left <= max(DAYS_BEFORE) else None


def sweep() -> bool:
    """Write to whoever can see to it, once for each of `DAYS_BEFORE`; tell whether one of them is reached.

    What was missed while nothing ran is not made up for: only the nearest counts.
    """
    left = days_left()
    if left is None or left < 0:
        return False
    mark = min(days for days in DAYS_BEFORE if left <= days)
    last_day = settings.OAUTH_SECRET_ENDS
    people = selectors.staff_with(*mailbox_health.SEE_TO_IT)
    return staff_notice.tell(
        StaffNotice.MAILBOX, people, TEMPLATE, {"last_day": last_day}, key=f"secret_ends:{last_day}:{mark}",
        takers=mailbox_health.SEE_TO_IT,
    )  # fmt: skip
