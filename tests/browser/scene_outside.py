"""What people of the scene answered from their own mail program: asked about, counted as the answer, and neither."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

from django.utils import timezone

from identity.models import User
from requests_app.domain.enums import Right
from requests_app.models import Case, SentMail
from requests_app.services import outside, sent_mail

from .scene_acts import effects, form


def lay(hanne: User) -> dict[str, Case]:
    """Play what was sent by hand, and return the cases by name."""
    asked = form("Jorunn Tveit", "jorunn.tveit@example.com", Right.ACCESS)
    _sent(asked, "Vi ser på det", "Hei Jorunn, vi ser på det og kommer tilbake.", hours=5)
    outside.count_as_correspondence(_last(asked), actor=hanne.as_actor())
    _sent(asked, "Sv: Innsyn", "Hei Jorunn,\n\nvedlagt er det vi har om deg.\n\nVennlig hilsen\nAnne", hours=3)
    answered = form("Terje Rise", "terje.rise@example.com", Right.ACCESS)
    _sent(answered, "Sv: Innsyn", "Hei Terje, vi har ingenting om deg.", hours=4)
    outside.count_as_answer(_last(answered), actor=hanne.as_actor())
    return {"outside": asked, "outside_answer": answered}


def _sent(case: Case, subject: str, text: str, *, hours: int) -> None:
    """A mail in the folder for sent mail."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Anne Vik <anne.vik@optimar.no>", case.person_email
    mail["Subject"] = f"{subject} {case.reference}"
    mail.set_content(text)
    raw = mail.as_bytes(policy=SMTP)
    sent_mail.record(sent_at=timezone.now() - timedelta(hours=hours), raw=raw, oversize=False, size=len(raw))
    effects()


def _last(case: Case) -> int:
    return SentMail.objects.filter(message__case=case).latest("sent_at").pk
