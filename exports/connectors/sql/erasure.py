"""What becomes of every row of a person when the data is erased, decided before anything is written.

The measures speak of activities. A collection is kept if any of its activities is (or has none, or one that the
measures leave out), else restricted if any is, else anonymised if any is, else deleted. Then, row by row:

- a row that other people's rows refer to as well is kept;
- a row that should go, but that a row which stays refers to, stays too. It is anonymised if the other row can still
  be told to be the person's by itself (an order with its own e-mail address keeps its account as an empty shell),
  or has nothing of them any more; else it is kept as it is, for it says whose the other row is;
- a row cannot become anonymous while it must refer to one that still says whose it is: that is refused, unless the
  dataset says `preserve` of the reference.

A row that is kept for a duty keeps what the duty needs: fields that the dataset says can be done without
(`empty_if_kept_for`) are emptied. A row that stays for other people or for another row stays as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.dataset import Collection, Field, Strategy
from exports.domain.changes import Measures
from exports.domain.enums import Measure

from .links import Link, Links, Rows, tells_whose
from .masking import is_masked_field
from .shape import Shapes

Fates = Mapping[str, Mapping[str, Measure]]
"""Measure of every row found, by collection and identity."""

_STAYING = (Measure.KEEP, Measure.RESTRICT)
_GOING = (Measure.DELETE, Measure.ANONYMISE)


def treatment(collection: Collection, measures: Measures) -> Measure:
    """What the measures say of a collection."""
    said = [measures.get(activity, Measure.KEEP) for activity in collection.activities] or [Measure.KEEP]
    order = (Measure.KEEP, Measure.RESTRICT, Measure.ANONYMISE, Measure.DELETE)
    return next(measure for measure in order if measure in said)


def to_empty(collection: Collection, measures: Measures) -> tuple[Field, ...]:
    """The fields that kept rows of a collection do without: another use of theirs goes, and none that stays needs them.

    What stands outside the measures, or is only stored, needs everything.
    """
    said = {use: measures.get(use) for use in collection.activities}
    staying = [use for use, measure in said.items() if measure not in _GOING]
    if not staying or len(staying) == len(said) or any(said[use] is not Measure.KEEP for use in staying):
        return ()
    return tuple(field for field in collection.fields if set(staying) <= set(field.empty_if_kept_for))


@dataclass(frozen=True, slots=True)
class Erasure:
    """Decides over the rows of one search."""

    system: str
    links: Links
    shapes: Shapes
    found: Rows
    shared: Mapping[str, set[str]]

    def decide(self, measures: Measures) -> Fates:
        """The measure of every row. Raises ConnectorError (NO_WAY) for what the dataset gives no way to do."""
        fates = {
            name: {
                identity: Measure.KEEP if identity in self.shared[name] else said
                for identity in rows.rows
                for said in [treatment(self.links.dataset.collection(name), measures)]
            }
            for name, rows in self.found.items()
        }
        pairs = tuple(self.links.pairs(self.found))
        changed = True
        while changed:  # ends: a row only ever moves from deleted over anonymised to kept
            changed = False
            for link, child, parent in pairs:
                before = fates[link.parent][parent]
                after = self._held_by(link, child, fates[link.child][child], before)
                if after is not before:
                    fates[link.parent][parent] = after
                    changed = True
        self._refuse_pseudonyms(pairs, fates)
        self._refuse_unmarkable(fates)
        return fates

    def _held_by(self, link: Link, child: str, measure: Measure, parent: Measure) -> Measure:
        """What becomes of a row to which a row refers whose measure is known."""
        if parent in _STAYING or measure is Measure.DELETE:
            return parent
        if measure is Measure.ANONYMISE:
            return parent if self._is_cut(link) else Measure.ANONYMISE
        row = self.found[link.child].rows[child]
        if child in self.shared[link.child] or tells_whose(self.links.dataset.collection(link.child), row):
            return Measure.ANONYMISE
        return Measure.KEEP

    def _is_cut(self, link: Link) -> bool:
        """Whether anonymising the referring row makes it refer to nothing."""
        collection = self.links.dataset.collection(link.child)
        return any(is_masked_field(self.shapes[link.child], collection.field(name)) for name in link.child_fields)

    def _refuse_pseudonyms(self, pairs: tuple[tuple[Link, str, str], ...], fates: Fates) -> None:
        for link, child, parent in pairs:
            fields = [self.links.dataset.collection(link.child).field(name) for name in link.child_fields]
            is_wanted = any(f.masking is not None and f.masking.strategy is Strategy.PRESERVE for f in fields)
            if (
                fates[link.child][child] is Measure.ANONYMISE
                and fates[link.parent][parent] in _STAYING
                and parent not in self.shared[link.parent]
                and not (is_wanted or self._is_cut(link))
            ):
                place = f"{link.child}.{link.child_fields[0]}"
                raise self._no_way(
                    f"the rows of {link.child} cannot be anonymised while they refer to kept rows of {link.parent}",
                    place,
                )

    def _refuse_unmarkable(self, fates: Fates) -> None:
        for name, rows in fates.items():
            markable = any(f.restrict for f in self.links.dataset.collection(name).fields)
            if not markable and Measure.RESTRICT in rows.values():
                raise self._no_way(f"the rows of {name} cannot be restricted: no field has the key restrict", name)

    def _no_way(self, words: str, place: str) -> ConnectorError:
        return ConnectorError(f"{self.system}: {words}", permanent=True, fault=Fault.NO_WAY, place=place)


def of_measure(fates: Fates, name: str, measure: Measure) -> Iterator[str]:
    """The identities of the rows of a collection that a measure was decided for."""
    return (identity for identity, one in fates.get(name, {}).items() if one is measure)
