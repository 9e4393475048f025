"""What the systems said, as an answer shows it: how each was searched, and the data it holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from exports import vault
from exports.domain import records, records_json
from exports.domain.answer import Cell, Collection, Column, ColumnKind, Layout, SearchOutcome, SystemData, moment
from exports.domain.bundle import DOCUMENTS, file_slug
from exports.domain.enums import SILENT, TaskState
from exports.models import SystemTask
from requests_app.domain import envelope
from requests_app.domain.evidence import EXTENSIONS
from requests_app.domain.snapshot import Reason

from .answer_problems import NotReady

_IDENTIFIERS = ("user.unique_id", "user.device", "user.contact.phone_number", "user.account.username")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How one system answered, as its task says it; what was found lies in files and is read by `data_of`.

    `document` is the name that a file put beside the task gets in the package; `identifiers` are kind and value of
    what the case could be searched by (`subject.identifiers`).
    """

    system: str
    name: str
    outcome: SearchOutcome
    searched_at: datetime | None
    activities: tuple[str, ...]
    note: str = field(default="", repr=False)
    identifiers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    result_file: str = ""
    result_sha256: str = ""
    evidence_file: str = ""
    document: str = ""
    document_type: str = ""


def searches(
    tasks: Sequence[SystemTask], activities: Mapping[str, Sequence[str]], identifiers: Sequence[tuple[str, str]]
) -> tuple[Search, ...]:
    """Return the searches behind an answer; `activities` are those that explain each system.

    Raises NotReady when what a system once said was thrown away since.
    """
    return tuple(_search(task, number, activities, tuple(identifiers)) for number, task in enumerate(tasks, start=1))


def data_of(search: Search, language: str, binding: str) -> SystemData:
    """Return what lies in a system, in the active language, which is `language`. Raises NotReady."""
    result = result_of(search, binding)
    return SystemData(
        id=search.system,
        name=search.name,
        outcome=search.outcome,
        how_searched=_how(search, result),
        searched_at=search.searched_at,
        note=" ".join(_notes(search, result)),
        activity_ids=search.activities,
        collections=_collections(search, result, language),
    )


def result_of(search: Search, binding: str) -> records.ReadResult | None:
    """Return what a system answered with, or None where a person answered for it. Raises NotReady."""
    if not search.result_file:
        return None
    try:
        return records_json.from_json(_load(search.result_file, search, binding).decode("ascii"))
    except ValueError:
        raise NotReady(Reason("answer_data_unreadable", {"ids": search.system})) from None


def document_of(search: Search, binding: str) -> bytes:
    """Return the file that was put beside a task. Raises NotReady."""
    return _load(search.evidence_file, search, binding)


def _search(
    task: SystemTask, number: int, activities: Mapping[str, Sequence[str]], identifiers: tuple[tuple[str, str], ...]
) -> Search:
    found = task.state == TaskState.DONE
    forgotten = (task.result_sha256 and not task.result_file) or (task.evidence_name and not task.evidence_file)
    if found and forgotten:
        raise NotReady(Reason("answer_data_gone", {"ids": task.system}))
    return Search(
        system=task.system,
        name=task.system_name,
        outcome=_outcome(task),
        searched_at=None if TaskState(task.state) in SILENT else task.extracted_at or task.done_at,
        activities=tuple(activities.get(task.system, ())) if found else (),
        note=task.note,
        identifiers=identifiers,
        result_file=task.result_file,
        result_sha256=task.result_sha256,
        evidence_file=task.evidence_file,
        document=_document_name(task, number),
        document_type=task.evidence_type,
    )


def _outcome(task: SystemTask) -> SearchOutcome:
    if TaskState(task.state) in SILENT:
        return SearchOutcome.STILL_MISSING
    if task.state == TaskState.DONE:
        return SearchOutcome.FOUND
    return SearchOutcome.CANNOT_IDENTIFY if task.cannot_identify else SearchOutcome.NOTHING_FOUND


def _document_name(task: SystemTask, number: int) -> str:
    if not task.evidence_file:
        return ""
    return f"{DOCUMENTS}/{number:02d}_{file_slug(task.system_name)}.{EXTENSIONS[task.evidence_type]}"


def _load(name: str, search: Search, binding: str) -> bytes:
    try:
        return vault.load(name, binding=binding)
    except (vault.MissingFile, envelope.EnvelopeError):
        raise NotReady(Reason("answer_data_unreadable", {"ids": search.system})) from None


