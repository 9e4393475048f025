"""What the systems hold of a person, field by field, for those who have to put something right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from exports import registry, vault
from exports.connectors.base import ConnectorError, Corrigible
from exports.domain import corrections as values
from exports.domain.enums import TaskAction, TaskState
from exports.domain.records import FieldValue, Record
from exports.models import Correction, SystemTask
from requests_app.models import DataSubjectRequest

from . import task_files


@dataclass(frozen=True)
class Wanted:
    """The right value of one field of one row, as somebody typed it; the value that stands there takes it back."""

    system: str
    collection: str
    key: str = field(repr=False)
    name: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Held:
    """What one system holds of the person: `records` is None where a member of staff searched it."""

    task: SystemTask
    records: tuple[Record, ...] | None

    def may_be_corrected(self, record: Record, value: FieldValue) -> bool:
        """Tell whether a field may be changed: keys, fields kept back and files only show."""
        if not values.can_be_shown(value):
            return False
        if self._connector is None:
            return True
        if record.collection not in self._correctable:
            self._correctable[record.collection] = self._connector.correctable(record.collection)
        return value.name in self._correctable[record.collection]

    @cached_property
    def _correctable(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _connector(self) -> Corrigible | None:
        try:
            connector = registry.connector_for(self.task.system)
        except (registry.SystemsError, ConnectorError):
            return None
        return connector if isinstance(connector, Corrigible) else None


@dataclass(frozen=True)
class Place:
    """One field of one row of one system."""

    held: Held
    record: Record
    value: FieldValue

    def wanted(self, text: str) -> Wanted:
        """Return the wish to have `text` stand here."""
        record = self.record
        return Wanted(self.held.task.system, record.collection, record.key, self.value.name, text)


def of_request(dsr: DataSubjectRequest) -> list[Held]:
    """Return what the systems hold, as far as the search is done; a file that is gone counts as no search."""
    found = dsr.tasks.filter(action=TaskAction.READ.value, state=TaskState.DONE.value)
    return [one for task in found.select_related("dsr__case").order_by("id") if (one := of_task(task)) is not None]


def places(everything: Sequence[Held]) -> Iterator[Place]:
    """Yield every field of every row that may be corrected."""
    for one in everything:
        for record in one.records or ():
            for value in record.fields:
                if one.may_be_corrected(record, value):
                    yield Place(one, record, value)


def alike(everything: Sequence[Held], chosen: Sequence[Place]) -> list[list[Place]]:
    """Return for each place the others that hold the same value of the same kind: what is wrong there is wrong too."""
    by_text: dict[str, list[Place]] = {values.as_text(place.value.value).casefold(): [] for place in chosen}
    by_text.pop("", None)
    for other in places(everything):
        if (text := values.as_text(other.value.value).casefold()) in by_text:
            by_text[text].append(other)
    same = [by_text.get(values.as_text(place.value.value).casefold(), []) for place in chosen]
    return [[other for other in others if _is_alike(other, place)] for place, others in zip(chosen, same, strict=True)]


def of_task(task: SystemTask) -> Held | None:
    """Return what one search found, or None where its file is gone."""
    if not task.result_sha256:
        return Held(task, None)
    try:
        result = task_files.result(task)
    except vault.MissingFile:
        result = None
    return Held(task, result.records) if result else None


def _is_alike(other: Place, place: Place) -> bool:
    """Tell whether two places with one value are of one kind, and two."""
    if id_of(other.wanted("")) == id_of(place.wanted("")):
        return False
    return other.value.category == place.value.category != "" or other.value.label == place.value.label


def id_of(wish: Wanted) -> tuple[str, str, str, str]:
    """Return what tells one place from every other."""
    return wish.system, wish.collection, wish.key, wish.name


def id_of_row(row: Correction) -> tuple[str, str, str, str]:
    """Return the same of a correction that was written down."""
    return row.system, row.collection, row.record_key, row.field
