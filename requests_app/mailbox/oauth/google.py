"""Tokens of Google Workspace by a service account that may act for the mailbox (domain-wide delegation; RFC 7523).

One signed statement is all that Google asks for. `cryptography`, which the files of the cases need anyway, signs it;
google-auth would bring two more packages for ways into Google that nobody goes here.
"""

import base64
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from requests_app.domain.enums import MailboxFault

from .http import HttpClient
from .tokens import Token, TokenError

SCOPE = "https://mail.google.com/"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = 3600  # seconds; Google takes no assertion that is good for longer

# developers.google.com, "Using OAuth 2.0 for Server to Server Applications", JWT error codes.
_FAULTS = {
    "unauthorized_client": MailboxFault.CONSENT,
    "access_denied": MailboxFault.CONSENT,
    "admin_policy_enforced": MailboxFault.CONSENT,
    "org_internal": MailboxFault.CONSENT,
    "invalid_scope": MailboxFault.CONSENT,
    "deleted_client": MailboxFault.APPLICATION,
    "disabled_client": MailboxFault.APPLICATION,
    "invalid_client": MailboxFault.CREDENTIAL_WRONG,
}
# Several things are an `invalid_grant`; what stands beside it tells which.
_GRANTS = (
    (re.compile(r"signature|key", re.IGNORECASE), MailboxFault.CREDENTIAL_WRONG),
    (re.compile(r"account not found", re.IGNORECASE), MailboxFault.APPLICATION),
    (re.compile(r"invalid email or user id", re.IGNORECASE), MailboxFault.NO_ACCESS),
)
_WORD = re.compile(r"[a-z_]{1,40}")


class BadKeyError(ValueError):
    """A key file cannot be used; the message shows nothing of it."""


@dataclass(frozen=True)
class ServiceAccount:
    """What the key file of a service account says. `private_key` is PEM."""

    email: str
    key_id: str
    private_key: str = field(repr=False)
    token_uri: str


@dataclass(frozen=True)
class Google:
    """Gives out tokens to a service account, for the mailbox `user`."""

    account: ServiceAccount
    user: str

    def issue(self) -> Token:
        """Fetch a new token. Raises TokenError."""
        form = {"grant_type": GRANT, "assertion": _assertion(self.account, self.user)}
        said = HttpClient().post(self.account.token_uri, data=form).fields()
        if "error" in said:
            raise _refusal(said)
        try:
            return Token(str(said["access_token"]), float(said["expires_in"]))
        except (LookupError, TypeError, ValueError):
            raise TokenError("Google answers what nobody can make sense of", MailboxFault.ISSUER_AWAY) from None


def read_key(path: Path) -> ServiceAccount:
    """Return the account whose key file this is. Raises BadKeyError."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        names = ("client_email", "private_key_id", "private_key", "token_uri")
        account = ServiceAccount(*(str(said[name]) for name in names))
        if said["type"] != "service_account" or urlsplit(account.token_uri).scheme != "https":
            raise ValueError
        _key(account)
    except OSError:
        raise BadKeyError("cannot be read") from None
    except (ValueError, LookupError, TypeError, UnsupportedAlgorithm):
        raise BadKeyError("is no key of a service account (JSON)") from None
    return account


def _assertion(account: ServiceAccount, user: str) -> str:
    """Return the signed statement that `account` asks for `user` (RFC 7515 section 7.1, RFC 7523 section 3)."""
    now = int(time.time())
    head = {"alg": "RS256", "typ": "JWT", "kid": account.key_id}
    claims = {
        "iss": account.email,
        "sub": user,
        "scope": SCOPE,
        "aud": account.token_uri,
        "iat": now,
        "exp": now + LIFETIME,
    }
    text = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
    signature = _key(account).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{_base64(signature)}"


def _key(account: ServiceAccount) -> RSAPrivateKey:
    """Raises ValueError, TypeError or UnsupportedAlgorithm for what is no RSA key."""
    key = load_pem_private_key(account.private_key.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError
    return key


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _refusal(said: Mapping[str, Any]) -> TokenError:
    """What the answer means; of its words nothing but the code is told, for they may name the mailbox."""
    found = _WORD.fullmatch(str(said["error"]))
    word = found.group() if found else "an error"
    fault = _FAULTS.get(word, MailboxFault.ISSUER_REFUSES)
    if word == "invalid_grant":
        beside = str(said.get("error_description", ""))
        fault = next((one for pattern, one in _GRANTS if pattern.search(beside)), fault)
    return TokenError(f"Google gives out no access token ({word})", fault)
