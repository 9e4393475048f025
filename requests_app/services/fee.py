"""A fee: proposed, approved by the decision-maker, and told to the person before anything is charged.

Answers are free. Only what is manifestly unfounded or excessive, and further copies, may cost what they cost us
(GDPR Art. 12(5), 15(3)), and the burden of proof is ours. The letter (T20) says how much, what it is made of, and that
whoever does not want to pay can take the request back. The clock does not stop for it, and nothing is collected here.

`version` is the version of the case that the page was opened with: what somebody else did meanwhile stops the step.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from requests_app import audit, selectors
from requests_app.domain.enums import DeliveryWay, FeeKind, MessageState, Right, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest, Fee

from . import clock, collision, correspondence, fee_letter, readers, rows

LONGEST_TEXT = 2000
SHORTEST_PROOF = 100
"""Characters: that a request is excessive is proved in writing (Art. 12(5), burden of proof)."""
TIME_TO_DECIDE = timedelta(days=7)
"""How long the person has at least to take the request back (our own milestone; the law says nothing)."""
MOST = Decimal(99999)
CURRENCIES = {"NO": "NOK", "DK": "DKK", "SE": "SEK"}

_ANSWERED = (Stage.RELEASED, Stage.CLOSED)


def propose(
    dsr_id: int,
    *,
    kind: FeeKind,
    amount: Decimal,
    cost_basis: str,
    reasons: str,
    withdraw_by: date,
    actor: Actor,
    version: int | None = None,
) -> Fee:
    """Propose a fee in the currency of the organisation's country. Raises ActionRefused."""
    with transaction.atomic():
        dsr = _lock_request(dsr_id, version)
        if refused := why_not_propose(dsr) or _why_not_this(dsr, kind, amount, cost_basis, reasons, withdraw_by):
            raise ActionRefused(refused)
        if actor.user_id is None:
            raise ActionRefused(Reason("fee_second_person"))
        row = Fee.objects.create(
            dsr=dsr, kind=kind.value, amount=amount, currency=currency(), cost_basis=cost_basis.strip(),
            reasons=reasons.strip(), withdraw_by=withdraw_by, proposed_by_id=actor.user_id, proposed_at=timezone.now(),
        )  # fmt: skip
        collision.touch(dsr.case_id)
        audit.record("fee.proposed", f"dsr:{dsr.pk}", actor, fee=row.pk, kind=kind.value)
        return row


def approve(fee_id: int, *, actor: Actor, version: int | None = None) -> Fee:
    """Approve a fee as the decision-maker and second person, and owe the letter. Raises ActionRefused.

    The database refuses one person alone, too. Without an address somebody posts the letter (`told`).
    """
    with transaction.atomic():
        row = _lock(fee_id, version)
        if refused := why_not_approve(row, actor):
            raise ActionRefused(refused)
        row.approved_by_id, row.approved_at = actor.user_id, timezone.now()
        row.save(update_fields=["approved_by", "approved_at"])
        fee_letter.queue(row)
        collision.touch(row.dsr.case_id)
        audit.record("fee.approved", f"dsr:{row.dsr_id}", actor, fee=row.pk)
        return row


