"""One question to a provider, bounded in time and size. Nothing is asked of an address that an answer redirects to."""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from .errors import OidcError
from .provider import Provider, check_address

REFUSED = 400  # from here on the provider answers that it will not
OUT_OF_ORDER = 500


@dataclass(frozen=True)
class Answer:
    """What a provider said: a JSON object, which may be a refusal."""

    refused: bool
    fields: Mapping[str, Any] = field(repr=False)


def get(provider: Provider, url: object, *, bearer: str = "") -> Mapping[str, Any]:
    """Return the JSON object at an address of the provider. Raises OidcError."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    answer = _ask(provider, "GET", check_address(url), headers=headers)
    if answer.refused:
        raise OidcError("provider_refuses")
    return answer.fields


def post(provider: Provider, url: object, form: Mapping[str, str], *, basic: tuple[str, str] | None = None) -> Answer:
    """Send a form, by HTTP Basic if a name and a secret are given. Raises OidcError where nothing usable comes back."""
    auth = httpx.BasicAuth(*basic) if basic else None
    return _ask(provider, "POST", check_address(url), data=dict(form), auth=auth)


def _ask(
    provider: Provider,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    data: dict[str, str] | None = None,
    auth: httpx.BasicAuth | None = None,
) -> Answer:
    # What is packed can be a thousand times as large when it is unpacked.
    plain = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
    ends = time.monotonic() + provider.seconds
    try:
        with (
            _client(provider, url) as client,
            client.stream(method, url, headers=plain, data=data, auth=auth) as response,
        ):
            status = response.status_code
            if status >= OUT_OF_ORDER or 300 <= status < REFUSED:
                raise OidcError("provider_redirects" if status < REFUSED else "provider_out_of_order")
            if "content-encoding" in response.headers:
                raise OidcError("provider_nonsense")
            body = _bounded(response, ends, provider.most_bytes)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        raise OidcError("provider_away") from None
    return Answer(status >= REFUSED, _object(body))


def _client(provider: Provider, url: str) -> httpx.Client:
    """Return a client that goes through the proxy of the environment, except to this machine itself."""
    parts = urlsplit(url)
    encrypted = parts.scheme == "https"
    proxy = getproxies().get("https") if encrypted and not proxy_bypass(parts.hostname or "") else None
    # SSL_CERT_FILE changes what is believed. Without encryption nothing is, and there is nothing to load.
    verify = ssl.create_default_context() if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    timeout = httpx.Timeout(provider.seconds)
    return httpx.Client(verify=verify, proxy=proxy, trust_env=False, follow_redirects=False, timeout=timeout)


def _bounded(response: httpx.Response, ends: float, most: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > most:
            raise OidcError("provider_too_large")
        if time.monotonic() > ends:
            raise OidcError("provider_too_slow")
    return bytes(body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise OidcError("provider_nonsense") from None
    if not isinstance(said, dict):
        raise OidcError("provider_nonsense")
    return said
