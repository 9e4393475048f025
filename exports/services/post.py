"""A mail on paper: the words that were sent, with letterhead and address field, to be posted.

The personal link and codes stay out of it: they are filled in only in the mail that leaves, and nobody here sees them.
"""

from datetime import UTC
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from requests_app import audit, selectors
from requests_app.domain.enums import Direction, Intent
from requests_app.domain.snapshot import Actor
from requests_app.models import Message
from requests_app.services import clock
from requests_app.services.sending import SECRET

from . import letters_sender, pdf
from .pdf_text import line, long_day, text


def mails(reference: str) -> QuerySet[Message]:
    """Return what was written to the person of a case and can be posted: a code that works for minutes cannot."""
    to_person = Message.objects.filter(case__reference=reference, direction=Direction.OUT.value)
    return to_person.exclude(intent=Intent.ONE_TIME_CODE.value).select_related("case")


def printed(message: Message, *, actor: Actor) -> bytes:
    """Return one of `mails` as PDF, and write down who fetched it. Raises `pdf.PdfError`."""
    content = pdf.render_mail(_page(message), message.language, trial=selectors.organisation().trial)
    with transaction.atomic():
        audit.record("message.printed", f"case:{message.case_id}", actor, message=message.pk)
    return content


def _enclosed(message: Message) -> str:
    """Name the files that went with the mail, for whoever puts them into the envelope; "" without any."""
    names = list(message.attachments.values_list("name", flat=True))
    return _("Enclosed: %(files)s") % {"files": ", ".join(names)} if names else ""


def _page(message: Message) -> dict[str, object]:
    """What `exports/pdf/mail.html` draws."""
    case, organisation, language = message.case, selectors.organisation(), message.language
    assert case is not None  # noqa: S101 - for the type checker
    said = message.sent_at or message.created_at
    written_on = said.astimezone(ZoneInfo(organisation.time_zone)).date()
    with translation.override(language):
        sender = letters_sender.sender(language)
        body = SECRET.sub(_("[personal link, only in the e-mail]"), message.body)
        return {
            "title": f"{message.subject}, {case.reference}",
            "created": said.astimezone(UTC).replace(microsecond=0).isoformat(),
            "heading": line(message.subject),
            "paragraphs": [
                [text(part) for part in paragraph.splitlines()]
                for paragraph in [*body.split("\n\n"), _enclosed(message)]
                if paragraph.strip()
            ],
            "trial": organisation.trial,
            "received_on": long_day(clock.calendar().local_date(case.received_at), language),
            "answered_on": long_day(written_on, language),
            "sent_to": line(message.to_address),
            "recipient": line(case.person_name),
            "recipient_address": [line(part) for part in case.person_address.splitlines() if part.strip()],
            "organisation": line(sender.name),
            "organisation_address": [line(part) for part in sender.postal_address],
            "organisation_place": line(sender.place),
            "contact": line(sender.contact_mail),
            "reference": line(case.reference),
        }
