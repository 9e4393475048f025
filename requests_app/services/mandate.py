"""Asking whoever writes for another to show that they may (letter T22; EDPB 01/2022 paragraphs 80-81).

The person the data is about is told nothing by it. It is no question to that person, and stops no clock.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation

from requests_app import audit
from requests_app.domain.enums import Intent, Requester
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.labels import right_label
from requests_app.models import Case, Message

from . import clock, collision, correspondence, portal_access, rows

TEMPLATE = "requests_app/mail/mandate"
LINK_OPEN = timedelta(days=60)


def ask(case_id: int, *, actor: Actor, version: int | None = None) -> Message:
    """Send the letter, once for a case. Raises ActionRefused."""
    with transaction.atomic():
        case = rows.lock_case(case_id)
        collision.check(case, version)
        if reason := why_not(case):
            raise ActionRefused(reason)
        portal_access.keep_link_until(case, timezone.now() + LINK_OPEN)
        message = correspondence.queue(
            case, Intent.MANDATE, TEMPLATE, _context(case), key=_key(case),
            secrets={"link": correspondence.status_link_secret(case)},
        )  # fmt: skip
        Message.objects.filter(pk=message.pk).update(author=actor.user_id)
        collision.touch(case.pk)
        audit.record("mandate.asked", f"case:{case.pk}", actor, message=message.pk)
        return message


def concerns(case: Case) -> bool:
    """Tell whether somebody writes by mandate. A parent or guardian has none: the law lets them."""
    return case.requester == Requester.REPRESENTATIVE


def why_not(case: Case) -> Reason | None:
    """Return why the mandate cannot be asked for now, or None."""
    if not concerns(case):
        return Reason("mandate_not_needed")
    if case.closed_at is not None:
        return Reason("case_closed")
    if not case.person_email:
        return Reason("no_address")
    return Reason("mandate_asked") if asked(case) else None


def asked(case: Case) -> Message | None:
    """Return the letter that asked for the mandate."""
    return Message.objects.filter(key=_key(case)).first()


def words(case: Case) -> correspondence.Words:
    """Return the letter as it would be sent. Raises `wording.Unresolved`."""
    with translation.override(case.language):
        link = translation.gettext("[the personal link]")
    return correspondence.preview(case, TEMPLATE, _context(case), secrets={"link": link})


def _key(case: Case) -> str:
    return f"mandate:{case.pk}"


def _context(case: Case) -> dict[str, object]:
    rights = case.dsrs.open().exclude(right="").order_by("id").values_list("right", flat=True)
    with translation.override(case.language):
        called = [str(right_label(right)) for right in rights]
    return {"received_on": clock.calendar().local_date(case.received_at), "rights": called}
