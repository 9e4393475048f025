"""What a provider says of itself (OpenID Connect Discovery 1.0) and its keys, kept in the process for an hour."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import asking
from .errors import OidcError
from .provider import Provider, check_address

KEPT = 3600.0  # seconds


@dataclass(frozen=True)
class Metadata:
    """Where a provider is asked for what. `by_form`: it takes our secret in the form only, not by HTTP Basic."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    by_form: bool
    names_itself: bool
    """It adds `iss` to what it sends back (RFC 9207)."""


@dataclass
class _Kept:
    metadata: tuple[float, Metadata] | None = None
    keys: tuple[float, list[Mapping[str, Any]]] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_KEPT: dict[str, _Kept] = {}


def metadata(provider: Provider) -> Metadata:
    """Return what the provider says of itself. Raises OidcError."""
    kept = _of(provider)
    with kept.lock:
        if kept.metadata is None or time.monotonic() - kept.metadata[0] > KEPT:
            kept.metadata = (time.monotonic(), _read(provider))
        return kept.metadata[1]


def keys(provider: Provider, *, anew: bool = False) -> list[Mapping[str, Any]]:
    """Return the provider's public keys as it writes them (RFC 7517), fetched `anew` or as kept. Raises OidcError."""
    address, kept = metadata(provider).keys, _of(provider)
    with kept.lock:
        if anew or kept.keys is None or time.monotonic() - kept.keys[0] > KEPT:
            listed = asking.get(provider, address).get("keys")
            if not isinstance(listed, list):
                raise OidcError("provider_nonsense")
            kept.keys = (time.monotonic(), [key for key in listed if isinstance(key, dict)])
        return kept.keys[1]


def forget() -> None:
    """Forget what is kept; the next question fetches it again."""
    _KEPT.clear()


def _of(provider: Provider) -> _Kept:
    return _KEPT.setdefault(provider.issuer, _Kept())


def _read(provider: Provider) -> Metadata:
    address = f"{check_address(provider.issuer).rstrip('/')}/.well-known/openid-configuration"
    said = asking.get(provider, address)
    if said.get("issuer") != provider.issuer:
        raise OidcError("provider_is_another")  # section 4.3: exactly the issuer that was asked for
    ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    by_form = isinstance(ways, list) and "client_secret_basic" not in ways and "client_secret_post" in ways
    userinfo = said.get("userinfo_endpoint")
    return Metadata(
        authorization=check_address(said.get("authorization_endpoint")),
        token=check_address(said.get("token_endpoint")),
        keys=check_address(said.get("jwks_uri")),
        userinfo=check_address(userinfo) if userinfo else "",
        by_form=by_form,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )
