"""Answers that no mail announces: sent by post, handed over, or told by phone where something took effect at once."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from identity.services import delivery
from requests_app import audit
from requests_app.domain.enums import Action, DeliveryWay, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest, Decision
from requests_app.services import at_once, clock, closure, collision, lifecycle
from requests_app.services.rows import lock_request

from . import rebuild, second_look

MOST_LINES = 6
LONGEST_ADDRESS = 500
POST_WORKING_DAYS = 3
"""How much earlier than due a letter has to be posted, in working days, so that it arrives in time."""

_CHOOSABLE = (Stage.DECISION_DRAFT, Stage.IN_REVIEW)


def post_by(dsr: DataSubjectRequest) -> date:
    """Return the last day on which a letter can be posted and still arrive in time."""
    day, calendar = clock.derive(dsr).effective_due, clock.calendar()
    for _ in range(POST_WORKING_DAYS):
        day = calendar.last_working_day_on_or_before(day - timedelta(days=1))
    return day


def choose(dsr_id: int, way: DeliveryWay | None, address: str, *, actor: Actor, version: int | None = None) -> Decision:
    """Say how the answer of a draft reaches the person; None is the status page. Raises ActionRefused.

    Whoever chooses has prepared the answer, so somebody else releases it: where data goes is never one person's word.
    """
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        case = dsr.case
        collision.check(case, version)
        if (barred := second_look.why_not_prepare(dsr, actor)) and not second_look.allows_alone(barred):
            raise ActionRefused(barred)
        if dsr.stage not in _CHOOSABLE or way is DeliveryWay.PHONE:
            raise ActionRefused(Reason("not_a_draft"))
        if len(lines) > MOST_LINES or len(address) > LONGEST_ADDRESS or "\0" in address:
            raise ActionRefused(Reason("delivery_address_unfit", {"most": str(MOST_LINES)}))
        if way is DeliveryWay.POST and not lines:
            raise ActionRefused(Reason("delivery_no_postal_address"))
        if way is DeliveryWay.POST:
            Case.objects.filter(pk=case.pk).update(person_address="\n".join(lines))
        decision, _ = Decision.objects.get_or_create(dsr=dsr)
        decision.delivery_way, decision.delivered_on = way.value if way else "", None
        decision.prepared_by_id, decision.prepared_at = actor.user_id, timezone.now()
        decision.save()
        dsr.case.refresh_from_db()
        delivery.review(dsr.case)
        if decision.outcome:
            rebuild.request(dsr)
        collision.touch(case.pk)
        audit.record("answer.way_chosen", f"dsr:{dsr.pk}", actor, way=decision.delivery_way)
        return decision


def delivered(dsr_id: int, on: date, *, actor: Actor, version: int | None = None) -> DataSubjectRequest:
    """Record the day on which a released answer was posted or handed over, and close the request.

    Raises ActionRefused for a day before the release or in the future, and for what was recorded already.
    """
    with transaction.atomic():
        dsr = _locked(dsr_id, version)
        decision = Decision.objects.filter(dsr=dsr).first()
        if decision is None or not decision.delivery_way:
            raise ActionRefused(Reason("delivery_not_by_hand"))
        if dsr.answer_sent_at or dsr.stage != Stage.RELEASED or decision.released_at is None:
            raise ActionRefused(Reason("delivery_told"))
        _sent(dsr, on, since=decision.released_at)
        Decision.objects.filter(pk=decision.pk).update(delivered_on=on)
        return _close(dsr, DeliveryWay(decision.delivery_way), on, actor)


def told(dsr_id: int, way: DeliveryWay, on: date, *, actor: Actor, version: int | None = None) -> DataSubjectRequest:
    """Record that the person was told of what took effect at once, and close the request if nothing is owed.

    Raises TransitionDenied for a right that is decided on, and while nobody was found for whom somebody writes;
    ActionRefused for a day that cannot be.
    """
    with transaction.atomic():
        at_once.prepare(_locked(dsr_id, version))
        dsr = lifecycle.advance(dsr_id, Action.CONFIRM, actor)
        _sent(dsr, on, since=dsr.received_at)
        return _close(dsr, way, on, actor)


def awaits_word(dsr: DataSubjectRequest) -> bool:
    """Tell whether somebody has to tell the person by hand of what took effect at once: no mail does."""
    return at_once.waits(dsr) and at_once.why_not_told(dsr) is not None


def nothing_new(dsr_id: int, *, actor: Actor) -> DataSubjectRequest:
    """End a request that was reopened, and of which the person was told before, without a further letter.

    Raises ActionRefused when they were not, or something has taken effect since; TransitionDenied as ever.
    """
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        reason, letter = at_once.why_not_told(dsr), at_once.last_told(dsr)
        if letter is None or reason is None or reason.code != "confirmation_told":
            raise ActionRefused(Reason("confirmation_not_told"))
        dsr = lifecycle.advance(dsr_id, Action.CONFIRM, actor)
        dsr.answer_sent_at = letter.sent_at
        dsr.save(update_fields=["answer_sent_at"])
        closure.close_if_possible(dsr.pk)
        collision.touch(dsr.case_id)
        dsr.refresh_from_db()
        return dsr


def _locked(dsr_id: int, version: int | None) -> DataSubjectRequest:
    dsr = lock_request(dsr_id)
    collision.check(dsr.case, version)
    return dsr


def _sent(dsr: DataSubjectRequest, on: date, *, since: datetime) -> None:
    calendar, now = clock.calendar(), timezone.now()
    if not calendar.local_date(since) <= on <= calendar.local_date(now):
        raise ActionRefused(Reason("delivery_day"))
    noon = timezone.make_aware(datetime.combine(on, time(12)))
    dsr.answer_sent_at = min(max(noon, since), now)
    dsr.save(update_fields=["answer_sent_at"])


def _close(dsr: DataSubjectRequest, way: DeliveryWay, on: date, actor: Actor) -> DataSubjectRequest:
    closure.close_if_possible(dsr.pk)
    collision.touch(dsr.case_id)
    audit.record("answer.delivered", f"dsr:{dsr.pk}", actor, way=way.value, until=on.isoformat())
    dsr.refresh_from_db()
    return dsr
