"""Who is at work on a day, and who gets what is meant for somebody."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from requests_app import selectors
from requests_app.domain import absence
from requests_app.domain.enums import Role
from requests_app.permissions import Staff

from . import clock


@dataclass(frozen=True)
class Roster:
    """The active accounts of a day, by number, and which of them are not away."""

    members: dict[int, Staff]
    there: frozenset[int]

    def among(self, numbers: Collection[int]) -> "Roster":
        """Return the roster with only these accounts, as if there were no others."""
        members = {pk: one for pk, one in self.members.items() if pk in numbers}
        return Roster(members, self.there & frozenset(members))

    def instead_of(self, user_id: int | None) -> int | None:
        """Return this person, or the nearest deputy who is there; None when there is nobody."""
        if user_id is None:
            return None
        return absence.stand_in(user_id, {pk: one.deputy_id for pk, one in self.members.items()}, self.there)

    def recipients(self, people: Iterable[Staff], takers: Collection[Role], *, shielded: bool = False) -> list[Staff]:
        """Return who gets what is meant for `people`: each, or who stands in for them, the longest here first.

        Where nobody stands in, or nobody was meant, everybody with one of the roles `takers` gets it; if they are all
        away, all the same: it then waits for them. `shielded`: the roster is that of a case with few readers, and where
        none of them has one of the roles, any of them gets it.
        """
        found = {self.instead_of(person.pk) for person in people} or {None}
        chosen = {pk for pk in found if pk is not None}
        if None in found:
            able = {pk for pk, one in self.members.items() if not one.roles.isdisjoint(takers)}
            able = able or (set(self.members) if shielded else set())
            chosen |= able & self.there
            chosen = chosen or able
        return [self.members[pk] for pk in sorted(chosen)]


def today() -> date:
    """Return the day in the time zone of the organisation."""
    return clock.calendar().local_date(timezone.now())


def of(day: date) -> Roster:
    """Return who is there on a day; two queries."""
    members = {one.pk: one for one in selectors.active_staff()}
    return Roster(members, frozenset(pk for pk, one in members.items() if not one.is_away(day)))
