"""Carries out what `erasure` decided, children first, and looks whether it held."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.dataset import Field
from exports.domain.changes import Affected, Emptied, Measures
from exports.domain.enums import Measure

from .erasure import Erasure, Fates, of_measure, to_empty
from .marking import is_marked, mark_rows, restricting, rows_of
from .masking import Mask, is_anonymous, is_masked_field, masks_of
from .person_rows import PersonRows
from .search import chunks
from .shape import ForeignKey, column_of


def decide(rows: PersonRows, measures: Measures) -> Fates:
    """The measure of every row found. Raises ConnectorError (NO_WAY)."""
    return Erasure(rows.system, rows.links, rows.shapes, rows.found, rows.shared).decide(measures)


def carry_out(rows: PersonRows, fates: Fates, measures: Measures) -> tuple[Affected, ...]:
    """Restrict, anonymise, empty and delete, collection by collection; what was so before is not counted again."""
    linked = rows.links.children_first()
    order = (*linked, *(name for name in rows.found if name not in linked))
    gone = {name: list(of_measure(fates, name, Measure.DELETE)) for name in order}
    _loosen(rows, order, gone)
    changed: dict[tuple[str, Measure], int] = {}
    for name in order:
        restricted = list(of_measure(fates, name, Measure.RESTRICT))
        changed[name, Measure.RESTRICT] = rows_of(mark_rows(rows, name, restricted, restricting))
        personal = still_personal(rows, name, fates)
        _mask(rows, name, personal, masks(rows, name) if personal else ())
        _mask(rows, name, *_still_full(rows, name, fates, measures))
        changed[name, Measure.ANONYMISE] = len(personal)
        _refuse_needed(rows, name, gone[name], gone)
        rows.delete(name, gone[name])
        changed[name, Measure.DELETE] = len(gone[name])
        changed[name, Measure.KEEP] = sum(1 for _ in of_measure(fates, name, Measure.KEEP))
    return in_order(rows, changed)


def left_over(rows: PersonRows, fates: Fates, measures: Measures) -> tuple[Affected, ...]:
    """What should be gone, anonymous, restricted or emptied and is not."""
    left: dict[tuple[str, Measure], int] = {}
    for name in rows.found:
        marks = restricting(rows, name)
        restricted = of_measure(fates, name, Measure.RESTRICT)
        left[name, Measure.RESTRICT] = sum(not is_marked(rows, name, identity, marks) for identity in restricted)
        left[name, Measure.ANONYMISE] = len(still_personal(rows, name, fates))
        left[name, Measure.DELETE] = sum(1 for _ in of_measure(fates, name, Measure.DELETE))
        left[name, Measure.KEEP] = len(_still_full(rows, name, fates, measures)[0])
    return in_order(rows, left)


def deleted_places(rows: PersonRows, fates: Fates) -> dict[str, list[tuple[object, ...]]]:
    """Where the rows are that will be deleted, as far as nobody else's row can come to stand there."""
    return {
        name: rows.places(name, list(of_measure(fates, name, Measure.DELETE)))
        for name in fates
        if rows.handles[name].is_lasting
    }


def still_there(rows: PersonRows, places: Mapping[str, list[tuple[object, ...]]]) -> tuple[Affected, ...]:
    """Rows at places from which they were deleted."""
    counted = {(name, Measure.DELETE): rows.count_at(name, some) for name, some in places.items()}
    return in_order(rows, counted)


def kept(rows: PersonRows, fates: Fates) -> tuple[Affected, ...]:
    """What stays as it is."""
    return in_order(
        rows, {(name, Measure.KEEP): sum(1 for _ in of_measure(fates, name, Measure.KEEP)) for name in fates}
    )


def emptied(rows: PersonRows, fates: Fates, measures: Measures) -> tuple[Emptied, ...]:
    """What kept rows do without; nothing for a collection without such rows."""
    found = []
    for name in rows.found:
        fields, kept = _to_empty(rows, name, fates, measures)
        if fields and kept:
            collection = rows.dataset.collection(name)
            labels = tuple(field.label for field in fields)
            found.append(Emptied(rows.public_name(name), collection.label, labels, len(kept)))
    return tuple(found)


def in_order(rows: PersonRows, counted: Mapping[tuple[str, Measure], int]) -> tuple[Affected, ...]:
    """Counts in the order of the dataset, the empty ones left out."""
    names = [collection.name for collection in rows.dataset.collections]
    order = sorted(counted, key=lambda one: (names.index(one[0]), list(Measure).index(one[1])))
    return tuple(
        Affected(rows.public_name(name), m, counted[name, m], rows.dataset.collection(name).activities)
        for name, m in order
        if counted[name, m]
    )


def masks(rows: PersonRows, name: str) -> tuple[Mask, ...]:
    """The masks of a collection that is made anonymous. Raises ConnectorError (NO_WAY)."""
    shape = rows.shapes[name]
    return _masks(rows, name, [field for field in shape.table.collection.fields if is_masked_field(shape, field)])


