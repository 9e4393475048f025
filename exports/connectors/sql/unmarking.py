"""Taking marks back that a restriction wrote: what stood there before stands there again (GDPR Art. 18(3))."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.dataset import Collection, Dataset, Field
from exports.domain.changes import Affected, FieldChange

from .person_rows import PersonRows
from .rectifying import as_stored
from .results import public_field_name, public_name
from .search import Row, digest_of, row_key
from .stored import WrongValue, to_stored


@dataclass(frozen=True, slots=True)
class Unmarking:
    """The marks of one person in one database, with the collections and fields they mean."""

    system: str
    dataset: Dataset
    marks: tuple[tuple[Collection, Field, FieldChange], ...]

    @property
    def names(self) -> list[str]:
        """The collections that hold the marks."""
        return list(dict.fromkeys(collection.name for collection, _field, _mark in self.marks))

    def write(self, rows: PersonRows) -> tuple[Affected, ...]:
        """Put back what stood there, wherever the mark still stands. Raises ConnectorError."""
        values: dict[str, dict[str, dict[str, object]]] = {name: {} for name in self.names}
        for collection, field, mark in self.marks:
            for identity in self._marked(rows, collection, field, mark):
                of_row = values[collection.name].setdefault(identity, {})
                of_row[field.name] = self._before(rows, collection, field, mark)
        for name, by_row in values.items():
            for identity, of_row in by_row.items():  # all fields of a row at once: writing may move it
                rows.set(name, [identity], of_row)
        return tuple(Affected(rows.public_name(name), None, len(some)) for name, some in values.items() if some)

    def is_lifted(self, rows: PersonRows) -> bool:
        """Whether no mark stands any more, also in a row without a key that was changed since and is not known again.

        A mark of somebody else's in such a row looks like ours: then a person has to look.
        """
        for collection, field, mark in self.marks:
            name = collection.name
            if any(True for _ in self._marked(rows, collection, field, mark)):
                return False
            known = collection.primary_key or any(
                self._is_meant(collection, identity, row, field, mark)
                for identity, row in rows.found[name].rows.items()
            )
            if not known and any(self._holds(rows, name, field, row, mark) for row in rows.found[name].rows.values()):
                return False
        return True

    def _marked(self, rows: PersonRows, collection: Collection, field: Field, mark: FieldChange) -> Iterator[str]:
        """The rows of this person alone that a mark is about and in which it stands."""
        name = collection.name
        for identity in rows.writable(name):
            row = rows.found[name].rows[identity]
            if self._holds(rows, name, field, row, mark) and self._is_meant(collection, identity, row, field, mark):
                yield identity

    def _holds(self, rows: PersonRows, name: str, field: Field, row: Row, mark: FieldChange) -> bool:
        stored = rows.scalar(name, field, row)
        return rows.is_same(name, field, stored, mark.after) and not rows.is_same(name, field, stored, mark.before)

    def _is_meant(self, collection: Collection, identity: str, row: Row, field: Field, mark: FieldChange) -> bool:
        """Whether a mark is about this row. The key of a row without a primary key is what it held before the marks."""
        if collection.primary_key or row_key(collection, identity, row) == mark.key:
            return row_key(collection, identity, row) == mark.key
        before = {
            other.name: as_stored(row[other.name], one.before)
            for theirs, other, one in self.marks
            if theirs == collection and one.key == mark.key
        }
        return digest_of({**row, **before}) == mark.key.rpartition("-")[0]

    def _before(self, rows: PersonRows, collection: Collection, field: Field, mark: FieldChange) -> object:
        name = collection.name
        nullable = field.name in rows.shapes[name].nullable
        try:
            return to_stored(mark.before, field, rows.kind(name, field), nullable=nullable, zone=self.dataset.zone)
        except WrongValue as error:
            problem = str(error)
        place = f"{name}.{field.name}"
        message = f"{self.system}: what stood in {place} before cannot be put back: it {problem}"
        raise ConnectorError(message, permanent=True, fault=Fault.WRONG_TYPE, place=place)


def plan_unmarking(system: str, dataset: Dataset, marks: Sequence[FieldChange]) -> Unmarking:
    """The marks by the fields they mean. Raises ConnectorError for a field that the dataset does not know any more."""
    collections = {public_name(dataset, c): c for c in dataset.collections if not c.skip}
    found = []
    for mark in marks:
        collection = collections.get(mark.collection)
        if collection is None:
            raise _unknown(system, Fault.MISSING_COLLECTION, mark.collection)
        fields = {public_field_name(collection, field): field for field in collection.fields}
        if mark.name not in fields:
            raise _unknown(system, Fault.MISSING_FIELD, f"{collection.name}.{mark.name}")
        found.append((collection, fields[mark.name], mark))
    return Unmarking(system, dataset, tuple(found))


def _unknown(system: str, fault: Fault, place: str) -> ConnectorError:
    message = f"{system}: {place} held a mark and is not in the dataset any more"
    return ConnectorError(message, permanent=True, fault=fault, place=place)
