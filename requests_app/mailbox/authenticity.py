"""Does the mail come from the domain it names? Read from what our own server wrote into it (RFC 8601).

A yes says that the writer can send from this address, not who they are; a no costs nobody their case.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from . import addresses, auth_results, exchange_online
from .auth_results import Block, Finding
from .parsed import ParsedMail

EXCHANGE_ONLINE = "exchange-online"
"""The profile of a mailbox at Microsoft 365, whose servers do not say who they are (`exchange_online`)."""
PROFILES = (EXCHANGE_ONLINE,)

_MORE_THAN_TOP_LEVEL = 2  # labels of a domain that somebody can own


class Authenticity(StrEnum):
    """What our own server found."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """What speaks for a verdict. In brackets what `Reason.detail` names."""

    NO_SENDER = "no_sender"  # nobody is named in From
    SEVERAL_SENDERS = "several_senders"  # more than one is, so that nobody knows whom a check was about
    NO_SERVER = "no_server"  # no server is named whose word we believe
    NO_BLOCK = "no_block"  # none of those wrote anything
    NOT_OUR_HOP = "not_our_hop"  # not written when the mail came in at Microsoft 365
    OTHER_FROM = "other_from"  # it was written about another sender [the domain]
    DMARC_GOOD = "dmarc_good"  # [the domain, as in all that follow]
    DMARC_FAIL = "dmarc_fail"
    DKIM_GOOD = "dkim_good"
    DKIM_FOREIGN = "dkim_foreign"  # a valid signature of somebody else
    DKIM_FAIL = "dkim_fail"
    SPF_GOOD = "spf_good"
    SPF_FOREIGN = "spf_foreign"
    SPF_FAIL = "spf_fail"
    NOTHING_PROVES = "nothing_proves"  # no check found anything for or against
    COMPOSITE_GOOD = "composite_good"  # Microsoft's sum of all checks [the code of its reason, as in the next two]
    COMPOSITE_GUESS = "composite_guess"  # … where it goes by likelihood
    COMPOSITE_FAIL = "composite_fail"
    SIGNED = "signed"  # we checked a signature ourselves [the domain, as in the next two]
    SIGNATURE_BROKEN = "signature_broken"
    SIGNATURE_UNCHECKED = "signature_unchecked"


@dataclass(frozen=True)
class Reason:
    """One of them; `detail` names a domain or a code, "" for nothing."""

    code: Why
    detail: str = ""


@dataclass(frozen=True)
class Judgement:
    """The verdict and what it rests on."""

    verdict: Authenticity
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"verdict": self.verdict.value, "reasons": [asdict(one) for one in self.reasons]}


def judge(mail: ParsedMail, *, authserv_ids: Collection[str], profile: str = "") -> Judgement:
    """Return what the topmost Authentication-Results of ours say about the domain in From.

    Headers of other servers prove nothing, nor does a pass for another domain than the one in From. `profile` is that
    of the mailbox the mail lay in, "" for servers that keep to RFC 8601. Without a server to believe the answer is
    UNKNOWN.
    """
    domain = addresses.domain(mail.from_address)
    if not domain:
        return _unknown(Why.NO_SENDER)
    if mail.facts.several_senders:
        return _unknown(Why.SEVERAL_SENDERS)
    blocks = [auth_results.read(value) for value in mail.facts.authentication_results]
    if profile == EXCHANGE_ONLINE:
        return _by_exchange_online(mail, blocks, domain)
    ours = {one.lower() for one in authserv_ids}
    if not ours:
        return _unknown(Why.NO_SERVER)
    block = next((one for one in blocks if one.authserv_id in ours), None)
    return _weigh(block, domain) if block else _unknown(Why.NO_BLOCK)


def signed_by(judgement: Judgement, reason: Reason) -> Judgement:
    """Return the judgement with what we found of the signatures ourselves.

    A valid one of the domain in From proves as much as the word of our server. One that does not fit (any more) proves
    nothing: servers on the way put banners into mails, and domains change their keys.
    """
    doubtful = judgement.verdict is Authenticity.UNKNOWN
    verdict = Authenticity.PASSED if reason.code is Why.SIGNED and doubtful else judgement.verdict
    return Judgement(verdict, (*judgement.reasons, reason))


def aligned(found: str, domain: str) -> bool:
    """Tell whether a domain that was proven speaks for the one in From: the same, one above it or one below.

    That is the relaxed alignment of RFC 7489 section 3.1 without the list of public suffixes, which changes every
    week: two domains side by side below a third (mail.example.com, www.example.com) are taken for strangers, and so
    is a top-level domain. Our server's own DMARC result, which knows the list, comes before this.
    """
    found, domain = _ascii(found), _ascii(domain)
    if found.count(".") + 1 < _MORE_THAN_TOP_LEVEL or domain.count(".") + 1 < _MORE_THAN_TOP_LEVEL:
        return False
    return found == domain or domain.endswith(f".{found}") or found.endswith(f".{domain}")


def _ascii(domain: str) -> str:
    """The domain as servers write it (RFC 5891): xn--blbr-roah.example for blåbær.example; else as it is."""
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain


def _unknown(*codes: Why) -> Judgement:
    return Judgement(Authenticity.UNKNOWN, tuple(Reason(code) for code in codes))


def _weigh(block: Block, domain: str) -> Judgement:
    """Weigh what a block says that we believe."""
    reasons = [*_dmarc(block, domain), *_dkim(block, domain), *_spf(block, domain)]
    codes = {one.code for one in reasons}
    if Why.DMARC_FAIL in codes:  # stricter than we could judge
        verdict = Authenticity.FAILED
    elif codes & {Why.DMARC_GOOD, Why.DKIM_GOOD, Why.SPF_GOOD}:
        verdict = Authenticity.PASSED
    elif Why.SPF_FAIL in codes:
        verdict = Authenticity.FAILED
    else:
        verdict = Authenticity.UNKNOWN
        reasons += [] if codes else [Reason(Why.NOTHING_PROVES)]
    return Judgement(verdict, tuple(dict.fromkeys(reasons)))


def _dmarc(block: Block, domain: str) -> list[Reason]:
    reasons = []
    for one in block.of("dmarc"):
        about = one.domain("header.from")
        if one.result == "fail":
            reasons.append(Reason(Why.DMARC_FAIL, domain))
        elif one.result == "pass":
            reasons.append(Reason(Why.DMARC_GOOD, domain) if aligned(about, domain) else Reason(Why.OTHER_FROM, about))
    return reasons


def _dkim(block: Block, domain: str) -> list[Reason]:
    found = [(one, one.domain("header.d", "header.i")) for one in block.of("dkim")]
    return _either(found, domain, Why.DKIM_GOOD, Why.DKIM_FOREIGN, Why.DKIM_FAIL)


def _spf(block: Block, domain: str) -> list[Reason]:
    """The envelope sender only: the name by which a server greets (smtp.helo) is nobody's address."""
    found = [(one, one.domain("smtp.mailfrom", "smtp.mail")) for one in block.of("spf")]
    return _either(found, domain, Why.SPF_GOOD, Why.SPF_FOREIGN, Why.SPF_FAIL)


