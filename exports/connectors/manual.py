"""Systems that only a person can reach: every verb ends as a task with an instruction in both languages.

The same protocol as every other connector, so that nobody upstairs needs a special case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from exports.connectors import clock
from exports.connectors.base import (
    SEARCH_COMPLETE,
    ConnectorError,
    Fault,
    ProbeResult,
    Remember,
    bad_settings,
    check_keys,
    number_setting,
    text_setting,
)
from exports.domain.changes import ChangeResult, FieldChange, Measures
from exports.domain.enums import Measure
from exports.domain.records import (
    Instruction,
    Label,
    LocateResult,
    Outcome,
    ReadResult,
    Subject,
    Verb,
)
from requests_app.domain.marked_yaml import (
    FileProblems,
    Node,
    Problems,
    Section,
    did_you_mean,
    parse,
    read_text,
)

GENERIC = "generic"
TOLD_TO_STOP = 3
"""Working days within which systems are told to stop marketing: an objection cannot wait for the search."""

_OWN_FILE = Path(__file__).with_name("manual_instructions.yaml")
_SETTINGS = ("kind", "name", "instructions", "due_working_days")
_INSTRUCTED = tuple(verb.value for verb in Verb if verb is not Verb.PROBE)


@dataclass(frozen=True, slots=True)
class Kind:
    """The texts for one kind of system; for other verbs look at the kind it is `like`."""

    texts: Mapping[Verb, Label]
    like: str


class ManualConnector:
    """A system without an interface, or without a connector yet.

    Settings, all optional: `kind` (a kind in the file of instructions, else `generic`), `name` of the system
    as people know it (else its id), `instructions` (path of a file that replaces texts or adds kinds),
    `due_working_days` after the day of receipt (10).
    """

    abilities: frozenset[Verb] = frozenset(Verb)

    def __init__(self, key: str, *, name: str, kind: str, kinds: Mapping[str, Kind], due_working_days: int) -> None:
        self.key = key
        self._name = name
        self._kind = kind
        self._kinds = kinds
        self._due_working_days = due_working_days

    def __repr__(self) -> str:
        return f"<ManualConnector {self.key}>"

    @classmethod
    def from_settings(cls, system_id: str, settings: Mapping[str, object]) -> Self:
        """The connector of one system. Raises ConnectorError (BAD_SETTINGS) with all that is wrong."""
        check_keys(system_id, settings, _SETTINGS)
        kinds = _kinds_with(system_id, settings.get("instructions"))
        kind = text_setting(system_id, settings, "kind", GENERIC)
        if kind not in kinds:
            raise bad_settings(system_id, f"there are no instructions for {kind!r}{did_you_mean(kind, kinds)}")
        days = number_setting(system_id, settings, "due_working_days", SEARCH_COMPLETE, least=1, most=60)
        return cls(
            system_id,
            name=text_setting(system_id, settings, "name", system_id),
            kind=kind,
            kinds=kinds,
            due_working_days=int(days),
        )

    def probe(self) -> ProbeResult:
        """Always ready: a person needs no connection."""
        return ProbeResult(ok=True)

    def locate(self, subject: Subject) -> LocateResult:
        """The instruction to look for contact points; nothing of the subject enters it."""
        return LocateResult(system=self.key, outcome=Outcome.MANUAL, instruction=self.instruct(Verb.LOCATE))

    def read(self, subject: Subject) -> ReadResult:
        """The instruction to collect everything about the person; nothing of the subject enters it."""
        return ReadResult(
            system=self.key,
            outcome=Outcome.MANUAL,
            extracted_at=clock.now(),
            instruction=self.instruct(Verb.READ),
        )

    def rectify(self, subject: Subject, changes: Sequence[FieldChange]) -> ChangeResult:
        """The instruction to correct; neither the person nor the values enter it."""
        return self._by_hand(Verb.RECTIFY)

    def erase(self, subject: Subject, measures: Measures) -> ChangeResult:
        """The instruction to delete, or to anonymise where nothing is to be deleted."""
        only_anonymised = Measure.ANONYMISE in measures.values() and Measure.DELETE not in measures.values()
        return self._by_hand(Verb.ANONYMISE if only_anonymised else Verb.ERASE)

    def verify(self, subject: Subject, measures: Measures) -> ChangeResult:
        """The instruction to search once more."""
        return self._by_hand(Verb.VERIFY)

    def withdraw(self, subject: Subject) -> ChangeResult:
        """The instruction to stop marketing."""
        return self._by_hand(Verb.WITHDRAW)

    def restrict(self, subject: Subject, activities: Sequence[str], remember: Remember) -> ChangeResult:
        """The instruction to take the data out of use; nothing was marked that could be remembered."""
        return self._by_hand(Verb.RESTRICT)

    def unrestrict(self, subject: Subject, marks: Sequence[FieldChange]) -> ChangeResult:
        """The instruction to take the data into use again."""
        return self._by_hand(Verb.UNRESTRICT)

    def _by_hand(self, verb: Verb) -> ChangeResult:
        return ChangeResult(
            system=self.key,
            outcome=Outcome.MANUAL,
            at=clock.now(),
            instruction=self.instruct(verb),
        )

    def instruct(self, verb: Verb) -> Instruction:
        """What a person has to do for a verb, and by when. ValueError for `probe`, which needs nobody."""
        if verb is Verb.PROBE:
            raise ValueError("nobody is asked to probe a system by hand")
        kind = self._kinds[self._kind]
        while verb not in kind.texts:
            kind = self._kinds[kind.like]
        text = kind.texts[verb]
        days = min(self._due_working_days, TOLD_TO_STOP) if verb is Verb.WITHDRAW else self._due_working_days
        return Instruction(
            Label(
                en=text.en.replace("{system}", self._name),
                nb=text.nb.replace("{system}", self._name),
            ),
            due_working_days=days,
        )


@cache
def _own_kinds() -> Mapping[str, Kind]:
    return _merged(_OWN_FILE, {})


def _kinds_with(system_id: str, path: object) -> Mapping[str, Kind]:
    """Our kinds, with those of the installation's own file over them."""
    if path is None:
        return _own_kinds()
    if not isinstance(path, str | Path):
        raise bad_settings(system_id, "setting 'instructions' must be the path of a file")
    try:
        return _merged(Path(path), _own_kinds())
    except FileProblems as error:
        message = f"{system_id}: {error}"
    raise ConnectorError(message, permanent=True, fault=Fault.BAD_SETTINGS)


