"""The two clocks of a case in the words of the public pages."""

from django.utils.translation import gettext as _

from requests_app.domain.enums import Requester
from requests_app.domain.outcomes import AT_ONCE
from requests_app.models import Case
from requests_app.services import clock


def due_dates(case: Case) -> list[dict[str, object]]:
    """Return the promise and the law's month of a case, with a mark on the one that counts, or the extended day.

    What takes effect at once has no day to wait for.
    """
    awaited = case.dsrs.open().exclude(right__in=AT_ONCE) if case.requester == Requester.SELF else case.dsrs.open()
    dsr = awaited.order_by("effective_due", "id").first()
    if dsr is None:
        return []
    deadline = clock.derive(dsr)
    if deadline.policy_due is None or deadline.statutory_due is None:
        note = _("The time limit for the answer stands still until you have answered us.")
        return [{"label": _("You hear from us in any case by"), "date": deadline.effective_due, "note": note}]
    if deadline.binding == "extension":
        note = _("We have written to you why it takes longer.")
        return [{"label": _("You have our answer by"), "date": deadline.effective_due, "note": note, "binding": True}]
    same = deadline.binding == "both"
    return [
        {"label": _("Our promise"), "date": deadline.policy_due, "binding": same or deadline.binding == "policy"},
        {
            "label": _("The law's time limit"),
            "date": deadline.statutory_due,
            "note": _("The same day") if same else "",
            "binding": deadline.binding == "statute",
        },
    ]
