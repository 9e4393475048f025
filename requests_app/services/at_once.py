"""What takes effect at once: it has, when the request is here; this tells the person so and ends it (letter T15).

Withdrawal of consent and objection to marketing need no identity, no second person and no decision (Art. 7(3),
21(2)-(3)). The letter carries a link by which whoever reads the mailbox can take the block back, for the address may
have been typed by somebody else.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from requests_app import outbox, selectors
from requests_app.domain.enums import Action, Intent, Requester, Right, Stage
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import SYSTEM, Reason
from requests_app.models import Case, DataSubjectRequest

from . import confirmations, correspondence, lifecycle, rows, suppression, undo_link

_TEMPLATES = {
    Right.CONSENT_WITHDRAWAL: "requests_app/mail/withdrawal_confirmed",
    Right.MARKETING_OBJECTION: "requests_app/mail/marketing_stopped",
}
SystemsTold = Callable[[DataSubjectRequest], tuple[list[str], date | None]]


def confirm(dsr_id: int) -> None:
    """Make sure that the block of a started or reopened request stands, tell the person and release the request.

    Other rights are none of its business. Where nobody can be told by mail (`why_not_told`) the request stays in
    progress, for a person to tell them otherwise. Running twice changes nothing.

    Raises `outbox.Later` when too many letters have gone to the address, or have left this house (`confirmations`).
    """
    if not DataSubjectRequest.objects.filter(pk=dsr_id, right__in=[right.value for right in AT_ONCE]).exists():
        return
    with transaction.atomic():
        confirmations.one_at_a_time()  # before the case, as the acknowledgements do
        dsr = rows.lock_request(dsr_id)
        case = dsr.case
        if dsr.stage != Stage.IN_PROGRESS:
            return
        suppression.settle(case, [Right(dsr.right)], actor=SYSTEM, again=True)
        if why_not_told(case) is None:
            if hold := confirmations.held(case.person_email, None, Intent.CONFIRMATION):
                raise outbox.Later(hold.brake, max(hold.until - timezone.now(), timedelta(seconds=1)))
            _tell(case, dsr)
            lifecycle.advance(dsr.pk, Action.CONFIRM, SYSTEM)


def why_not_told(case: Case) -> Reason | None:
    """Return why the person of a case is not told by mail that something took effect, None when they are."""
    if case.requester != Requester.SELF:
        return Reason("confirmation_for_another")
    return None if case.person_email else Reason("confirmation_no_address")


def _tell(case: Case, dsr: DataSubjectRequest) -> None:
    organisation, first = selectors.organisation(), correspondence.first_inquiry(case)
    told: SystemsTold = import_string(settings.SYSTEMS_TOLD)
    systems, by = told(dsr)
    context: dict[str, object] = {
        "since": _since(case, dsr, organisation.time_zone),
        "systems": systems,
        "told_by": by,
        "cookie_page": (organisation.cookie_page or {}).get(case.language, ""),
        "undo_until": undo_link.last_day(timezone.now()),
    }
    earlier = dsr.messages.filter(intent=Intent.CONFIRMATION.value).count()  # it was reopened since
    correspondence.queue(
        case, Intent.CONFIRMATION, _TEMPLATES[Right(dsr.right)], context,
        key=f"confirm:{dsr.pk}:{earlier}" if earlier else f"confirm:{dsr.pk}", dsr=dsr,
        secrets={"link": correspondence.status_link_secret(case), "undo": undo_link.secret(case, timezone.now())},
        in_reply_to=first.message_id if first else "",
    )  # fmt: skip


def _since(case: Case, dsr: DataSubjectRequest, zone: str) -> datetime:
    """Return when it took effect by the clock on the organisation's wall: an older block is no older wish."""
    entry = suppression.entries_of(case).first()
    since = max(entry.created_at, dsr.received_at) if entry else dsr.received_at
    return since.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
