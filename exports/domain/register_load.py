"""The register as a file (`dsr-processing-register/1`) and as JSON of a version: one shape, one reader."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from requests_app.domain.grounds import Ground
from requests_app.domain.marked_yaml import FileProblems, Json, Node, Problems, decoded, from_data, parse, read_text

from .erasure_grounds import KEEPING_GROUNDS
from .register_model import (
    SCHEMA,
    Activity,
    Category,
    Controller,
    CountedFrom,
    Derived,
    Register,
    ResponsePromise,
    RetentionDuty,
    System,
    Transfers,
)
from .register_read import Reader
from .register_values import UNKNOWN, Text, Unknown

_TOP = ("schema", "controller", "data_categories", "systems", "activities")
_TOP_OPTIONAL = ("name", "source_document", "retention_duties", "backup_days", "open_questions_for_controller")
_DUTY = ("id", "name", "ground", "months", "counted_from", "why")
_CONTROLLER = ("name", "legal_entity_name", "org_number", "postal_address", "rights_contact")
_CONTROLLER_OPTIONAL = (
    *("general_contact", "dpo", "country", "supervisory_authority", "response_promise", "identity_promise"),
    *("retention_general", "retention_periods", "transfers_general", "transfer_countries"),
    *("transfer_safeguards", "age_limit", "rights_listed_in_policy"),
)
_ACTIVITY = (
    *("id", "name", "purposes", "data_categories", "legal_basis", "source_systems", "sources"),
    *("recipients", "transfers", "retention", "derived"),
)
_ACTIVITY_OPTIONAL = (
    *("recipient_role", "profiling", "automated_decision_art22", "consent_withdrawal"),
    *("category_mapping", "seed_conflict", "conflict_settled"),
)
_DERIVED_TEXTS = (
    *("legal_basis", "retention_proposal", "cookie_rule", "identifier_needed", "inform_on_withdrawal"),
    "notify",
)


class RegisterError(FileProblems):
    """A register cannot be used; `problems` names file, line, key and what is wrong, all of it."""


def load(path: Path) -> Register:
    """Read a register file; RegisterError lists everything that is wrong with it."""
    problems = Problems(str(path))
    return _finish(parse(read_text(path, problems), problems), problems, infer=True)


def parse_bytes(data: bytes, *, file: str) -> Register:
    """Read a register from the content of a file that somebody handed over; `file` is the name used in errors."""
    problems = Problems(file)
    return _finish(parse(decoded(data, problems), problems), problems, infer=True)


def parse_text(text: str, *, file: str = "register.yaml") -> Register:
    """Read a register from YAML text; `file` is the name used in errors."""
    problems = Problems(file)
    return _finish(parse(text, problems), problems, infer=True)


def from_json(data: Mapping[str, Json], *, name: str = "register") -> Register:
    """The register of `to_json` data; RegisterError (without lines) if it is not one."""
    problems = Problems(name)
    return _finish(from_data(data), problems, infer=False)


def to_json(register: Register) -> dict[str, Json]:
    """The register in the shape of the file, texts in both languages; equal registers give equal data."""
    return {"schema": SCHEMA, **cast(dict[str, Json], _encode(register))}


def _encode(value: object) -> Json:
    if isinstance(value, Unknown):
        return "unknown"
    if isinstance(value, Text):
        marks = {name: True for name in ("incomplete", "example") if getattr(value, name)}
        return {"en": value.en, "nb": value.nb, **marks}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if is_dataclass(value):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: _encode(part) for name, part in pairs if part is not None and part != ()}
    return cast(Json, value)


def _finish(node: Node | None, problems: Problems, *, infer: bool) -> Register:
    if node is None:
        raise RegisterError(problems.found)
    register = _register(node, problems, infer)
    if problems.found:
        raise RegisterError(problems.found)
    return register


def _register(node: Node, problems: Problems, infer: bool) -> Register:
    top = Reader(node, "", problems, required=_TOP, optional=_TOP_OPTIONAL, infer=infer)
    schema = top.section.string("schema")
    if schema is not None and schema != SCHEMA:
        top.section.complain("schema", f'must be "{SCHEMA}", not "{schema}"')
    systems = tuple(_system(part, problems, infer) for part in top.parts("systems"))
    categories = tuple(_category(part, problems, infer) for part in top.parts("data_categories"))
    known_systems, known_categories = [part.id for part in systems], [part.id for part in categories]
    activities = tuple(
        _activity(part, problems, infer, known_systems, known_categories) for part in top.parts("activities")
    )
    for keys in (("systems",), ("data_categories",), ("activities", "retention_duties")):
        _refuse_twins(top, *keys)
    return Register(
        source_document=top.text("source_document"),
        controller=_controller(top.section.get("controller"), problems, infer),
        data_categories=categories,
        systems=systems,
        activities=activities,
        retention_duties=tuple(_duty(part, problems, infer) for part in top.parts("retention_duties")),
        backup_days=top.section.whole_number("backup_days", least=1, most=3650),
        open_questions_for_controller=top.texts("open_questions_for_controller"),
        name=top.text("name"),
    )


def _refuse_twins(top: Reader, *keys: str) -> None:
    """No id may stand twice: answers and paths are addressed by it."""
    seen: dict[str, int | None] = {}
    for key, part in [(name, node) for name in keys for node in top.parts(name)]:
        name = _id_of(part, "")
        if name and name in seen:
            first = f" (first on line {seen[name]})" if seen[name] else ""
            top.problems.add(part.line, f"{key}.{name}", f"the id stands twice{first}")
        seen.setdefault(name, part.line)


def _id_of(node: Node, otherwise: str) -> str:
    """The id of a part before it is read, to name it in errors."""
    return next((entry.value.raw.strip() for entry in node.entries if entry.key == "id"), otherwise)


def _controller(node: Node | None, problems: Problems, infer: bool) -> Controller:
    if node is None:
        return Controller(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    read = Reader(node, "controller", problems, required=_CONTROLLER, optional=_CONTROLLER_OPTIONAL, infer=infer)
    texts = {key: read.text(key) for key in _CONTROLLER_OPTIONAL if key != "response_promise"}
    promise = read.section.get("response_promise")
    return Controller(
        name=read.demanded("name"),
        legal_entity_name=read.demanded("legal_entity_name"),
        org_number=read.demanded("org_number"),
        postal_address=read.demanded("postal_address"),
        rights_contact=read.demanded("rights_contact"),
        **texts,
        response_promise=None if promise is None else _promise(promise, problems, infer),
    )


def _promise(node: Node, problems: Problems, infer: bool) -> ResponsePromise:
    path = "controller.response_promise"
    read = Reader(node, path, problems, required=("wording", "days"), infer=infer)
    return ResponsePromise(read.demanded("wording"), read.days("days"))


def _category(node: Node, problems: Problems, infer: bool) -> Category:
    path = f"data_categories.{_id_of(node, '?')}"
    required = ("id", "label", "items")
    read = Reader(node, path, problems, required=required, optional=("note",), infer=infer)
    return Category(read.identifier(), read.demanded("label"), read.texts("items"), read.text("note"))


def _system(node: Node, problems: Problems, infer: bool) -> System:
    path = f"systems.{_id_of(node, '?')}"
    optional = ("role", "location", "note", "seed_conflict", "conflict_settled")
    read = Reader(node, path, problems, required=("id", "name"), optional=optional, infer=infer)
    return System(read.identifier(), read.demanded("name"), **{key: read.text(key) for key in optional})


def _activity(node: Node, problems: Problems, infer: bool, systems: list[str], categories: list[str]) -> Activity:
    path = f"activities.{_id_of(node, '?')}"
    read = Reader(node, path, problems, required=_ACTIVITY, optional=_ACTIVITY_OPTIONAL, infer=infer)
    decision = read.answer("automated_decision_art22")
    return Activity(
        id=read.identifier(),
        name=read.demanded("name"),
        purposes=read.texts("purposes"),
        data_categories=read.categories("data_categories", categories),
        legal_basis=read.demanded("legal_basis"),
        source_systems=read.references("source_systems", "system", systems),
        sources=read.texts("sources"),
        recipients=read.recipients("recipients"),
        transfers=_transfers(read.section.get("transfers"), path, problems, infer),
        retention=read.demanded("retention"),
        derived=_derived(read.section.get("derived"), path, problems, infer),
        recipient_role=read.text("recipient_role"),
        profiling=read.answer("profiling"),
        automated_decision_art22=UNKNOWN if decision is None else decision,
        consent_withdrawal=read.text("consent_withdrawal"),
        category_mapping=read.text("category_mapping"),
        seed_conflict=read.text("seed_conflict"),
        conflict_settled=read.text("conflict_settled"),
    )


def _duty(node: Node, problems: Problems, infer: bool) -> RetentionDuty:
    path = f"retention_duties.{_id_of(node, '?')}"
    read = Reader(node, path, problems, required=_DUTY, optional=("year_ends_in",), infer=infer)
    return RetentionDuty(
        id=read.identifier(),
        name=read.demanded("name"),
        ground=read.choice("ground", KEEPING_GROUNDS) or Ground.LEGAL_OBLIGATION,
        months=read.section.whole_number("months", least=1, most=1200) or 1,
        counted_from=read.choice("counted_from", tuple(CountedFrom)) or CountedFrom.DELETION,
        why=read.demanded("why"),
        year_ends_in=read.section.whole_number("year_ends_in", least=1, most=12) or 12,
    )


def _transfers(node: Node | None, path: str, problems: Problems, infer: bool) -> Transfers:
    if node is None:
        return Transfers(UNKNOWN)
    optional = ("safeguards", "seed")
    path = f"{path}.transfers"
    read = Reader(node, path, problems, required=("outside_eea",), optional=optional, infer=infer)
    outside = read.answer("outside_eea")
    safeguards = read.text("safeguards") or UNKNOWN
    return Transfers(UNKNOWN if outside is None else outside, safeguards, read.text("seed"))


def _derived(node: Node | None, path: str, problems: Problems, infer: bool) -> Derived:
    if node is None:
        return Derived(())
    optional = (*_DERIVED_TEXTS, "art11_likely", "possible_exceptions")
    read = Reader(node, f"{path}.derived", problems, required=("rights",), optional=optional, infer=infer)
    return Derived(
        rights=read.rights("rights"),
        art11_likely=read.flag("art11_likely"),
        possible_exceptions=read.texts("possible_exceptions"),
        **{key: read.text(key) for key in _DERIVED_TEXTS},
    )