def _merged(path: Path, under: Mapping[str, Kind]) -> Mapping[str, Kind]:
    """The kinds of a file over those already known. Raises FileProblems."""
    problems = Problems(path.name)
    text = read_text(path, problems)
    root = None if problems.found else parse(text, problems)
    if root is not None and root.kind != "mapping":
        problems.add(root.line, "", f"must hold kinds of system, not {root.in_words}")
    kinds = dict(under)
    for entry in root.entries if root is not None else ():
        known = under.get(entry.key, Kind({}, GENERIC))
        kind = _kind(entry.value, entry.key, known, problems)
        kinds[entry.key] = Kind({**known.texts, **kind.texts}, kind.like)
    _check_likeness(root, kinds, problems)
    if problems.found:
        raise FileProblems(problems.found)
    return kinds


def _kind(node: Node, name: str, known: Kind, problems: Problems) -> Kind:
    section = Section(node, name, problems, required=(), optional=("like", *_INSTRUCTED))
    texts = {}
    for verb in _INSTRUCTED:
        if (value := section.get(verb)) is not None:
            both = Section(value, section.path_of(verb), problems, required=("en", "nb"))
            texts[Verb(verb)] = Label(en=both.string("en") or "", nb=both.string("nb") or "")
    return Kind(texts, section.string("like") or known.like)


def _check_likeness(root: Node | None, kinds: Mapping[str, Kind], problems: Problems) -> None:
    """Every chain of `like` must end at `generic`, which must have a text for every verb."""
    missing = [v for v in _INSTRUCTED if GENERIC not in kinds or Verb(v) not in kinds[GENERIC].texts]
    if missing and root is not None:
        problems.add(root.line, GENERIC, f"lacks texts for {', '.join(missing)}")
    for entry in root.entries if root is not None else ():
        seen = [entry.key]
        while seen[-1] != GENERIC and (like := kinds[seen[-1]].like) in kinds and like not in seen:
            seen.append(like)
        if seen[-1] != GENERIC:
            like = kinds[seen[-1]].like
            fault = "leads back to itself" if like in seen else f"{like} is not here{did_you_mean(like, kinds)}"
            problems.add(entry.line, f"{entry.key}.like", fault)
