"""Rows of the systems as tables and records on paper, as many as one document can carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from exports.domain.answer import AccessAnswer, Cell, Collection, ColumnKind, Layout, moment
from exports.domain.columns import fair_share, plan
from exports.domain.printable import clipped, printable

from .pdf_text import Text, entries, line, number, short_moment, text

# All that is drawn weighs at most WEIGHT: a row of a table 1, a field of a record 1, and 1 more for every
# LINE characters or FOLD lines in it. 1,000 cost some 5 s of CPU and 100 MiB. What does not fit is in the
# machine-readable twin, and the page says so.
WEIGHT = 2000
LINE = 400
FOLD = 4
FEWEST_ALIKE = 3  # rows; below that, saying once what is alike saves nothing

PAGE_EM = 170 / 25.4 * 72 / 7.6  # 170 mm of paper in em of the table font, 7.6 pt: answer.css says the same


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: label, share of the page in per cent, class that decides how cells look."""

    label: str
    width: str
    look: str


Row = tuple[tuple[Head, Text], ...]


@dataclass(frozen=True, slots=True)
class Data:
    """One collection: a table if it has `heads`, else records of (label, text); `notes` stand below."""

    label: str
    size: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A collection before it is known how many of its rows are drawn."""

    collection: Collection
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    empty: tuple[str, ...]
    alike: tuple[str, ...]

    def weights(self) -> list[int]:
        return [_weight([cell for _head, cell in row], 1 if self.heads else len(row) + 2) for row in self.rows]

    def finished(self, share: int) -> Data:
        notes = _notes(share, len(self.collection.rows), self.empty, self.alike)
        label, size = line(self.collection.label), entries(len(self.collection.rows))
        return Data(label, size, self.heads, self.rows[:share], notes)


def drawn(collections: Sequence[Collection], answer: AccessAnswer) -> list[Data]:
    """Return every collection with its share of the paper: small ones whole, of large ones the first rows."""
    drafts = [_draft(collection, answer) for collection in collections]
    shares = fair_share([draft.weights() for draft in drafts], WEIGHT)
    return [draft.finished(share) for draft, share in zip(drafts, shares, strict=True)]


def _draft(collection: Collection, answer: AccessAnswer) -> _Draft:
    rows = collection.rows[:WEIGHT]  # no row weighs less than 1, so no more can be drawn
    # A column that is empty everywhere is named below instead of taking room from the others.
    filled = [i for i in range(len(collection.columns)) if any(row[i] not in (None, "") for row in rows)]
    empty = tuple(column.label for i, column in enumerate(collection.columns) if i not in set(filled))
    texts = _texts(collection, filled, rows, answer)
    shown, widths = filled, _widths(collection, filled, texts)
    if collection.layout is Layout.TABLE and not widths and len(rows) >= FEWEST_ALIKE:
        # Too wide: what is the same in every row is said once, below, if the rest then fits side by side.
        varied = [n for n in range(len(filled)) if len({row[n].text for row in texts}) > 1]
        kept = [tuple(row[n] for n in varied) for row in texts]
        if varied and (widths := _widths(collection, [filled[n] for n in varied], kept)):
            alike = tuple((filled[n], texts[0][n]) for n in range(len(filled)) if n not in set(varied))
            shown, texts = [filled[n] for n in varied], kept
            return _table(collection, shown, texts, widths, empty, alike)
    if widths:
        return _table(collection, shown, texts, widths, empty, ())
    heads = tuple(Head(line(collection.columns[i].label), "", collection.columns[i].kind.value) for i in shown)
    # a record shows the fields it has
    records = tuple(tuple(pair for pair in zip(heads, row, strict=True) if pair[1].text) for row in texts)
    return _Draft(collection, (), records, empty, ())


def _table(
    collection: Collection,
    shown: Sequence[int],
    texts: Sequence[tuple[Text, ...]],
    widths: Sequence[float],
    empty: tuple[str, ...],
    alike: Sequence[tuple[int, Text]],
) -> _Draft:
    heads = tuple(
        Head(line(collection.columns[i].label), f"{width:.2f}", collection.columns[i].kind.value)
        for i, width in zip(shown, widths, strict=True)
    )
    said = tuple(f"{line(collection.columns[i].label)}: {cell.text}" for i, cell in alike)
    return _Draft(collection, heads, tuple(tuple(zip(heads, row, strict=True)) for row in texts), empty, said)


def _widths(
    collection: Collection, shown: Sequence[int], texts: Sequence[tuple[Text, ...]]
) -> tuple[float, ...] | None:
    """Return the widths of a table of these columns, None for records and for what does not fit side by side."""
    if collection.layout is not Layout.TABLE:
        return None
    labels = [line(collection.columns[i].label) for i in shown]
    cells = [[cell.text for cell in row] for row in texts]
    rigid = [collection.columns[i].kind is not ColumnKind.TEXT for i in shown]
    # Addresses and paths look broken on two lines; they are kept whole where the page has room for it.
    whole = [fixed or not any(" " in row[n] for row in cells) for n, fixed in enumerate(rigid)]
    return plan(labels, cells, whole, PAGE_EM) or plan(labels, cells, rigid, PAGE_EM)


def _texts(
    collection: Collection, filled: Sequence[int], rows: Sequence[Sequence[Cell]], answer: AccessAnswer
) -> list[tuple[Text, ...]]:
    """Return the cells as texts; the times of one column all have seconds, or none has."""
    clocks = {
        i: "%H:%M:%S" if any(getattr(moment(row[i]), "second", 0) for row in rows) else "%H:%M"
        for i in filled
        if collection.columns[i].kind is ColumnKind.TIME
    }
    return [tuple(_cell(row[i], answer, clocks.get(i)) for i in filled) for row in rows]


def _cell(value: Cell, answer: AccessAnswer, clock: str | None) -> Text:
    """Return one cell as text; `clock` is how a column of times shows the time of day."""
    if value is None:
        return Text("")
    if isinstance(value, bool):
        return Text(_("Yes") if value else _("No"))
    time = moment(value) if clock or isinstance(value, date) else None
    return text(str(value)) if time is None else Text(short_moment(time, answer, clock or "%H:%M:%S"))


def _notes(share: int, rows: int, empty: Sequence[str], alike: Sequence[str]) -> tuple[str, ...]:
    notes = []
    sizes = {"shown": number(share), "all": number(rows)}
    if not share:
        notes.append(_("Too much to print: all %(all)s are in data.json.") % sizes)
    elif share < rows:
        notes.append(_("The first %(shown)s of %(all)s are printed here. All are in data.json.") % sizes)
    if alike and share:
        notes.append(_("The same in every row: %(fields)s.") % {"fields": printable(clipped("; ".join(alike))[0])})
    if empty and share:
        notes.append(_("Not filled in: %(fields)s.") % {"fields": printable(clipped(", ".join(empty))[0])})
    return tuple(notes)


def _weight(cells: Sequence[Text], lines: int) -> int:
    longest = sum(len(cell.text) for cell in cells) // LINE
    folds = max((cell.text.count("\n") for cell in cells), default=0) // FOLD
    return lines + max(longest, folds)
