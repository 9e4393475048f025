"""The information of an access answer about the processing itself (GDPR Art. 15(1)(a)-(h), 15(2)), ready to print.

Nothing unknown and no example gets through: the builder raises, unless the decision-maker lets the answer go
with a gap (then the fact says what is missing) or the installation is a trial (then the example is printed as
one).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from requests_app.domain.enums import Right

from . import register_words as words
from .register_fields import (
    ACTIVITY_FIELDS,
    CONTROLLER_FIELDS,
    Field,
    Item,
    Value,
    is_lacking,
    item_is_lacking,
    items_of,
    value_of,
)
from .register_model import Activity, Register, RightRule
from .register_unknowns import activity_value, chosen, is_printed
from .register_values import Text, TextList, TextValue, check_language

_FIELDS = {field.name: field for field in ACTIVITY_FIELDS}
_CONTROLLER = {field.name: field for field in CONTROLLER_FIELDS}


class UnknownValue(ValueError):
    """An answer would have to print what nobody has said; `path` names the field."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is unknown")
        self.path = path


class ExampleValue(ValueError):
    """An answer outside a trial would have to print an example; `path` names the field."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} holds an example value")
        self.path = path


@dataclass(frozen=True, slots=True)
class Fact:
    """One item of the answer: a heading and the lines below it.

    `lines` are list items in lower case or whole sentences; `note` is one sentence after them, or empty.
    `missing` is empty, or names what is not known, as in "We still lack information about {missing}"; `lines`
    then hold only what is known. `article` is the provision that wants the item.
    """

    key: str
    article: str
    heading: str
    lines: tuple[str, ...]
    note: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ActivityText:
    """What the answer says about one processing activity, in one language."""

    activity_id: str
    name: str
    purposes: Fact
    legal_basis: Fact
    categories: Fact
    sources: Fact
    recipients: Fact
    transfers: Fact
    safeguards: Fact
    retention: Fact
    automated: Fact
    rights: Fact

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All items in the order of the letter."""
        return (
            *(self.purposes, self.legal_basis, self.categories, self.sources, self.recipients),
            *(self.transfers, self.safeguards, self.retention, self.automated, self.rights),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not known, one phrase each, with the name of the activity."""
        return tuple(f"{fact.missing} ({self.name})" for fact in self.facts if fact.missing)


@dataclass(frozen=True, slots=True)
class ControllerText:
    """Who answers, as the letter prints it; a field is empty only if it is missing by leave."""

    name: str
    legal_entity_name: str
    org_number: str
    postal_address: str
    rights_contact: str
    dpo: str
    missing: tuple[str, ...] = ()


def art15(
    register: Register,
    activity_ids: Collection[str],
    language: str,
    *,
    missing_ok: bool = False,
    trial: bool = False,
) -> list[ActivityText]:
    """The texts of these activities in `en` or `nb`, in register order.

    UnknownValue for the first thing unknown, ExampleValue for the first example outside a `trial`. With
    `missing_ok` (the override by the decision-maker) both are left out and named in `missing` instead.
    KeyError for an activity that does not exist, ValueError for another language.
    """
    speaker = _Speaker(register, check_language(language), missing_ok, trial)
    return [speaker.activity(activity) for activity in chosen(register, activity_ids)]


def controller_text(
    register: Register, language: str, *, missing_ok: bool = False, trial: bool = False
) -> ControllerText:
    """Who answers; raises like `art15`. `dpo` is empty when there is none or nobody has said."""
    speaker = _Speaker(register, check_language(language), missing_ok, trial)
    return speaker.controller()


class _Speaker:
    """Says values in one language, and is the only way from a value to print."""

    def __init__(self, register: Register, language: str, missing_ok: bool, trial: bool) -> None:
        self.register = register
        self.language = language
        self.missing_ok = missing_ok
        self.trial = trial

    def activity(self, activity: Activity) -> ActivityText:
        """All items of one activity."""
        path = f"activities.{activity.id}"
        name = self.said(f"{path}.name", activity.name)
        return ActivityText(
            activity_id=activity.id,
            name=name[0] if name else activity.id,
            purposes=self.plain(activity, "purposes"),
            legal_basis=self.plain(activity, "legal_basis"),
            categories=self.categories(activity),
            sources=self.plain(activity, "sources"),
            recipients=self.plain(activity, "recipients"),
            transfers=self.transfers(activity),
            safeguards=self.safeguards(activity),
            retention=self.plain(activity, "retention"),
            automated=self.automated(activity),
            rights=self.rights(activity),
        )

    def controller(self) -> ControllerText:
        """The sender of the letter."""
        controller, missing, said = self.register.controller, [], {}
        for field in CONTROLLER_FIELDS:
            value = value_of(controller, field)
            if not field.printed:
                continue
            if self.gap(f"controller.{field.name}", field, value):
                missing.append(field.label.in_language(self.language))
            said[field.name] = self.first(value)
        return ControllerText(**said, dpo=self.first(controller.dpo), missing=tuple(missing))

    def plain(self, activity: Activity, name: str) -> Fact:
        """An item that is printed as the register has it."""
        field, value = _FIELDS[name], activity_value(activity, _FIELDS[name])
        missing = self.gap(f"activities.{activity.id}.{name}", field, value)
        return self.fact(name, self.known(items_of(value)), field if missing else None)

    def categories(self, activity: Activity) -> Fact:
        """Art. 15(1)(b): each kind of data with what it consists of."""
        field, lines = _FIELDS["data_categories"], []
        missing = self.gap(f"activities.{activity.id}.data_categories", field, activity.data_categories)
        for item in activity.data_categories:
            if isinstance(item, str):
                line = self.category(item)
                missing = missing or not line
                lines += [line] if line else []
            else:
                lines += self.known([item])
        return self.fact("categories", lines, field if missing else None)

    def category(self, category_id: str) -> str:
        """One kind of data in a line; empty when its name or its items are missing by leave."""
        category, path = self.register.category(category_id), f"data_categories.{category_id}"
        label = self.said(f"{path}.label", category.label)
        items = self.all_said(f"{path}.items", category.items)
        return f"{label[0]}: {', '.join(items)}" if label and items else ""

    def transfers(self, activity: Activity) -> Fact:
        """Art. 15(2): whether and where to."""
        field, value = _FIELDS["transfers.outside_eea"], activity.transfers.outside_eea
        missing = self.gap(f"activities.{activity.id}.{field.name}", field, value)
        lines = self.answered(value, yes=words.SOME_TRANSFER, no=words.NO_TRANSFER)
        return self.fact("transfers", lines, field if missing else None)

    def safeguards(self, activity: Activity) -> Fact:
        """Art. 15(2): what protects the data abroad, and how to get a copy of it (Art. 13(1)(f))."""
        field, value = _FIELDS["transfers.safeguards"], activity.transfers.safeguards
        if not is_printed(activity, field):
            return self.fact("safeguards", [words.NO_SAFEGUARDS.in_language(self.language)], None)
        missing = self.gap(f"activities.{activity.id}.{field.name}", field, value)
        lines = self.known([value])
        contact = self.said("controller.rights_contact", self.register.controller.rights_contact)
        offer = words.COPY_OF_SAFEGUARDS.in_language(self.language)
        note = f"{offer} {contact[0]}." if lines and contact else ""
        return self.fact("safeguards", lines, field if missing else None, note=note)

    def automated(self, activity: Activity) -> Fact:
        """Art. 15(1)(h): decisions in the sense of Art. 22, and profiling where the register mentions it."""
        path = f"activities.{activity.id}"
        decision, profiling = _FIELDS["automated_decision_art22"], _FIELDS["profiling"]
        value = activity.automated_decision_art22
        lines = self.answered(value, yes=words.SOME_DECISION, no=words.NO_DECISION)
        lacking = [decision] if self.gap(f"{path}.{decision.name}", decision, value) else []
        if self.gap(f"{path}.profiling", profiling, activity.profiling):
            lacking.append(profiling)
        lines += self.answered(activity.profiling, yes=words.PROFILING, no=words.NO_PROFILING)
        return self.fact("automated", lines, *lacking)

    def rights(self, activity: Activity) -> Fact:
        """Art. 15(1)(e), and how to withdraw consent (Art. 13(2)(c)) where the register says it."""
        lines = [self.right(rule) for rule in activity.rights]
        by_consent = activity.grants(Right.CONSENT_WITHDRAWAL)
        lead = words.HOW_TO_WITHDRAW if by_consent else words.HOW_TO_DECLINE
        how = self.first(activity.consent_withdrawal)
        return self.fact("rights", lines, note=f"{lead.in_language(self.language)}: {how}." if how else "")

    def right(self, rule: RightRule) -> str:
        """One right, with its condition."""
        name = words.RIGHTS[rule.right].in_language(self.language)
        if rule.when is None:
            return name
        return f"{name}, {words.IF.in_language(self.language)} {rule.when.in_language(self.language)}"

    def answered(self, value: Item, *, yes: Text, no: Text) -> list[str]:
        """A yes, a no, or the register's own words; nothing for what is not said."""
        if isinstance(value, bool):
            return [(yes if value else no).in_language(self.language)]
        return self.known([value])

    def said(self, path: str, value: TextValue) -> list[str]:
        """One text as a list of one, or empty when it is missing by leave."""
        return self.all_said(path, (value,))

    def all_said(self, path: str, values: TextList) -> list[str]:
        """Some texts; raises for one that may not be printed."""
        for value in values:
            self.refuse(path, value)
        return self.known(values)

    def gap(self, path: str, field: Field, value: Value) -> bool:
        """True if a field is lacking by leave; raises if there is no leave."""
        for item in items_of(value):
            self.refuse(path, item)
        lacking = is_lacking(field, value, trial=self.trial)
        if lacking and not self.missing_ok:
            raise UnknownValue(path)
        return lacking

    def refuse(self, path: str, item: Item) -> None:
        """Without leave: nothing unknown, and no example outside a trial."""
        if self.missing_ok or not item_is_lacking(item, trial=self.trial):
            return
        raise ExampleValue(path) if isinstance(item, Text) and item.example else UnknownValue(path)

    def known(self, items: Iterable[Item]) -> list[str]:
        """The texts that may be printed: the one way from a value of the register to paper."""
        texts = [item for item in items if isinstance(item, Text)]
        return [text.in_language(self.language) for text in texts if not item_is_lacking(text, trial=self.trial)]

    def first(self, value: Value) -> str:
        """A single text, or nothing."""
        return next(iter(self.known(items_of(value))), "")

    def fact(self, key: str, lines: list[str], *lacking: Field | None, note: str = "") -> Fact:
        """An item with its heading, and with what is missing as one phrase."""
        phrases = [field.label.in_language(self.language) for field in lacking if field is not None]
        both = {"en": " and ", "nb": " og "}[self.language]
        heading = words.HEADINGS[key].in_language(self.language)
        return Fact(key, words.ARTICLES[key], heading, tuple(lines), note, both.join(phrases))
