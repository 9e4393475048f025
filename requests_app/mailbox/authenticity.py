"""Does the mail come from the domain it names? Read from the one header our own server wrote (RFC 8601).

A yes says that the writer can send from this address, not who they are; a no costs nobody their case.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from . import addresses
from .parsed import ParsedMail


class Authenticity(StrEnum):
    """What our own server found."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class _Result:
    method: str
    value: str
    domain: str


_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*([a-z-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:header\.(?:from|d|i)|smtp\.(?:mailfrom|mail))\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def judge(mail: ParsedMail, *, authserv_ids: Collection[str]) -> Authenticity:
    """Return what the topmost Authentication-Results of ours say about the domain in From.

    Headers of other servers prove nothing, nor does a pass for another domain than the one in From. Without a
    configured authserv-id the answer is UNKNOWN.
    """
    ours = {one.lower() for one in authserv_ids}
    block = next((v for v in mail.facts.authentication_results if _authserv_id(v) in ours), None)
    domain = addresses.domain(mail.from_address)
    if block is None or not domain:
        return Authenticity.UNKNOWN
    results = list(_results(block))
    if any(one.method == "dmarc" and one.value == "fail" for one in results):  # stricter than we could judge
        return Authenticity.FAILED
    if any(one.value == "pass" and _aligned(one.domain, domain) for one in results):
        return Authenticity.PASSED
    failed = {one.method for one in results if one.value in ("fail", "hardfail")}
    return Authenticity.FAILED if failed & {"dmarc", "spf"} else Authenticity.UNKNOWN


def _authserv_id(value: str) -> str:
    words = _COMMENT.sub(" ", value).partition(";")[0].split()
    return words[0].lower() if words else ""


def _results(value: str) -> Iterator[_Result]:
    for part in _COMMENT.sub(" ", value).split(";")[1:]:
        found = _RESULT.match(part)
        if found and found[1].lower() in ("spf", "dkim", "dmarc"):
            named = _DOMAIN.search(part)
            host = named[1].rpartition("@")[2].lower().rstrip(".") if named else ""
            yield _Result(found[1].lower(), found[2].lower(), host)


def _aligned(found: str, domain: str) -> bool:
    """Relaxed alignment (RFC 7489 section 3.1), without the list of public suffixes."""
    return bool(found) and (found == domain or domain.endswith(f".{found}") or found.endswith(f".{domain}"))