def _either(found: list[tuple[Finding, str]], domain: str, passed: Why, foreign: Why, failed: Why) -> list[Reason]:
    reasons = []
    for one, named in found:
        if one.result == "pass" and named:
            reasons.append(Reason(passed if aligned(named, domain) else foreign, named))
        elif one.result in ("fail", "hardfail"):
            reasons.append(Reason(failed, named))
    return reasons


def _by_exchange_online(mail: ParsedMail, blocks: list[Block], domain: str) -> Judgement:
    """Judge by the topmost block, if Microsoft 365 wrote it when the mail came in."""
    if not blocks:
        return _unknown(Why.NO_BLOCK)
    top, facts = blocks[0], mail.facts
    if top.authserv_id or not exchange_online.came_in(facts.received_above, facts.received_below):
        return _unknown(Why.NOT_OUR_HOP)
    about = next((one.domain("header.from") for one in top.of("dmarc")), "")
    if about and _ascii(about) != _ascii(domain):
        return Judgement(Authenticity.UNKNOWN, (Reason(Why.OTHER_FROM, about),))
    found = _weigh(top, domain)
    composite = exchange_online.composite(top)
    match composite:
        case None:
            return found
        case exchange_online.Composite(passed=False, explicit=True):
            return Judgement(Authenticity.FAILED, (*found.reasons, Reason(Why.COMPOSITE_FAIL, composite.reason)))
        case exchange_online.Composite(passed=True, explicit=True):
            verdict = Authenticity.PASSED if about and found.verdict is Authenticity.UNKNOWN else found.verdict
            told = tuple(one for one in found.reasons if one.code is not Why.NOTHING_PROVES)
            return Judgement(verdict, (*told, Reason(Why.COMPOSITE_GOOD, composite.reason)))
        case _:  # by what is usual: a forwarder that Microsoft knows, the name of a machine; that proves nothing
            return Judgement(found.verdict, (*found.reasons, Reason(Why.COMPOSITE_GUESS, composite.reason)))
