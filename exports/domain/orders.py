"""When somebody looks whether a vendor has done what it was ordered to do."""

from datetime import date, timedelta

from requests_app.domain.reckoning import add_months


def look_on(ordered_on: date, finishes_on: date | None, today: date) -> date | None:
    """Return the latest day, up to today, on which an order had to be looked at; None while it has time.

    The first is the day after the vendor's own, or a month after an order without one; then every month.
    """
    first = finishes_on + timedelta(days=1) if finishes_on else add_months(ordered_on, 1)
    if today < first:
        return None
    months = (today.year - first.year) * 12 + today.month - first.month
    latest = add_months(first, months)
    return latest if latest <= today else add_months(first, months - 1)