def _how(search: Search, result: records.ReadResult | None) -> str:
    """Say by what was searched: an answer without data is worth no more than the names one looked under."""
    if search.outcome is SearchOutcome.STILL_MISSING:
        return _("Not searched yet")
    if result and result.searched_by:
        return _("Searched by %(kinds)s") % {"kinds": _named(result.searched_by, search.identifiers)}
    if search.result_sha256:
        return _("Searched automatically")
    if search.identifiers:
        kinds = [kind for kind, _value in search.identifiers]
        return _("Searched by a member of our staff, by %(kinds)s") % {"kinds": _named(kinds, search.identifiers)}
    return _("Searched by a member of our staff")


def _named(kinds: Iterable[str], identifiers: Sequence[tuple[str, str]]) -> str:
    """The kinds in words, each with the values that the case has of it."""
    words = {
        "name": _("name"),
        "email": _("e-mail address"),
        "phone": _("phone number"),
        "customer_number": _("customer number"),
    }
    named = []
    for kind in dict.fromkeys(kinds):
        values = " / ".join(value for one, value in identifiers if one == kind)
        word = words.get(kind, _("other identifiers"))
        named.append(f"{word} ({values})" if values else word)
    return ", ".join(dict.fromkeys(named))


def _notes(search: Search, result: records.ReadResult | None) -> Iterable[str]:
    if search.outcome is SearchOutcome.CANNOT_IDENTIFY:
        yield search.note or _(
            "Nothing in this system can be tied to you. If you send us an identifier, such as a cookie ID, we can"
            " look again."
        )
    elif search.outcome is SearchOutcome.NOTHING_FOUND and search.note:
        yield search.note
    if result is None:
        return
    if any(value.note is records.ValueNote.ZONE_ASSUMED for record in result.records for value in record.fields):
        yield _("Times that the system keeps without a time zone are taken as those of %(zone)s.") % {
            "zone": result.assumed_zone
        }
    if result.truncated:
        yield _("There is more in this system than could be fetched at once.")


def _collections(search: Search, result: records.ReadResult | None, language: str) -> tuple[Collection, ...]:
    if search.outcome is not SearchOutcome.FOUND:
        return ()
    if result is None:
        return (_by_hand(search),)
    groups: dict[str, list[records.Record]] = {}
    for record in result.records:
        groups.setdefault(record.collection, []).append(record)
    return tuple(_collection(group, language) for group in groups.values())


def _by_hand(search: Search) -> Collection:
    """What a person found: their words, and the file they added."""
    parts = [("note", _("What we found"), search.note), ("file", _("File in this package"), search.document)]
    given = [(key, label, value) for key, label, value in parts if value]
    columns = tuple(Column(key, label) for key, label, _value in given)
    return Collection(_("Found by hand"), columns, (tuple(value for *_names, value in given),), Layout.RECORDS)


def _collection(rows: Sequence[records.Record], language: str) -> Collection:
    newest_first = sorted(rows, key=lambda row: row.since.timestamp() if row.since else float("-inf"), reverse=True)
    fields = {value.name: value for row in newest_first for value in row.fields}
    cells = [_cells(row, list(fields)) for row in newest_first]
    columns = tuple(
        Column(name, value.label.in_language(language), _kind(value, [row[i] for row in cells]))
        for i, (name, value) in enumerate(fields.items())
    )
    layout = Layout.TABLE if len(cells) > 1 else Layout.RECORDS  # the drawing makes cards of tables too wide for paper
    return Collection(newest_first[0].label.in_language(language), columns, tuple(cells), layout)


def _cells(row: records.Record, names: Sequence[str]) -> tuple[Cell, ...]:
    values = {value.name: value for value in row.fields}
    return tuple(_cell(values.get(name)) for name in names)


def _cell(value: records.FieldValue | None) -> Cell:
    if value is None:
        return None
    if value.withheld is None:
        return value.value
    why = {
        records.Withheld.SECURITY: _("security"),
        records.Withheld.TRADE_SECRET: _("trade secret"),
        records.Withheld.THIRD_PARTY: _("somebody else's data"),
    }[value.withheld]
    return _("[withheld: %(why)s]") % {"why": why}


def _kind(value: records.FieldValue, cells: Sequence[Cell]) -> ColumnKind:
    filled = [cell for cell in cells if cell not in (None, "")]
    if filled and all(isinstance(cell, str) and moment(cell) is not None for cell in filled):
        return ColumnKind.TIME
    if value.category.startswith(_IDENTIFIERS) and not any(" " in str(cell) for cell in filled):
        return ColumnKind.CODE
    if filled and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in filled):
        return ColumnKind.NUMBER
    return ColumnKind.TEXT
