"""Which system is reached how: connectors by name, and the systems file that says which one a system has.

The file (`settings.SYSTEMS_FILE`) may be absent: then every system is worked by hand.

    schema: datarett-systems/1
    systems:
      website:                        # id in the processing register
        connector: sql
        url_env: WEBSITE_DATABASE     # name of an environment variable, or `url:` itself
        dataset: website.yaml         # beside this file
        writable: true                # absent: the database is only ever read
        row_limit: 20000
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from exports.connectors.base import Connector, ConnectorError, Fault
from exports.connectors.manual import ManualConnector
from exports.connectors.sql import SqlConnector
from requests_app.domain.marked_yaml import (
    FileProblems,
    Node,
    Problems,
    Section,
    did_you_mean,
    parse,
    read_text,
)

SCHEMA = "datarett-systems/1"
MANUAL = "manual"
CONNECTORS: dict[str, type[Connector]] = {MANUAL: ManualConnector, "sql": SqlConnector}

# Stands for the name of the system in instructions, until a page puts in the name the register gives it.
NAME_PLACEHOLDER = "{system}"

# Instructions for the systems of the register we ship, where no systems file says otherwise.
_KIND_OF_SYSTEM = {
    "dynamics": "dynamics",
    "hubspot": "hubspot",
    "ga": "google_analytics",
    "google_ads": "google_ads",
    "gmp": "display_video",
    "meta": "meta_ads",
    "bing": "microsoft_ads",
    "linkedin": "linkedin",
    "other_ads": "advertising",
    "mailbox": "mailbox",
}
_PATHS = ("dataset", "instructions")


class SystemsError(FileProblems):
    """The systems file cannot be used; `problems` names file, line and key of all that is wrong."""


@dataclass(frozen=True)
class Entry:
    """How one system is reached; `settings` may hold credentials and do not show."""

    system: str
    connector: str
    settings: Mapping[str, object] = field(repr=False)
    place: str


def entries() -> dict[str, Entry]:
    """Return what the systems file says, by system; nothing without a file. Raises SystemsError."""
    path = Path(settings.SYSTEMS_FILE)
    if not path.exists():
        return {}
    problems = Problems(path.name)
    root = parse(read_text(path, problems), problems)
    found = _systems(root, problems, path.parent) if root is not None else []
    if problems.found:
        raise SystemsError(problems.found)
    return {entry.system: entry for entry in found}


def is_automatic(system: str, known: Mapping[str, Entry]) -> bool:
    """Tell whether a connector works this system, or a person."""
    return system in known and known[system].connector != MANUAL


def connector_for(system: str) -> Connector:
    """Return the connector of a system; the manual one when nothing else is set up.

    Raises SystemsError for the file as a whole, ConnectorError (permanent) for what it says of this system.
    """
    entry = entries().get(system)
    if entry is None:
        return ManualConnector.from_settings(system, _manual_settings(system, {}))
    given = _manual_settings(system, entry.settings) if entry.connector == MANUAL else entry.settings
    try:
        return CONNECTORS[entry.connector].from_settings(system, _with_url(entry, given))
    except ConnectorError as error:
        raise ConnectorError(f"{entry.place}: {error}", permanent=True, fault=error.fault) from None


def problems() -> list[str]:
    """Return everything that is wrong with the systems file and the files it names, one line each."""
    try:
        known = entries()
    except SystemsError as error:
        return [str(problem) for problem in error.problems]
    found = []
    for system in known:
        try:
            connector_for(system)
        except ConnectorError as error:
            found.append(str(error))
    return found


def _systems(root: Node, problems: Problems, folder: Path) -> list[Entry]:
    top = Section(root, "", problems, required=("schema", "systems"))
    schema = top.string("schema")
    if schema is not None and schema != SCHEMA:
        top.complain("schema", f'must be "{SCHEMA}", not "{schema}"')
    node = top.get("systems")
    if node is None:
        return []
    if node.kind != "mapping":
        top.complain("systems", f"must be a mapping (key: value), not {node.in_words}")
    return [_entry(entry.key, entry.value, problems, folder) for entry in node.entries]


def _entry(system: str, node: Node, problems: Problems, folder: Path) -> Entry:
    path = f"systems.{system}"
    given = {entry.key: entry.value for entry in node.entries}
    section = Section(node, path, problems, required=("connector",), optional=tuple(given))
    connector = section.string("connector") or MANUAL
    if connector not in CONNECTORS:
        section.complain("connector", f"there is no connector {connector}{did_you_mean(connector, CONNECTORS)}")
    plain = {key: _plain(key, value, path, problems) for key, value in given.items() if key != "connector"}
    for key in _PATHS:
        if isinstance(text := plain.get(key), str):
            plain[key] = folder / text
    return Entry(system, connector, plain, f"{problems.file}:{node.line}: {path}")


def _plain(key: str, node: Node, path: str, problems: Problems) -> object:
    """One setting as Python has it; lists and mappings are none."""
    if node.kind in ("list", "mapping", "nothing"):
        problems.add(node.line, f"{path}.{key}", f"must be a text or a number, not {node.in_words}")
        return None
    if node.kind == "truth":
        return node.truth
    if node.kind == "number":
        try:
            return int(node.raw)
        except ValueError:
            return float(node.raw) if node.raw.replace(".", "", 1).isdecimal() else node.raw
    return node.raw


def _manual_settings(system: str, given: Mapping[str, object]) -> dict[str, object]:
    defaults: dict[str, object] = {"name": NAME_PLACEHOLDER}
    if system in _KIND_OF_SYSTEM:
        defaults["kind"] = _KIND_OF_SYSTEM[system]
    return defaults | dict(given)


def _with_url(entry: Entry, given: Mapping[str, object]) -> dict[str, object]:
    """Take the address of the database from the environment, where credentials belong."""
    resolved = {key: value for key, value in given.items() if key != "url_env"}
    name = given.get("url_env")
    if name is None:
        return resolved
    if "url" in given:
        raise _bad_settings(entry, "give either 'url' or 'url_env'")
    file = os.environ.get(f"{name}_FILE", "")
    try:
        url = os.environ.get(str(name), "") or (Path(file).read_text(encoding="utf-8").strip() if file else "")
    except OSError as error:
        raise _bad_settings(entry, f"{name}_FILE cannot be read: {error.strerror}") from None
    if not url:
        raise _bad_settings(entry, f"the environment variable {name} is not set")
    return resolved | {"url": url}


def _bad_settings(entry: Entry, message: str) -> ConnectorError:
    return ConnectorError(f"{entry.system}: {message}", permanent=True, fault=Fault.BAD_SETTINGS)
