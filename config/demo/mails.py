"""What lies in the mailbox of the demo, waiting to be sorted: wishes, and what is none, in two languages."""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from django.utils import timezone

HOST = "mx1.optimar.no"


@dataclass(frozen=True)
class Mail:
    """One mail: who wrote it, about what, how many hours ago."""

    sender: str
    subject: str
    text: str
    hours: int


NORWEGIAN = (
    Mail("Siri Holmen <siri.holmen@example.net>", "Slett meg", "Hei, kan dere slette alt dere har om meg?\n\nSiri", 3),
    Mail(
        "Bjørn Aas <bjorn.aas@example.net>", "Innsyn i egne opplysninger",
        "Hei!\n\nJeg ber om innsyn etter personvernforordningen artikkel 15.\n\nVennlig hilsen\nBjørn Aas", 5,
    ),
    Mail(
        "Ola Dahle <ola.dahle@example.net>", "Feil telefonnummer",
        "Dere har feil telefonnummer på meg. Kan dere rette det? Det riktige er 100 00 117.\n\nOla Dahle", 8,
    ),
    Mail("Live Berge <live.berge@example.net>", "Reklame", "Slutt å sende meg reklame, takk.\n\nLive Berge", 20),
    Mail(
        "Even Vik <even.vik@example.net>", "Sak om opplysningene mine",
        "Jeg vil ha en kopi av alt dere har, og etterpå vil jeg at det slettes.\n\nEven Vik", 26,
    ),
    Mail("Regnskap <regnskap@kunde.example>", "Faktura 10442", "Hei, kan dere sende fakturaen på nytt?", 28),
    Mail("Messekontoret <post@messe.example>", "Bli med på høstmessen", "Standene for høstmessen legges ut nå.", 30),
)  # fmt: skip
ENGLISH = (
    Mail("Ewan Ross <ewan.ross@example.net>", "My data", "Please send me all data you hold on me.\n\nEwan", 4),
    Mail("Isla Grant <isla.grant@example.net>", "Unsubscribe", "Stop sending me your newsletter.\n\nIsla Grant", 7),
    Mail(
        "Rory Bain <rory.bain@example.net>", "Wrong address",
        "My delivery address is wrong in your system. It should be 4 Pier Road.\n\nRory Bain", 22,
    ),
    Mail(
        "Ailsa Reid <ailsa.reid@example.net>", "Complaint about my data",
        "I asked for my data in spring and never heard back. I want to complain.\n\nAilsa Reid", 27,
    ),
    Mail("Mairi Scott <mairi.scott@example.net>", "Delete my account", "Delete my account.\n\nMairi", 31),
    Mail("Sales <sales@supplier.example>", "Offer on pumps", "Dear all, please find our offer on pumps below.", 33),
)  # fmt: skip
TWO_WISHES = Mail(
    "Ivar Lund <ivar.lund@example.net>", "To ting",
    "Hei, jeg vil se hva dere har om meg. Og telefonnummeret mitt er feil: det riktige er 100 00 119.\n\nIvar Lund", 24,
)  # fmt: skip
FORWARDED = """\
Hei, denne kom til meg på tirsdag. Tar dere den?

Hilsen Randi, salg

---------- Videresendt melding ----------
Fra: Torgeir Nes <torgeir.nes@example.net>
Dato: {date}
Emne: Hva vet dere om meg?
Til: randi.lund@optimar.no

Hei, hvilke opplysninger har dere om meg?

Torgeir Nes
"""


def drop(folder: Path) -> int:
    """Put every mail into a mailbox folder; return how many there are."""
    now = timezone.localtime()
    forwarded = Mail(
        "Randi Lund <randi.lund@optimar.no>", "VS: Hva vet dere om meg?",
        FORWARDED.format(date=f"{now - timedelta(days=2):%d.%m.%Y kl. %H:%M}"), 6,
    )  # fmt: skip
    every = (*NORWEGIAN, *ENGLISH, TWO_WISHES, forwarded)
    for number, mail in enumerate(every):
        (folder / f"demo-{number:02}.eml").write_bytes(_bytes(mail, number))
    return len(every)


def _bytes(mail: Mail, number: int) -> bytes:
    came = timezone.localtime() - timedelta(hours=mail.hours)
    domain = mail.sender.rpartition("@")[2].rstrip(">")
    letter = EmailMessage(policy=SMTP)
    letter["Received"] = f"from mail.{domain} by {HOST} with ESMTPS id 4demo; {format_datetime(came)}"
    letter["Authentication-Results"] = f"{HOST}; dmarc=pass header.from={domain}"
    letter["From"], letter["To"], letter["Subject"] = mail.sender, "info@optimar.no", mail.subject
    letter["Date"], letter["Message-ID"] = format_datetime(came), f"<demo.{number}.{came:%Y%m%d%H%M%S}@{domain}>"
    letter.set_content(mail.text, cte="8bit")
    return letter.as_bytes(policy=SMTP)
