"""Our own way with mail: what `manage.py ingest` and the worker do, one after the other in one process.

Started by `bench/mail.py` with the environment of an installation of its own. Prints one line of JSON.
"""

import json
import os

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.conf import settings  # noqa: E402 - the models need the settings

from bench.usage import Usage, measured, peak_mb  # noqa: E402
from requests_app import outbox  # noqa: E402
from requests_app.domain.enums import Intent  # noqa: E402
from requests_app.mailbox import bounded  # noqa: E402
from requests_app.mailbox.mailboxes import open_mailbox  # noqa: E402
from requests_app.models import Inquiry, Message, OutboxEvent, Sighting  # noqa: E402
from requests_app.services import mailbox_health, unsorted  # noqa: E402
from requests_app.services.capture import capture  # noqa: E402
from tests import factories  # noqa: E402


def main() -> None:
    """Go through both mailboxes of the settings; only the second counts."""
    call_command("migrate", verbosity=0)
    factories.organisation()
    warm_up, measured_one = settings.MAILBOX_URLS
    take(warm_up)
    read()
    count, captured = take(measured_one)
    read_usage = read()
    print(json.dumps({
        "mails": count,
        "capture": vars(captured),
        "read": vars(read_usage),
        "receipts": Message.objects.filter(intent=Intent.ACKNOWLEDGEMENT.value).count(),
        "peak_mb": peak_mb(),
    }))  # fmt: skip


def take(url: str) -> tuple[int, Usage]:
    """Capture what a mailbox holds; return how many mails, and what it cost."""
    mailbox, before = open_mailbox(url), Sighting.objects.count()
    mailbox_health.expect([mailbox.name])
    with measured() as usage:
        found = capture(mailbox.name, mailbox.source, set())
        mailbox_health.fetched(mailbox.name, waiting_since=found.waiting_since)
    mailbox.close()
    if found.fault or found.refused or found.new != Sighting.objects.count() - before:
        raise SystemExit(f"not every mail was captured: {found}")
    return found.new, usage


def read() -> Usage:
    """Read all that was captured, with its triage, and write the receipts that are owed."""
    with measured() as usage:
        while outbox.relay(settings.OUTBOX_BATCH) == settings.OUTBOX_BATCH:
            pass
        unsorted.confirm()
        bounded.stop()  # the child that parsed is counted once it has ended
    if (
        Inquiry.objects.filter(parsed_at=None).exists()
        or OutboxEvent.objects.filter(name="InquiryReceived", done_at=None).exists()
    ):
        raise SystemExit("not every mail was read")
    return usage


if __name__ == "__main__":
    main()
