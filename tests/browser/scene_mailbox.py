"""What lies in the mailbox of the scene."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from identity.models import User
from requests_app.domain.enums import Right, Verdict
from requests_app.models import Case, Inquiry
from requests_app.services import excision, triage

from .scene_acts import effects


def lay(working: Case, hanne: User) -> Case:
    """What lies in the mailbox, unsorted but for two; return the case that one of them became."""
    folder = settings.VAR / "mailbox"
    letters = [_mail(*letter, days_ago=number) for number, letter in enumerate(_LETTERS)]
    letters[0].add_alternative("<p>Hei, kan dere <b>slette</b> alt dere har om meg?</p>", subtype="html")
    letters[0].add_attachment(b"%PDF-1.4 nothing in it", maintype="application", subtype="pdf", filename="avtale.pdf")
    for number, name in ((5, "forerkort.jpg"), (6, "pass.jpg")):
        letters[number].add_attachment(b"\xff\xd8\xff no picture", maintype="image", subtype="jpeg", filename=name)
    letters.append(_mail(*_FORWARD))
    letters.append(_mail("Tor Lund <tor.lund@partner.example>", "Kom til oss", "Hei, denne er visst til dere."))
    letters[-1].add_attachment(_mail("Eva Moen <eva.moen@example.com>", "Sletting", "Hei, slett alt om meg."))
    letters.append(_mail("Marit Sætre <ms@arbeid.example>", f"Utlandet {working.reference}", "Ja, også i utlandet."))
    letters += _doubtful()
    for number, letter in enumerate(letters):
        (folder / f"letter{number}.eml").write_bytes(letter.as_bytes(policy=SMTP))
    (folder / "broken.eml").write_bytes(b"\x00\x01\x02 this is no mail at all \xff\xfe" * 40)
    call_command("ingest", once=True, verbosity=0)
    effects()
    excision.remove_attachment(_subject("Reklame").pk, 0, actor=hanne.as_actor())
    triage.sort_as_other(_subject(_OFFER).pk, Verdict.NOT_A_REQUEST, actor=hanne.as_actor())
    case = triage.sort_as_request(_subject(_ACCESS).pk, [Right.ACCESS], actor=hanne.as_actor())
    effects()
    return case


_OFFER = "Tilbud på pallejekker"
_ACCESS = "Innsyn i egne opplysninger"
_LETTERS = (
    ("Siri Holmen <siri.holmen@example.com>", "Slett meg", "Hei, kan dere slette alt dere har om meg?\n\nSiri Holmen"),
    (
        "Bjørn Aas <bjorn.aas@example.com>",
        _ACCESS,
        "Hei!\n\nJeg ber om innsyn etter personvernforordningen artikkel 15.\n\nVennlig hilsen\nBjørn Aas",
    ),
    ("Kontoret <post@leverandor.example>", _OFFER, "Hei, vedlagt vårt tilbud på pallejekker."),
    ("Messekontoret <post@messe.example>", "Bli med på høstmessen", "Hei, standene for høstmessen legges ut nå."),
    ("Regnskap <regnskap@kunde.example>", "Faktura 10442", "Hei, kan dere sende fakturaen på nytt?"),
    ("Linnea Berge <linnea.berge@example.com>", "Reklame", "Slutt å sende meg reklame, takk. Hilsen Linnea Berge"),
    (
        "Ola Dahle <ola.dahle@example.com>",
        "Feil telefonnummer",
        "Dere har feil telefonnummer på meg. Kan dere rette det?",
    ),
)


_FORWARD = (
    "Ola Selger <ola.selger@optimar.no>",
    "VS: Hva vet dere om meg?",
    """Hei, denne kom til meg.

________________________________
Fra: Vilde Haugland <vilde.haugland@example.com>
Sendt: mandag 9. november 2026 14:05
Til: Ola Selger
Emne: Hva vet dere om meg?

Hei, hvilke opplysninger har dere om meg? Jeg vil også ha slettet kontoen min.

Vilde Haugland
""",
)


_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"


def _doubtful() -> list[EmailMessage]:
    """A mail that is encrypted, with a web page that calls itself a PDF and a file of Outlook, and its double."""
    text = "Hei, her er brevet mitt.\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA5vJ6oj1\n-----END PGP MESSAGE-----"
    mails = [_mail("Kåre Li <kare.li@example.com>", subject, text) for subject in ("Sikkert brev", "Endret brev")]
    for mail in mails:
        mail.replace_header("Message-ID", "<doubtful.scene@mail.example.com>")
        mail.add_attachment(b"<!DOCTYPE html><p>Hei", maintype="application", subtype="pdf", filename="faktura.pdf")
        mail.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat")
        mail.add_attachment(_SIGNATURE, maintype="application", subtype="pgp-signature", filename="signature.asc")
        mail.set_type("multipart/signed")
    return mails


def _subject(words: str) -> Inquiry:
    return Inquiry.objects.light().get(subject=words)


def _mail(sender: str, subject: str, text: str, *, days_ago: int = 0) -> EmailMessage:
    at = format_datetime(timezone.localtime() - timedelta(days=days_ago, minutes=5))
    mail = EmailMessage(policy=SMTP)
    mail["Received"] = f"from mail.example.com by mx1.optimar.no with ESMTPS id 4scene; {at}"
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, "info@optimar.no", subject, at
    mail["Message-ID"] = make_msgid(domain="mail.example.com")
    mail.set_content(text)
    return mail
