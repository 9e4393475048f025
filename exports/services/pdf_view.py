"""What the templates of the answer draw: the frozen answer as texts that are fit to be printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exports.domain.answer import (
    AccessAnswer,
    ActivityInfo,
    SearchOutcome,
    SystemData,
    as_lines,
    counts,
    history,
)
from requests_app.domain.enums import Outcome

from .pdf_data import WEIGHT, Data, drawn
from .pdf_text import Text, entries, line, long_day, long_moment, number, short_moment, text, uses


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an explanation: label, the letter of the law, texts, and whether they are trial values."""

    label: str
    article: str
    texts: tuple[Text, ...]
    example: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """One activity: its name, every item of Art. 15, and the five that stand in the box of a system."""

    name: str
    items: tuple[Item, ...]
    box: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One system with what lies in it."""

    anchor: str
    name: str
    size: str
    period: str
    searched: str
    note: str
    box: tuple[Explanation, ...]
    box_heads: tuple[str, ...]
    data: tuple[Data, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """One line of the list of systems that were searched."""

    name: str
    how: str
    when: str
    result: str
    note: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the letter, what it counts, and a detail on a line of its own."""

    number: str
    label: str
    detail: str = ""


def context(answer: AccessAnswer, *, embedded: bool) -> dict[str, object]:
    """Return what `exports/pdf/answer.html` draws; `embedded` tells whether the JSON lies inside the PDF."""
    controller = answer.organisation
    return {
        "answer": answer,
        "embedded": embedded,
        "outside_norway": answer.outside_norway,
        "authority": line(answer.authority),
        "no_data": answer.outcome is Outcome.NO_DATA,
        "whole": answer.outcome is Outcome.FULFILLED and not answer.missing,
        "received_on": long_day(answer.received_on, answer.language),
        "concerned": line(answer.concerned_name),
        "answered_on": long_day(answer.answered_on, answer.language),
        "cut_off": long_moment(answer.cut_off, answer),
        "time_place": answer.time_zone.rpartition("/")[2].replace("_", " "),
        "recipient": line(answer.recipient_name),
        "recipient_address": [line(part) for part in answer.recipient_address],
        "organisation": line(controller.name),
        "organisation_address": [line(part) for part in controller.postal_address],
        "organisation_place": line(controller.place),
        "contact": line(controller.contact_mail),
        "dpo_contact": line(controller.dpo_contact),
        "reference": line(answer.reference),
        "reasoning": [text(part) for part in answer.reasoning.splitlines() if part.strip()],
        "missing": [(line(part.what), long_day(part.due_on, answer.language)) for part in answer.missing],
        "facts": _facts(answer),
        "explanations": [_explanation(activity) for activity in answer.activities],
        "chapters": _chapters(answer),
        "searches": [_search(system, answer) for system in answer.systems],
        "uses": uses(len(answer.activities)),
    }


def drawn_rows(answer: AccessAnswer) -> int:
    """Return how many rows will be drawn at most, the measure of the CPU that drawing may take."""
    return min(sum(system.entries for system in answer.systems), WEIGHT)


def _facts(answer: AccessAnswer) -> list[Fact]:
    found = counts(answer)
    searched = ngettext("system searched", "systems searched", found.systems_searched)
    facts = [
        Fact(number(found.systems_searched), searched),
        Fact(number(found.entries), ngettext("entry found", "entries found", found.entries)),
    ]
    if found.years:
        first, last = found.years
        label = ngettext("year covered", "years covered", found.years_covered)
        facts.append(Fact(number(found.years_covered), label, f"{first}–{last}" if first < last else str(first)))
    if found.activities:
        label = ngettext("use of data explained", "uses of data explained", found.activities)
        facts.append(Fact(number(found.activities), label))
    return facts


def _explanation(activity: ActivityInfo) -> Explanation:
    def item(field: str, label: str, article: str = "") -> Item:
        lines: Sequence[str] = as_lines(getattr(activity, field))
        if field == "rights":  # many and short: one line instead of five
            lines = [" · ".join(lines)]
        texts = tuple(text(part) for part in lines if part.strip())
        return Item(label, article, texts or (Text(_("Not filled in yet.")),), field in activity.example)

    items = [
        item("purposes", _("Why we use the data"), _("Art. 15(1)(a)")),
        item("categories", _("What kinds of data"), _("Art. 15(1)(b)")),
        item("legal_basis", _("Legal basis"), _("Art. 6")),
        item("recipients", _("Who receives the data"), _("Art. 15(1)(c)")),
        item("retention", _("How long we keep it"), _("Art. 15(1)(d)")),
        item("rights", _("Your rights here"), _("Art. 15(1)(e)")),
        item("sources", _("Where the data comes from"), _("Art. 15(1)(g)")),
        item("automated_decisions", _("Automated decisions and profiling"), _("Art. 15(1)(h)")),
        item("transfers", _("Transfer out of the EEA"), _("Art. 15(2)")),
    ]
    if activity.safeguards.strip():
        items.append(item("safeguards", _("Safeguards for the transfer"), _("Art. 15(2)")))
    box = [item(field, label) for field, label in _box_labels()]
    return Explanation(line(activity.name), tuple(items), tuple(box))


def _box_labels() -> tuple[tuple[str, str], ...]:
    return (
        ("purposes", _("Why we hold it")),
        ("legal_basis", _("Legal basis")),
        ("retention", _("Kept until")),
        ("sources", _("Source")),
        ("recipients", _("Recipients")),
    )


def _chapters(answer: AccessAnswer) -> list[Chapter]:
    filled = [(s, [c for c in s.collections if c.rows]) for s in answer.systems if s.entries]
    data = iter(drawn([collection for _system, parts in filled for collection in parts], answer))
    return [
        _chapter(f"system-{position}", system, answer, tuple(next(data) for _part in parts))
        for position, (system, parts) in enumerate(filled, start=1)
    ]


def _chapter(anchor: str, system: SystemData, answer: AccessAnswer, data: tuple[Data, ...]) -> Chapter:
    when = long_moment(system.searched_at, answer) if system.searched_at else ""
    return Chapter(
        anchor=anchor,
        name=line(system.name),
        size=entries(system.entries),
        period=_period(system, answer),
        searched=" · ".join(part for part in (text(system.how_searched).text, when) if part),
        note=text(system.note).text,
        box=tuple(_explanation(activity) for activity in answer.activities_of(system)),
        box_heads=tuple(label for _field, label in _box_labels()),
        data=data,
    )


def _period(system: SystemData, answer: AccessAnswer) -> str:
    zone = ZoneInfo(answer.time_zone)
    days = [(time.astimezone(zone) if time.tzinfo else time).date() for time in history(answer, system)]
    ends = sorted({min(days), max(days)}) if days else []
    return " – ".join(long_day(day, answer.language) for day in ends)


def _search(system: SystemData, answer: AccessAnswer) -> Search:
    results = {
        SearchOutcome.FOUND: entries(system.entries),
        SearchOutcome.NOTHING_FOUND: _("Nothing found"),
        SearchOutcome.CANNOT_IDENTIFY: _("Cannot be tied to you"),
        SearchOutcome.STILL_MISSING: _("Still missing"),
    }
    return Search(
        name=line(system.name),
        how=text(system.how_searched).text,
        when=short_moment(system.searched_at, answer) if system.searched_at else "–",
        result=results[system.outcome],
        note=text(system.note).text,
    )
