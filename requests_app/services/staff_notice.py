"""The one door for mails to the staff: who gets one now, who reads of it in the morning, who stands in for whom."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from requests_app.domain.enums import Role, StaffNotice
from requests_app.models import Case, HeldNotice
from requests_app.permissions import Staff

from . import correspondence, readers, roster

TAKERS = (Role.HANDLER, Role.DECISION_MAKER)  # who could take a case that nobody has, or whose handler is away


def tell(
    notice: StaffNotice,
    people: Iterable[Staff],
    template: str,
    context: dict[str, object],
    *,
    key: str,
    takers: Collection[Role] = TAKERS,
) -> bool:
    """Write to `people`, or to whoever stands in for them (`Roster.recipients`); the same `key` is written once each.

    Who puts this kind off until the morning mail reads of it there, by the `reference` of the context. Of a case that
    somebody must not see they hear nothing (`readers.among`). Returns False when there is nobody to tell. Nothing of
    the person of a case may stand in the mail.
    """
    day = roster.today()
    case = Case.objects.filter(reference=context["reference"]).first() if context.get("reference") else None
    told = recipients(case, people, roster.of(day), takers)
    with transaction.atomic():
        for person in told:
            tell_one(notice, person, template, context, key=key)
    return bool(told)


def tell_one(notice: StaffNotice, person: Staff, template: str, context: dict[str, object], *, key: str) -> None:
    """Write to one person, now or in the morning, be they away or not; the same `key` is written once.

    Whether they may know of it is for the caller to see. Nothing of the person of a case may stand in the mail.
    """
    own = f"{key}:{person.pk}"
    if person.wants_at_once(notice):
        correspondence.notify_staff(person.email, person.language or settings.LANGUAGE_CODE, template, context, key=own)
        return
    HeldNotice.objects.get_or_create(
        key=own,
        defaults={
            "user_id": person.pk, "kind": notice.value, "reference": context.get("reference", ""),
            "held_at": timezone.now(),
        },
    )  # fmt: skip


def recipients(
    case: Case | None, people: Iterable[Staff], team: roster.Roster, takers: Collection[Role] = TAKERS
) -> list[Staff]:
    """Return who hears what is meant for `people`, of those who may see the case that it is about, if any."""
    if case is None:
        return team.recipients(people, takers)
    return readers.among(team, case).recipients(people, takers, shielded=case.shielded_at is not None)


def tell_of_case(notice: StaffNotice, case: Case, template: str, context: dict[str, object], *, key: str) -> bool:
    """Write to whoever has a case, or could take it."""
    people = [case.assignee] if case.assignee else []
    return tell(notice, people, template, {"reference": case.reference} | context, key=key)
