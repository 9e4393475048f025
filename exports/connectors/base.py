"""What every connector is: the verbs it answers to, and the one error it may raise.

Connectors are plain Python. They know their vendor and `exports.domain`, not Django, not our tables, not
each other; the registry builds them from a mapping of settings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self, TypeAlias, runtime_checkable

from exports.domain.changes import Affected, ChangeResult, Emptied, FieldChange, Measures
from exports.domain.records import LocateResult, ReadResult, Subject, Verb
from requests_app.domain.marked_yaml import did_you_mean

SEARCH_COMPLETE = 10
"""Working days after the day of receipt by which every system has been searched (our own milestone)."""


class Fault(StrEnum):
    """Why a system did not answer, for pages that say it in the reader's own language."""

    UNREACHABLE = "unreachable"
    LOCKED = "locked"
    TIMEOUT = "timeout"
    DENIED = "denied"
    MISSING_COLLECTION = "missing_collection"
    MISSING_FIELD = "missing_field"
    BAD_SETTINGS = "bad_settings"
    BAD_DATASET = "bad_dataset"
    REFUSED = "refused"  # the system answered with an error of its own
    # Why nothing was written:
    INCOMPLETE = "incomplete"  # the search was cut short, so nobody knows what else is the person's
    NOT_THEIRS = "not_theirs"
    READ_ONLY = "read_only"
    WRONG_TYPE = "wrong_type"
    CHANGED_MEANWHILE = "changed_meanwhile"
    STILL_NEEDED = "still_needed"  # rows of another table refer to the rows that should go
    NO_WAY = "no_way"  # the dataset does not say how it could be done


class ConnectorError(Exception):
    """A system did not do what it was asked; the message is one English line for the staff.

    `permanent`: trying again will not help, a person has to mend something. Otherwise `retry_after` is the
    number of seconds to wait, None if the system named none. `place` names the collection or the field.
    The message never holds personal data or credentials; the error has no chained cause that could.
    """

    def __init__(
        self,
        message: str,
        permanent: bool,
        retry_after: float | None = None,
        fault: Fault = Fault.REFUSED,
        place: str = "",
    ) -> None:
        super().__init__(message, permanent, retry_after, fault, place)  # so that it survives pickling
        self.message = message
        self.permanent = permanent
        self.retry_after = retry_after
        self.fault = fault
        self.place = place

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Whether the system can be worked with now: `problems` are English lines for the staff, none if `ok`."""

    ok: bool
    problems: tuple[str, ...] = ()


@runtime_checkable
class Connector(Protocol):
    """One system. `key` is its id in the processing register; `abilities` the verbs it has methods for.

    `anonymise` has no method of its own: whoever can do it does it in `erase`, where the measures say so.
    """

    @property
    def key(self) -> str:
        """The id of the system in the processing register."""
        ...

    @property
    def abilities(self) -> frozenset[Verb]:
        """The verbs that this connector can do; asking for another one is a fault of the caller."""
        ...

    @classmethod
    def from_settings(cls, system_id: str, settings: Mapping[str, object]) -> Self:
        """The connector of one system. Raises ConnectorError (BAD_SETTINGS, BAD_DATASET); opens nothing."""
        ...

    def probe(self) -> ProbeResult:
        """Look whether the system answers and is as its settings say. Reads no personal data, never raises."""
        ...

    def locate(self, subject: Subject) -> LocateResult:
        """The person's contact points in the system, with the time since when. Raises ConnectorError."""
        ...

    def read(self, subject: Subject) -> ReadResult:
        """Everything the system holds about the person (GDPR Art. 15(3)). Raises ConnectorError."""
        ...


@runtime_checkable
class Corrigible(Protocol):
    """A connector that can say which fields may be corrected at all, be it by hand."""

    def correctable(self, collection: str) -> frozenset[str]:
        """The fields of a collection that may be corrected, both named as `read` names them; keys never are."""
        ...


@runtime_checkable
class Emptier(Protocol):
    """A connector that can say which fields the rows that stay after a deletion do without."""

    def emptied(self, measures: Measures) -> tuple[Emptied, ...]:
        """The fields, collection by collection, named as `read` names them; it counts no rows and asks no system."""
        ...


