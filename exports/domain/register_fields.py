"""The fields of the register that a person can fill: their paths, kinds, labels, and whether a letter prints them.

A path is `controller.FIELD` or `activities.ID.FIELD` (likewise `data_categories`, `systems`); FIELD may be
`transfers.outside_eea`. Labels are noun clauses that fit "We still lack information about …".
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, cast

from requests_app.domain.marked_yaml import did_you_mean

from .register_model import Activity, Category, Controller, Register, System, Transfers
from .register_values import Text, Unknown

Part: TypeAlias = Controller | Category | System | Activity
Item: TypeAlias = str | Text | Unknown | bool | None
Value: TypeAlias = Text | Unknown | bool | tuple[str | Text | Unknown, ...] | None


class Kind(StrEnum):
    """What a field holds, and so what a form asks for."""

    TEXT = "text"
    """One text in both languages."""
    LIST = "list"
    """One or more texts in both languages."""
    CATEGORIES = "categories"
    """Ids of data categories, or texts in both languages."""
    SYSTEMS = "systems"
    """Ids of systems."""
    ANSWER = "answer"
    """No, or a text in both languages that tells what yes means."""
    YES_NO = "yes_no"
    """Yes, no, or a text in both languages."""


@dataclass(frozen=True, slots=True)
class Field:
    """One fillable field. `printed`: the answer to an access request prints it."""

    name: str
    kind: Kind
    label: Text
    printed: bool = True


class NoSuchField(ValueError):
    """A path that names no fillable field of this register."""


def _field(name: str, kind: Kind, en: str, nb: str, *, printed: bool = True) -> Field:
    return Field(name, kind, Text(en, nb), printed)


CONTROLLER_FIELDS = (
    _field("name", Kind.TEXT, "the name of the organisation", "navnet på virksomheten"),
    _field(
        "legal_entity_name",
        Kind.TEXT,
        "the legal name of the company that answers",
        "det juridiske navnet på selskapet som svarer",
    ),
    _field("org_number", Kind.TEXT, "the organisation number", "organisasjonsnummeret"),
    _field("postal_address", Kind.TEXT, "the postal address", "postadressen"),
    _field("rights_contact", Kind.TEXT, "where to write about rights", "hvor man skriver om rettighetene sine"),
    _field(
        "dpo",
        Kind.TEXT,
        "how to reach the data protection officer",
        "hvordan man når personvernombudet",
        printed=False,
    ),
    _field(
        "retention_periods",
        Kind.TEXT,
        "the retention periods in general",
        "lagringstidene generelt",
        printed=False,
    ),
    _field(
        "transfer_countries",
        Kind.TEXT,
        "the countries to which data is transferred in general",
        "hvilke land opplysninger overføres til generelt",
        printed=False,
    ),
    _field(
        "transfer_safeguards",
        Kind.TEXT,
        "the safeguards for transfers in general",
        "garantiene ved overføring generelt",
        printed=False,
    ),
)
CATEGORY_FIELDS = (
    _field("label", Kind.TEXT, "what this kind of data is called", "hva denne typen opplysninger heter"),
    _field("items", Kind.LIST, "which data this kind consists of", "hvilke opplysninger denne typen består av"),
)
SYSTEM_FIELDS = (
    _field("name", Kind.TEXT, "what the system is called", "hva systemet heter", printed=False),
    _field("role", Kind.TEXT, "what the system does", "hva systemet gjør", printed=False),
    _field("location", Kind.TEXT, "where the system keeps its data", "hvor systemet lagrer data", printed=False),
)
ACTIVITY_FIELDS = (
    _field("name", Kind.TEXT, "what this processing is called", "hva denne behandlingen heter"),
    _field("purposes", Kind.LIST, "what the data is used for", "hva opplysningene brukes til"),
    _field("legal_basis", Kind.TEXT, "the legal basis", "behandlingsgrunnlaget"),
    _field("data_categories", Kind.CATEGORIES, "which kinds of data are used", "hva slags opplysninger som brukes"),
    _field("sources", Kind.LIST, "where the data comes from", "hvor opplysningene kommer fra"),
    _field("recipients", Kind.LIST, "the names of those who receive the data", "navnene på dem som får opplysningene"),
    _field(
        "transfers.outside_eea",
        Kind.ANSWER,
        "to which countries outside the EEA the data is transferred",
        "hvilke land utenfor EØS opplysningene overføres til",
    ),
    _field(
        "transfers.safeguards",
        Kind.TEXT,
        "the safeguards for the transfer out of the EEA",
        "garantiene ved overføringen ut av EØS",
    ),
    _field("retention", Kind.TEXT, "how long the data is kept", "hvor lenge opplysningene lagres"),
    _field(
        "automated_decision_art22",
        Kind.ANSWER,
        "decisions that are made solely by automated means",
        "avgjørelser som treffes utelukkende automatisk",
    ),
    _field("profiling", Kind.YES_NO, "profiling", "profilering"),
    _field(
        "recipient_role",
        Kind.TEXT,
        "whether the recipients are processors or controllers",
        "om mottakerne er databehandlere eller behandlingsansvarlige",
        printed=False,
    ),
    _field(
        "consent_withdrawal",
        Kind.TEXT,
        "how consent is withdrawn",
        "hvordan samtykket trekkes tilbake",
        printed=False,
    ),
    _field(
        "source_systems",
        Kind.SYSTEMS,
        "in which systems the data lies",
        "hvilke systemer opplysningene ligger i",
        printed=False,
    ),
)
_COLLECTIONS: dict[str, tuple[Field, ...]] = {
    "data_categories": CATEGORY_FIELDS,
    "systems": SYSTEM_FIELDS,
    "activities": ACTIVITY_FIELDS,
}


def all_fields(register: Register) -> Iterator[tuple[str, Field]]:
    """Every fillable field with its path, in the order of the file."""
    for field in CONTROLLER_FIELDS:
        yield f"controller.{field.name}", field
    for collection, fields in _COLLECTIONS.items():
        for part in _parts(register, collection):
            for field in fields:
                yield f"{collection}.{part.id}.{field.name}", field


def field_at(register: Register, path: str) -> Field:
    """The field a path names; NoSuchField, with a hint, if it names none."""
    fields = dict(all_fields(register))
    if path not in fields:
        raise NoSuchField(f"the register has no field {path}{did_you_mean(path, fields)}")
    return fields[path]


def value_at(register: Register, path: str) -> Value:
    """What stands in the field; NoSuchField if the path names none."""
    field = field_at(register, path)
    return value_of(part_at(register, path), field)


def value_of(part: Part, field: Field) -> Value:
    """What a part of the register says in one of its fields; None is an optional field left out."""
    value: object = part
    for name in field.name.split("."):
        value = getattr(value, name)
    return cast(Value, value)


def with_value(register: Register, path: str, value: Value) -> Register:
    """A copy of the register with another value in one field; the value is not checked here."""
    field = field_at(register, path)
    changed = _with(part_at(register, path), field.name, value)
    collection, *rest = path.split(".")
    if collection == "controller":
        return replace(register, controller=cast(Controller, changed))
    parts = tuple(changed if part.id == rest[0] else part for part in _parts(register, collection))
    return replace(register, **{collection: parts})  # type: ignore[arg-type]  # one of _COLLECTIONS


def applies(part: Part, field: Field) -> bool:
    """False for the safeguards of a transfer that does not take place; nobody need say anything there."""
    no_transfer = isinstance(part, Activity) and part.transfers.outside_eea is False
    return not (no_transfer and field.name == "transfers.safeguards")


def items_of(value: Value) -> tuple[Item, ...]:
    """The members of a list, or the single value as one."""
    return value if isinstance(value, tuple) else (value,)


def is_lacking(field: Field, value: Value, *, trial: bool = False) -> bool:
    """True if an answer could not be given from this value: unknown, incomplete, or only an example.

    A bare yes lacks what it means (which countries, which logic: Art. 15(1)(h) and 15(2)), but for YES_NO.
    """
    if value is True:
        return field.kind is not Kind.YES_NO
    if isinstance(value, tuple):
        return not value or any(item_is_lacking(item, trial=trial) for item in value)
    return item_is_lacking(value, trial=trial)


def item_is_lacking(item: Item, *, trial: bool = False) -> bool:
    """True for one value that is unknown, incomplete, or an example outside a trial."""
    if isinstance(item, Text):
        return item.incomplete or (item.example and not trial)
    return isinstance(item, Unknown)


def _parts(register: Register, collection: str) -> tuple[Category | System | Activity, ...]:
    return cast("tuple[Category | System | Activity, ...]", getattr(register, collection))


def part_at(register: Register, path: str) -> Part:
    """The part of the register to which the path of a field belongs."""
    collection, *rest = path.split(".")
    if collection == "controller":
        return register.controller
    return next(part for part in _parts(register, collection) if part.id == rest[0])


def _with(part: Part | Transfers, name: str, value: Value) -> Part | Transfers:
    head, _, tail = name.partition(".")
    inner = _with(getattr(part, head), tail, value) if tail else value
    return replace(part, **{head: inner})  # type: ignore[arg-type]  # the names of the tables above
