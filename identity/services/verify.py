"""Is it really you? Asked only on a recorded doubt, by a link to the address on file (Art. 12(6)).

Asking stops the clock, the answer starts it again (EDPB 01/2022 paragraph 159). Nothing that is sent or shown
tells an outsider whether an address is known here. What remains is the result, never evidence.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from identity import selectors
from identity.domain.enums import DoubtReason, Level, LinkState, Method, VerificationPurpose, VerificationState
from identity.domain.rights import ASKABLE
from identity.models import ExpectedAnswer, Verification
from identity.models.user import normal_address
from requests_app import audit, outbox
from requests_app.domain import events, tokens
from requests_app.domain.enums import Intent, Right, SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import PERSON, SYSTEM, Actor, Reason
from requests_app.keyring import ring
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import clock, correspondence, rows, unverified

from . import delivery

PURPOSE = "identity-link"
LINK_PATH = "/identity/{}"
LIFETIME = timedelta(hours=24)
ASKS_PER_DAY = 5


def ask(case_id: int, doubt: DoubtReason, contact_point_id: int | None, *, actor: Actor) -> Verification:
    """Ask the person to confirm who they are, at an address that one of our systems holds.

    Two mails: a neutral one to the address in the request, and the link to the address on file (one only when
    they are the same). Where no address is on file (None), the neutral one goes out all the same, word for word and
    with the same effect on the clock: getting it tells nobody whether we know an address. A link that is still open
    is replaced. Raises ActionRefused.
    """
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        dsrs = _lock_open(case)
        if reason := why_not_ask(case, dsrs):
            raise ActionRefused(reason)
        address = _address_to_ask_at(case, contact_point_id)
        if address is None or actor.user_id is None:
            raise ActionRefused(Reason("contact_point_missing"))
        row = new_link(case, doubt, address, actor.user_id)
        for dsr in dsrs:
            if dsr.right in ASKABLE and not _waiting(dsr):
                clock.suspend(dsr, SuspensionKind.IDENTITY, doubt.value, actor)
        if normal_address(case.person_email) not in ("", row.sent_to):
            _mail_request(case, row)
        if row.sent_to:
            mail_link(case, row)
        delivery.review(case)
        audit.record("identity.asked", f"case:{case.pk}", actor, doubt=doubt.value, verification=row.pk)
        return row


def why_not_ask(case: Case, dsrs: list[DataSubjectRequest] | None = None) -> Reason | None:
    """Return why nobody may ask now, or None."""
    dsrs = list(DataSubjectRequest.objects.open().filter(case=case)) if dsrs is None else dsrs
    if not dsrs:
        return Reason("case_closed")
    if not any(dsr.right in ASKABLE for dsr in dsrs):
        return Reason("right_unknown") if any(not dsr.right for dsr in dsrs) else never_asked(dsrs)
    if not case.person_email and not selectors.addresses_on_file(case):
        return Reason("contact_point_missing")
    return Reason("identity_asked_too_often") if _worn_out(case, timezone.now()) else None


def never_asked(dsrs: Collection[DataSubjectRequest]) -> Reason:
    """Return why nobody is asked for these requests, whose rights are known and allow no question.

    What takes effect at once needs no more than its channel; of a complaint and a review of a decision the answer has
    to go somewhere all the same.
    """
    at_once = all(Right(dsr.right) in AT_ONCE for dsr in dsrs)
    return Reason("identity_never_asked" if at_once else "identity_not_for_it")


def look_up(token: str) -> LinkState:
    """Tell what a link is worth now, without changing anything: mail scanners open links, too."""
    return _worth(_by_token(token))


def _worth(row: Verification | None) -> LinkState:
    if row is None:
        return LinkState.DEAD
    if row.state == VerificationState.CONFIRMED:
        return LinkState.CONFIRMED
    fresh = row.state == VerificationState.ASKED and row.expires_at > timezone.now()
    return LinkState.OPEN if fresh else LinkState.DEAD


def language_of(token: str) -> str | None:
    """Return the language of the case that a link belongs to, if it belongs to one."""
    row = _by_token(token)
    return row.case.language if row else None


def purpose_of(token: str) -> VerificationPurpose:
    """Return what a link is to show; a link that never was ours is about identity like most."""
    row = _by_token(token)
    return VerificationPurpose(row.purpose) if row else VerificationPurpose.IDENTITY


def asked_by_link(token: str) -> Verification | None:
    """Return the open question about identity that a link belongs to; None for any other link."""
    row = _by_token(token)
    about_identity = row is not None and row.purpose == VerificationPurpose.IDENTITY
    return row if about_identity and look_up(token) is LinkState.OPEN else None


def confirm(token: str) -> LinkState:
    """The person pressed the button: identity is confirmed, and the clock goes on from this instant.

    What had ended because nobody did so is taken up again.

    At an address that is only to be put on file the button shows that it is theirs, and the clock is left alone.

    Pressing twice changes nothing more. Returns what the link was worth. A dead link costs the same work as one that
    never was ours: one look-up, no lock.
    """
    row = _by_token(token)
    state = _worth(row)
    if row is None or state is not LinkState.OPEN:
        return state
    with transaction.atomic():
        dsrs, now = rows.lock_requests(row.case_id), timezone.now()
        open_link = Verification.objects.filter(pk=row.pk, state=VerificationState.ASKED, expires_at__gt=now)
        if not open_link.update(state=VerificationState.CONFIRMED, concluded_at=now):
            return look_up(token)
        if row.purpose == VerificationPurpose.NEW_ADDRESS:
            delivery.review(row.case)
            audit.record("identity.new_address_confirmed", f"case:{row.case_id}", PERSON, verification=row.pk)
            return LinkState.CONFIRMED
        if row.sent_to != normal_address(row.case.person_email):
            ExpectedAnswer.objects.filter(case=row.case).delete()  # what lies under the address in the request
        go_on(row, dsrs, PERSON, now)
        return LinkState.CONFIRMED


def go_on(row: Verification, dsrs: list[DataSubjectRequest], actor: Actor, at: datetime) -> None:
    """The question of a case is answered by this confirmed row: its clock runs on, and what had ended is taken up.

    Needs the transaction that locked `dsrs`, all requests of the case.
    """
    still_open = [dsr for dsr in dsrs if dsr.closed_at is None]
    _resume([*still_open, *unverified.take_up_again(dsrs)], actor, at)
    delivery.review(row.case)
    audit.record(
        "identity.confirmed", f"case:{row.case_id}", actor, verification=row.pk, level=row.level, method=row.method
    )
    outbox.publish(events.IdentityConfirmed(row.case_id), key=f"identity-confirmed:{row.pk}")


def renew(token: str) -> None:
    """Send a new link to where the old one went, if the old one was ours and the question is still open.

    Says nothing about whether it did, and is throttled like every question.
    """
    row = _by_token(token)
    if row is None or look_up(token) is not LinkState.DEAD:
        return
    with transaction.atomic():
        dsrs = rows.lock_requests(row.case_id)
        waiting, live = _unanswered(row), [dsr for dsr in dsrs if dsr.closed_at is None]
        if waiting is None or why_not_ask(row.case, live or unverified.ended(dsrs)):
            return
        new = another_link(row.case, waiting)
        mail_link(row.case, new)
        delivery.review(row.case)
        audit.record("identity.link_renewed", f"case:{row.case_id}", PERSON, verification=new.pk)


def withdraw(case_id: int, *, actor: Actor) -> None:
    """The doubt is gone: take the question back; the clock goes on and nothing stands in the way any more."""
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        dsrs, now = _lock_open(case), timezone.now()
        waiting = selectors.standing(case).waiting
        if waiting is None:
            raise ActionRefused(Reason("identity_nothing_asked"))
        Verification.objects.filter(pk=waiting.pk).update(state=VerificationState.WITHDRAWN, concluded_at=now)
        ExpectedAnswer.objects.filter(case=case).delete()
        _resume(dsrs, actor, now)
        delivery.review(case)
        audit.record("identity.withdrawn", f"case:{case.pk}", actor, verification=waiting.pk)


def expire() -> int:
    """Mark links that nobody used in time; return how many. The question stays open, and the desk sees it."""
    due = Verification.objects.filter(state=VerificationState.ASKED, expires_at__lte=timezone.now())
    return sum(_expire(pk) for pk in due.values_list("pk", flat=True))


def _expire(pk: int) -> bool:
    row = Verification.objects.select_related("case").get(pk=pk)
    with transaction.atomic():
        _lock_open(row.case)
        now = timezone.now()
        unused = Verification.objects.filter(pk=pk, state=VerificationState.ASKED, expires_at__lte=now)
        if not unused.update(state=VerificationState.EXPIRED, concluded_at=now):
            return False
        delivery.review(row.case)
        audit.record("identity.link_expired", f"case:{row.case_id}", SYSTEM, verification=pk)
        return True


def _address_to_ask_at(case: Case, contact_point_id: int | None) -> str | None:
    """The address for the link: empty where none is on file, None for a choice that is none."""
    on_file = selectors.addresses_to_ask_at(case)
    if not on_file and contact_point_id is None:
        return ""
    return next((point.value for point in on_file if point.pk == contact_point_id), None)


def new_link(
    case: Case,
    doubt: DoubtReason,
    address: str,
    asked_by: int,
    *,
    replaces: str = "",
    old_lost: str = "",
    old_lost_by: int | None = None,
) -> Verification:
    """Write down a new question, about the address itself when it `replaces` one; the link before it is dead.

    Needs a transaction that holds the case.
    """
    now, keys = timezone.now(), ring()
    purpose = VerificationPurpose.NEW_ADDRESS if replaces else VerificationPurpose.IDENTITY
    before = Verification.objects.filter(case=case, purpose=purpose, replaces=replaces, state=VerificationState.ASKED)
    before.update(state=VerificationState.EXPIRED, concluded_at=now)
    row = Verification(
        case=case,
        purpose=purpose.value,
        replaces=replaces,
        old_lost=old_lost,
        old_lost_by_id=old_lost_by,
        method=Method.EMAIL_LINK.value,
        level=Level.L1.value,
        doubt_reason=doubt.value,
        sent_to=address,
        asked_by_id=asked_by,
        asked_at=now,
        expires_at=now + LIFETIME,
    )
    row.token_digest = tokens.digest(tokens.derive_token(keys, PURPOSE, str(row.uuid), 1))
    row.save()
    return row


def another_link(case: Case, question: Verification) -> Verification:
    """Write down the same question once more, with a fresh link; the one before is dead. Needs its transaction."""
    return new_link(
        case, DoubtReason(question.doubt_reason), question.sent_to, question.asked_by_id,
        replaces=question.replaces, old_lost=question.old_lost, old_lost_by=question.old_lost_by_id,
    )  # fmt: skip


def link_secret(row: Verification) -> tokens.Secret:
    """Return how the link of a question is derived."""
    return tokens.Secret(LINK_PATH, PURPOSE, str(row.uuid), 1, ring().active)


def goes_alone(case: Case, row: Verification) -> bool:
    """Tell whether the person writes from the address that the link goes to, and so gets one mail instead of two."""
    return row.purpose == VerificationPurpose.IDENTITY and normal_address(case.person_email) == row.sent_to


def _mail_request(case: Case, row: Verification) -> None:
    context: dict[str, object] = {"doubt": row.doubt_reason}
    correspondence.queue(
        case, Intent.IDENTITY_REQUEST, "identity/mail/identity_request", context,
        key=f"identity-request:{row.uuid}",
    )  # fmt: skip


def mail_link(case: Case, row: Verification) -> None:
    """Queue the mail with the link of a question. Needs the transaction of the question.

    Where it is the only mail, because the person writes from the address on file, it says all that a question has to.
    """
    template = "new_address" if row.purpose == VerificationPurpose.NEW_ADDRESS else "identity_link"
    alone = goes_alone(case, row)
    context: dict[str, object] = {"expires_at": row.expires_at, "doubt": row.doubt_reason if alone else ""}
    correspondence.queue(
        case, Intent.IDENTITY_REQUEST, f"identity/mail/{template}", context,
        key=f"identity-link:{row.uuid}", to=row.sent_to, secrets={"link": link_secret(row)},
    )  # fmt: skip


def _lock_open(case: Case) -> list[DataSubjectRequest]:
    """Lock a case with its open requests: whoever asks, answers or takes back does it one after the other."""
    return rows.lock_open_requests(case.pk)


def _waiting(dsr: DataSubjectRequest) -> bool:
    return dsr.suspensions.filter(kind=SuspensionKind.IDENTITY, answered_at__isnull=True).exists()


def _resume(dsrs: list[DataSubjectRequest], actor: Actor, at: datetime) -> None:
    for dsr in dsrs:
        clock.resume(dsr, SuspensionKind.IDENTITY, actor, answered_at=at)


def _worn_out(case: Case, now: datetime) -> bool:
    asked = Verification.objects.filter(case=case, asked_at__gt=now - timedelta(hours=24))
    return asked.count() >= ASKS_PER_DAY


def _unanswered(row: Verification) -> Verification | None:
    """The question to which a link belonged, as far as it still waits for an answer."""
    if row.purpose == VerificationPurpose.IDENTITY:
        return selectors.standing(row.case).waiting
    pair = (row.replaces, row.sent_to)
    changes = selectors.address_changes(row.case)
    return next((c.row for c in changes if (c.row.replaces, c.row.sent_to) == pair and not c.new_shown), None)


def _by_token(token: str) -> Verification | None:
    return Verification.objects.select_related("case").filter(token_digest=tokens.digest(token)).first()
