"""Is our mail being fetched? A mailbox that is silent for half an hour is an outage, which the staff hear of.

What lies there meanwhile has been received all the same, and its deadlines run.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from requests_app import outbox, selectors
from requests_app.domain import events
from requests_app.domain.enums import MailboxFault, Role, StaffNotice
from requests_app.labels import MAILBOX_FAULTS
from requests_app.mailbox import mailboxes, received
from requests_app.mailbox.sources import SourceError
from requests_app.models import MailboxHealth, RefusedFile

from . import mail_access, staff_notice

OUTAGE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
SEE_TO_IT = (Role.ADMINISTRATOR, Role.DECISION_MAKER)


def fetched(name: str, *, waiting_since: float | None, left_out: int = 0) -> None:
    """Note that a mailbox was read; `waiting_since` (Unix time) is of the oldest mail that it did not hand out.

    `left_out` mails of excluded senders lie there.
    """
    _write(name, fetched_at=timezone.now(), waiting_since=_moment(waiting_since), left_out=left_out)


def excludes(name: str, *, folders: Sequence[str], senders: Sequence[str]) -> None:
    """Note what the operator excluded: these folders, and mail of these senders (addresses or @domains)."""
    _write(name, excluded_folders=list(folders), excluded_senders=list(senders))


def failed(name: str, error: SourceError) -> None:
    """Note that a mailbox could not be read, and why."""
    values: dict[str, object] = {"fault": error.fault.value, "faulted_at": timezone.now()}
    if error.waiting_since is not None:
        values["waiting_since"] = _moment(error.waiting_since)
    _write(name, **values)


def went_on(name: str) -> None:
    """Note that a look at a mailbox began or goes on; written at most once in `NOTED_EVERY`, however often called."""
    now = timezone.now()
    # A time in the future is from before the clock was set back.
    stale = Q(looked_at=None) | Q(looked_at__lte=now - NOTED_EVERY) | Q(looked_at__gt=now)
    MailboxHealth.objects.filter(stale, name=name).update(looked_at=now)


def expect(names: Collection[str]) -> None:
    """Know of the mailboxes that are to be read: one that nobody ever looks at is silent from here on."""
    now = timezone.now()
    unknown = set(names) - set(MailboxHealth.objects.values_list("name", flat=True))
    rows = [MailboxHealth(name=name, expected_since=now) for name in sorted(unknown)]
    MailboxHealth.objects.bulk_create(rows, ignore_conflicts=True)  # the ingest and the sweep may both be at it


def expect_only(names: Collection[str]) -> None:
    """Know of these mailboxes, and forget those that are not read any more: nobody waits for their mail or files."""
    MailboxHealth.objects.exclude(name__in=names).delete()
    RefusedFile.objects.exclude(mailbox__in=names).delete()
    expect(names)


def last_read(row: MailboxHealth) -> datetime:
    """Return since when a mailbox has been silent."""
    return row.fetched_at or row.expected_since


def is_out(row: MailboxHealth) -> bool:
    """Tell whether a mailbox has been silent for too long."""
    # A look in the future is from before the clock was set back, and says nothing of today.
    return not _lately(last_read(row))


def at_work(row: MailboxHealth) -> bool:
    """Tell whether somebody looks at a mailbox, even if they do not get to its end."""
    return row.looked_at is not None and _lately(row.looked_at)


def why(row: MailboxHealth) -> MailboxFault | None:
    """Return what has kept a mailbox from being read since it last was; None if nothing has, or nobody tries now."""
    tried = row.faulted_at is not None and _lately(row.faulted_at)
    since = row.fetched_at is None or (row.faulted_at is not None and row.faulted_at > row.fetched_at)
    return MailboxFault(row.fault) if tried and since else None


def sweep() -> int:
    """Tell the staff of each outage once, and once that it is over; return how many of both that were.

    It must be found twice: where everything was stopped and is started again, the first look is on its way. The
    mailboxes are those of the settings, so that one is missed also if the program that fetches mail never started.
    """
    expect(mailboxes.names(settings.MAILBOX_URLS, mail_access.application()))
    return sum(_tell(pk) for pk in MailboxHealth.objects.values_list("pk", flat=True))


def _tell(pk: int) -> bool:
    with transaction.atomic():
        row = MailboxHealth.objects.select_for_update().filter(pk=pk).first()
        if row is None:
            return False
        if not is_out(row):
            return _over(row)
        if row.noticed_at is None:
            row.noticed_at = timezone.now()
        elif row.told_at is None:
            _alarm(row)  # also where there are no staff to write to
            row.told_at = timezone.now() if _notify(row, "requests_app/mail/mailbox_out") else None
        else:
            return False
        row.save(update_fields=["noticed_at", "told_at"])
        return row.told_at is not None


def _over(row: MailboxHealth) -> bool:
    told = row.told_at is not None
    if told:
        _alarm(row, over=True)
        _notify(row, "requests_app/mail/mailbox_back")
    if row.noticed_at is not None:
        row.noticed_at = row.told_at = None
        row.save(update_fields=["noticed_at", "told_at"])
    return told


def _alarm(row: MailboxHealth, *, over: bool = False) -> None:
    """Owe word of it by the second way, too; once, however often it is called."""
    since, now = int(last_read(row).timestamp()), int(timezone.now().timestamp())
    key = f"alarm:{row.pk}:{row.noticed_at}:{over}"
    outbox.publish(events.AlarmRaised(row.pk, int(over), since, now), key=key)


def _notify(row: MailboxHealth, template: str) -> bool:
    """Write to whoever can see to it; False while there is nobody yet."""
    fault = why(row)
    context: dict[str, object] = {
        "mailbox": row.name,
        "since": last_read(row),
        "fault": MAILBOX_FAULTS[fault] if fault else "",
        "at_work": at_work(row),
    }
    key = f"{template.rpartition('/')[2]}:{row.pk}:{row.noticed_at}"
    return staff_notice.tell(
        StaffNotice.MAILBOX, selectors.staff_with(*SEE_TO_IT), template, context, key=key, takers=SEE_TO_IT
    )


def _write(name: str, **values: object) -> None:
    if not MailboxHealth.objects.filter(name=name).update(**values):
        MailboxHealth.objects.create(name=name, expected_since=timezone.now(), **values)


def _lately(moment: datetime) -> bool:
    return abs(timezone.now() - moment) <= OUTAGE


def _moment(seconds: float | None) -> datetime | None:
    since = received.moment(seconds)
    return since and min(since, timezone.now())
