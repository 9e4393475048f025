"""Hand a finished mail over: into a folder on one machine, to an SMTP server elsewhere."""

import os
import re
import smtplib
import ssl
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

SECONDS = 30


class TransportError(Exception):
    """A mail was not taken. `permanent`: trying again will not help. The text names no person."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Transport(Protocol):
    """Where mail goes. `repeatable`: handing over the same key twice leaves one mail."""

    repeatable: bool

    def deliver(self, *, key: str, sender: str, recipient: str, data: bytes) -> None:
        """Hand over one mail; raises TransportError."""


class FileSink:
    """Embedded mode: each mail is one file, named by its key, so that a repeated hand-over changes nothing."""

    repeatable = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, *, key: str, sender: str, recipient: str, data: bytes) -> None:
        """Write the file whole or not at all."""
        target = self.folder / f"{re.sub(r'[^A-Za-z0-9-]', '_', key)}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = target.with_suffix(f".{os.getpid()}.part")
            with partial.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except OSError as error:
            raise TransportError(error.strerror or type(error).__name__, permanent=False) from None


class SmtpSink:
    """`smtp://` (STARTTLS when offered) or `smtps://`; a cut after DATA leaves the outcome unknown."""

    repeatable = False

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("DATARETT_SMTP_URL must begin with smtp:// or smtps://")
        self.host = parts.hostname
        self.tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.tls else 587)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")

    def deliver(self, *, key: str, sender: str, recipient: str, data: bytes) -> None:
        """Send one mail; 4xx and a missing server are temporary, 5xx is permanent."""
        try:
            with self._connect() as server:
                server.sendmail(sender, [recipient], data)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise TransportError(f"SMTP {code}", permanent=code >= 500) from None
        except smtplib.SMTPResponseException as error:
            raise TransportError(f"SMTP {error.smtp_code}", permanent=error.smtp_code >= 500) from None
        except (OSError, smtplib.SMTPException) as error:
            raise TransportError(type(error).__name__, permanent=False) from None

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if self.user:
            server.login(self.user, self.password)
        return server
