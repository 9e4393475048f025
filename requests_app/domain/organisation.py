"""The organisation that answers: its settings, read and checked, from a file or as the desk edits them.

One installation serves one controller (GDPR Art. 4(7)). Every name, address, language, promise and country
comes from here. They begin as a file (`config/organisation.yaml`), in which `unknown` stands for what the
organisation has not said yet and reads as None; afterwards every version is the same mapping as JSON.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from .calendars import COUNTRIES
from .marked_yaml import FileProblems, Json, Node, Problems, Section, from_data, parse, read_text

SCHEMA = "datarett-organisation/1"
SUPPORTED_LANGUAGES = ("nb", "en")
LEAST_POLICY_DAYS, MOST_POLICY_DAYS = 1, 90

_REQUIRED = (
    *("schema", "name", "legal_entity_name", "org_number", "postal_address", "country", "time_zone"),
    *("policy_days", "languages", "rights_contact", "from_address", "own_addresses", "own_domains"),
    *("own_mail_hosts", "authserv_ids", "privacy_page", "cookie_page", "dpo", "supervisory_authority"),
)
_OPTIONAL = ("keeps_corrections", "asks_own_data")
_ON_THE_CLOCK = ("country", "time_zone", "policy_days")
_LONGEST_LINE = 200  # characters: what the database has room for
_LONGEST = {"org_number": 40, "time_zone": 64, "rights_contact": 254, "from_address": 254, "postal_address": 1000}
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")


def longest(key: str) -> int:
    """How many characters a setting may have: what the database has room for."""
    return _LONGEST.get(key, _LONGEST_LINE)


class BadValue(ValueError):
    """A value that breaks a rule: one line for the operator, and a code for pages."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OrganisationError(FileProblems):
    """The settings cannot be used; `problems` names file, line, key and what is wrong, all of it."""


@dataclass(frozen=True, slots=True)
class Localised:
    """A text or an address in both languages."""

    nb: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in `nb` or `en`; ValueError for any other code."""
        if language not in SUPPORTED_LANGUAGES:
            raise ValueError(f"no such language: {language}")
        return self.nb if language == "nb" else self.en


@dataclass(frozen=True, slots=True)
class Authority:
    """The supervisory authority of every complaint block (Art. 12(4), 15(1)(f), 77)."""

    name: Localised
    postal_address: str
    website: str


@dataclass(frozen=True, slots=True)
class OrganisationSettings:
    """What the installation knows about its organisation. None = not said, or there is none.

    `policy_days` is the promise in calendar days; `country` (ISO 3166-1 alpha-2) and `time_zone` (IANA)
    govern the clock; the first of `languages` is the default. `own_mail_hosts` are the hosts whose
    `Received` line proves receipt; `authserv_ids` those whose `Authentication-Results` (RFC 8601) are
    believed. Addresses, domains and hosts are in lower case. `keeps_corrections`: what staff sort otherwise than
    the triage guessed is kept for a while, to train it on. `asks_own_data`: people may show who they are by answers
    about what the systems hold of them.
    """

    name: str
    legal_entity_name: str | None
    org_number: str | None
    postal_address: str | None
    country: str
    time_zone: str
    policy_days: int
    languages: tuple[str, ...]
    rights_contact: str
    from_address: str
    own_addresses: tuple[str, ...]
    own_domains: tuple[str, ...]
    own_mail_hosts: tuple[str, ...]
    authserv_ids: tuple[str, ...]
    privacy_page: Localised | None
    cookie_page: Localised | None
    dpo: str | None
    supervisory_authority: Authority
    keeps_corrections: bool
    asks_own_data: bool


KEYS = tuple(field.name for field in fields(OrganisationSettings))
"""What the organisation says of itself, in the order in which it is shown."""


def from_json(data: Json, name: str = "") -> OrganisationSettings:
    """The settings from the mapping of the file as JSON; OrganisationError lists everything that is wrong with it.

    Keys of problems are dotted (`supervisory_authority.name.nb`).
    """
    return _read(from_data(data), Problems(name))


def to_json(settings: OrganisationSettings) -> dict[str, Json]:
    """The mapping that `from_json` reads back as the same settings."""
    data: dict[str, Json] = {"schema": SCHEMA}
    for key, value in asdict(settings).items():
        data[key] = list(value) if isinstance(value, tuple) else value
    return data


def moves_dates(before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Whether due dates are reckoned differently by these settings, both as JSON."""
    return any(before[key] != after[key] for key in _ON_THE_CLOCK)