def still_personal(rows: PersonRows, name: str, fates: Fates) -> list[str]:
    """The rows that are to be anonymised and are not yet."""
    wanted = list(of_measure(fates, name, Measure.ANONYMISE))
    written = masks(rows, name) if wanted else ()
    return [identity for identity in wanted if not _is_masked(rows, name, identity, written)]


def _masks(rows: PersonRows, name: str, fields: Sequence[Field]) -> tuple[Mask, ...]:
    return masks_of(rows.shapes[name], fields, rows.system, is_postgresql=rows.database.is_postgresql)


def _to_empty(rows: PersonRows, name: str, fates: Fates, measures: Measures) -> tuple[tuple[Field, ...], list[str]]:
    """The fields that kept rows do without, and those rows: the person's alone."""
    fields = to_empty(rows.dataset.collection(name), measures)
    return fields, [one for one in of_measure(fates, name, Measure.KEEP) if one not in rows.shared[name]]


def _still_full(rows: PersonRows, name: str, fates: Fates, measures: Measures) -> tuple[list[str], tuple[Mask, ...]]:
    """The kept rows in which something is to be emptied and is not yet, and what is written there."""
    fields, kept = _to_empty(rows, name, fates, measures)
    written = _masks(rows, name, fields) if kept else ()
    return [one for one in kept if not _is_masked(rows, name, one, written)], written


def _is_masked(rows: PersonRows, name: str, identity: str, written: tuple[Mask, ...]) -> bool:
    return is_anonymous(written, rows.shapes[name], rows.found[name].rows[identity], rows.dataset.zone)


def _mask(rows: PersonRows, name: str, identities: Sequence[str], written: tuple[Mask, ...]) -> None:
    """Mask rows, one by one where each needs another value. Keys that others still refer to cannot be masked."""
    masked = {mask.field.name for mask in written}
    for key in rows.shapes.leading_to(name):
        if masked.intersection(key.parent_columns):
            _refuse_needed_by(rows, key, identities, {})
    if any(mask.is_random for mask in written):
        rows.set_each(name, identities, {mask.field.name: mask.make for mask in written})
    else:
        rows.set(name, identities, {mask.field.name: mask.value for mask in written})


def _loosen(rows: PersonRows, order: Sequence[str], gone: Mapping[str, list[str]]) -> None:
    """Empty references between rows that all go, where no order of deleting would satisfy the database."""
    for key in rows.shapes.foreign_keys:
        if not (gone.get(key.child) and gone.get(key.parent)) or order.index(key.child) < order.index(key.parent):
            continue
        shape, columns = rows.shapes[key.child], set(key.child_columns)
        if columns <= shape.nullable and columns <= shape.table.columns.keys():
            rows.set(key.child, gone[key.child], dict.fromkeys(key.child_columns))


def _refuse_needed(rows: PersonRows, name: str, identities: Sequence[str], gone: Mapping[str, list[str]]) -> None:
    """Raise if rows that are not about to go refer to these.

    Whatever the foreign key says should happen then: a row that goes along or loses its reference is somebody's too.
    """
    for key in rows.shapes.leading_to(name) if identities else ():
        _refuse_needed_by(rows, key, identities, gone)


def _refuse_needed_by(
    rows: PersonRows, key: ForeignKey, identities: Sequence[str], gone: Mapping[str, list[str]]
) -> None:
    name, table = key.parent, rows.shapes[key.parent].table
    going = set(rows.places(key.child, gone.get(key.child, ()))) if key.child in rows.found else set()
    handle = rows.handles[key.child] if going else None
    names = dict.fromkeys([*key.child_columns, *(handle.names if handle else ())])
    child = sa.table(
        sa.quoted_name(key.child, quote=True),
        *(sa.column(sa.quoted_name(column, quote=True)) for column in names),
        schema=table.source.schema,
    ).alias("referring")
    references = [child.c[column] for column in key.child_columns]
    fetched = handle.columns(child) if handle else references[:1]
    for chunk in chunks(list(identities)):
        needed = (
            sa.select(*(column_of(table, column) for column in key.parent_columns))
            .select_from(table.source)
            .where(rows.handles[name].among(table, rows.places(name, chunk)))
        )
        among = (sa.tuple_(*references) if len(references) > 1 else references[0]).in_(needed)
        statement = sa.select(*fetched).select_from(child).where(among).limit(len(going) + 1)
        for row in rows.database.query(rows.connection, statement, place=key.child):
            if tuple(row) not in going:
                raise ConnectorError(
                    f"{rows.system}: the rows of {name} cannot go: another table, {key.child}, still needs them",
                    permanent=True,
                    fault=Fault.STILL_NEEDED,
                    place=name,
                )
