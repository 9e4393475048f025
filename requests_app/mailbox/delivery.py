"""Hand a finished mail over: into a folder on one machine, to an SMTP server elsewhere."""

import base64
import os
import re
import smtplib
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from . import secure_urls
from .oauth import token_login
from .oauth.microsoft import Application
from .oauth.tokens import TokenError

SECONDS = 30
SERVER_TOO_SMALL = "SMTP 552 5.3.4"
"""Why a mail is not handed over that is larger than the server says it takes (RFC 1870)."""
# No login or a wrong one, no encryption (RFC 4954 section 6, RFC 3207): once that is set, every mail goes.
_REFUSED_US = frozenset({530, 534, 535, 538})
SMTP_SCHEMES = {"smtps": (465, True), "smtp": (587, False)}


class TransportError(Exception):
    """A mail was not taken. `permanent`: trying again will not help; `unknown`: it may have been taken after all.

    The text names no person. `retry_after`: the seconds for which the server wants to be left alone.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, unknown: bool = False, retry_after: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.unknown = unknown
        self.retry_after = retry_after


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
        target = self._path(key)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
            with partial.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except OSError as error:
            raise TransportError(error.strerror or type(error).__name__) from None

    def forget(self, key: str) -> None:
        """Delete the mail with this key, if it is there. Raises OSError when it cannot be deleted."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{re.sub(r'[^A-Za-z0-9-]', '_', key)}.eml"


class SmtpSink:
    """`smtps://`, or `smtp://` with STARTTLS; a cut after DATA leaves the outcome unknown.

    Mails hold links and codes, so nothing leaves this machine unencrypted, whatever the server offers. `application` is
    ours at Microsoft, if there is one. Raises BadAddressError for an address that cannot be used.
    """

    repeatable = False

    def __init__(self, url: str, application: Application | None = None) -> None:
        self.server = secure_urls.read(url, SMTP_SCHEMES, options=("ca", *token_login.OPTIONS))
        self.login = token_login.read(self.server, application)
        self.context = self.server.context()

    def deliver(self, *, key: str, sender: str, recipient: str, data: bytes) -> None:
        """Send one mail: 4xx, a missing server and one that refuses us are temporary, 5xx to the mail is permanent."""
        server = self._connect()
        try:
            _measure(server, data)
            _announce(server, sender, recipient)
            _transmit(server, data)
        except smtplib.SMTPResponseException as error:
            raise TransportError(_answer(error), permanent=_is_of_the_mail(error)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise TransportError(type(error).__name__) from None
        finally:
            _leave(server)

    def would_take(self, *, sender: str, recipient: str) -> None:
        """Log in and name both ends of a mail, and send none; raises TransportError like `deliver`."""
        server = self._connect()
        try:
            _announce(server, sender, recipient)
            server.rset()
        except smtplib.SMTPResponseException as error:
            raise TransportError(_answer(error), permanent=_is_of_the_mail(error)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise TransportError(type(error).__name__) from None
        finally:
            _leave(server)

    def _connect(self) -> smtplib.SMTP:
        """Return a connection that is ready for mail; a server that turns us away says nothing about the mail."""
        at = self.server
        server: smtplib.SMTP | None = None
        try:
            if at.tls:
                server = smtplib.SMTP_SSL(at.host, at.port, timeout=SECONDS, context=self.context)
            else:
                server = smtplib.SMTP(at.host, at.port, timeout=SECONDS)
                server.ehlo_or_helo_if_needed()
                if server.has_extn("starttls") or not at.loopback:
                    server.starttls(context=self.context)
            server.ehlo_or_helo_if_needed()
            if self.login:
                self.login.attempt(partial(server.auth, "XOAUTH2"), refused=smtplib.SMTPAuthenticationError)
            elif at.user:
                _log_in(server, at.user, at.password)
        except (OSError, smtplib.SMTPException, UnicodeError, TokenError) as error:
            if server is not None:
                server.close()
            if isinstance(error, TokenError):
                raise TransportError(str(error)) from None
            code = getattr(error, "smtp_code", "")
            raise TransportError(f"SMTP {code}" if code else type(error).__name__) from None
        return server


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """Say who we are. Raises what `smtplib` raises.

    It knows ASCII only; a password with other letters goes as UTF-8 (RFC 4616), by LOGIN too, which has no rule for it.
    """
    ways = server.esmtp_features.get("auth", "").upper().split()
    if f"{user}{password}".isascii() or not {"PLAIN", "LOGIN"}.intersection(ways):
        server.login(user, password)
        return
    if "PLAIN" in ways:
        code, said = server.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
    else:
        code, said = server.docmd("AUTH", f"LOGIN {_base64(user)}")
        if code == 334:
            code, said = server.docmd(_base64(password))
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _is_of_the_mail(error: smtplib.SMTPResponseException) -> bool:
    """Whether a mail is refused for good, and not only whoever hands it over."""
    return error.smtp_code >= 500 and error.smtp_code not in _REFUSED_US


def _answer(error: smtplib.SMTPResponseException) -> str:
    """The numbers of an answer, with its status (RFC 2034) where it has one; its words may name the person."""
    said = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
    status = re.match(rb"([245]\.\d{1,3}\.\d{1,3})\b", said)
    return f"SMTP {error.smtp_code} {status.group(1).decode()}" if status else f"SMTP {error.smtp_code}"


def _measure(server: smtplib.SMTP, data: bytes) -> None:
    """Raise TransportError for a mail that is larger than the server says it takes; 0 means that it does not say."""
    most = server.esmtp_features.get("size", "")
    if most.isdigit() and 0 < int(most) < len(data):
        raise TransportError(SERVER_TOO_SMALL, permanent=True)


def _announce(server: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Name both ends of the mail. Raises SMTPResponseException when the server wants neither."""
    options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
    for code, said in (server.mail(sender, options), server.rcpt(recipient)):
        if code not in (250, 251):
            raise smtplib.SMTPResponseException(code, said)


def _transmit(server: smtplib.SMTP, data: bytes) -> None:
    """Hand over the mail itself; from here on silence may mean that it was taken (RFC 5321 section 4.5.3.2.6)."""
    try:
        code, said = server.data(data)
    except smtplib.SMTPResponseException:  # an OSError too, but an answer is no silence
        raise
    except OSError as error:
        raise TransportError(type(error).__name__, unknown=True) from None
    if code != 250:
        raise smtplib.SMTPResponseException(code, said)


def _leave(server: smtplib.SMTP) -> None:
    """Say good-bye; what the server answers changes nothing about a mail it has taken."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()
