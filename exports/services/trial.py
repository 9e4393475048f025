"""A first look round: example values in the register, an invented website to search, a mail that waits.

Only for an embedded installation whose organisation is marked as a trial. Everything is laid once: what is there
already, or was changed since, stays as it is.
"""

import os
import shutil
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from exports.demo import people, website
from requests_app import selectors
from requests_app.models import Inquiry, Organisation
from requests_app.services import clock

from . import register

EXAMPLES = Path(settings.BASE_DIR) / "config" / "register.trial.yaml"
MAIL_NAME = "innsyn-fra-ingrid-solvang.eml"
_ARRIVED_AGO = timedelta(minutes=25)

_SYSTEMS = """\
# How each system of the register is reached; a system that is not here is worked by hand.
schema: datarett-systems/1
systems:
  website:                          # an invented website, for the trial
    connector: sql
    url: "sqlite:///{database}"
    dataset: trial/website.dataset.yaml
    writable: true                  # correct, delete, withdraw and restrict there; else it is only read
"""

_SUBJECT = "Hva har dere lagret om meg?"
_TEXT = """\
Hei!

Jeg har kjøpt reservedeler av dere noen ganger og har en konto på nettsiden deres. Nå lurer jeg på hvilke
opplysninger dere har om meg. Kan jeg få en kopi av alt sammen? Jeg vil også gjerne vite hva dere bruker
opplysningene til, og hvem dere har gitt dem videre til.

Hilsen
Ingrid Solvang
"""


def install() -> None:
    """Lay what a trial needs and does not have yet. Raises `exports.domain.register.RegisterError`, OSError."""
    register.add_examples(EXAMPLES)
    _lay_website(settings.VAR / "trial")
    _lay_mail(settings.VAR / "mailbox" / MAIL_NAME)


def _lay_website(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database, dataset = folder / "website.sqlite3", folder / "website.dataset.yaml"
    if not database.exists():
        website.build(database)
    if not dataset.exists():
        shutil.copyfile(website.DATASET, dataset)
    if not settings.SYSTEMS_FILE.exists():
        _write(settings.SYSTEMS_FILE, _SYSTEMS.format(database=database).encode())


def _lay_mail(path: Path) -> None:
    """Drop the mail while nothing has arrived; once it was read, its file may be thrown away."""
    if path.exists() or Inquiry.objects.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mail = _mail(selectors.organisation(), _arrival(timezone.now()))
    _write(path, mail.as_bytes(policy=SMTP.clone(cte_type="8bit")))


def _arrival(now: datetime) -> datetime:
    """A little while ago, but today: the dates on the pages then count from the day of the trial."""
    calendar = clock.calendar()
    midnight = calendar.end_of_day_utc(calendar.local_date(now) - timedelta(days=1))
    return timezone.localtime(max(now - _ARRIVED_AGO, midnight))


def _mail(organisation: Organisation, arrived: datetime) -> EmailMessage:
    person, host = people.INGRID, (organisation.own_mail_hosts or ["mx.example.com"])[0]
    believed = (organisation.authserv_ids or [host])[0]
    at, sender = format_datetime(arrived), person.email.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["Return-Path"] = f"<{person.email}>"
    mail["Received"] = (
        f"from mail.{sender} (mail.{sender} [192.0.2.25]) by {host} with ESMTPS id 4trial;"
        f" {at}"
    )  # fmt: skip
    mail["Authentication-Results"] = (
        f"{believed}; dmarc=pass header.from={sender}; dkim=pass header.d={sender}; spf=pass smtp.mailfrom={sender}"
    )
    mail["From"] = f"{person.name} <{person.email}>"
    mail["To"] = organisation.rights_contact
    mail["Subject"] = _SUBJECT
    mail["Date"] = format_datetime(arrived - timedelta(seconds=4))
    mail["Message-ID"] = f"<{arrived:%Y%m%d%H%M%S}.trial@{sender}>"
    mail.set_content(_TEXT, cte="8bit")
    return mail


def _write(path: Path, content: bytes) -> None:
    """Write a whole file or none: the mailbox is read by another process meanwhile."""
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
