"""Whether what a mail reminds of is still so, for a mail that waited: for the mail system, or for the morning.

A reminder is known by its key (`staff_notice.tell`, `waiting_reminders.sweep`, `still_waiting.sweep`). What is no news
any more is not told: somebody has answered meanwhile, read, or taken over; or a newer day has come, which has a mail of
its own.
"""

from datetime import date

from requests_app.domain.enums import Intent, SuspensionKind
from requests_app.models import Case, DataSubjectRequest, Message

from . import clock, milestones, new_day, readers, roster, still_waiting, waiting, waiting_reminders


def holds(message: Message) -> bool:
    """Tell whether a message is as true as when it was written; what is no reminder always is."""
    key = message.key or ""
    match message.intent:
        case Intent.REMINDER:
            return notice_holds(key)
        case Intent.NEW_DAY:
            return new_day.holds(key)
        case Intent.WAITING_REMINDER | Intent.STILL_WAITING:
            return _letter_holds(key)
        case _:
            return True


def notice_holds(key: str) -> bool:
    """Tell whether the reason of a notice to the staff still stands; the last part of its key is the reader.

    What is of a case that its reader must not see any more is told to them no more; nor is anything to who has left.
    """
    return _is_so(key) and not _is_hidden(key)


def _is_so(key: str) -> bool:
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


def _is_hidden(key: str) -> bool:
    match key.split(":"):
        case ["reminder" | "assigned" | "own-task", number, *_, reader]:
            found = Case.objects.filter(pk=int(number))
        case ["replied" | "bounced", number, *_, reader]:
            found = Case.objects.filter(messages=int(number))
        case ["complaint", number, reader]:
            found = Case.objects.filter(dsrs=int(number))
        case _:
            return False
    case = found.first()
    team = roster.of(roster.today())
    return case is not None and int(reader) not in readers.among(team, case).members


def _is_owed(case_id: int, kind: str, day: str, due: str) -> bool:
    """Tell whether a milestone is among the newest of one of the open requests of a case."""
    today = clock.today()
    dsrs = DataSubjectRequest.objects.open().filter(case=case_id).select_related("case__assignee")
    owed = (one for dsr in dsrs for one in milestones.owed(dsr, today))
    return (kind, day, due) in [(one.kind.value, one.day.isoformat(), one.due.isoformat()) for one in owed]


def _letter_holds(key: str) -> bool:
    """Tell whether we still wait for the answer that a letter to the person reminds of, and have none newer to send."""
    match key.split(":"):
        case ["waiting", case_id, kind, asked_on, after, _whom]:
            case = Case.objects.get(pk=int(case_id))
            asked = waiting.question(case, SuspensionKind(kind))
            if asked is None or asked.asked_on != date.fromisoformat(asked_on):
                return False
            newest = max(int(str(one.key).split(":")[4]) for one in waiting_reminders.written(asked))
            return int(after) == newest and not any(still_waiting.is_due(dsr) for dsr in case.dsrs.open())
        case ["still-waiting", suspension]:
            return waiting.questions().filter(pk=int(suspension)).exists()
        case _:
            return True
