"""What the register page shows: every field in the reader's language, what is unknown, and who waits for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from exports import registry
from exports.domain import register as domain
from exports.models import CUSTOMERS
from exports.services import register, registers, requirements
from requests_app.domain.enums import RequirementKind, RequirementState, Right
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Staff

MOST_WAITING = 200
MOST_NAMED = 5
_CONTROLLER = "controller"


@dataclass(frozen=True)
class Shown:
    """One value of a field: its words, and whether it is unknown, incomplete or an example."""

    text: str
    unknown: bool = False
    incomplete: bool = False
    example: bool = False


@dataclass(frozen=True)
class FieldLine:
    """One field: what it is called, what it says, whether the next answer needs more, and which cases wait."""

    path: str
    label: str
    values: tuple[Shown, ...]
    lacking: bool
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """The controller, one kind of data, one system or one activity; `lacking` counts what answers would need."""

    anchor: str
    title: str
    fields: tuple[FieldLine, ...]
    conflict: str = ""
    settled: str = ""
    reached: str = ""

    @property
    def lacking(self) -> int:
        """How many fields an answer would print as unknown."""
        return sum(line.lacking for line in self.fields)

    def lacking_only(self) -> "Part":
        """Return the part with only those fields."""
        return replace(self, fields=tuple(line for line in self.fields if line.lacking))


@dataclass(frozen=True)
class Waiting:
    """Fields of one part of the register that the same cases wait for; `more` cases are not named."""

    title: str
    fields: tuple[FieldLine, ...]
    cases: tuple[str, ...]
    more: int


def waiting(register_parts: Iterable[Part]) -> list[Waiting]:
    """Return which open cases wait for which fields, in the order of the register."""
    found = []
    for part in register_parts:
        by_cases: dict[tuple[str, ...], list[FieldLine]] = {}
        for line in part.fields:
            if line.cases:
                by_cases.setdefault(line.cases, []).append(line)
        for cases, lines in by_cases.items():
            named = cases[:MOST_NAMED]
            found.append(Waiting(part.title, tuple(lines), named, len(cases) - len(named)))
    return found


def parts(
    key: str,
    current: domain.Register,
    language: str,
    *,
    trial: bool,
    cases: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Part]:
    """Return a register part by part, the controller first, the systems last.

    `cases`: which open cases wait for a field, by its path (`waiting_cases`).
    """
    cases, lines = cases or {}, dict[str, list[FieldLine]]()
    needed = {field.path for field in register.lacking(key, current, trial=trial)}
    for path, field in domain.all_fields(current):
        line = FieldLine(
            path=path,
            label=capital(field.label.in_language(language)),
            values=tuple(shown(current, domain.value_at(current, path), language)),
            lacking=path in needed,
            cases=cases.get(path, ()),
        )
        lines.setdefault(path.removesuffix(f".{field.name}"), []).append(line)
    reached = _reached(current)
    return [
        Part(_CONTROLLER, title_of(current, _CONTROLLER, language), tuple(lines[_CONTROLLER])),
        *(_part(current, f"activities.{one.id}", lines, language, one) for one in current.activities),
        *(_part(current, f"data_categories.{one.id}", lines, language) for one in current.data_categories),
        *(
            replace(_part(current, f"systems.{one.id}", lines, language, one), reached=reached[one.id])
            for one in current.systems
        ),
    ]


def all_registers(language: str) -> list[tuple[str, str]]:
    """Return the key and the name of every register of the installation."""
    return [(key, register_name(key, register.current(key)[1], language)) for key in register.all_keys()]


def register_name(key: str, current: domain.Register, language: str) -> str:
    """Return what a register is called; that of the customers needs no name of its own."""
    if key == CUSTOMERS and current.name is None:
        return _("Customers")
    return register.system_name(current.name or domain.UNKNOWN, key, language)


def title_of(current: domain.Register, path: str, language: str) -> str:
    """Return what the part of a register is called that a path leads into."""
    head, identifier = (*path.split("."), "")[:2]
    if head == _CONTROLLER:
        return _("Who answers")
    names = {
        "activities": {one.id: one.name for one in current.activities},
        "data_categories": {one.id: one.label for one in current.data_categories},
        "systems": {one.id: one.name for one in current.systems},
        "retention_duties": {one.id: one.name for one in current.retention_duties},
    }.get(head, {})
    if identifier not in names:
        return _("The register as a whole")
    title = register.system_name(names[identifier], identifier, language)
    return f"{identifier} {title}" if head == "activities" else title


def shown(current: domain.Register, value: object, language: str) -> Iterable[Shown]:
    """Yield what stands in a field, value by value, in the reader's language."""
    if isinstance(value, tuple):
        for item in value:
            yield from shown(current, item, language)
    elif isinstance(value, domain.Text):
        yield Shown(value.in_language(language), incomplete=value.incomplete, example=value.example)
    elif domain.is_unknown(value):
        yield Shown(_("unknown"), unknown=True)
    elif isinstance(value, bool):
        yield Shown(_("yes") if value else _("no"))
    elif isinstance(value, str):
        yield Shown(name_of(current, value, language))
    else:
        yield Shown(_("not mentioned"))