class Rectifier(Protocol):
    """A connector whose `abilities` hold `rectify`."""

    def rectify(self, subject: Subject, changes: Sequence[FieldChange]) -> ChangeResult:
        """Write the right values, all or none, and look again (GDPR Art. 16). Twice does no harm.

        Raises ConnectorError (permanent) for a field that must not be written, a value of the wrong type, and a row
        that is not the person's or was changed meanwhile; `place` names the field.
        """
        ...


Announce: TypeAlias = Callable[[Sequence[Affected]], object]
"""Takes down what is about to be changed, before the system commits it."""


class Eraser(Protocol):
    """A connector whose `abilities` hold `erase`."""

    def erase(self, subject: Subject, measures: Measures, announce: Announce | None = None) -> ChangeResult:
        """Delete and anonymise as the measures say, children first, all or none, and look again (GDPR Art. 17).

        What was done to the rows of which activities stands in `affected`: it may differ from the measures where data
        that stays refers to a row. Twice does no harm: the second time finds nothing; what the first one did then
        stands in what `announce` got, which is called with it before the system keeps any of it, and never with
        nothing. Raises ConnectorError (permanent) naming the collection whose rows another table still needs.
        """
        ...

    def verify(self, subject: Subject, measures: Measures) -> ChangeResult:
        """Look once more: `done` and verified when nothing is left that should be gone; `failed` with what is left."""
        ...


class Withdrawer(Protocol):
    """A connector whose `abilities` hold `withdraw`."""

    def withdraw(self, subject: Subject) -> ChangeResult:
        """Stop marketing and withdraw consents as of now, and look again (GDPR Art. 7(3), 21(3)).

        Twice does no harm: a person who is there and stopped already is `done`, one who is not there `not_found`.
        """
        ...


Remember: TypeAlias = Callable[[Sequence[FieldChange]], object]
"""Keeps the marks that are being written, before the system commits them; none of those that stand already."""


class Restrictor(Protocol):
    """A connector whose `abilities` hold `restrict`, and with it `unrestrict`."""

    def restrict(self, subject: Subject, activities: Sequence[str], remember: Remember) -> ChangeResult:
        """Mark the person's rows of these activities so that they are only stored (GDPR Art. 18), and look again.

        What `remember` got is what `unrestrict` takes back; it is called before the system keeps any of it, and with
        the marks that are written now only: a restriction of somebody else's is not ours to lift.
        """
        ...

    def unrestrict(self, subject: Subject, marks: Sequence[FieldChange]) -> ChangeResult:
        """Put back what stood where these marks stand now, all or none, and look again (GDPR Art. 18(3)).

        A field that holds anything but the mark has been changed meanwhile and stays. Twice does no harm.
        """
        ...


def check_keys(system_id: str, settings: Mapping[str, object], known: tuple[str, ...]) -> None:
    """Raise ConnectorError for a setting that the connector does not know; its value is never shown."""
    for key in settings:
        if key not in known:
            raise bad_settings(system_id, f"unknown setting {key!r}{did_you_mean(key, known)}")


def text_setting(system_id: str, settings: Mapping[str, object], key: str, default: str | None = None) -> str:
    """A setting that must be a text that is not blank; without `default` it must be there."""
    value = settings.get(key, default)
    if value is None:
        raise bad_settings(system_id, f"setting {key!r} is missing")
    if not isinstance(value, str) or not value.strip():
        raise bad_settings(system_id, f"setting {key!r} must be a text")
    return value.strip()


def number_setting(
    system_id: str, settings: Mapping[str, object], key: str, default: float, *, least: float, most: float
) -> float:
    """A setting that must be a number within bounds (both included)."""
    value = settings.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise bad_settings(system_id, f"setting {key!r} must be a number from {least:g} to {most:g}")
    return value


def bad_settings(system_id: str, message: str) -> ConnectorError:
    """The error for settings that cannot be used."""
    return ConnectorError(f"{system_id}: {message}", permanent=True, fault=Fault.BAD_SETTINGS)
