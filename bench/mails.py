"""The mails of the bench: a general mailbox of invented people, 19 KB each on average, laid into a Maildir as files.

Every fifth has an attachment of 50 KB; one in ten asks for something. The same number gives the same mail, always.
"""

import os
import random
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

ATTACHMENT_BYTES = 50_000
ATTACHED_EVERY, ASKS_EVERY = 5, 10
TEXT_CHARACTERS = 1_070
FIRST_DAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
TO = "info@optimar.no"
LAIN_FOR = timedelta(days=2, hours=12)
"""How long the mails have lain: more than a working day, after which a receipt is owed."""

REQUESTS = (
    ("Innsyn", "Hei, jeg ønsker å vite hvilke opplysninger dere har lagret om meg, og ber om en kopi av dem."),
    ("Kontoen min", "Hei! Kan dere slette kontoen min og alt dere har om meg? Jeg har sluttet å handle hos dere."),
    ("My data", "Hello, please send me a copy of all personal data that you hold about me."),
    ("Feil adresse", "Dere har registrert feil adresse på meg. Jeg ber om at den blir rettet."),
)
OTHERS = (
    ("Tilbud på emballasje", "Hei, viser til samtalen i går og sender som avtalt prisene våre på esker og paller."),
    ("Levering torsdag", "Hei, kan dere bekrefte at bilen kommer torsdag før klokka ti? Porten på baksiden er åpen."),
    ("Invoice 20417", "Hello, please find the invoice for the service of the pump in January. It is due in 30 days."),
    ("Søknad om sommerjobb", "Hei, jeg går andre året på teknisk fagskole og lurer på om dere trenger folk i juli."),
    ("Meeting on Tuesday", "Hi, could we move the meeting to half past two? The train from the coast arrives late."),
    ("Reklamasjon", "Hei, den ene pakningen lekker allerede. Kan dere sende en ny, helst før helga?"),
)
FILLER = (
    "Vi har hatt mye å gjøre på verkstedet denne uka, så svaret kom litt sent.",
    "Hallen på kaia er stengt for maling til fredag, og varene står så lenge i det gamle lageret.",
    "The new conveyor runs well, although the belt needed to be tightened twice.",
    "Ring gjerne om noe er uklart; jeg er på kontoret til klokka fire de fleste dager.",
    "We have counted the stock again and found two boxes more than the list says.",
    "Værmeldingen lover storm i helga, så båten går kanskje ikke før mandag.",
    "Sjåføren sier at veien over fjellet er åpen igjen fra onsdag.",
)


def build(number: int) -> bytes:
    """Return one mail with the line ends of the wire."""
    dice = random.Random(number)  # noqa: S311 - the same mail each time
    asks = number % ASKS_EVERY == 0
    family = REQUESTS if asks else OTHERS
    subject, opening = family[number // ASKS_EVERY % len(family) if asks else number % len(family)]
    sent = FIRST_DAY + timedelta(minutes=number)
    mail = EmailMessage()
    mail["Return-Path"] = f"<person{number}@example.com>"
    mail["Delivered-To"] = TO
    for hop in range(3):
        host = "mx1.optimar.no" if hop == 0 else f"relay{hop}.example.net"
        mail["Received"] = f"from out{hop}.example.com by {host} with ESMTPS id {dice.getrandbits(64):x}; {_date(sent)}"
    mail["DKIM-Signature"] = f"v=1; a=rsa-sha256; d=example.com; s=k1; bh={dice.getrandbits(256):064x}; b=" + " ".join(
        f"{dice.getrandbits(256):064x}" for _ in range(4)
    )
    mail["From"] = f"Kåre Eksempel {number} <person{number}@example.com>"
    mail["To"] = f"Optimar <{TO}>"
    mail["Subject"] = f"{subject} ({number})"
    mail["Date"] = _date(sent)
    mail["Message-ID"] = f"<{number}.{dice.getrandbits(64):x}@example.com>"
    body = [opening]
    while sum(map(len, body)) < TEXT_CHARACTERS:
        body.append(dice.choice(FILLER))
    text = "\n\n".join(["Hei,", *body, f"Hilsen Kåre Eksempel {number}"])
    mail.set_content(text, cte="quoted-printable")
    rows = "".join(f'<p style="margin:0 0 12px">{line}</p>' for line in text.split("\n\n"))
    mail.add_alternative(f"<html><body><div>{rows}</div></body></html>", subtype="html", cte="base64")
    if number % ATTACHED_EVERY == 0:
        content = b"%PDF-1.4\n" + dice.randbytes(ATTACHMENT_BYTES)
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"vedlegg {number}.pdf")
    return bytes(mail).replace(b"\n", b"\r\n")


def lay(folder: Path, first: int, count: int) -> int:
    """Write mails from number `first` on into a folder of its own; return their bytes."""
    folder.mkdir(parents=True)
    size, arrived = 0, time.time() - LAIN_FOR.total_seconds()
    for number in range(first, first + count):
        raw = build(number)
        size += len(raw)
        path = folder / f"{1_700_000_000 + number}.M{number}.bench,S={len(raw)}"
        path.write_bytes(raw)
        os.utime(path, (arrived, arrived))  # the server takes it for the time of arrival
    return size


def link(folder: Path, maildir: Path, owner: tuple[int, int]) -> None:
    """Make a folder of a mailbox that holds the mails of `folder`, all of them new: links, which cost nothing.

    `owner`: numbers of the user and group as whom the server reads mail.
    """
    for part in ("new", "cur", "tmp"):
        (maildir / part).mkdir(parents=True)
        os.chown(maildir / part, *owner)
    os.chown(maildir, *owner)
    for path in folder.iterdir():
        os.chown(path, *owner)
        os.link(path, maildir / "new" / path.name)


def _date(moment: datetime) -> str:
    return format_datetime(moment)
