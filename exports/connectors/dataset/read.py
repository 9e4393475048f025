"""Reads a dataset file; whatever is wrong is told with file, line and key, all of it at once.

Keys of fideslang that only other tools use are allowed and left alone. Keys of our own, all optional:

- `meta` of the dataset: `label: {en, nb}`, `timezone` (IANA name) of times stored without a zone, else UTC;
- `meta` of a collection: `label`, `activities` (ids of the processing register), `origin` of its fields;
- `meta` of a field: `label`, `origin` (given, observed, inferred, third_party), `since: true` (tells since when
  the system has the row), `contact_point` (whether a contact point found here may confirm an identity;
  true for identities of e-mail and phone, unless said otherwise: say `false` where anybody may type anything),
  `withhold` (security, trade_secret, third_party: the value is never fetched, the answer says so),
  `withdraw` (what is written here when a consent is withdrawn: `now` for the time, once, where it is empty; else a
  value such as `false`), `restrict` (the same when the row may only be stored).

How a row is anonymised stands in `fides_meta.masking_strategy_override` of its fields: `null_rewrite`,
`string_rewrite` (`rewrite_value`), `random_string_rewrite` (`length`), or `preserve` for what tells nothing about
a person any more. A personal field without one is emptied, or gets a neutral value if it must not be empty.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from exports.domain.records import ContactChannel, Origin, Withheld
from requests_app.domain.marked_yaml import (
    FileProblems,
    Node,
    Problems,
    Section,
    closest,
    did_you_mean,
    parse,
    read_text,
)

from .model import Collection, Dataset, Direction, Field, Reference
from .values import categories, code, data_type, items, label, part, redacts_name, truth, zone
from .writing import empty_if_kept_for, mark, masking

_KEY = re.compile(r"[A-Za-z0-9_.<>-]+")
_CHANNEL_OF_IDENTITY = {
    "email": ContactChannel.EMAIL,
    "phone": ContactChannel.PHONE,
    "phone_number": ContactChannel.PHONE,
}
_CHANNEL_OF_CATEGORY = {
    "user.contact.email": ContactChannel.EMAIL,
    "user.contact.phone_number": ContactChannel.PHONE,
}

# Keys that other tools use and that say nothing to a search.
_PASSIVE = ("description", "data_uses", "data_purposes", "data_subjects", "data_qualifier", "retention")
_OF_ALL = ("meta", "data_categories", "fides_meta", "fidesops_meta", *_PASSIVE)
_OF_DATASET = (*_OF_ALL, "name", "organization_fides_key", "tags", "third_country_transfers", "joint_controller")
_FIDES_OF_DATASET = ("resource_id", "after", "namespace", "redact")
_FIDES_OF_COLLECTION = (
    *("skip_processing", "redact"),
    *("after", "erase_after", "masking_strategy_override", "partitioning"),
)
_FIDES_OF_FIELD = (
    *("references", "identity", "primary_key", "data_type", "length", "read_only", "redact"),
    *("masking_strategy_override", "return_all_elements", "custom_request_field"),
)
_OWN_OF_DATASET = ("label", "timezone")
_OWN_OF_COLLECTION = ("label", "activities", "origin")
_OWN_OF_FIELD = ("label", "origin", "since", "contact_point", "withhold", "withdraw", "restrict", "empty_if_kept_for")


class DatasetError(FileProblems):
    """The dataset cannot be used; `problems` names file, line, key and what is wrong, all of it."""


def load(path: Path) -> Dataset:
    """The dataset in a file. Raises DatasetError, also for a file that is missing or not UTF-8."""
    problems = Problems(path.name)
    text = read_text(path, problems)
    return _finish(None if problems.found else parse(text, problems), problems)


def parse_text(text: str, *, file: str = "dataset.yaml") -> Dataset:
    """The dataset in a text; `file` is the name that stands in errors. Raises DatasetError."""
    problems = Problems(file)
    return _finish(parse(text, problems), problems)


def _finish(root: Node | None, problems: Problems) -> Dataset:
    dataset = None if root is None else _Reader(problems).root(_without_empty(root))
    if dataset is None or problems.found:
        raise DatasetError(problems.found)
    return dataset


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What the fields of a dataset or a collection have in common unless they say otherwise."""

    path: str
    categories: tuple[str, ...] = ()
    origin: Origin | None = None
    activities: tuple[str, ...] = ()


