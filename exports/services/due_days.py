"""By when a system, or whoever works in it, has to answer."""

from datetime import date, datetime, timedelta

from exports.connectors.base import SEARCH_COMPLETE
from requests_app.domain.calendars import Calendar


def due_on(received_at: datetime, calendar: Calendar, working_days: int = SEARCH_COMPLETE) -> date:
    """Return the day by which a system has answered: so many working days after the day of receipt."""
    day = calendar.local_date(received_at)
    for _ in range(working_days):
        day = calendar.roll_forward(day + timedelta(days=1))
    return day
