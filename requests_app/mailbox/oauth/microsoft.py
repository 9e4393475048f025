"""Tokens of Microsoft 365 by the client credentials of an application (RFC 6749 section 4.4), with msal.

For IMAP and SMTP the application needs the permissions IMAP.AccessAsApp and SMTP.SendAsApp of Office 365 Exchange
Online, the consent of an administrator, and in Exchange a service principal with rights to the mailbox. Without them a
token is given out all the same, and the mail server refuses it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from requests_app.domain.enums import MailboxFault
from requests_app.mailbox.secure_urls import BadAddressError

from .http import HttpClient
from .tokens import Token, TokenError

LOGIN = "https://login.microsoftonline.com"
MAIL = "https://outlook.office365.com/.default"  # IMAP and SMTP alike

# learn.microsoft.com, "Microsoft Entra authentication and authorization error codes".
_FAULTS = {
    7000222: MailboxFault.CREDENTIAL_EXPIRED,
    7000215: MailboxFault.CREDENTIAL_WRONG,
    700016: MailboxFault.APPLICATION,  # not found in this tenant
    90002: MailboxFault.APPLICATION,  # no such tenant
    900023: MailboxFault.APPLICATION,  # a tenant that cannot be one
    7000112: MailboxFault.CONSENT,  # switched off by an administrator
    65001: MailboxFault.CONSENT,
    500011: MailboxFault.CONSENT,  # the tenant has no Exchange Online that could be consented to
}
_WORD = re.compile(r"[a-z_]{1,40}")
_TOKEN = re.compile(r"[!-~]{1,16000}")  # what may stand in a header, RFC 6750 section 2.1
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Application:
    """The application as it is registered with the tenant (its id, or one of its domains).

    `login` is where tokens are given out (national clouds have their own); `ca` a file of certificates to believe
    there instead of the machine's.
    """

    tenant: str
    client_id: str
    secret: str = field(repr=False)
    login: str = LOGIN
    ca: str = ""

    def check(self) -> None:
        """Raise BadAddressError, in one line that shows nothing secret, for what can be no application."""
        if not _TENANT.fullmatch(self.tenant):
            raise BadAddressError("DATARETT_OAUTH_TENANT is the id of the tenant, or one of its domains")
        if not _ID.fullmatch(self.client_id):
            raise BadAddressError("DATARETT_OAUTH_CLIENT_ID is the id of the application: 00000000-0000-0000-0000-…")
        if _ID.fullmatch(self.secret):
            raise BadAddressError("DATARETT_OAUTH_CLIENT_SECRET is the id of a secret; give its value")


def needed(application: Application | None, by: str) -> Application:
    """Return the application that an address needs, `by` which of its words. Raises BadAddressError."""
    if application is None:
        names = "DATARETT_OAUTH_TENANT, DATARETT_OAUTH_CLIENT_ID and DATARETT_OAUTH_CLIENT_SECRET"
        raise BadAddressError(f"{by} needs {names}")
    application.check()
    return application


@dataclass(frozen=True)
class Microsoft:
    """Gives out tokens to an application, for one service (`scope`)."""

    application: Application
    scope: str = MAIL

    def issue(self) -> Token:
        """Fetch a new token. Raises TokenError."""
        # 180 ms and a dozen megabytes, which only the processes pay that speak with Microsoft.
        from msal import ConfidentialClientApplication

        application = self.application
        try:
            # A new one each time: its own cache would hand out a token again that a server has refused.
            client = ConfidentialClientApplication(
                application.client_id,
                client_credential=application.secret,
                authority=f"{application.login}/{application.tenant}",
                instance_discovery=False,  # the address is ours, not the user's
                http_client=HttpClient(application.ca),
            )
        except ValueError:  # the server knows nothing of this tenant
            raise TokenError("Microsoft does not know the tenant", MailboxFault.APPLICATION) from None
        except (LookupError, TypeError, AttributeError, RuntimeError):
            raise _nonsense() from None
        try:
            return _token(client.acquire_token_for_client(scopes=[self.scope]))
        except (ValueError, LookupError, TypeError, AttributeError, RuntimeError):
            raise _nonsense() from None


def _token(said: Mapping[str, Any]) -> Token:
    """Raises KeyError, TypeError or ValueError for an answer that makes no sense, TokenError for a refusal."""
    if "error" in said:
        raise _refusal(said)
    value, lifetime = str(said["access_token"]), float(said["expires_in"])
    if not _TOKEN.fullmatch(value) or lifetime < 0:
        raise ValueError
    return Token(value, lifetime)


def _refusal(said: Mapping[str, Any]) -> TokenError:
    """What the answer means, in words of ours: its own quote the ids of the application and the tenant."""
    listed = said.get("error_codes")
    codes = [code for code in listed if isinstance(code, int)] if isinstance(listed, list) else []
    word = _WORD.fullmatch(str(said["error"]))
    fault = next((_FAULTS[code] for code in codes if code in _FAULTS), MailboxFault.ISSUER_REFUSES)
    what = f"AADSTS{codes[0]}" if codes else word.group() if word else "an error"
    return TokenError(f"Microsoft gives out no access token ({what})", fault)


def _nonsense() -> TokenError:
    return TokenError("Microsoft answers what nobody can make sense of", MailboxFault.ISSUER_AWAY)
