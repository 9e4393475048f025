"""What the page of the organisation shows: its settings in groups, and what each version changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from requests_app.domain.marked_yaml import Json
from requests_app.labels import COUNTRIES, SPOKEN
from requests_app.models import OrganisationVersion
from requests_app.services import organisation as service

MOST_VERSIONS = 20

LABELS: dict[str, Promise] = {
    "name": _("Name"),
    "legal_entity_name": _("Name of the legal entity"),
    "org_number": _("Organisation number"),
    "postal_address": _("Postal address"),
    "dpo": _("How to reach the data protection officer"),
    "country": _("Country whose holidays count"),
    "time_zone": _("Time zone"),
    "policy_days": _("Our promise, in calendar days"),
    "languages": _("Languages"),
    "rights_contact": _("Address for requests"),
    "from_address": _("Sender of our mail"),
    "own_addresses": _("Our own addresses"),
    "own_domains": _("Our own domains"),
    "own_mail_hosts": _("Mail servers that prove receipt"),
    "authserv_ids": _("Mail servers whose check of the sender is believed"),
    "privacy_page": _("Page about privacy"),
    "cookie_page": _("Page about cookies"),
    "supervisory_authority": _("Supervisory authority"),
    "keeps_corrections": _("Keep what we sort otherwise than the triage guessed"),
    "asks_own_data": _("Let people show who they are by answers about their own data"),
}
GROUPS: tuple[tuple[str, Promise, tuple[str, ...]], ...] = (
    ("who", _("Who answers"), ("name", "legal_entity_name", "org_number", "postal_address", "dpo")),
    ("dates", _("Dates"), ("country", "time_zone", "policy_days")),
    ("languages", _("Languages"), ("languages",)),
    (
        "mail",
        _("Mail"),
        ("rights_contact", "from_address", "own_addresses", "own_domains", "own_mail_hosts", "authserv_ids"),
    ),
    ("pages", _("Pages of the website"), ("privacy_page", "cookie_page")),
    ("authority", _("Supervisory authority"), ("supervisory_authority",)),
    ("triage", _("Triage of the mail"), ("keeps_corrections",)),
    ("identity", _("Identity"), ("asks_own_data",)),
)


@dataclass(frozen=True)
class Line:
    """One setting in words; without values, nothing has been said."""

    label: Promise
    values: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Settings that belong together."""

    anchor: str
    title: Promise
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Change:
    """One setting before and after."""

    label: Promise
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """One version of the settings, and what it changed."""

    row: OrganisationVersion
    reason: str
    changes: tuple[Change, ...]


def groups(settings: Mapping[str, Json]) -> list[Group]:
    """Return the settings, group by group."""
    return [
        Group(anchor, title, tuple(Line(LABELS[key], tuple(in_words(key, settings[key]))) for key in keys))
        for anchor, title, keys in GROUPS
    ]


def history() -> list[Version]:
    """Return the latest versions, newest first."""
    rows = list(OrganisationVersion.objects.select_related("created_by")[: MOST_VERSIONS + 1])
    return [_version(row, older) for row, older in zip_longest(rows, rows[1:])][:MOST_VERSIONS]


def in_words(key: str, value: Json) -> Iterator[str]:
    """Yield the lines of one setting in the reader's language; none where nothing has been said."""
    if isinstance(value, Mapping):
        yield from _of_mapping(value)
    elif isinstance(value, bool):
        yield gettext("Yes") if value else gettext("No")
    elif isinstance(value, list):
        yield from (str(SPOKEN[str(one)]) if key == "languages" else str(one) for one in value)
    elif key == "country":
        yield str(COUNTRIES.get(str(value), value))
    elif key == "policy_days" and isinstance(value, int):
        yield ngettext("%(n)s day", "%(n)s days", value) % {"n": value}
    elif value:
        yield str(value)


def _of_mapping(value: Mapping[str, Json]) -> Iterator[str]:
    """A text in both languages, or the authority with its address."""
    if set(value) == {"nb", "en"}:
        same = value["nb"] == value["en"]
        yield from [str(value["nb"])] if same else (f"{SPOKEN[code]}: {value[code]}" for code in ("nb", "en"))
        return
    for part in value.values():
        yield from _of_mapping(part) if isinstance(part, Mapping) else [str(part)]


def _version(row: OrganisationVersion, older: OrganisationVersion | None) -> Version:
    known = {service.LOADED: gettext("Taken from the file"), service.SET_UP: gettext("Answered at the set-up")}
    reason = known.get(row.reason, row.reason)
    return Version(row, reason, tuple(_changes(older.content, row.content)) if older else ())


def _changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Change]:
    for key, label in LABELS.items():
        if (before.get(key) or None) != (after.get(key) or None):  # what a version is older than, it says no to
            old, new = (", ".join(in_words(key, settings.get(key))) for settings in (before, after))
            yield Change(label, old or gettext("nothing"), new or gettext("nothing"))
