"""Whether what a mail to the staff tells is still so, for a mail that waited: for the mail system, or for the morning.

A notice is known by its key, of which the last part is its reader (`staff_notice.tell`). What is no news any more is
not told: somebody has answered meanwhile, read, or taken over; or a newer day has come, which has a mail of its own.
"""

from requests_app.models import Case, DataSubjectRequest, Message

from . import clock, milestones


def holds(key: str) -> bool:
    """Tell whether the reason of a notice still stands; of one that has none to lose it always does."""
    match key.split(":"):
        case ["reminder", case, kind, day, due, _reader]:
            return _is_owed(int(case), kind, day, due)
        case ["assigned", case, user, _version, _reader]:
            return Case.objects.filter(pk=int(case), assignee=int(user), closed_at__isnull=True).exists()
        case ["replied", message, _reader]:
            return Message.objects.filter(pk=int(message), case__unread_since__isnull=False).exists()
        case ["bounced", message, _attempt, _reader]:
            return Message.objects.filter(pk=int(message), sent_at__isnull=True).exists()
        case _:
            return True


def _is_owed(case_id: int, kind: str, day: str, due: str) -> bool:
    """Tell whether a milestone is among the newest of one of the open requests of a case."""
    today = clock.today()
    dsrs = DataSubjectRequest.objects.open().filter(case=case_id).select_related("case__assignee")
    owed = (one for dsr in dsrs for one in milestones.owed(dsr, today))
    return (kind, day, due) in [(one.kind.value, one.day.isoformat(), one.due.isoformat()) for one in owed]
