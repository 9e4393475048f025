"""What rows that stay after a deletion do without: a duty keeps what it needs, and no more (GDPR Art. 5(1)(c), 17(3)).

The description of a system says which fields a duty can do without. The plan shows them before anybody approves; what a
connector then emptied stands in its task, by labels and counts, for the letter.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exports import registry, vault
from exports.connectors.base import ConnectorError, Emptier
from exports.domain.changes import Emptied
from exports.domain.enums import Measure
from exports.domain.records import Label
from exports.models import ErasurePlan, SystemTask

from . import erasure_proposal, task_files


@dataclass(frozen=True, slots=True)
class Loss:
    """In so many rows of one kind these fields are empty, or will be, in the reader's language."""

    system: str
    kind: str
    fields: str
    rows: int


def planned(plan: ErasurePlan, language: str) -> list[Loss]:
    """Return what the rows that stay will do without, as far as a connector can say; nothing where there are none."""
    lines, found = list(plan.lines.all()), []
    for task in erasure_proposal.reads(plan.dsr):
        measures = {line.activity: Measure(line.measure) for line in lines if line.system == task.system}
        emptied = _of_system(task.system, measures) if measures else ()
        rows = _rows(task) if emptied else Counter()
        here = [one for one in emptied if rows[one.collection]]
        found += [_in_words(task.system, one, rows[one.collection], language) for one in here]
    return found


def done(tasks: Iterable[SystemTask], language: str) -> list[Loss]:
    """Return what was emptied, as the tasks of a deletion say."""
    return [_in_words(task.system, _from_data(one), one["rows"], language) for task in tasks for one in task.emptied]


def to_data(emptied: Iterable[Emptied]) -> list[dict[str, Any]]:
    """Return what a connector emptied as a task keeps it: labels and counts, no values."""
    return [
        {
            "collection": one.collection,
            "label": _label(one.label),
            "fields": [_label(field) for field in one.fields],
            "rows": one.rows,
        }
        for one in emptied
    ]


def _from_data(data: Mapping[str, Any]) -> Emptied:
    fields = tuple(Label(**field) for field in data["fields"])
    return Emptied(data["collection"], Label(**data["label"]), fields, data["rows"])


def _of_system(system: str, measures: Mapping[str, Measure]) -> tuple[Emptied, ...]:
    try:
        connector = registry.connector_for(system)
    except (registry.SystemsError, ConnectorError):
        return ()
    return connector.emptied(measures) if isinstance(connector, Emptier) else ()


def _rows(task: SystemTask) -> Counter[str]:
    """How many rows of each collection the search found."""
    try:
        result = task_files.result(task)
    except vault.MissingFile:
        result = None
    return Counter(record.collection for record in result.records) if result else Counter()


def _in_words(system: str, one: Emptied, rows: int, language: str) -> Loss:
    fields = ", ".join(field.in_language(language) for field in one.fields)
    return Loss(system, one.label.in_language(language), fields, rows)


def _label(label: Label) -> dict[str, str]:
    return {"en": label.en, "nb": label.nb}
