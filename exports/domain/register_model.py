"""The processing register (GDPR Art. 30(1)) as frozen data: what the controller does with data, and why.

The attribute names are the keys of the file, so that one path (`activities.PA08.retention`) names a value
in the file, in the database, in an error and on the desk.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from requests_app.domain.enums import Right
from requests_app.domain.grounds import Ground

from .register_values import UNKNOWN, Answer, Text, TextList, TextValue, Unknown

SCHEMA: Final = "dsr-processing-register/1"
OWN_SYSTEM: Final = "dsr_system"
"""The system that holds the cases themselves: an answer states it apart, nobody searches it."""


@dataclass(frozen=True, slots=True)
class ResponsePromise:
    """What the privacy policy promises about time; the clock reads the organisation's settings instead."""

    wording: TextValue
    days: int | Unknown


@dataclass(frozen=True, slots=True)
class Controller:
    """Who decides about the processing (Art. 4(7)), and what its policy says in general."""

    name: TextValue
    legal_entity_name: TextValue
    org_number: TextValue
    postal_address: TextValue
    rights_contact: TextValue
    general_contact: TextValue | None = None
    dpo: TextValue | None = None
    country: TextValue | None = None
    supervisory_authority: TextValue | None = None
    response_promise: ResponsePromise | None = None
    identity_promise: TextValue | None = None
    retention_general: TextValue | None = None
    retention_periods: TextValue | None = None
    transfers_general: TextValue | None = None
    transfer_countries: TextValue | None = None
    transfer_safeguards: TextValue | None = None
    age_limit: TextValue | None = None
    rights_listed_in_policy: TextValue | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of personal data (Art. 15(1)(b))."""

    id: str
    label: TextValue
    items: TextList
    note: TextValue | None = None


@dataclass(frozen=True, slots=True)
class System:
    """One place where data lies. `conflict_settled`: which reading holds of what was a `seed_conflict` once."""

    id: str
    name: TextValue
    role: TextValue | None = None
    location: TextValue | None = None
    note: TextValue | None = None
    seed_conflict: TextValue | None = None
    conflict_settled: TextValue | None = None


@dataclass(frozen=True, slots=True)
class RightRule:
    """A right that applies to an activity, always or only `when`."""

    right: Right
    when: Text | None = None


@dataclass(frozen=True, slots=True)
class Transfers:
    """Art. 15(2) and 44-49. `outside_eea`: no, or to which countries; a bare yes is only half an answer.

    Without a transfer there is nothing to safeguard, and `safeguards` does not matter.
    """

    outside_eea: Answer
    safeguards: TextValue = UNKNOWN
    seed: TextValue | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """What the law makes of the facts; no statement of the controller."""

    rights: tuple[RightRule, ...]
    legal_basis: TextValue | None = None
    retention_proposal: TextValue | None = None
    art11_likely: bool | None = None
    cookie_rule: TextValue | None = None
    identifier_needed: TextValue | None = None
    inform_on_withdrawal: TextValue | None = None
    notify: TextValue | None = None
    possible_exceptions: TextList = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity. Items of `data_categories` are ids of categories or texts of their own.

    `automated_decision_art22` that is absent from the file is unknown, because Art. 15(1)(h) wants an answer;
    an absent `profiling` is just not mentioned.
    """

    id: str
    name: TextValue
    purposes: TextList
    data_categories: tuple[str | Text | Unknown, ...]
    legal_basis: TextValue
    source_systems: tuple[str | Unknown, ...]
    sources: TextList
    recipients: TextList
    transfers: Transfers
    retention: TextValue
    derived: Derived
    recipient_role: TextValue | None = None
    profiling: Answer | None = None
    automated_decision_art22: Answer = UNKNOWN
    consent_withdrawal: TextValue | None = None
    category_mapping: TextValue | None = None
    seed_conflict: TextValue | None = None
    conflict_settled: TextValue | None = None

    @property
    def basis(self) -> TextValue:
        """The legal basis that was stated, else the one that follows from the law itself (Art. 6)."""
        stated = self.legal_basis
        if isinstance(stated, Text) and not (stated.incomplete or stated.example):
            return stated
        return self.derived.legal_basis or stated

    @property
    def rights(self) -> tuple[RightRule, ...]:
        """The rights a person has here, conditional ones included."""
        return self.derived.rights

    def grants(self, right: Right) -> bool:
        """True if the right applies, be it under a condition."""
        return any(rule.right is right for rule in self.rights)


class CountedFrom(StrEnum):
    """From which day the months of a duty to keep are counted."""

    FINANCIAL_YEAR_END = "financial_year_end"  # of the year of the newest row (bokføringsloven § 13)
    NEWEST = "newest"  # the day of the newest row
    DELETION = "deletion"  # the day on which the deletion is planned


@dataclass(frozen=True, slots=True)
class RetentionDuty:
    """What has to be kept although the person wants it deleted (Art. 17(3)), and for how many months.

    The descriptions of the systems say which data it is: a collection lists the `id` among its activities.
    `year_ends_in` is the last month of the financial year.
    """

    id: str
    name: TextValue
    ground: Ground
    months: int
    counted_from: CountedFrom
    why: TextValue
    year_ends_in: int = 12


@dataclass(frozen=True, slots=True)
class Register:
    """One version of the whole register; lists keep the order of the file.

    `name` tells it from the other registers of an installation. `backup_days`: so many days after a deletion the last
    backup that holds the data is gone; None if nobody has said.
    """

    source_document: TextValue | None
    controller: Controller
    data_categories: tuple[Category, ...]
    systems: tuple[System, ...]
    activities: tuple[Activity, ...]
    retention_duties: tuple[RetentionDuty, ...] = ()
    backup_days: int | None = None
    open_questions_for_controller: TextList = ()
    name: TextValue | None = None

    def activity(self, activity_id: str) -> Activity:
        """The activity with this id; KeyError if there is none."""
        return _find(self.activities, activity_id)

    def system(self, system_id: str) -> System:
        """The system with this id; KeyError if there is none."""
        return _find(self.systems, system_id)

    def category(self, category_id: str) -> Category:
        """The category with this id; KeyError if there is none."""
        return _find(self.data_categories, category_id)


_Part = TypeVar("_Part", Category, System, Activity)


def _find(parts: Iterable[_Part], part_id: str) -> _Part:
    for part in parts:
        if part.id == part_id:
            return part
    raise KeyError(part_id)
