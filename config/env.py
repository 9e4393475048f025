"""The environment, read once and typed; the only place that knows where a setting comes from.

Every variable `NAME` may also be given as `NAME_FILE`, the path of a file that holds the value. Without
`DATARETT_DATABASE_URL` the installation is the embedded one: everything lives below `DATARETT_VAR` and the
two secrets are read from there, and so is the address at which `make run` serves it unless one is given. Where a
secret is absent, nothing starts and the message names it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
ENVELOPES = ("null", "bounce", "from")
REPLY_ADDRESSES = ("plus", "plain")


class BadEnvironment(SystemExit):
    """The environment lacks something or says something that cannot be understood."""

    def __init__(self, message: str) -> None:
        super().__init__(f"datarett: {message}")


@dataclass(frozen=True)
class Environment:
    """What the environment says; secrets do not show in `repr`."""

    var: Path
    url: str
    port: int
    secret_key: str
    keys: str
    database_url: str
    broker_url: str
    mailbox_urls: tuple[str, ...]
    smtp_url: str
    envelope_sender: str
    reply_address: str
    confirm_unaddressed: bool
    files_url: str
    oauth_tenant: str
    oauth_client_id: str
    oauth_client_secret: str
    oauth_secret_ends: date | None
    alarm_webhook: str
    alarm_webhook_secret: str
    eid_issuer: str
    eid_client_id: str
    eid_client_secret: str
    eid_acr: str
    sso_issuer: str
    sso_client_id: str
    sso_client_secret: str
    sso_second_factor: str
    sms_url: str
    sms_token: str
    digest_at: time
    summer_weeks: tuple[int, int] | None
    leaked_passwords: Path | None

    def __repr__(self) -> str:
        return f"Environment(var={self.var}, url={self.url}, embedded={self.embedded})"

    @property
    def embedded(self) -> bool:
        """True on one machine without a database server (design: one machine, and many)."""
        return not self.database_url

    @property
    def secure(self) -> bool:
        """True when people reach the site by https; cookies and HSTS follow it."""
        return urlsplit(self.url).scheme == "https"

    @property
    def host(self) -> str:
        """The host name under which people reach the site."""
        return urlsplit(self.url).hostname or "localhost"


NAMES = (
    "DATARETT_VAR",
    "DATARETT_URL",
    "DATARETT_SECRET_KEY",
    "DATARETT_KEYS",
    "DATARETT_DATABASE_URL",
    "DATARETT_BROKER_URL",
    "DATARETT_MAILBOX_URLS",
    "DATARETT_SMTP_URL",
    "DATARETT_ENVELOPE_SENDER",
    "DATARETT_REPLY_ADDRESS",
    "DATARETT_CONFIRM_UNADDRESSED",
    "DATARETT_FILES_URL",
    "DATARETT_OAUTH_TENANT",
    "DATARETT_OAUTH_CLIENT_ID",
    "DATARETT_OAUTH_CLIENT_SECRET",
    "DATARETT_OAUTH_SECRET_ENDS",
    "DATARETT_ALARM_WEBHOOK",
    "DATARETT_ALARM_WEBHOOK_SECRET",
    "DATARETT_EID_ISSUER",
    "DATARETT_EID_CLIENT_ID",
    "DATARETT_EID_CLIENT_SECRET",
    "DATARETT_EID_ACR",
    "DATARETT_SSO_ISSUER",
    "DATARETT_SSO_CLIENT_ID",
    "DATARETT_SSO_CLIENT_SECRET",
    "DATARETT_SSO_SECOND_FACTOR",
    "DATARETT_SMS_URL",
    "DATARETT_SMS_TOKEN",
    "DATARETT_DIGEST_AT",
    "DATARETT_SUMMER_WEEKS",
    "DATARETT_LEAKED_PASSWORDS",
    "PORT",
)


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Return the typed environment.

    Raises `BadEnvironment` (a `SystemExit` with one clear line) when a secret is missing, a file cannot
    be read, or a number or address cannot be understood.
    """

    def value(name: str, default: str = "") -> str:
        direct = environ.get(name, "")
        path = environ.get(f"{name}_FILE", "")
        if direct or not path:
            return direct or default
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadEnvironment(f"{name}_FILE cannot be read: {error.strerror}") from None

    var = Path(value("DATARETT_VAR", str(ROOT / "var"))).absolute()
    embedded = not value("DATARETT_DATABASE_URL")

    def secret(name: str, file: str) -> str:
        given = value(name)
        if given or not embedded:
            if not given:
                raise BadEnvironment(f"{name} is missing (see .env.example)")
            return given
        try:
            return (var / file).read_text(encoding="utf-8").strip()
        except OSError:
            raise BadEnvironment(
                f"{name} is missing and {var / file} does not exist; `make setup` creates it"
            ) from None

    try:
        port = int(value("PORT", "8000"))
    except ValueError:
        raise BadEnvironment("PORT is not a number") from None
    url = value("DATARETT_URL") or (_running_at(var) if embedded and not value("PORT") else "")
    url = (url or f"http://localhost:{port}").rstrip("/")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise BadEnvironment("DATARETT_URL must look like https://rights.example.com")
    return Environment(
        var=var,
        url=url,
        port=port,
        secret_key=secret("DATARETT_SECRET_KEY", "secret_key"),
        keys=secret("DATARETT_KEYS", "keys"),
        database_url=value("DATARETT_DATABASE_URL"),
        broker_url=value("DATARETT_BROKER_URL"),
        mailbox_urls=tuple(value("DATARETT_MAILBOX_URLS", f"maildir:{var / 'mailbox'}").split()),
        smtp_url=value("DATARETT_SMTP_URL"),
        envelope_sender=_one_of("DATARETT_ENVELOPE_SENDER", value("DATARETT_ENVELOPE_SENDER", "null"), ENVELOPES),
        reply_address=_one_of("DATARETT_REPLY_ADDRESS", value("DATARETT_REPLY_ADDRESS", "plus"), REPLY_ADDRESSES),
        confirm_unaddressed=_one_of(
            "DATARETT_CONFIRM_UNADDRESSED", value("DATARETT_CONFIRM_UNADDRESSED", "no"), ("yes", "no")
        )
        == "yes",
        files_url=value("DATARETT_FILES_URL", f"file:{var / 'files'}"),
        oauth_tenant=value("DATARETT_OAUTH_TENANT"),
        oauth_client_id=value("DATARETT_OAUTH_CLIENT_ID"),
        oauth_client_secret=value("DATARETT_OAUTH_CLIENT_SECRET"),
        oauth_secret_ends=_day(value("DATARETT_OAUTH_SECRET_ENDS")),
        alarm_webhook=value("DATARETT_ALARM_WEBHOOK"),
        alarm_webhook_secret=value("DATARETT_ALARM_WEBHOOK_SECRET"),
        eid_issuer=value("DATARETT_EID_ISSUER"),
        eid_client_id=value("DATARETT_EID_CLIENT_ID"),
        eid_client_secret=value("DATARETT_EID_CLIENT_SECRET"),
        eid_acr=value("DATARETT_EID_ACR"),
        sso_issuer=value("DATARETT_SSO_ISSUER"),
        sso_client_id=value("DATARETT_SSO_CLIENT_ID"),
        sso_client_secret=value("DATARETT_SSO_CLIENT_SECRET"),
        sso_second_factor=value("DATARETT_SSO_SECOND_FACTOR"),
        sms_url=value("DATARETT_SMS_URL"),
        sms_token=value("DATARETT_SMS_TOKEN"),
        digest_at=_time_of_day(value("DATARETT_DIGEST_AT", "07:00")),
        summer_weeks=_weeks(value("DATARETT_SUMMER_WEEKS", "28-30")),
        leaked_passwords=Path(value("DATARETT_LEAKED_PASSWORDS")) if value("DATARETT_LEAKED_PASSWORDS") else None,
    )


def _one_of(name: str, text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise BadEnvironment(f"{name} must be one of {', '.join(words)}")
    return text


def _time_of_day(text: str) -> time:
    given: time | None
    try:
        given = time.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is not None:
        raise BadEnvironment("DATARETT_DIGEST_AT must look like 07:00")
    return given


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadEnvironment("DATARETT_OAUTH_SECRET_ENDS must look like 2027-05-31") from None


def _weeks(text: str) -> tuple[int, int] | None:
    """Return the first and the last of some ISO weeks; every year has those from 1 to 52."""
    if text == "none":
        return None
    first, _dash, last = text.partition("-")
    if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= 52:
        return int(first), int(last)
    raise BadEnvironment("DATARETT_SUMMER_WEEKS must look like 28-30, or be none")


def _running_at(var: Path) -> str:
    """Return where `make run` said it serves this folder, for commands beside it; "" when it never did."""
    try:
        form = json.loads((var / "run.json").read_text(encoding="utf-8"))["form"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    address = urlsplit(form) if isinstance(form, str) else None
    return f"{address.scheme}://{address.netloc}" if address and address.netloc else ""
