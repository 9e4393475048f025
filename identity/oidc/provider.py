"""Who vouches for people, and what we are to them."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .errors import OidcError


@dataclass(frozen=True)
class Provider:
    """A provider as the settings name it. The secret does not show in `repr`.

    `asks_for` are further parameters of the authorization request, such as `acr_values`; `seconds` is how long one
    answer may take, `most_bytes` how large it may be.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scope: str = "openid"
    asks_for: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 10.0
    most_bytes: int = 256 * 1024


def check_address(url: object) -> str:
    """Return an address that may be asked: https, or http on this machine itself. Raises OidcError for others."""
    if not isinstance(url, str):
        raise OidcError("address_missing")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise OidcError("address_unreadable") from None
    if not host or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable():
        raise OidcError("address_unreadable")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise OidcError("address_not_https")
    return url


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself, where nobody can listen in on the way."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
