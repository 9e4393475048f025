"""What a dataset file says: collections (tables), their fields, how they hang together, what they mean."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from exports.domain.records import ContactChannel, Label, Origin, Scalar, Withheld


class Direction(StrEnum):
    """Which way a reference is followed, seen from the field that carries it."""

    FROM = "from"  # values of the other field lead to this one
    TO = "to"  # values of this field lead to the other one


@dataclass(frozen=True, slots=True)
class Reference:
    """A field holds the same values as a field of another collection. Without direction it leads both ways."""

    collection: str
    field: str
    direction: Direction | None = None


class Strategy(StrEnum):
    """How a value is masked when a row is anonymised; the words are those of fideslang.

    Its `hash`, `hmac` and `aes_encrypt` are not here: they only replace a name by another one for the same person.
    """

    NULL = "null_rewrite"
    TEXT = "string_rewrite"
    RANDOM = "random_string_rewrite"
    PRESERVE = "preserve"  # the value tells nothing about a person once the others are gone


@dataclass(frozen=True, slots=True)
class Masking:
    """The strategy of one field; `text` is what stands there afterwards, `length` that of a random text."""

    strategy: Strategy
    text: str = ""
    length: int = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """What a verb writes into a field: always the same `value`, or, with `now`, the time, where it is empty yet."""

    value: Scalar = None
    now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field (column).

    `identity` is the kind of identifier a search may start from ("email", "phone_number", or a kind of the
    operator's own); `channel` says that the values are addresses of that sort; `contact_point` that they
    are the person's own and good enough to confirm an identity by. `withheld` fields are never fetched.
    `withdraw` and `restrict` are what those verbs write here, also where nobody may correct by hand (`read_only`).
    `empty_if_kept_for` are uses that can do without the field: it is emptied in rows that stay for nothing else.
    """

    name: str
    label: Label
    categories: tuple[str, ...] = ()
    identity: str | None = None
    primary_key: bool = False
    references: tuple[Reference, ...] = ()
    data_type: str | None = None
    length: int | None = None
    read_only: bool = False
    masking: Masking | None = None
    redact_name: bool = False
    since: bool = False
    origin: Origin | None = None
    channel: ContactChannel | None = None
    contact_point: bool = False
    withheld: Withheld | None = None
    withdraw: Mark | None = None
    restrict: Mark | None = None
    empty_if_kept_for: tuple[str, ...] = ()

    @property
    def is_personal(self) -> bool:
        """True if the values are personal data."""
        return any(c == "user" or c.startswith("user.") for c in self.categories)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One collection (table); `activities` are ids of the processing register, `line` is where it begins."""

    name: str
    label: Label
    fields: tuple[Field, ...]
    activities: tuple[str, ...] = ()
    skip: bool = False
    redact_name: bool = False
    line: int | None = None

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def primary_key(self) -> tuple[Field, ...]:
        """The fields that together name a row; empty if the file names none."""
        return tuple(field for field in self.fields if field.primary_key)

    @property
    def since_field(self) -> Field | None:
        """The field that tells since when the system has a row."""
        return next((field for field in self.fields if field.since), None)

    @property
    def is_personal(self) -> bool:
        """True if any field is personal data; rows of other collections are only passed through."""
        return any(field.is_personal for field in self.fields)

    @property
    def has_contact_points(self) -> bool:
        """True if any field may hold a contact point of the person."""
        return any(field.contact_point for field in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One database. `zone` is the zone of times that are stored without one, `schema` that of its tables."""

    key: str
    label: Label
    collections: tuple[Collection, ...]
    zone: ZoneInfo
    schema: str | None = None
    file: str = ""

    def collection(self, name: str) -> Collection:
        """The collection of that name. Raises KeyError."""
        for collection in self.collections:
            if collection.name == name:
                return collection
        raise KeyError(name)
