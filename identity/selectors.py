"""What is known about who is asking."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from identity.domain.assurance import rank
from identity.domain.enums import ContactChannel, Level, Method, VerificationPurpose, VerificationState
from identity.models import ContactPoint, FoundByHand, OneTimeCode, Verification
from identity.models.user import normal_address
from requests_app.models import AuditEntry, Case

SMS_PURPOSE = "sms"
"""What a code by SMS is for; the step it is part of has a row of its own."""
UNANSWERED = frozenset({VerificationState.ASKED, VerificationState.EXPIRED})


@dataclass(frozen=True)
class Standing:
    """Where a case stands: the question that is not answered yet, and the last answer there was."""

    waiting: Verification | None = None
    confirmed: Verification | None = None


@dataclass(frozen=True)
class Assurance:
    """How sure we are, by which method, and since when (None: nothing was asked or shown)."""

    level: Level = Level.L0
    method: Method | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class AddressChange:
    """One address that is to stand in place of another: both have to be shown to be the person's."""

    row: Verification
    old_shown: bool
    new_shown: bool


def standing(case: Case) -> Standing:
    """Return what the latest question amounts to; a withdrawn one counts as never asked."""
    questions = Verification.objects.filter(case=case, purpose=VerificationPurpose.IDENTITY)
    rows = list(questions.order_by("asked_at", "id"))
    confirmed = next((r for r in reversed(rows) if r.state == VerificationState.CONFIRMED), None)
    waiting = rows[-1] if rows and rows[-1].state in UNANSWERED else None
    return Standing(waiting, confirmed)


def address_changes(case: Case) -> list[AddressChange]:
    """Return the changes of an address on file that are wanted, the latest question of each, in their order."""
    rows = Verification.objects.filter(case=case).order_by("asked_at", "id")
    wanted = rows.filter(purpose=VerificationPurpose.NEW_ADDRESS).exclude(state=VerificationState.WITHDRAWN)
    latest = {(row.replaces, row.sent_to): row for row in wanted}
    own = rows.filter(purpose=VerificationPurpose.IDENTITY, state=VerificationState.CONFIRMED)
    confirmed = set(own.values_list("sent_to", flat=True))
    return [
        AddressChange(
            row,
            old_shown=row.replaces in confirmed or bool(row.old_lost),
            new_shown=row.state == VerificationState.CONFIRMED,
        )
        for row in latest.values()
    ]


def confirmed(case: Case) -> list[Verification]:
    """Return how the person has shown who they are, in the order in which it was asked."""
    shown = Verification.objects.filter(
        case=case, purpose=VerificationPurpose.IDENTITY, state=VerificationState.CONFIRMED
    )
    return list(shown.order_by("asked_at", "id"))


def mailbox_of(proof: Verification) -> str:
    """Return the mailbox that a proof goes with; empty where it shows the person, and no mailbox."""
    return normal_address(proof.sent_to) if "@" in proof.sent_to else ""


def mailbox_shown(case: Case) -> str:
    """Return the mailbox of the last proof that goes with one: the answer follows it. Empty where there is none."""
    return next((mailbox for row in reversed(confirmed(case)) if (mailbox := mailbox_of(row))), "")


def assurance(case: Case) -> Assurance:
    """Return the highest level of what counts for acting on a case, and of several proofs of it the last.

    That is what was shown with the mailbox that the answer follows, and of the person without any mailbox. What was
    shown with another one says nothing of who reads this one.
    """
    mailbox = mailbox_shown(case)
    if shown := [row for row in confirmed(case) if mailbox_of(row) in (mailbox, "")]:
        return _best(shown)
    by_mail = OneTimeCode.objects.filter(case=case, used_at__isnull=False).exclude(purpose=SMS_PURPOSE)
    code = by_mail.order_by("-used_at").first()
    return Assurance(Level.L1, Method.ONE_TIME_CODE, code.used_at) if code else Assurance()


def assurance_of(case: Case, mailbox: str) -> Assurance:
    """Return the highest level that was shown with a mailbox; with an empty one, without any."""
    shown = [row for row in confirmed(case) if mailbox_of(row) == mailbox]
    return _best(shown) if shown else Assurance()


def _best(shown: list[Verification]) -> Assurance:
    best = max(enumerate(shown), key=lambda one: (rank(Level(one[1].level)), one[0]))[1]
    return Assurance(Level(best.level), Method(best.method), best.concluded_at)


def eid_mismatch(case: Case, *, since: datetime) -> datetime | None:
    """Return when an electronic ID last said another name than that of the case, or None."""
    entries = AuditEntry.objects.filter(subject=f"case:{case.pk}", action="identity.eid_mismatch", at__gte=since)
    last: datetime | None = entries.aggregate(last=Max("at"))["last"]
    return last


def contact_points(case: Case) -> list[ContactPoint]:
    """Return what the systems hold, in the order in which it was found."""
    return list(ContactPoint.objects.filter(case=case).select_related("recorded_by").order_by("id"))


def addresses_on_file(case: Case) -> list[ContactPoint]:
    """Return the e-mail addresses among the contact points."""
    return [point for point in contact_points(case) if point.channel == ContactChannel.EMAIL]


def addresses_to_ask_at(case: Case) -> list[ContactPoint]:
    """Return the e-mail addresses on file at which the person may be asked.

    One that only the phone number in the request led to may be that of whoever typed the number. It counts for want
    of another; where a system holds the address in the request, two people may be meant, and it does not. Nor does
    what was found under such a one in turn, once somebody confirmed there.
    """
    points, asked_from = addresses_on_file(case), normal_address(case.person_email)
    if not case.person_phone or asked_from not in {point.value for point in points}:
        return points
    vouched = {asked_from} | {point.value for point in points if point.recorded_by_id}
    while further := {p.value for p in points if not vouched.isdisjoint(p.found_by)} - vouched:
        vouched |= further
    return [point for point in points if point.value in vouched]


def found_by_hand(case: Case) -> bool:
    """Tell whether a member of staff found something about the person that no connector could have found."""
    return bool(found_by_hand_in(case))


def found_by_hand_in(case: Case) -> set[str]:
    """Return the systems in which a member of staff found something about the person."""
    return set(FoundByHand.objects.filter(case=case).values_list("system", flat=True))


def verifications(case: Case) -> list[Verification]:
    """Return every question that was asked, the latest first."""
    return list(Verification.objects.filter(case=case).select_related("asked_by").order_by("-asked_at", "-id"))
