"""A real SMTP server of others (aiosmtpd) on loopback: TLS from the first byte or STARTTLS, and a password."""

import ssl
from asyncio.base_events import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.services.certificates import Certificates, lay_certificates

USER, PASSWORD = "post@optimar.no", "p@ss/ørd #1?"


@dataclass
class MailServer:
    """What came, in order. `encrypted` tells of each whether it came by TLS; `refuse` is answered to the next mail."""

    certificates: Certificates
    port: int = 0
    tls: bool = False
    mails: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuse: str = ""

    def url(self, *, password: str = PASSWORD, trusted: bool = True) -> str:
        """The address for DATARETT_SMTP_URL."""
        scheme = "smtps" if self.tls else "smtp"
        ca = f"?ca={self.certificates.authority}" if trusted else ""
        return f"{scheme}://{quote(USER, safe='')}:{quote(password, safe='')}@127.0.0.1:{self.port}{ca}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail of somebody who has said the password, or refuse it once."""
        if not session.authenticated:  # aiosmtpd can ask for it by itself only where it did the STARTTLS
            return "530 5.7.0 authentication required"
        if self.refuse:
            said, self.refuse = self.refuse, ""
            return said
        content = envelope.content
        self.mails.append(content if isinstance(content, bytes) else str(content).encode())
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(self.tls or session.ssl is not None)
        return "250 taken"


class OnAnyPort(Controller):
    """A controller that finds out which port it was given."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(folder: Path, *, tls: bool, without: str = "LOGIN") -> Iterator[MailServer]:
    """Yield a running server that wants TLS and the password before it takes anything; not in one of the two ways."""
    server = MailServer(lay_certificates(folder), tls=tls)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(server.certificates.server, server.certificates.key)
    controller = OnAnyPort(
        server, hostname="127.0.0.1", port=0,
        ssl_context=context if tls else None, tls_context=None if tls else context, require_starttls=not tls,
        authenticator=_authenticate, auth_required=not tls, auth_require_tls=not tls, auth_exclude_mechanism=[without],
    )  # fmt: skip
    controller.start()
    try:
        server.port = controller.port
        yield server
    finally:
        controller.stop()


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)