@dataclass
class _Reader:
    """Reads one dataset from the outside in; references are checked last, when every name is known."""

    problems: Problems
    key: str = ""
    pending: list[tuple[int | None, str, Reference]] = field(default_factory=list)

    def root(self, node: Node) -> Dataset | None:
        datasets = items(Section(node, "", self.problems, required=("dataset",)), "dataset")
        if len(datasets) > 1:
            self.problems.add(datasets[1].line, "dataset", "must hold one dataset: put others into other files")
        return self.dataset(datasets[0]) if datasets else None

    def dataset(self, node: Node) -> Dataset:
        path = _name_of(node, "fides_key", "dataset")
        section = Section(node, path, self.problems, required=("fides_key", "collections"), optional=_OF_DATASET)
        self.key = section.string("fides_key") or ""
        if self.key and not _KEY.fullmatch(self.key):
            section.complain("fides_key", "may only hold letters, digits and . _ < > -")
        own = part(section, "meta", (*_OWN_OF_DATASET, *_foreign_keys(section)))
        fides = _fides(section, _FIDES_OF_DATASET)
        nodes = items(section, "collections")
        inherited = _Inherited(path, categories(section))
        dataset = Dataset(
            key=self.key,
            label=label(own, section.string("name") or self.key),
            collections=tuple(self.collection(item, inherited) for item in nodes),
            zone=zone(own),
            schema=_schema(fides),
            file=self.problems.file,
        )
        self.refuse_twins(nodes, path)
        self.check_references(dataset)
        return dataset

    def collection(self, node: Node, inherited: _Inherited) -> Collection:
        path = f"{inherited.path}.{_name_of(node, 'name', 'collection')}"
        section = Section(node, path, self.problems, required=("name", "fields"), optional=_OF_ALL)
        fides = _fides(section, _FIDES_OF_COLLECTION)
        own = part(section, "meta", _OWN_OF_COLLECTION)
        inherited = replace(
            inherited,
            path=path,
            categories=categories(section) or inherited.categories,
            origin=code(own, "origin", Origin),
            activities=own.strings("activities") or (),
        )
        nodes = items(section, "fields")
        fields = tuple(self.field(item, inherited) for item in nodes)
        self.refuse_twins(nodes, path)
        if sum(f.since for f in fields) > 1:
            self.problems.add(node.line, path, "more than one field says since: true")
        name = section.string("name") or ""
        return Collection(
            name=name,
            label=label(own, name),
            fields=fields,
            activities=inherited.activities,
            skip=truth(fides, "skip_processing"),
            redact_name=redacts_name(fides),
            line=node.line,
        )

    def field(self, node: Node, inherited: _Inherited) -> Field:
        path = f"{inherited.path}.{_name_of(node, 'name', 'field')}"
        section = Section(node, path, self.problems, required=("name",), optional=(*_OF_ALL, "fields"))
        if section.get("fields") is not None:
            section.complain("fields", "nested fields are not supported")
        fides = _fides(section, _FIDES_OF_FIELD)
        own = part(section, "meta", _OWN_OF_FIELD)
        name = section.string("name") or ""
        own_categories = categories(section) or inherited.categories
        identity = fides.string("identity")
        channel = _channel(identity, own_categories)
        kind, masked = data_type(fides), masking(fides)
        return Field(
            name=name,
            label=label(own, name),
            categories=own_categories,
            identity=identity,
            primary_key=truth(fides, "primary_key"),
            references=self.references(fides),
            data_type=kind,
            length=fides.whole_number("length", least=1, most=2**31),
            read_only=truth(fides, "read_only"),
            masking=masked,
            redact_name=redacts_name(fides),
            since=truth(own, "since"),
            origin=code(own, "origin", Origin) or inherited.origin,
            channel=channel,
            contact_point=_contact_point(own, identity, channel),
            withheld=_withheld(own, fides),
            withdraw=mark(own, "withdraw", fides, kind),
            restrict=mark(own, "restrict", fides, kind),
            empty_if_kept_for=empty_if_kept_for(own, fides, masked, inherited.activities),
        )

    def references(self, fides: Section) -> tuple[Reference, ...]:
        path, found = fides.path_of("references"), []
        for node in items(fides, "references", may_be_empty=True):
            section = Section(node, path, self.problems, required=("dataset", "field"), optional=("direction",))
            target = section.string("field") or ""
            collection, dot, name = target.partition(".")
            if target and not (collection and dot and name):
                section.complain("field", f"must read collection.field, not {target}")
            elif section.string("dataset") == self.key:  # another dataset is another database, out of reach
                reference = Reference(collection, name, code(section, "direction", Direction))
                found.append(reference)
                self.pending.append((node.line, path, reference))
        return tuple(found)

    def check_references(self, dataset: Dataset) -> None:
        """Note every reference to a collection or a field that the file does not describe."""
        names = {c.name: [f.name for f in c.fields] for c in dataset.collections}
        for line, path, reference in self.pending:
            target, known = reference.collection, list(names)
            if target in names:
                target, known = reference.field, names[target]
            if target not in known:
                self.problems.add(line, path, f"leads to {target}, which is not here{did_you_mean(target, known)}")
            elif target is reference.field and dataset.collection(reference.collection).field(target).withheld:
                self.problems.add(line, path, f"leads to {target}, which is withheld: the search needs it")

    def refuse_twins(self, nodes: tuple[Node, ...], path: str) -> None:
        """Note names that stand twice in one list."""
        seen: set[str] = set()
        for node in nodes:
            name = _name_of(node, "name", "")
            if name and name in seen:
                self.problems.add(node.line, path, f"describes {name} twice")
            seen.add(name)


