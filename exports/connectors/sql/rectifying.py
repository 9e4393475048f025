"""Right values for wrong ones: checked all before any is written, in rows of the person only (GDPR Art. 16)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.dataset import Collection, Dataset, Field
from exports.domain.changes import Affected, FieldChange
from exports.domain.records import Scalar, Subject

from .person_rows import PersonRows
from .results import public_field_name, public_name
from .search import Row, digest_of, row_key
from .stored import WrongValue, to_stored


@dataclass(frozen=True, slots=True)
class RowChange:
    """All changes of one row, with the fields they mean."""

    collection: Collection
    key: str
    fields: tuple[tuple[Field, FieldChange], ...]


@dataclass(frozen=True, slots=True)
class Rectification:
    """The changes that one person asked for in one database."""

    system: str
    dataset: Dataset
    rows: tuple[RowChange, ...]

    def with_new_identities(self, subject: Subject) -> Subject:
        """The subject with the addresses and numbers it will have: a row is found by them once it is right."""
        for row in self.rows:
            for field, change in row.fields:
                if field.identity is not None and change.after not in (None, ""):
                    subject = _with(subject, field.identity, str(change.after))
        return subject

    def write(self, rows: PersonRows) -> tuple[Affected, ...]:
        """Check everything, then write what is not right yet. Raises ConnectorError, `place` names the field."""
        planned = []
        for change in self.rows:
            name = change.collection.name
            identity = self._find(rows, change)
            if identity is None or identity in rows.shared[name]:
                raise self._refused(Fault.NOT_THEIRS, change.collection, "has no such row of this person alone")
            row = rows.found[name].rows[identity]
            planned.append((name, identity, dict(self._values(rows, change, row))))
        written: dict[str, int] = {}
        for name, identity, values in planned:
            rows.set(name, [identity], values)
            written[name] = written.get(name, 0) + bool(values)
        return tuple(Affected(rows.public_name(name), None, number) for name, number in written.items())

    def is_right(self, rows: PersonRows) -> bool:
        """Whether every value stands where it should, in rows found by the new identities too."""
        return all(self._is_in_place(rows, change) for change in self.rows)

    def _is_in_place(self, rows: PersonRows, change: RowChange) -> bool:
        return any(
            self._is_meant(rows, change, identity, row) and self._has_all(rows, change, row)
            for identity, row in rows.found[change.collection.name].rows.items()
        )

    def _has_all(self, rows: PersonRows, change: RowChange, row: Row) -> bool:
        name = change.collection.name
        return all(rows.is_same(name, f, rows.scalar(name, f, row), one.after) for f, one in change.fields)

    def _is_meant(self, rows: PersonRows, change: RowChange, identity: str, row: Row) -> bool:
        """Whether a change is about this row. The key of a row without a primary key is what it held before."""
        if row_key(change.collection, identity, row) == change.key:
            return True
        if change.collection.primary_key or not self._has_all(rows, change, row):
            return False
        before = {field.name: as_stored(row[field.name], one.before) for field, one in change.fields}
        return digest_of({**row, **before}) == change.key.rpartition("-")[0]

    def _find(self, rows: PersonRows, change: RowChange) -> str | None:
        found = rows.found[change.collection.name].rows
        return next((i for i, row in found.items() if row_key(change.collection, i, row) == change.key), None)

    def _values(self, rows: PersonRows, change: RowChange, row: Row) -> Iterator[tuple[str, object]]:
        name = change.collection.name
        shape = rows.shapes[name]
        for field, one in change.fields:
            if field.name in shape.held | shape.referring:
                raise self._refused(Fault.READ_ONLY, change.collection, "is a key", field)
            stored = rows.scalar(name, field, row)
            nullable = field.name in shape.nullable
            try:
                value = to_stored(one.after, field, rows.kind(name, field), nullable=nullable, zone=self.dataset.zone)
            except WrongValue as error:
                problem = str(error)
            else:
                if rows.is_same(name, field, stored, one.after):
                    continue
                if not rows.is_same(name, field, stored, one.before):
                    words = "holds another value than when it was read"
                    raise self._refused(Fault.CHANGED_MEANWHILE, change.collection, words, field)
                yield field.name, value
                continue
            raise self._refused(Fault.WRONG_TYPE, change.collection, problem, field)

    def _refused(self, fault: Fault, collection: Collection, words: str, field: Field | None = None) -> ConnectorError:
        return _refused(self.system, fault, collection.name, field.name if field else "", words)


def plan_changes(system: str, dataset: Dataset, changes: Sequence[FieldChange]) -> Rectification:
    """The changes by row. Raises ConnectorError for a field that nobody may correct here."""
    rows: dict[tuple[str, str], dict[str, tuple[Field, FieldChange]]] = {}
    collections = {public_name(dataset, c): c for c in dataset.collections if c.is_personal and not c.skip}
    for change in changes:
        collection = collections.get(change.collection)
        if collection is None:
            raise _refused(system, Fault.MISSING_COLLECTION, change.collection, "", "is no collection of the dataset")
        field = _field(system, collection, change)
        fields = rows.setdefault((collection.name, change.key), {})
        if field.name in fields:
            raise _refused(system, Fault.REFUSED, collection.name, field.name, "is to be changed twice in one row")
        fields[field.name] = (field, change)
    return Rectification(
        system,
        dataset,
        tuple(RowChange(dataset.collection(name), key, tuple(f.values())) for (name, key), f in rows.items()),
    )


def can_be_corrected(field: Field) -> bool:
    """Whether a person may have this field corrected: their own data, neither kept back nor what rows are told by."""
    is_theirs = field.is_personal or field.identity is not None
    return is_theirs and not (field.primary_key or field.references or field.read_only or field.withheld)


def _field(system: str, collection: Collection, change: FieldChange) -> Field:
    fields: Mapping[str, Field] = {public_field_name(collection, field): field for field in collection.fields}
    field = fields.get(change.name)
    if field is None:
        raise _refused(system, Fault.MISSING_FIELD, collection.name, change.name, "is no field of the dataset")
    if not can_be_corrected(field):
        raise _refused(system, Fault.READ_ONLY, collection.name, field.name, "must not be changed")
    return field


def _refused(system: str, fault: Fault, collection: str, field: str, words: str) -> ConnectorError:
    place = f"{collection}.{field}" if field else collection
    return ConnectorError(f"{system}: {place} {words}", permanent=True, fault=fault, place=place)


def _with(subject: Subject, identity: str, value: str) -> Subject:
    if identity == "email":
        return replace(subject, emails=(*subject.emails, value))
    if identity in ("phone", "phone_number"):
        return replace(subject, phones=(*subject.phones, value))
    if identity == "customer_number":
        return replace(subject, customer_numbers=(*subject.customer_numbers, value))
    return replace(subject, others=(*subject.others, (identity, value)))


def as_stored(now: object, before: Scalar) -> object:
    """What was read before, as the row held it: SQLite keeps truth as a number."""
    return int(before) if isinstance(before, bool) and not isinstance(now, bool) else before
