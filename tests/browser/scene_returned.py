"""What comes back in the scene, and what is in doubt: a dead address, a forged sender, one Message-ID twice."""

from datetime import timedelta
from email.utils import format_datetime
from uuid import uuid4

from django.utils import timezone

from identity.models import User
from requests_app.domain.enums import Channel, MessageState, Right
from requests_app.models import Case, Message
from requests_app.services import attachments, correspondence, intake, reading
from tests.requests_app.mailbox import bounces

from .scene_acts import effects, form

_PDF = b"%PDF-1.7\nhello\nstartxref\n9\n%%EOF\n"
_CHECKED = "Authentication-Results: mx1.optimar.no; dmarc=fail header.from=banken.example; spf=fail"


def lay(hanne: User) -> dict[str, Case]:
    """Play what came back and what is doubtful, and return the cases by name."""
    case = form("Gerd Moen", "gerd.moen@example.com", Right.ACCESS)
    _write(case, hanne, "Et spørsmål", "Hei, gjelder det også butikken i Bergen? Se kartet.", "kart over Bergen.pdf")
    first, last = case.messages.exclude(message_id="").order_by("id").first(), case.messages.latest("id")
    assert first
    _arrives(_report(first, action="delayed", status="4.4.1"))
    _arrives(_report(last))
    _write(case, hanne, "Et spørsmål til", "Hei igjen, fikk du spørsmålet mitt?")
    for text in ("Slett kontoen min.", "Slett kontoen min, og send alt dere har, hit."):
        _arrives(_mail(f"Message-ID: <samme@banken.example>\r\n{_CHECKED}", "Kontoen min", text))
    effects()
    return {"bounced": case}


def _write(case: Case, hanne: User, subject: str, text: str, *names: str) -> None:
    """Write to the person, with files of these names."""
    draft = uuid4().hex
    files = [attachments.keep(case.pk, draft, name, _PDF, author=hanne.pk).pk for name in names]
    correspondence.write_to_person(case.pk, subject=subject, body=text, actor=hanne.as_actor(), key=draft, files=files)
    effects()


def _report(message: Message, **told: str) -> bytes:
    """What a mail server writes of a message of ours; it had gone."""
    Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(state=MessageState.SENT)
    report = bounces.report(message.message_id, recipient=message.to_address, **told)
    return report.replace(b"<20260701@", f"<{message.pk}@".encode())  # each has a Message-ID of its own


def _mail(top: str, subject: str, text: str) -> bytes:
    at = format_datetime(timezone.localtime() - timedelta(hours=1))
    return (
        f"{top}\r\nFrom: Banken <kunde@banken.example>\r\nTo: info@optimar.no\r\nSubject: {subject}\r\n"
        f"Date: {at}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def _arrives(raw: bytes) -> None:
    inquiry, _ = intake.record_inquiry(channel=Channel.MAIL, received_at=timezone.now() - timedelta(hours=1), raw=raw)
    reading.read_inquiry(inquiry.pk)
    effects()
