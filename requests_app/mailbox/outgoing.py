"""Build the mail that leaves: text and HTML, files, signed Message-ID, and headers that keep robots from answering."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime
from hashlib import sha256

from . import text_html

LARGEST = 25 * 1024 * 1024  # bytes of a whole mail, its files encoded: what most providers take
LONGEST_LINE = 998  # octets, RFC 5322 section 2.1.1


class _MessageIds(UnstructuredHeader, BaseHeader):
    """A field of Message-IDs: one longer than a line stays as it is, for encoded nobody would recognise it."""

    def fold(self, *, policy: Policy) -> str:
        """Return the field on one line."""
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    for name in ("in-reply-to", "references"):
        headers.map_to_type(name, _MessageIds)
    # Ours are short lines of UTF-8 text; base64 only where a body needs it.
    return SMTP.clone(max_line_length=78, header_factory=headers)


POLICY = _policy()


class TooLarge(ValueError):
    """A mail is larger than LARGEST, so no server has to be asked."""


@dataclass(frozen=True)
class File:
    """A file that goes with a mail; `kind` is its media type."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """One mail to one person. `automatic` is the value of Auto-Submitted (RFC 3834), None for a human's words.

    `body` is its text, in `language`; the HTML is made from it. `thread` holds the Message-IDs that came before the one
    in `in_reply_to`, the oldest first.

    `reports_to` is where word of a failed delivery comes to; without it automatic mail has the null sender.
    """

    from_name: str
    from_address: str
    to_address: str
    subject: str
    body: str
    message_id: str
    date: datetime
    loop: str
    reply_to: str = ""
    in_reply_to: str = ""
    thread: tuple[str, ...] = ()
    language: str = "nb"
    files: tuple[File, ...] = ()
    automatic: str | None = None
    reports_to: str = ""

    @property
    def envelope_sender(self) -> str:
        """Automatic mail has the null sender, so that nothing can bounce into a loop (RFC 3834 section 3.3).

        Where servers refuse that, or word of a failure is wanted, it is the address for reports.
        """
        return self.reports_to or ("" if self.automatic else self.from_address)


def on_the_wire(address: str) -> str:
    """Return an address with its domain as servers look it up (RFC 5891); one that cannot be written so stays."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def build(mail: Outgoing) -> bytes:
    """Return the message as bytes with CRLF line ends; the same mail gives the same bytes.

    Line breaks in header values are folded into spaces. Raises ValueError when an address is none, TooLarge.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(mail.from_name, mail.from_address)
    message["To"] = _recipient(mail.to_address)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = mail.message_id
    if mail.reply_to:
        message["Reply-To"] = _address(mail.from_name, mail.reply_to)
    if mail.in_reply_to and len(f"In-Reply-To: {mail.in_reply_to}") <= LONGEST_LINE:
        message["In-Reply-To"] = mail.in_reply_to
        message["References"] = _references(mail)
    if mail.automatic:
        message["Auto-Submitted"] = mail.automatic
        message["X-Auto-Response-Suppress"] = "All"
    message["X-Loop"] = mail.loop
    text = mail.body.replace("\r\n", "\n")
    message.set_content(text, charset="utf-8")
    html = text_html.page(text, title=_one_line(mail.subject), language=mail.language)
    message.add_alternative(html, subtype="html", charset="utf-8")
    for file in mail.files:
        maintype, _, subtype = file.kind.partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    _bound(message, mail.message_id)
    data = message.as_bytes()
    if len(data) > LARGEST:
        raise TooLarge("the mail is larger than mail servers take")
    return data


def _bound(message: EmailMessage, seed: str) -> None:
    """Set the boundaries, so that a mail that is written again is the same to the byte.

    Nobody else has seen the Message-ID before the mail leaves, and so nobody can write them into its text.
    """
    several = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(several):
        part.set_boundary(f"=_{sha256(f'{number} {seed}'.encode()).hexdigest()[:40]}")


def _references(mail: Outgoing) -> str:
    """Return the Message-IDs of the conversation, the latest of them, as far as one line holds them."""
    named, room = [mail.in_reply_to], LONGEST_LINE - len("References: ") - len(mail.in_reply_to)
    for one in reversed(mail.thread):
        room -= len(one) + 1
        if room < 0:
            break
        if one not in named:
            named.insert(0, one)
    return " ".join(named)


def _recipient(address: str) -> str:
    to = on_the_wire(address)
    if not re.fullmatch(r"[!-~]+@[!-~]+", to):
        raise ValueError("no address that mail can be sent to")
    return to


def _address(name: str, address: str) -> Address:
    return Address(display_name=_one_line(name), addr_spec=address)


def _one_line(text: str) -> str:
    return " ".join(text.split())
