"""A connection to an IMAP server: opened and logged in when it is needed, given up when anything goes wrong with it.

What a server says can be anything. Whatever breaks while it is spoken with becomes one line about this mailbox, so
that neither the other mailboxes nor the process that reads them end by it.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError, ProtocolError

from requests_app.domain.enums import MailboxFault

from .imap_address import ImapAddress
from .oauth.token_login import Answering
from .oauth.tokens import TokenError
from .sources import SourceError

TIMEOUT = SocketTimeout(connect=10, read=60)  # seconds

# What the parsers of imaplib and imapclient let out when an answer is not what the protocol says: numbers that are
# none, lines that end early, parentheses without end, a length that no memory holds.
NONSENSE = (
    ProtocolError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError,
    MemoryError,
)  # fmt: skip


class Connection:
    """One user's connection, for one thread at a time. `selected` is the open folder, "" for none that is sure."""

    def __init__(self, address: ImapAddress) -> None:
        self.address = address
        self.selected = ""
        self._client: IMAPClient | None = None

    @contextmanager
    def lent(self) -> Iterator[IMAPClient]:
        """Lend the client, logged in. Raises SourceError, and gives it up, whatever else is raised meanwhile.

        Only for talking: an error of ours in between would pass for one of the server.
        """
        try:
            if self._client is None:
                self._open()
            yield self._client
        except (OSError, IMAPClientError, *NONSENSE) as error:
            self.close()
            raise _failure(self.address, error) from None
        except TokenError as error:
            self.close()
            raise SourceError(f"the mailbox {self.address.name} cannot be opened: {error}", error.fault) from None

    @property
    def is_open(self) -> bool:
        """Whether nothing has gone wrong with it since it was opened."""
        return self._client is not None

    def close(self) -> None:
        """Let go of the connection, without a word: it may be broken."""
        client, self._client, self.selected = self._client, None, ""
        if client is not None:
            with suppress(OSError, IMAPClientError):
                client.shutdown()

    def _open(self) -> None:
        address = self.address
        server, context = address.server, address.server.context()
        client = IMAPClient(server.host, server.port, ssl=server.tls, ssl_context=context, timeout=TIMEOUT)
        self._client = client  # from here on `close` ends it
        client.normalise_times = False
        if not server.tls and not server.loopback:
            client.starttls(context)
        _log_in(client, address)
        if address.move and not client.folder_exists(address.move):
            client.create_folder(address.move)


def _log_in(client: IMAPClient, address: ImapAddress) -> None:
    user, password = address.server.user, address.server.password
    if address.login:
        address.login.attempt(partial(_by_token, client), refused=LoginError)
    elif client.has_capability("AUTH=PLAIN"):  # the one way in which a password may hold any sign
        client.plain_login(user, password)
    else:
        client.login(user, password)


def _by_token(client: IMAPClient, answering: Answering) -> None:
    """Raises LoginError for a refusal, and IMAPClientAbortError for a connection that was cut meanwhile."""
    try:
        client.sasl_login("XOAUTH2", answering)
    except LoginError as error:  # imapclient makes one of anything that goes wrong here
        if isinstance(error.__context__, IMAPClientAbortError):
            raise error.__context__ from None
        raise


def _failure(address: ImapAddress, error: Exception) -> SourceError:
    """What became of the mailbox, in one line that shows no password and nothing that the server has sent."""
    if isinstance(error, LoginError) and address.login:
        fault, what = MailboxFault.NO_ACCESS, "does not accept the access token"
    elif isinstance(error, LoginError):
        fault, what = MailboxFault.LOGIN, "does not accept the user and password"
    elif isinstance(error, ssl.SSLCertVerificationError):
        fault, what = MailboxFault.CERTIFICATE, f"shows a certificate that is not believed ({error.verify_message})"
    elif isinstance(error, NONSENSE):
        fault, what = MailboxFault.NONSENSE, f"answers what nobody can make sense of ({type(error).__name__})"
    elif isinstance(error, IMAPClientError) and "STARTTLS" in str(error):
        fault = MailboxFault.PLAIN
        what = "does not encrypt (no STARTTLS), and it is not this machine; use imaps://"
    else:
        fault, what = MailboxFault.AWAY, f"is away ({type(error).__name__})"
    return SourceError(f"the mailbox {address.name} {what}", fault)
