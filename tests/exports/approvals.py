"""What takes a second person, each as it waits for them: whose case, how it is approved, and whether it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from exports.models import Bundle, ErasurePlan, Lifting
from exports.services import deliver, erasure, lifting
from requests_app.domain.enums import FeeKind, Right
from requests_app.domain.snapshot import Actor
from requests_app.models import Case, Extension, Fee, SentMail
from requests_app.services import extension, fee, outside, sent_mail, triage
from tests import factories
from tests.exports import erasures, restrictions, scenes
from tests.exports.house import House
from tests.requests_app import extensions
from tests.requests_app.services.post import KARI, arrived, letter

ASKED = "<kari-1@example.com>"


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a second person."""

    case: Case
    approve: Callable[[Actor], object]
    approved: Callable[[], bool]


def an_extension(_house: House) -> Waiting:
    """More time."""
    row = extensions.proposed(factories.dsr())
    return Waiting(
        row.dsr.case,
        lambda actor: extension.approve(row.pk, actor=actor),
        Extension.objects.filter(approved_by__isnull=False).exists,
    )


def a_fee(_house: House) -> Waiting:
    """A fee for a further copy."""
    row = fee.propose(
        factories.dsr().pk, kind=FeeKind.FURTHER_COPY, amount=Decimal("250.50"), cost_basis="Papir og porto.",
        reasons="Tredje kopi.", withdraw_by=fee.today() + timedelta(days=10), actor=factories.staff().as_actor(),
    )  # fmt: skip
    return Waiting(
        row.dsr.case,
        lambda actor: fee.approve(row.pk, actor=actor),
        Fee.objects.filter(approved_by__isnull=False).exists,
    )


def a_deletion(_house: House) -> Waiting:
    """The plan of a deletion."""
    plan = erasures.submitted(factories.staff())
    return Waiting(
        plan.dsr.case,
        lambda actor: erasure.approve(plan.dsr_id, actor=actor),
        ErasurePlan.objects.filter(approved_by__isnull=False).exists,
    )


def a_lifting(house: House) -> Waiting:
    """The end of a restriction."""
    row = restrictions.proposed(restrictions.restricted(house))
    return Waiting(
        row.dsr.case,
        lambda actor: lifting.approve(row.pk, actor=actor),
        Lifting.objects.filter(approved_by__isnull=False).exists,
    )


def an_answer_outside(_house: House) -> Waiting:
    """A mail from a mail program that counts as the answer."""
    handler = factories.staff().as_actor()
    case = triage.sort_as_request(arrived(letter(Message_ID=ASKED)).pk, [Right.ACCESS], actor=handler)
    raw = letter("Her er alt.", sender="anne@optimar.no", To=KARI, Subject="Sv: Innsyn", In_Reply_To=ASKED)
    row, _ = sent_mail.record(sent_at=datetime(2026, 7, 2, 8, tzinfo=UTC), raw=raw, oversize=False, size=len(raw))
    sent_mail.read(row.pk)
    outside.count_as_answer(row.pk, actor=handler)
    return Waiting(
        case,
        lambda actor: outside.confirm(row.pk, actor=actor),
        SentMail.objects.filter(confirmed_by__isnull=False).exists,
    )


def an_answer_again(_house: House) -> Waiting:
    """An answer that was released, and is to be offered for another time."""
    dsr = scenes.released()
    before = Bundle.objects.count()
    return Waiting(
        dsr.case,
        lambda actor: deliver.offer_again(dsr.pk, actor=actor),
        lambda: Bundle.objects.count() > before,
    )