def take_back(fee_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Charge nothing after all; what was proposed or approved stays as a trace. Raises ActionRefused.

    A letter that has not begun to leave is not sent any more.
    """
    with transaction.atomic():
        row = _lock(fee_id, version)
        row.taken_back_at = timezone.now()
        row.save(update_fields=["taken_back_at"])
        fee_letter.withdraw(row)
        if row.told_on is None:
            correspondence.throw_away(fee_letter.key_of(row))
        collision.touch(row.dsr.case_id)
        audit.record("fee.taken_back", f"dsr:{row.dsr_id}", actor, fee=row.pk)


def told(fee_id: int, way: DeliveryWay, on: date, *, actor: Actor, version: int | None = None) -> Fee:
    """Record that the letter was posted or handed over to a person whom no mail reaches. Raises ActionRefused."""
    with transaction.atomic():
        row = _lock(fee_id, version)
        if refused := why_not_told(row):
            raise ActionRefused(refused)
        first = clock.calendar().local_date(row.approved_at or timezone.now())
        if not first <= on <= today():
            raise ActionRefused(Reason("fee_told_day"))
        if way is DeliveryWay.PHONE:
            raise ActionRefused(Reason("fee_told_way"))
        row.told_on, row.told_way = on, way.value
        row.save(update_fields=["told_on", "told_way"])
        fee_letter.withdraw(row)  # one that failed must not tell of it a second time
        collision.touch(row.dsr.case_id)
        audit.record("fee.told", f"dsr:{row.dsr_id}", actor, fee=row.pk, way=way.value)
        return row


def kinds(dsr: DataSubjectRequest) -> tuple[FeeKind, ...]:
    """Return what a fee for this request could rest on: a further copy is one of an access answer."""
    return (FeeKind.FURTHER_COPY, FeeKind.EXCESSIVE) if dsr.right == Right.ACCESS else (FeeKind.EXCESSIVE,)


def currency() -> str:
    """Return the currency of the organisation's country (ISO 4217)."""
    return CURRENCIES.get(selectors.organisation().country, "EUR")


def why_not_propose(dsr: DataSubjectRequest) -> Reason | None:
    """Return why this request costs nothing whatever it is like, or None. A complaint is answered on its merits."""
    if not dsr.right:
        return Reason("right_unknown")
    if dsr.right in AT_ONCE or dsr.right == Right.COMPLAINT:
        return Reason("fee_never")
    if dsr.stage in _ANSWERED or dsr.answer_sent_at is not None:
        return Reason("fee_answered")
    return Reason("fee_exists") if Fee.objects.living().filter(dsr=dsr).exists() else None


def why_not_approve(row: Fee, actor: Actor) -> Reason | None:
    """Return why this person cannot approve a fee now, or None."""
    if row.approved_at is not None:
        return Reason("fee_approved_already")
    if row.proposed_by_id == actor.user_id:
        return Reason("fee_second_person")
    if aside := readers.why_stands_aside(row.dsr.case_id, actor):
        return aside
    if Role.DECISION_MAKER not in actor.roles:
        return Reason("decision_maker_only")
    if row.dsr.stage in _ANSWERED or row.dsr.answer_sent_at is not None:
        return Reason("fee_answered")
    return _why_not_by(row.withdraw_by) or fee_letter.why_not(row)


def why_not_told(row: Fee) -> Reason | None:
    """Return why nobody can record that the letter was posted or handed over, or None."""
    if row.approved_at is None:
        return Reason("fee_not_approved")
    mail = fee_letter.mail_of(row)
    if row.told_on is not None or (mail is not None and mail.state == MessageState.SENT):
        return Reason("fee_told")
    return Reason("fee_mail_under_way") if fee_letter.is_under_way(row) else None


def may_be_known(row: Fee) -> bool:
    """Tell whether the person may have the letter, so that taking the fee back does not reach them by itself."""
    return row.told_on is not None or fee_letter.has_left(row)


def earliest() -> date:
    """Return the first day that a letter of today may name to the person."""
    return today() + TIME_TO_DECIDE


def today() -> date:
    """Return the day by the organisation's clock."""
    return clock.calendar().local_date(timezone.now())


def _why_not_this(
    dsr: DataSubjectRequest, kind: FeeKind, amount: Decimal, cost_basis: str, reasons: str, withdraw_by: date
) -> Reason | None:
    if kind not in kinds(dsr):
        return Reason("fee_kind_unfit")
    if not 0 < amount <= MOST or amount != round(amount, 2):
        return Reason("fee_amount", {"most": str(MOST)})
    if not (cost_basis.strip() and reasons.strip()):
        return Reason("fee_words_missing")
    if any(len(words) > LONGEST_TEXT or "\0" in words for words in (cost_basis, reasons)):
        return Reason("fee_words_too_long", {"most": str(LONGEST_TEXT)})
    if kind is FeeKind.EXCESSIVE and len(" ".join(reasons.split())) < SHORTEST_PROOF:
        return Reason("reasoning_no_proof")
    return _why_not_by(withdraw_by)


def _why_not_by(day: date) -> Reason | None:
    return Reason("fee_too_soon", {"date": earliest().isoformat()}) if day < earliest() else None


def _lock_request(dsr_id: int, version: int | None) -> DataSubjectRequest:
    dsr = rows.lock_request(dsr_id)
    collision.check(dsr.case, version)
    return dsr


def _lock(fee_id: int, version: int | None) -> Fee:
    """A fee that was not taken back, locked after its request. Raises ActionRefused."""
    dsr = _lock_request(Fee.objects.values_list("dsr_id", flat=True).get(pk=fee_id), version)
    row = Fee.objects.select_for_update(of=("self",), no_key=True).get(pk=fee_id)
    row.dsr = dsr
    if row.taken_back_at is not None:
        raise ActionRefused(Reason("fee_taken_back"))
    return row
