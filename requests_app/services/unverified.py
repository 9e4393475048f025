"""A request that ends because nobody showed who asks (letter T17), and its new beginning with a late proof.

Not before 30 days after the question (our own choice). It is no judgment of the right: once the person confirms, the
request is taken up again by itself, and the clock goes on from where it stopped.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from requests_app.domain.enums import Action, Intent, Outcome, Stage, SuspensionKind
from requests_app.domain.milestones import UNVERIFIED_AFTER
from requests_app.domain.snapshot import SYSTEM, Reason
from requests_app.models import DataSubjectRequest, Suspension

from . import clock, lifecycle, waiting


def asked_on(dsr: DataSubjectRequest) -> date | None:
    """Return the day on which the person was asked who they are; None when nothing is asked any more."""
    row = _question(dsr)
    return clock.calendar().local_date(row.asked_at) if row else None


def closable_from(dsr: DataSubjectRequest) -> date | None:
    """Return the first day on which a request can end for want of an answer; None when we wait for none."""
    asked = asked_on(dsr)
    return asked + timedelta(days=UNVERIFIED_AFTER) if asked else None


def reminded_on(dsr: DataSubjectRequest) -> list[date]:
    """Return the days on which the person was written to again about the question."""
    row = _question(dsr)
    if row is None:
        return []
    again = [Intent.WAITING_REMINDER.value, Intent.STILL_WAITING.value]
    sent = dsr.case.messages.filter(intent__in=again, to_address__iexact=dsr.case.person_email)
    moments = sent.filter(sent_at__gte=row.asked_at).values_list("sent_at", flat=True)
    return sorted({clock.calendar().local_date(at) for at in moments if at})


def why_not_close(dsr: DataSubjectRequest) -> Reason | None:
    """Return why a request cannot end as unverified today, or None."""
    first = closable_from(dsr)
    if first is None:
        return Reason("unverified_not_asked")
    if dsr.case.unread_since is not None:
        return Reason("unverified_unread")
    return Reason("unverified_too_soon") if waiting.today() < first else None


def ended(dsrs: Sequence[DataSubjectRequest]) -> list[DataSubjectRequest]:
    """Return those of these requests that ended as unverified and can be taken up again; `dsrs` oldest first.

    One of a right that was asked for anew meanwhile stays as it is: the newer one goes on.
    """
    newest = {dsr.right: dsr for dsr in dsrs}.values()
    over = [dsr for dsr in newest if dsr.stage in (Stage.RELEASED, Stage.CLOSED)]
    return [dsr for dsr in over if dsr.outcome == Outcome.CLOSED_UNVERIFIED and _question(dsr)]


def take_up_again(dsrs: Sequence[DataSubjectRequest]) -> list[DataSubjectRequest]:
    """Reopen what ended as unverified, now that there is proof, and return it. Needs a transaction that holds the rows.

    The question still stands: whoever has the answer ends it, and with it the time that does not count.
    """
    return [lifecycle.advance(dsr.pk, Action.REOPEN, SYSTEM, note=Outcome.CLOSED_UNVERIFIED) for dsr in ended(dsrs)]


def _question(dsr: DataSubjectRequest) -> Suspension | None:
    rows = dsr.suspensions.filter(kind=SuspensionKind.IDENTITY.value, answered_at__isnull=True)
    return rows.order_by("asked_at").first()
