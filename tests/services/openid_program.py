"""A real OpenID provider of somebody else's (PyPI oidc-provider-mock), as a process of its own on loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx

from .process import ServiceFailed, end, free_port, tail, until

ANSWERED = 303


@dataclass(frozen=True)
class OpenIdProgram:
    """The running program; it takes any client."""

    issuer: str

    def knows(self, subject: str, **claims: object) -> None:
        """Tell it what it says of somebody."""
        httpx.put(f"{self.issuer}/users/{subject}", json=claims, trust_env=False).raise_for_status()

    def log_in(self, url: str, subject: str) -> dict[str, str]:
        """Be the person at the page that a browser was sent to; return the query it is sent back with."""
        return self._press(url, {"sub": subject})

    def cancel(self, url: str) -> dict[str, str]:
        """Be the person who changes their mind there."""
        return self._press(url, {"action": "deny"})

    def _press(self, url: str, form: dict[str, str]) -> dict[str, str]:
        assert url.startswith(f"{self.issuer}/")
        httpx.get(url, trust_env=False).raise_for_status()
        answer = httpx.post(url, data=form, trust_env=False, follow_redirects=False)
        assert answer.is_redirect, answer.status_code
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


@contextmanager
def openid_program(folder: Path) -> Iterator[OpenIdProgram]:
    """Yield the running program; `folder` takes its log."""
    port, log = free_port(), folder / "openid.log"
    issuer = f"http://localhost:{port}"
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)], stdout=out, stderr=out, env=quiet
        )
        try:
            if not until(lambda: _answers(issuer), server):
                raise ServiceFailed(f"the OpenID provider did not start:\n{tail(log)}")
            yield OpenIdProgram(issuer)
        finally:
            end(server)


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).is_success
    except httpx.HTTPError:
        return False
