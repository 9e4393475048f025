"""Checking the signature of a mail ourselves (RFC 6376), against the key that the domain publishes now.

It is done in a child process that ends when its time is over: the mail is a stranger's, and so are the servers that
are asked for the key. `python -m requests_app.mailbox.dkim_check DOMAIN NAMESERVER…` reads a mail from stdin and says
one word.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import headers
from .authenticity import Reason, Why, aligned
from .limits import confine

SECONDS = 6  # for the whole check: whoever answers slowly holds up the mail behind
LOOKUP_SECONDS = 2.0  # for one key
MOST_SIGNATURES = 2
MEMORY_MB = 512
DNS_PORT = 53

_ROOT = Path(__file__).resolve().parents[2]
_TAG = re.compile(r"(?:^|;)\s*([a-z]+)\s*=\s*([^;]*)")
_FOUND = {"valid": Why.SIGNED, "broken": Why.SIGNATURE_BROKEN}


def check(raw: bytes, domain: str, *, nameservers: Sequence[str] = ()) -> Reason | None:
    """Return what a signature of the domain in From is worth today; None for a mail that bears none.

    `nameservers` are written 127.0.0.1:53; empty means those of the machine. Takes SECONDS at most; what could not be
    found out by then, for want of an answer or of time, is SIGNATURE_UNCHECKED.
    """
    if not _signatures(raw, domain):
        return None
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter, our own module, a domain that is no option)
            [sys.executable, "-m", "requests_app.mailbox.dkim_check", domain, *nameservers],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the library speaks of what is in the mail
            timeout=SECONDS,
            cwd=_ROOT,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # no secrets
            check=False,
        )
        said = done.stdout.decode("ascii", "replace").strip()
    except subprocess.TimeoutExpired:
        said = ""
    return Reason(_FOUND.get(said, Why.SIGNATURE_UNCHECKED), domain)


def _signatures(raw: bytes, domain: str) -> list[int]:
    """The places, among the signatures of a mail, of those that count: of this domain and over the whole body."""
    found: list[int] = []
    top = headers.read(raw)
    if len(top.all("from")) != 1:  # one may be signed and another shown
        return found
    for place, value in enumerate(top.plain("dkim-signature", headers.MAX_VALUE)):
        tags = {name: "".join(text.split()) for name, text in _TAG.findall(value)}
        if aligned(tags.get("d", "").lower(), domain) and "l" not in tags:  # behind l= anybody may add what they like
            found.append(place)
    return found[:MOST_SIGNATURES]


class _Keys:
    """The keys that domains publish; remembers whether there was one."""

    def __init__(self, nameservers: Sequence[str]) -> None:
        import dns.resolver  # with dkim, only in the child

        self.found = False
        self._resolver = dns.resolver.Resolver(configure=not nameservers)
        if nameservers:
            places = [one.rpartition(":") for one in nameservers]
            self._resolver.nameservers = [host for host, _, _ in places]
            self._resolver.port = int(places[0][2] or DNS_PORT)

    def __call__(self, name: bytes | str, timeout: float = LOOKUP_SECONDS) -> bytes | None:
        """Return the record of this name, None where nobody says one."""
        import dns.exception

        text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        try:
            answer = self._resolver.resolve(text, "TXT", lifetime=LOOKUP_SECONDS)
        except dns.exception.DNSException:
            return None
        record = next((b"".join(one.strings) for one in answer), None)
        self.found = self.found or record is not None
        return record


def _counts(tags: dict[bytes, bytes], domain: str) -> bool:
    """Ask again of the signature that was checked: the library may count fields in another way than we do."""
    return aligned(tags.get(b"d", b"").decode("ascii", "replace").lower(), domain) and b"l" not in tags


def _verify(raw: bytes, domain: str, nameservers: Sequence[str]) -> str:
    import dkim

    said = "unknown"
    for place in _signatures(raw, domain):
        keys = _Keys(nameservers)
        try:
            signature = dkim.DKIM(raw, minkey=1024)
            if signature.verify(place, dnsfunc=keys) and _counts(signature.signature_fields, domain):
                return "valid"
        except dkim.DKIMException:  # a signature that is none
            keys.found = True
        if keys.found:
            said = "broken"
    return said


if __name__ == "__main__":
    confine(MEMORY_MB)
    print(_verify(sys.stdin.buffer.read(), sys.argv[1], sys.argv[2:]))  # noqa: T201
