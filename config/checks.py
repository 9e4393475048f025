"""System checks: what would fail only at run time is found when a process starts."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from exports import registry, vault
from exports.domain import events as export_events
from identity.domain import claims
from identity.oidc.errors import OidcError
from identity.oidc.provider import check_address
from identity.services import leaked_passwords
from requests_app.domain import events as request_events
from requests_app.domain import keys
from requests_app.mailbox import mailboxes, webhook
from requests_app.mailbox.mailboxes import open_mailbox
from requests_app.mailbox.sources import SourceError
from requests_app.services import mail_access, sending


def all_events() -> Iterator[type[request_events.Event]]:
    """Yield every concrete event class of the house."""
    abstract = {request_events.Event, request_events.RequestEvent}
    for module in (request_events, export_events):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, request_events.Event) and value not in abstract:
                yield value


@register()
def events_are_wired(**kwargs: Any) -> list[CheckMessage]:
    """Every event stands in `config/wiring.py`, every name there is an event, every handler exists."""
    known = {event.__name__ for event in all_events()}
    wired = set(settings.OUTBOX_HANDLERS)
    problems: list[CheckMessage] = [
        Error(f"event {name} is not wired or unknown", id="config.E001") for name in sorted(known ^ wired)
    ]
    for name in [h for handlers in settings.OUTBOX_HANDLERS.values() for h in handlers] + [
        *settings.CASE_PANELS,
        *settings.CASE_FOOT_PANELS,
        *settings.CASE_SIDE_PANELS,
        *settings.PORTAL_PANELS,
        settings.SYSTEMS_OWNED,
        settings.SYSTEMS_HANDED_OVER,
        settings.OPEN_TASKS,
        settings.TO_APPROVE,
        settings.WRITE_BRAKE,
    ]:
        try:
            import_string(name)
        except ImportError:
            problems.append(Error(f"{name} does not exist", id="config.E002"))
    return problems


@register()
def leaked_passwords_are_readable(**kwargs: Any) -> list[CheckMessage]:
    """DATARETT_LEAKED_PASSWORDS names the list, sorted by its hashes."""
    if settings.LEAKED_PASSWORDS is None:
        return []
    try:
        leaked_passwords.check(settings.LEAKED_PASSWORDS)
    except (OSError, leaked_passwords.NotTheList):
        message = "DATARETT_LEAKED_PASSWORDS cannot be read, or is not the list of SHA-1 sorted by hash"
        return [Error(message, id="config.E010")]
    return []


@register()
def keys_are_readable(**kwargs: Any) -> list[CheckMessage]:
    """DATARETT_KEYS holds at least one key of 32 bytes."""
    try:
        keys.parse(settings.KEYS_TEXT)
    except keys.KeyRingError as error:
        return [Error(f"DATARETT_KEYS: {error}", id="config.E003")]
    return []


@register()
def files_have_a_place(**kwargs: Any) -> list[CheckMessage]:
    """DATARETT_FILES_URL names a store that we can write to."""
    try:
        vault.root()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="config.E004")]
    return []


@register()
def mail_can_leave(**kwargs: Any) -> list[CheckMessage]:
    """DATARETT_SMTP_URL, where it is given, names a server; a message would only find out when it is sent."""
    try:
        sending.transport()
    except ValueError as error:
        return [Error(f"DATARETT_SMTP_URL: {error}", id="config.E005")]
    return []


@register()
def alarms_can_leave(**kwargs: Any) -> list[CheckMessage]:
    """DATARETT_ALARM_WEBHOOK, where it is given, may be posted to; an alarm would find out too late."""
    try:
        if settings.ALARM_WEBHOOK:
            webhook.check(settings.ALARM_WEBHOOK)
    except ValueError as error:
        return [Error(f"DATARETT_ALARM_WEBHOOK: {error}", id="config.E007")]
    return []


@register()
def providers_of_identity_can_be_asked(**kwargs: Any) -> list[CheckMessage]:
    """Electronic IDs and single sign-on are switched off, or have all that they need."""
    return [*_provider("DATARETT_EID", "EID"), *_provider("DATARETT_SSO", "SSO"), *_second_factor_rule()]


def _provider(variables: str, prefix: str) -> Iterator[CheckMessage]:
    given = {name: getattr(settings, f"{prefix}_{name}") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")}
    missing = [f"{variables}_{name}" for name, value in given.items() if not value]
    if 0 < len(missing) < len(given):
        yield Error(f"{', '.join(missing)} is missing: give all three, or none", id="config.E020")
    try:
        if given["ISSUER"]:
            check_address(given["ISSUER"])
    except OidcError:
        yield Error(f"{variables}_ISSUER must begin with https:// and hold no password", id="config.E021")
    if shared := {"common", "organizations", "consumers"} & set(given["ISSUER"].split("/")):
        yield Error(f"{variables}_ISSUER must name one tenant, not “{shared.pop()}”", id="config.E022")


def _second_factor_rule() -> Iterator[CheckMessage]:
    try:
        claims.read_rule(settings.SSO_SECOND_FACTOR)
    except ValueError as error:
        yield Error(f"DATARETT_SSO_SECOND_FACTOR: {error}", id="config.E023")


@register()
def codes_can_leave(**kwargs: Any) -> list[CheckMessage]:
    """DATARETT_SMS_URL, where it is given, may be posted to; a code would find out too late."""
    try:
        if settings.SMS_URL:
            webhook.check(settings.SMS_URL)
    except ValueError as error:
        return [Error(f"DATARETT_SMS_URL: {error}", id="config.E012")]
    return []


@register()
def mailboxes_can_be_named(**kwargs: Any) -> list[CheckMessage]:
    """Every address in DATARETT_MAILBOX_URLS can be understood; nothing is connected yet.

    The addresses hold passwords, so an error tells the place in the list and never the address.
    """
    problems: list[CheckMessage] = []
    for number, url in enumerate(settings.MAILBOX_URLS, 1):
        try:
            open_mailbox(url, mail_access.application())
        except SourceError as error:
            problems.append(Error(f"DATARETT_MAILBOX_URLS: address {number}: {error}", id="config.E006"))
    return problems


@register()
def mailboxes_are_told_apart(**kwargs: Any) -> list[CheckMessage]:
    """No mailbox is named twice: of two that go by one name, the one that is read hides that the other is not."""
    names = mailboxes.names(settings.MAILBOX_URLS, mail_access.application())
    return [
        Warning(
            f"DATARETT_MAILBOX_URLS: address {number} is the mailbox of address {names.index(name) + 1}; "
            "name it once, with all of its folders",
            id="config.W003",
        )
        for number, name in enumerate(names, 1)
        if names.index(name) + 1 != number
    ]


@register()
def end_of_the_secret_is_known(**kwargs: Any) -> list[CheckMessage]:
    """A client secret of Microsoft ends one day, and with it all mail by it; nobody but the settings can tell when."""
    if mail_access.application() is None or settings.OAUTH_SECRET_ENDS is not None:
        return []
    return [Warning("DATARETT_OAUTH_SECRET_ENDS is not set: nobody is warned before the secret ends", id="config.W002")]


@register()
def systems_are_usable(**kwargs: Any) -> list[CheckMessage]:
    """The systems file and the datasets it names can be read; a case would only find out when it is searched for."""
    return [Warning(problem, id="config.W001") for problem in registry.problems()]