def load(path: Path) -> OrganisationSettings:
    """Read the settings file; OrganisationError lists everything that is wrong with it."""
    problems = Problems(str(path))
    return _read(parse(read_text(path, problems), problems), problems)


def _read(node: Node | None, problems: Problems) -> OrganisationSettings:
    if node is None:
        raise OrganisationError(problems.found)
    reader = _Reader(Section(node, "", problems, required=_REQUIRED, optional=_OPTIONAL))
    settings = reader.settings()
    if settings is None:
        raise OrganisationError(problems.found)
    return settings


class _Reader:
    """Reads the settings; what is wrong stands empty in them and is noted, so they are then thrown away."""

    def __init__(self, section: Section) -> None:
        self.section = section

    def settings(self) -> OrganisationSettings | None:
        """The settings, or None after noting what is wrong."""
        self.check_schema()
        name, country = self.said("name"), self.checked("country", _country)
        zone = self.checked("time_zone", _time_zone)
        days = self.section.whole_number("policy_days", least=LEAST_POLICY_DAYS, most=MOST_POLICY_DAYS)
        contact, sender = self.checked("rights_contact", _address), self.checked("from_address", _address)
        authority = self.authority()
        settings = OrganisationSettings(
            name=name or "",
            legal_entity_name=self.optional("legal_entity_name"),
            org_number=self.optional("org_number"),
            postal_address=self.optional("postal_address"),
            country=country or "",
            time_zone=zone or "",
            policy_days=days or 0,
            languages=self.each("languages", _language, least=1),
            rights_contact=contact or "",
            from_address=sender or "",
            own_addresses=self.each("own_addresses", _address, least=1),
            own_domains=self.each("own_domains", _domain),
            own_mail_hosts=self.each("own_mail_hosts", _host),
            authserv_ids=self.each("authserv_ids", _host),
            privacy_page=self.page("privacy_page"),
            cookie_page=self.page("cookie_page"),
            dpo=self.optional("dpo"),
            supervisory_authority=authority or Authority(Localised("", ""), "", ""),
            keeps_corrections=bool(self.section.truth("keeps_corrections")),
            asks_own_data=bool(self.section.truth("asks_own_data")),
        )
        self.check_own(settings)
        return None if self.section.problems.found else settings

    def check_schema(self) -> None:
        """The file must say what it is."""
        schema = self.section.string("schema")
        if schema is not None and schema != SCHEMA:
            self.section.complain("schema", f'must be "{SCHEMA}", not "{schema}"')

    def said(self, key: str, section: Section | None = None) -> str | None:
        """A text that must be known."""
        place = section or self.section
        value = place.string(key)
        if value is not None and value.lower() in ("unknown", "none"):
            place.complain(key, "must be known", "missing")
            return None
        return self.of_length(key, value, place)

    def of_length(self, key: str, value: str | None, place: Section) -> str | None:
        """A text that has room in the database."""
        most = longest(key)
        if value is not None and len(value) > most:
            place.complain(key, f"must have at most {most} characters, not {len(value)}", "too_long", str(most))
            return None
        return value

    def optional(self, key: str) -> str | None:
        """A text, or None for `unknown`, `none` and an empty value."""
        node = self.section.get(key)
        if node is None or node.kind == "nothing" or node.raw.strip().lower() in ("unknown", "none"):
            return None
        return self.of_length(key, self.section.string(key), self.section)

    def checked(self, key: str, check: Callable[[str], str]) -> str | None:
        """A text that `check` accepts; its ValueError is the message."""
        value = self.of_length(key, self.section.string(key), self.section)
        if value is None:
            return None
        try:
            return check(value)
        except BadValue as error:
            self.section.complain(key, str(error), error.code, value)
            return None

    def each(self, key: str, check: Callable[[str], str], *, least: int = 0) -> tuple[str, ...]:
        """A list whose every member `check` accepts."""
        values = self.section.strings(key)
        if values is not None and len(values) < least:
            self.section.complain(key, "must not be empty", "missing")
        good = []
        for value in values or ():
            try:
                good.append(check(value))
            except BadValue as error:
                self.section.complain(key, str(error), error.code, value)
        return tuple(good)

    def check_own(self, settings: OrganisationSettings) -> None:
        """Our own mail must be known as ours, or we would answer ourselves."""
        contact, sender = settings.rights_contact, settings.from_address
        if contact and contact not in settings.own_addresses:
            message = f"{contact} must also stand in own_addresses"
            self.section.complain("rights_contact", message, "not_own", contact)
        known = sender in settings.own_addresses or sender.partition("@")[2] in settings.own_domains
        if sender and not known:
            message = f"{sender} is neither in own_addresses nor in own_domains"
            self.section.complain("from_address", message, "not_ours", sender)

    def page(self, key: str) -> Localised | None:
        """The address of a web page, one for both languages or one each."""
        found = self.localised(self.section, key) if self.optional_mapping(key) else None
        if found is None:
            return None
        for url in sorted({found.nb, found.en}):
            if not _is_web_address(url):
                self.section.complain(key, f'must be a web address (https://…), not "{url}"', "web_address", url)
        return found

    def optional_mapping(self, key: str) -> bool:
        """True when the key says something."""
        node = self.section.get(key)
        return node is not None and (node.kind == "mapping" or self.optional(key) is not None)

    def localised(self, section: Section, key: str) -> Localised | None:
        """A plain text for both languages, or a mapping {nb, en}."""
        node = section.get(key)
        if node is None:
            return None
        if node.kind != "mapping":
            text = self.said(key, section)
            return Localised(nb=text, en=text) if text else None
        part = Section(node, section.path_of(key), section.problems, required=("nb", "en"))
        nb, en = self.said("nb", part), self.said("en", part)
        return Localised(nb=nb, en=en) if nb and en else None

    def authority(self) -> Authority | None:
        """The supervisory authority with the address of the complaint block."""
        node = self.section.get("supervisory_authority")
        if node is None:
            return None
        keys = ("name", "postal_address", "website")
        part = Section(node, "supervisory_authority", self.section.problems, required=keys)
        name = self.localised(part, "name")
        address, website = self.said("postal_address", part), self.said("website", part)
        return Authority(name, address, website) if name and address and website else None


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname)


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise BadValue("country", f'must be a country code of two capital letters, not "{value}"')
    if value not in COUNTRIES:
        known = ", ".join(COUNTRIES)
        raise BadValue("country", f"has no table of holidays here, so no date can be computed (known: {known})")
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError) as error:
        raise BadValue("time_zone", f'no time zone is called "{value}" (write it like Europe/Oslo)') from error
    return value


def _language(value: str) -> str:
    if value not in SUPPORTED_LANGUAGES:
        raise BadValue("language", f'must be nb or en, not "{value}"')
    return value


def _host(value: str) -> str:
    host = value.lower()
    if not _HOST.fullmatch(host):
        raise BadValue("host", f'must be the name of a host, not "{value}"')
    return host


def _domain(value: str) -> str:
    if "." not in value:
        raise BadValue("domain", f'must be a domain (like example.com), not "{value}"')
    return _host(value)


def _address(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local) or not _HOST.fullmatch(domain.lower()) or "." not in domain:
        raise BadValue("address", f'must be an e-mail address, not "{value}"')
    return value.lower()
