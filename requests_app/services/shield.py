"""Shielding a case (skjerming), and stepping aside (habilitet): who of the staff may see a case, and who never may.

Colleagues ask for their own data, and people complain about colleagues. A shielded case is absent for everybody but
its named readers; a party to a case neither sees it nor works on it, whatever their roles. Why is kept as a note on
the case, so that it goes with the rest of what was said there.
"""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from requests_app import audit, selectors
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, CaseParty, CaseReader, Note
from requests_app.permissions import Permission, Staff, may

from . import collision, readers, rows


def shield(
    case_id: int, wanted: Collection[int], why: str, *, actor: Actor, user: Staff, version: int | None = None
) -> Case:
    """Leave a case to these readers; of a shielded one, change them. Raises ActionRefused."""
    with transaction.atomic():
        case = _opened(case_id, why, actor, user, version)
        chosen = [one for one in selectors.handlers() if one.pk in wanted]
        if len(chosen) != len(set(wanted)) or readers.parties(case, chosen):
            raise ActionRefused(Reason("shield_reader_unfit"))
        if not any(may(one, Permission.DECIDE) for one in chosen):
            raise ActionRefused(Reason("shield_nobody_handles"))
        if case.assignee_id is not None and case.assignee_id not in wanted:
            raise ActionRefused(Reason("shield_holder"))
        before = set(case.reader_rows.values_list("user", flat=True))
        action = "case.shielded" if case.shielded_at is None else "case.readers_changed"
        if case.shielded_at is None:
            case.shielded_at = timezone.now()
            case.save(update_fields=["shielded_at"])
        case.reader_rows.exclude(user__in=wanted).delete()
        CaseReader.objects.bulk_create(
            CaseReader(case=case, user_id=one.pk, named_by_id=user.pk, named_at=timezone.now())
            for one in chosen
            if one.pk not in before
        )
        return _kept(case, action, why, actor, user, before, set(wanted))


def lift(case_id: int, why: str, *, actor: Actor, user: Staff, version: int | None = None) -> Case:
    """Let everybody see a case again who sees cases, but for its parties. Raises ActionRefused."""
    with transaction.atomic():
        case = _opened(case_id, why, actor, user, version)
        if case.shielded_at is None:
            raise ActionRefused(Reason("shield_nobody"))
        before = set(case.reader_rows.values_list("user", flat=True))
        case.shielded_at = None
        case.save(update_fields=["shielded_at"])
        case.reader_rows.all().delete()
        return _kept(case, "case.shield_lifted", why, actor, user, before, set())


def set_parties(
    case_id: int, wanted: Collection[int], why: str, *, actor: Actor, user: Staff, version: int | None = None
) -> Case:
    """Say which of the staff a case is about, or who is close to one: they see it no more. Raises ActionRefused.

    Whoever had the case has it no longer, and is none of its readers. Somebody who can prepare the answer has to stay.
    """
    with transaction.atomic():
        case = _opened(case_id, why, actor, user, version)
        chosen = [one for one in selectors.active_staff() if one.pk in wanted]
        before = set(case.party_rows.values_list("user", flat=True))
        kept = before & set(wanted)  # accounts that were closed since stay what they were
        if {one.pk for one in chosen} | kept != set(wanted):
            raise ActionRefused(Reason("party_unfit"))
        if not _somebody_left(case, set(wanted)):
            raise ActionRefused(Reason("party_all"))
        case.party_rows.exclude(user__in=wanted).delete()
        CaseParty.objects.bulk_create(
            CaseParty(case=case, user_id=pk, named_by_id=user.pk, named_at=timezone.now())
            for pk in wanted
            if pk not in before
        )
        case.reader_rows.filter(user__in=wanted).delete()
        held = case.assignee_id if case.assignee_id in wanted else None
        if held is not None:
            case.assignee_id = None
            case.save(update_fields=["assignee"])
        case = _kept(case, "case.parties_changed", why, actor, user, before, set(wanted))
        if held is not None:
            audit.record("case.assigned", f"case:{case.pk}", actor, before=held, after=None)
        return case


def lacks_approver(case: Case) -> bool:
    """Tell whether no reader can release what another reader prepares."""
    people = readers.named(case)
    prepare = [one.pk for one in people if may(one, Permission.DECIDE)]
    release = [one.pk for one in people if may(one, Permission.RELEASE)]
    return not any(one != other for one in prepare for other in release)


def why_not_change(case: Case, user: Staff) -> Reason | None:
    """Return why this person may not say who sees a case, or None.

    Who is let in by emergency access may only while no reader is left who can prepare the answer.
    """
    if case.shielded_at is None or case.reader_rows.filter(user=user.pk).exists():
        return None
    left = any(may(one, Permission.DECIDE) for one in readers.named(case))
    return Reason("shield_readers_only") if left else None


def _opened(case_id: int, why: str, actor: Actor, user: Staff, version: int | None) -> Case:
    case = rows.lock_case(case_id)
    collision.check(case, version)
    readers.require(case.pk, actor)
    if reason := why_not_change(case, user):
        raise ActionRefused(reason)
    if not why.strip():
        raise ActionRefused(Reason("note_missing"))
    return case


def _somebody_left(case: Case, out: set[int]) -> bool:
    able = readers.named(case) if case.shielded_at is not None else selectors.handlers()
    barred = out | readers.parties(case, able)
    return any(may(one, Permission.DECIDE) and one.pk not in barred for one in able)


def _kept(case: Case, action: str, why: str, actor: Actor, user: Staff, before: set[int], after: set[int]) -> Case:
    note = Note.objects.create(case=case, author_id=user.pk, text=why.strip(), created_at=timezone.now())
    collision.touch(case.pk)
    audit.record(
        action, f"case:{case.pk}", actor, note=note.pk, added=_texts(after - before), removed=_texts(before - after)
    )
    case.refresh_from_db(fields=["version"])
    return case


def _texts(numbers: Iterable[int]) -> list[str]:
    return [str(pk) for pk in sorted(numbers)]
