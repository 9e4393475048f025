"""Do not contact: whoever says no to marketing is blocked in the transaction in which that reaches us.

Art. 21(3) and 7(3) know no delay, no proof of identity and no refusal. An entry is a keyed HMAC and nothing else
(`domain.suppression`), so the list can be matched and not read. A wish that nobody has sorted yet blocks
provisionally; whoever sorts it makes the entry standing, or lifts it. A lifted entry stays as a trace.

Locks: after the rows of the case, before the head of the audit. Whoever must write to the audit before the case is
known calls `hold` first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from requests_app import audit, selectors
from requests_app.domain.enums import Outcome, Requester, Right, SuppressionState
from requests_app.domain.outcomes import AT_ONCE, BLOCKS_MARKETING, ENDINGS
from requests_app.domain.snapshot import SYSTEM, Actor
from requests_app.domain.suppression import ContactWay, digest, email_forms, every_digest, phone_forms
from requests_app.keyring import ring
from requests_app.models import Case, DataSubjectRequest, Inquiry, Suppression

_AT_A_TIME = 300  # addresses; several digests each, below the number of variables SQLite takes
_SAID_ONCE = timedelta(days=1)
_Form = tuple[ContactWay, str]


def is_blocked(address: str) -> bool:
    """Tell whether an e-mail address or phone number gets no marketing, whatever key of the ring it was noted under."""
    return are_blocked([address])[0]


def are_blocked(addresses: Sequence[str]) -> list[bool]:
    """Tell the same of many, in their order; what is neither an address nor a number is not blocked."""
    answers: list[bool] = []
    country = selectors.organisation().country
    for start in range(0, len(addresses), _AT_A_TIME):
        wanted = [_digests(_forms_of(one, country)) for one in addresses[start : start + _AT_A_TIME]]
        rows = Suppression.objects.in_force().filter(digest__in=set().union(*wanted))
        found = set(rows.values_list("digest", flat=True))
        answers += [not found.isdisjoint(digests) for digests in wanted]
    return answers


def standing(email: str) -> Suppression | None:
    """Return the entry by which an address is blocked for good, if there is one."""
    rows = Suppression.objects.in_force().filter(digest__in=_digests(_forms(email, "")))
    found = rows.filter(state=SuppressionState.STANDING.value).select_related("case")
    return found.order_by("id").first()


def entries_of(case: Case) -> QuerySet[Suppression]:
    """Return the entries in force that a case made, or that stand for the addresses of its person."""
    forms = _forms(case.person_email, case.person_phone)
    matching = Suppression.objects.in_force().filter(digest__in=_digests(forms))
    return (matching | Suppression.objects.in_force().filter(case=case)).order_by("id")


def blocks(case: Case) -> bool:
    """Tell whether the person of a case gets no marketing now, whatever of what they have asked for made it so."""
    return entries_of(case).exists()


def hold(email: str = "", phone: str = "") -> list[Suppression]:
    """Lock the entries of an address and a number, and make those that are missing, provisionally and for no case yet.

    Needs a transaction in which `block` follows. Two who do it at once end up with the same rows, one after the other.
    """
    forms = _forms(email, phone)
    known = {row.digest for row in _locked(forms)}
    missing = [form for form in forms if known.isdisjoint(_digests([form]))]
    if missing:
        Suppression.objects.bulk_create((_fresh(*form) for form in missing), ignore_conflicts=True)
    return list(_locked(forms))


def block(
    state: SuppressionState,
    *,
    cause: str,
    actor: Actor,
    email: str = "",
    phone: str = "",
    case: Case | None = None,
    inquiry: Inquiry | None = None,
) -> bool:
    """Block an address and a number, or make a provisional entry standing; return whether anything changed.

    `cause` is the code of the right that was used, blank for what nobody has sorted. Doing it again changes nothing,
    and a weaker block never replaces a stronger one. Needs a transaction, and `case` or `inquiry`.
    """
    changed = 0
    for row in hold(email, phone):
        fresh = row.case_id is None and row.inquiry_id is None
        stronger = row.state == SuppressionState.PROVISIONAL and state is SuppressionState.STANDING
        if not (fresh or stronger or (case and row.case_id is None)):
            continue
        if fresh or stronger:
            row.state, row.cause = state.value, cause
            row.case, row.inquiry = case or row.case, inquiry or row.inquiry
            row.renewed_at = None if fresh else timezone.now()
            changed += 1
        else:  # the message that made it has become this case
            row.case, row.cause = case, cause or row.cause
        row.save(update_fields=["state", "cause", "case", "inquiry", "renewed_at"])
    if changed:
        action = "marketing.blocked" if state is SuppressionState.STANDING else "marketing.held"
        audit.record(action, _subject(case, inquiry), actor, cause=cause, entries=changed)
    return bool(changed)


def on_receipt(inquiry: Inquiry, address: str, rights: Iterable[str], *, case: Case | None = None) -> None:
    """Block provisionally whoever seems to ask for something that stops marketing; nobody has read it yet.

    Needs a transaction.
    """
    if BLOCKS_MARKETING.isdisjoint(rights):
        return
    block(SuppressionState.PROVISIONAL, cause="", actor=SYSTEM, email=address, case=case, inquiry=inquiry)


def asker(sender: str, *, forwarded: bool, original: str) -> str:
    """Return whose wish a message seems to be: a colleague who passes a mail on asks for nothing.

    Blank for a forward that does not say who wrote first.
    """
    return original if forwarded else sender


def settle(
    case: Case, rights: Iterable[Right], *, actor: Actor, inquiry: Inquiry | None = None, again: bool = False
) -> None:
    """Do what the rights that were asked for say about marketing. Needs a transaction in which the case is locked.

    A right of Art. 7(3) or 21(2) makes the block standing, an erasure or objection leaves it provisional. Rights that
    have nothing to do with it lift what a guess had blocked; a "not sure" leaves it. The addresses of a
    representative are not those of the person: a member of staff finds out whom to block. `again`: nothing new was
    asked for, it is only made sure.
    """
    known = set(rights)
    stopping = sorted(known & BLOCKS_MARKETING, key=lambda right: right not in AT_ONCE)
    if stopping and case.requester == Requester.SELF:
        state = SuppressionState.STANDING if stopping[0] in AT_ONCE else SuppressionState.PROVISIONAL
        changed = block(
            state, cause=stopping[0].value, actor=actor, email=case.person_email, phone=case.person_phone,
            case=case, inquiry=inquiry,
        )  # fmt: skip
        if not again and not changed:
            _renew([row for row in _locked(_forms(case.person_email, case.person_phone)) if row.case_id == case.pk])
    elif known and inquiry:
        lift_guess(inquiry, actor=actor)


def attribute(inquiry: Inquiry, case: Case) -> None:
    """Show what was blocked for a message on the case that the message belongs to. Needs a transaction."""
    Suppression.objects.in_force().filter(inquiry=inquiry, case__isnull=True).update(case=case)


def confirm(case: Case, right: Right, *, actor: Actor) -> bool:
    """Make the block of a case's person stand for good: the erasure is done, the objection upheld.

    Needs a transaction; returns whether anything changed. No link that was mailed before takes it back.
    """
    changed = block(
        SuppressionState.STANDING, cause=right.value, actor=actor, email=case.person_email, phone=case.person_phone,
        case=case,
    )  # fmt: skip
    _renew(_locked(_forms(case.person_email, case.person_phone)))
    return changed


def renew(email: str = "", phone: str = "", *, actor: Actor) -> None:
    """Note that somebody whose address is blocked said no once more: no link that was mailed before takes it back.

    Needs a transaction. However often it is said, the audit hears of it once a day.
    """
    rows = list(_locked(_forms(email, phone)))
    since = timezone.now() - _SAID_ONCE
    news = {row.case_id for row in rows if row.case_id and (row.renewed_at is None or row.renewed_at < since)}
    _renew(rows)
    for case_id in sorted(news):
        audit.record("marketing.renewed", f"case:{case_id}", actor)


def lift_guess(inquiry: Inquiry, *, actor: Actor) -> bool:
    """Lift what was blocked provisionally for a message that turned out to ask for something else.

    Needs a transaction; returns whether anything was lifted. Where the same person has asked elsewhere, it stays.
    """
    guesses = Suppression.objects.in_force().filter(inquiry=inquiry, state=SuppressionState.PROVISIONAL.value)
    rows = list(guesses.select_for_update(of=("self",)).order_by("id"))
    address = asker(inquiry.sender_address, forwarded=inquiry.forwarded, original=inquiry.forwarded_address)
    return _lift_unless_wanted(rows, address, actor, inquiry.case, inquiry)


def lift_unmeant(case: Case, *, actor: Actor) -> bool:
    """Lift what is blocked provisionally for the person of a case, whose wish it was not. Needs a transaction.

    Returns whether anything was lifted. Where the same person has asked elsewhere, it stays in the name of that, and
    what came with a message that nobody has sorted waits for whoever does.
    """
    rights = [right.value for right in BLOCKS_MARKETING]
    held = _locked(_forms(case.person_email, case.person_phone))
    rows = list(held.filter(state=SuppressionState.PROVISIONAL.value, cause__in=rights))
    return _lift_unless_wanted(rows, case.person_email, actor, case, None)


def undo(case: Case, issued_at: datetime, *, actor: Actor) -> bool:
    """Take back what a case had blocked at a time, on the word of whoever reads the mailbox. Needs a transaction.

    Returns whether this case no longer wants what it wanted before. What was asked for again since, or was made to
    stand by a deletion, is not touched. Where the same person has asked elsewhere, too, the block stays in the name of
    that, and only a trace says that this case no longer wants it.
    """
    rows = list(_locked(_forms(case.person_email, case.person_phone)))
    own = [row for row in rows if row.case_id == case.pk]
    if any(_is_newer(row, issued_at) for row in rows) or not (own or (rows and not was_lifted(case))):
        return False
    if not own or not _lift_unless_wanted(own, case.person_email, actor, case, None):
        Suppression.objects.bulk_create(_trace(row, case) for row in own or rows)
        audit.record("marketing.lifted", f"case:{case.pk}", actor, entries=0)
    return True


def was_lifted(case: Case) -> bool:
    """Tell whether something that a case had blocked was lifted, or taken back, at some time."""
    return case.suppressions.filter(state=SuppressionState.LIFTED.value).exists()


def lift(case: Case, *, actor: Actor) -> bool:
    """Lift every entry of a case and of the addresses of its person: somebody has decided it. Needs a transaction."""
    return _lift(list(entries_of(case).select_for_update(of=("self",))), actor, case, None)


def was_undone(case: Case) -> bool:
    """Tell whether what a case had blocked was taken back last by whoever reads the mailbox, not by the staff."""
    last = case.suppressions.filter(state=SuppressionState.LIFTED.value).order_by("lifted_at", "id").last()
    return last is not None and last.lifted_by_id is None


def _renew(rows: Iterable[Suppression]) -> None:
    Suppression.objects.filter(pk__in=[row.pk for row in rows]).update(renewed_at=timezone.now())


def _is_newer(row: Suppression, moment: datetime) -> bool:
    return (row.renewed_at or row.created_at) > moment


def _lift_unless_wanted(
    rows: list[Suppression], address: str, actor: Actor, case: Case | None, inquiry: Inquiry | None
) -> bool:
    elsewhere = _wanted_elsewhere(address, case, inquiry) if rows and address else None
    if elsewhere is None:
        return _lift(rows, actor, case, inquiry)
    sure = isinstance(elsewhere, Case) and _stands_by_itself(elsewhere)
    for row in rows:
        row.case = elsewhere if isinstance(elsewhere, Case) else elsewhere.case
        row.inquiry = None if isinstance(elsewhere, Case) else elsewhere
        row.state = row.state if sure else SuppressionState.PROVISIONAL.value
        row.save(update_fields=["case", "inquiry", "state"])
    return False


def _stands_by_itself(case: Case) -> bool:
    """Whether a case blocks for good: by a right that takes effect at once, or an erasure or objection that is met."""
    met = Q(outcome__in=[Outcome.FULFILLED.value, Outcome.PARTLY_FULFILLED.value])
    at_once = Q(right__in=[right.value for right in AT_ONCE])
    return case.dsrs.filter(at_once | (met & Q(right__in=[right.value for right in BLOCKS_MARKETING]))).exists()


def _lift(rows: list[Suppression], actor: Actor, case: Case | None, inquiry: Inquiry | None) -> bool:
    if not rows:
        return False
    lifted = {"state": SuppressionState.LIFTED.value, "lifted_at": timezone.now(), "lifted_by_id": actor.user_id}
    Suppression.objects.filter(pk__in=[row.pk for row in rows]).update(**lifted)
    audit.record("marketing.lifted", _subject(case, inquiry), actor, entries=len(rows))
    return True


def _wanted_elsewhere(address: str, case: Case | None, inquiry: Inquiry | None) -> Case | Inquiry | None:
    """Another case, or a message that nobody has sorted, in which the same person asks for what stops marketing."""
    asked = DataSubjectRequest.objects.filter(
        right__in=[right.value for right in BLOCKS_MARKETING],
        case__person_email__iexact=address,
        case__requester=Requester.SELF.value,
    ).exclude(outcome__in=[outcome.value for outcome in ENDINGS])
    # What was lifted there was taken back, so it is no wish any more.
    asked = asked.exclude(case__suppressions__state=SuppressionState.LIFTED.value)
    if inquiry is None and case is not None:
        asked = asked.exclude(case=case)
    if found := asked.select_related("case").order_by("id").first():
        return found.case
    wrote = Q(forwarded=False, sender_address__iexact=address) | Q(forwarded=True, forwarded_address__iexact=address)
    waiting = Inquiry.objects.unsorted().filter(wrote)
    others = waiting.exclude(pk=inquiry.pk) if inquiry else waiting
    return next((one for one in others if not BLOCKS_MARKETING.isdisjoint(one.suggested_rights)), None)


def _subject(case: Case | None, inquiry: Inquiry | None) -> str:
    if case is not None:
        return f"case:{case.pk}"
    return f"inquiry:{inquiry.pk if inquiry else 0}"


def _fresh(way: ContactWay, form: str) -> Suppression:
    keys = ring()
    return Suppression(
        digest=digest(keys, way, form),
        key_id=keys.active,
        channel=way.value,
        state=SuppressionState.PROVISIONAL.value,
        created_at=timezone.now(),
    )


def _trace(row: Suppression, case: Case) -> Suppression:
    return Suppression(
        digest=row.digest, key_id=row.key_id, channel=row.channel, cause=row.cause, case=case,
        created_at=row.created_at, state=SuppressionState.LIFTED.value, lifted_at=timezone.now(),
    )  # fmt: skip


def _locked(forms: Sequence[_Form]) -> QuerySet[Suppression]:
    rows = Suppression.objects.in_force().filter(digest__in=_digests(forms))
    return rows.select_for_update(of=("self",)).order_by("id")


def _forms(email: str, phone: str) -> list[_Form]:
    country = selectors.organisation().country if phone else ""
    return [
        *((ContactWay.EMAIL, form) for form in email_forms(email)),
        *((ContactWay.PHONE, form) for form in phone_forms(phone, country)),
    ]


def _forms_of(text: str, country: str) -> list[_Form]:
    if "@" in text:
        return [(ContactWay.EMAIL, form) for form in email_forms(text)]
    return [(ContactWay.PHONE, form) for form in phone_forms(text, country)]


def _digests(forms: Iterable[_Form]) -> set[str]:
    keys = ring()
    return {found for way, form in forms for found in every_digest(keys, way, form)}