def name_of(current: domain.Register, identifier: str, language: str) -> str:
    """Return what a kind of data or a system is called; its id when it has no name."""
    names = {category.id: category.label for category in current.data_categories}
    names |= {system.id: system.name for system in current.systems}
    return register.system_name(names.get(identifier, domain.UNKNOWN), identifier, language)


def waiting_cases(key: str, current: domain.Register, user: Staff, *, trial: bool) -> Mapping[str, tuple[str, ...]]:
    """Return for each field the references of the open cases whose answer needs it (at most MOST_WAITING).

    Of the cases that `user` may see.
    """
    lacking = DataSubjectRequest.objects.open().filter(
        case__in=Case.objects.visible_to(user),
        right=Right.ACCESS.value,
        requirements__kind=RequirementKind.REGISTER.value,
        requirements__state=RequirementState.OPEN.value,
    )
    theirs = {path for path, _field in domain.all_fields(current) if register.is_printed_from(key, path)}
    found: dict[str, list[str]] = {}
    for dsr in lacking.select_related("case").prefetch_related("tasks").order_by("effective_due", "id")[:MOST_WAITING]:
        concerning = registers.concerning(dsr.case)
        for field in requirements.unknown_fields(dsr, dsr.tasks.all(), concerning, trial=trial):
            if field.path in theirs:
                found.setdefault(field.path, []).append(dsr.case.reference)
    return {path: tuple(dict.fromkeys(references)) for path, references in found.items()}


def _part(
    current: domain.Register,
    anchor: str,
    lines: Mapping[str, list[FieldLine]],
    language: str,
    disputed: domain.Activity | domain.System | None = None,
) -> Part:
    return Part(
        anchor,
        title_of(current, anchor, language),
        tuple(lines[anchor]),
        conflict=_words(disputed.seed_conflict if disputed else None, language),
        settled=_words(disputed.conflict_settled if disputed else None, language),
    )


def _words(text: domain.Text | domain.Unknown | None, language: str) -> str:
    if isinstance(text, domain.Text):
        return text.in_language(language)
    return "" if text is None else _("unknown")


def _reached(current: domain.Register) -> dict[str, str]:
    """How each system is searched, in words."""
    try:
        known = registry.entries()
    except registry.SystemsError:
        known = {}
    automatic, by_hand = _("Searched automatically"), _("Searched by hand")
    return {s.id: automatic if registry.is_automatic(s.id, known) else by_hand for s in current.systems}


def capital(text: str) -> str:
    """Return a label as the beginning of a line."""
    return text[:1].upper() + text[1:]
