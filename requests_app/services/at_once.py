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

from requests_app import audit, outbox, selectors
from requests_app.domain.enums import Action, Intent, MessageState, Requester, Right, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.models import Case, DataSubjectRequest, Message

from . import (
    acknowledgements,
    basis,
    concerned,
    confirmations,
    correspondence,
    lifecycle,
    rows,
    suppression,
    suppression_lift,
    suppression_list,
    undo_link,
)

_TEMPLATES = {
    Right.CONSENT_WITHDRAWAL: "requests_app/mail/withdrawal_confirmed",
    Right.MARKETING_OBJECTION: "requests_app/mail/marketing_stopped",
}
SystemsTold = Callable[[DataSubjectRequest], tuple[list[str], date | None]]


def confirm(dsr_id: int) -> None:
    """Make sure that the block of a started or reopened request stands, tell the person and release the request.

    Other rights are none of its business. Where the person is not told by mail (`why_not_told`) the request stays in
    progress, and the desk lists it until somebody has seen to it; so it does where a machine may have written the mail.
    Running twice changes nothing.

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
        prepare(dsr)
        if not _was_taken_back(case):
            suppression.settle(case, [Right(dsr.right)], actor=SYSTEM, again=True)
        if why_not_told(dsr) is None and acknowledgements.why_no_machine_answers(case) is None:
            if hold := held_back(dsr):
                raise outbox.Later(hold.brake, max(hold.until - timezone.now(), timedelta(seconds=1)))
            _tell(case, dsr)
            lifecycle.advance(dsr.pk, Action.CONFIRM, SYSTEM)


def prepare(dsr: DataSubjectRequest) -> None:
    """Write down what people owe a request that takes effect at once. Needs a transaction; twice changes nothing."""
    concerned.review(dsr)
    basis.ask(dsr)


def waits(dsr: DataSubjectRequest) -> bool:
    """Tell whether something has taken effect at once, and the request is not over: the person is not told yet."""
    return dsr.right in AT_ONCE and dsr.stage == Stage.IN_PROGRESS


def why_not_told(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the person is not told by mail that a request took effect, None when they are.

    Reopening it is no news: they are told once more only of what was blocked since the last letter.
    """
    case = dsr.case
    if case.requester != Requester.SELF:
        return Reason("confirmation_for_another")
    if not case.person_email:
        return Reason("confirmation_no_address")
    if _was_taken_back(case):
        return Reason("confirmation_taken_back")
    last = last_told(dsr)
    nothing_new = last and not suppression_list.entries_of(case).filter(created_at__gt=last.created_at).exists()
    return Reason("confirmation_told") if nothing_new else None


def held_back(dsr: DataSubjectRequest) -> confirmations.Hold | None:
    """Return which brake holds the letter about a request back now, None when nothing does."""
    return confirmations.held(dsr.case.person_email, None, Intent.CONFIRMATION)


def last_told(dsr: DataSubjectRequest) -> Message | None:
    """Return the last letter about a request that was sent, or will be."""
    missed = [MessageState.FAILED.value, MessageState.BOUNCED.value]
    letters = dsr.messages.filter(intent=Intent.CONFIRMATION.value).exclude(state__in=missed)
    return letters.order_by("created_at", "id").last()


def tell_anyway(dsr_id: int, *, actor: Actor) -> DataSubjectRequest:
    """Send the letter although it is held back, and release the request: a person has looked.

    Raises ActionRefused where a mail would reach nobody, or say what is not true; TransitionDenied as ever.
    """
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        if not waits(dsr):
            raise ActionRefused(Reason("not_from_here", {"stage": dsr.stage}))
        reason = why_not_told(dsr)
        if reason and reason.code != "confirmation_told":
            raise ActionRefused(reason)
        prepare(dsr)
        _tell(dsr.case, dsr)
        audit.record("message.confirmed_anyway", f"dsr:{dsr.pk}", actor)
        return lifecycle.advance(dsr.pk, Action.CONFIRM, actor)


def _was_taken_back(case: Case) -> bool:
    return suppression_lift.was_lifted(case) and not suppression_list.blocks(case)


def _tell(case: Case, dsr: DataSubjectRequest) -> None:
    organisation, first = selectors.organisation(), acknowledgements.first_inquiry(case)
    told: SystemsTold = import_string(settings.SYSTEMS_TOLD)
    systems, by = told(dsr)
    context: dict[str, object] = {
        "since": _since(case, dsr, organisation.time_zone),
        "systems": systems,
        "told_by": by,
        "cookie_page": (organisation.cookie_page or {}).get(case.language, ""),
        "undo_until": undo_link.last_day(timezone.now()),
        "erasure": case.dsrs.filter(right=Right.ERASURE.value).exists(),
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
    entry = suppression_list.entries_of(case).first()
    since = max(entry.created_at, dsr.received_at) if entry else dsr.received_at
    return since.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