def _without_empty(node: Node) -> Node:
    """The tree without keys that have no value: tools that write such files put `null` where nothing is set."""
    entries = tuple(
        replace(entry, value=_without_empty(entry.value)) if entry.key != "meta" else entry
        for entry in node.entries
        if entry.value.kind != "nothing"
    )
    return replace(node, entries=entries, items=tuple(map(_without_empty, node.items)))


def _fides(section: Section, keys: tuple[str, ...]) -> Section:
    """The mapping `fides_meta`, in older files `fidesops_meta`."""
    old = section.get("fides_meta") is None and section.get("fidesops_meta") is not None
    return part(section, "fidesops_meta" if old else "fides_meta", keys)


def _foreign_keys(section: Section) -> tuple[str, ...]:
    """Keys under the dataset's `meta` that belong to others: all that do not look like a slip of ours."""
    node = section.get("meta")
    entries = node.entries if node is not None else ()
    return tuple(entry.key for entry in entries if closest(entry.key, _OWN_OF_DATASET) is None)


def _schema(fides: Section) -> str | None:
    """The schema of the tables (`namespace: {schema: …}`); what else stands there is for other tools."""
    node = fides.get("namespace")
    if node is None:
        return None
    return part(fides, "namespace", tuple(entry.key for entry in node.entries)).string("schema")


def _name_of(node: Node, key: str, otherwise: str) -> str:
    """The name of a dataset, collection or field before it is read, for the place in an error."""
    named = (entry.value.raw.strip() for entry in node.entries if entry.key == key)
    return next(named, "") or otherwise


def _channel(identity: str | None, own_categories: tuple[str, ...]) -> ContactChannel | None:
    if identity is not None:
        return _CHANNEL_OF_IDENTITY.get(identity)
    return next((_CHANNEL_OF_CATEGORY[c] for c in own_categories if c in _CHANNEL_OF_CATEGORY), None)


def _contact_point(own: Section, identity: str | None, channel: ContactChannel | None) -> bool:
    wanted = truth(own, "contact_point", default=identity is not None and channel is not None)
    if wanted and channel is None:
        own.complain("contact_point", "the field holds neither e-mail addresses nor phone numbers")
    return wanted


def _withheld(own: Section, fides: Section) -> Withheld | None:
    withheld = code(own, "withhold", Withheld)
    if withheld and any(fides.get(key) for key in ("identity", "primary_key", "references")):
        own.complain("withhold", "the search needs this field: it is an identity, a key or a reference")
    if withheld and any(truth(own, key) for key in ("since", "contact_point")):
        own.complain("withhold", "the search needs this field: it says since when, or is a contact point")
    return withheld
