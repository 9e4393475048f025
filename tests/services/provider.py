"""A provider on loopback: an SMTP server (aiosmtpd) that lays what it takes into a mailbox, and has its own ways."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.mail_server import OnAnyPort

REFUSED = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"


@dataclass
class Provider:
    """What it does to mail. `lay` puts a mail into the mailbox of the recipient.

    Sets of addresses, in which a plus stands for every address with one, and `<>` for the null sender: `no_senders`
    and `no_recipients` are refused; mail to those it `loses` is taken and then gone, to those it `returns` it comes
    back in a report. `renames`: whether Message-IDs are written anew.
    """

    lay: Callable[[bytes], None]
    no_senders: set[str] = field(default_factory=set)
    no_recipients: set[str] = field(default_factory=set)
    loses: set[str] = field(default_factory=set)
    returns: set[str] = field(default_factory=set)
    renames: bool = False
    url: str = ""
    taken: list[tuple[str, str]] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str | None, options: list[str]
    ) -> str:
        """Take a sender or refuse it."""
        if _among(self.no_senders, address or "<>"):
            return REFUSED
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient or refuse it."""
        if _among(self.no_recipients, address):
            return "550 5.1.1 no such address"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail, and do with it what is told."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        recipient = envelope.rcpt_tos[0]
        self.taken.append((envelope.mail_from or "<>", recipient))
        if _among(self.returns, recipient):
            if envelope.mail_from:
                self.lay(_report(raw, recipient))
        elif not _among(self.loses, recipient):
            self.lay(_renamed(raw) if self.renames else raw)
        return "250 taken"


def _among(listed: set[str], address: str) -> bool:
    return address in listed or ("+" in listed and "+" in address)


def _renamed(raw: bytes) -> bytes:
    mail = message_from_bytes(raw)
    mail.replace_header("Message-ID", "<DB9PR01MB0001@DB9PR01MB0001.eurprd01.prod.outlook.com>")
    return mail.as_bytes()


def _report(raw: bytes, recipient: str) -> bytes:
    """The report of a server that cannot deliver (RFC 3464), with the header block of the mail."""
    head = raw.partition(b"\r\n\r\n")[0].decode()
    report = EmailMessage(policy=WIRE)
    report["From"], report["To"], report["Return-Path"] = "postmaster@mx.optimar.example", "info@optimar.no", "<>"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    failed = f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1"
    status = f"Reporting-MTA: dns; mx.optimar.example\r\n\r\n{failed}"
    parts = [("text/plain", "No such address."), ("message/delivery-status", status), ("text/rfc822-headers", head)]
    body = "".join(f"--cut\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts)
    kind = "Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=cut"
    return f"{report.as_string().rstrip()}\r\nMIME-Version: 1.0\r\n{kind}\r\n\r\n{body}--cut--\r\n".encode()


@contextmanager
def provider(lay: Callable[[bytes], None]) -> Iterator[Provider]:
    """Yield a running server that asks for no password: it is on this machine."""
    running = Provider(lay)
    controller = OnAnyPort(running, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        running.url = f"smtp://127.0.0.1:{controller.port}"
        yield running
    finally:
        controller.stop()
