"""The secret status link: found by its hash, renewed for whoever reads the mailbox of the case."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from requests_app import audit, outbox
from requests_app.domain import events, tokens
from requests_app.domain.enums import Intent
from requests_app.domain.snapshot import PERSON
from requests_app.keyring import ring
from requests_app.models import Case, Message

from . import correspondence, rows
from .intake import link_token

RENEWALS = 3
AT_MOST = 20
RENEWAL_WINDOW = timedelta(hours=24)


def case_of_link(token: str) -> Case | None:
    """Return the case a link opens, or None for an unknown or expired one."""
    case = Case.objects.filter(link_digest=tokens.digest(token)).first()
    return case if case and case.link_expires_at > timezone.now() else None


def keep_link_until(case: Case, until: datetime) -> None:
    """Make the link of a case last at least until `until`: something waits behind it. Needs a transaction."""
    Case.objects.filter(pk=case.pk, link_expires_at__lt=until).update(link_expires_at=until)


def renew(email: str) -> None:
    """Owe fresh status links to an address for each of its cases.

    An unknown address takes the same steps, so that neither the answer nor its time tells which ones are known.
    """
    cases = Case.objects.filter(person_email__iexact=email).order_by("-id").values_list("pk", flat=True)
    with transaction.atomic():
        outbox.publish(events.LinkWanted(list(cases[:AT_MOST])))


def send_links(case_ids: list[int]) -> None:
    """Mail the status link of each case, at most RENEWALS times a day; an expired link is replaced."""
    with transaction.atomic():
        for case in rows.lock_cases(case_ids):
            _send_link(case)


def _send_link(case: Case) -> None:
    now = timezone.now()
    today = Message.objects.filter(case=case, intent=Intent.STATUS_LINK, created_at__gt=now - RENEWAL_WINDOW)
    if today.count() >= RENEWALS:
        return
    if case.link_expires_at <= now:
        case.link_generation += 1
        case.link_key_id = ring().active
        case.link_digest = tokens.digest(link_token(case))
    case.link_expires_at = now + settings.LINK_LIFETIME
    case.save(update_fields=["link_generation", "link_key_id", "link_digest", "link_expires_at"])
    correspondence.queue(
        case, Intent.STATUS_LINK, "requests_app/mail/status_link", {},
        key=f"status-link:{case.pk}:{now.timestamp()}",
        secrets={"link": correspondence.status_link_secret(case)},
    )  # fmt: skip
    audit.record("case.link_sent", f"case:{case.pk}", PERSON, generation=case.link_generation)
