"""Electronic ID by OpenID Connect, through a broker: one more way, never the only one (L3).

Only the name is compared. It is not kept, nor is anything else of what the provider says but the number under which it
knows the transaction; a provider that gives none is asked about by a pseudonym of the person that only we can make.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from identity import selectors
from identity.domain.claims import without_national_numbers
from identity.domain.enums import EidOutcome, Level, Method, OidcPurpose
from identity.domain.names import LegalName, agree
from identity.models import OidcAttempt, Verification
from identity.oidc import flow
from identity.oidc.errors import OidcError
from identity.oidc.provider import Provider
from identity.services import attempts, proof, second_step
from requests_app import audit
from requests_app.domain.enums import Requester
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON, Reason
from requests_app.keyring import ring
from requests_app.models import Case
from requests_app.services import rows

log = structlog.get_logger(__name__)

TRIES = 5  # that are compared within a day; then a person looks at it
SCOPE = "openid profile"  # never one that brings a national identity number
_TRANSACTION = re.compile(r"[A-Za-z0-9._:-]{1,100}")


class Eid:
    """The method as the others see it."""

    method = Method.EID
    level = Level.L3

    def why_not(self, case: Case) -> Reason | None:
        """Return why the person cannot use an electronic ID now, or None."""
        if not switched_on():
            return Reason("eid_off")
        if selectors.standing(case).waiting is None and not second_step.wanted(case):
            return Reason("identity_nothing_asked")
        if not _names(case):
            return Reason("eid_no_name")
        return Reason("eid_worn_out") if attempts.used_lately(case) >= TRIES else None


WAY = Eid()


def switched_on() -> bool:
    """Tell whether the settings name a provider of electronic IDs."""
    return bool(settings.EID_ISSUER and settings.EID_CLIENT_ID and settings.EID_CLIENT_SECRET)


def provider() -> Provider:
    """Return the provider of the settings."""
    return Provider(
        issuer=settings.EID_ISSUER,
        client_id=settings.EID_CLIENT_ID,
        client_secret=settings.EID_CLIENT_SECRET,
        redirect_uri=f"{settings.SITE_URL}{reverse('identity:eid-return')}",
        scope=SCOPE,
        asks_for={"acr_values": settings.EID_ACR} if settings.EID_ACR else {},
        seconds=settings.OIDC_SECONDS,
    )


def why_not_without_link(case: Case) -> Reason | None:
    """Return why no electronic ID can be used from the status page, or None.

    Where somebody writes for another, that page is theirs: they would answer a question that was put to the person.
    """
    if case.requester != Requester.SELF:
        return Reason("eid_link_only")
    return WAY.why_not(case)


def start(case: Case, browser: str, *, link: Verification | None = None) -> str:
    """Return where a browser is sent so that the person can show who they are.

    With the `link` of a question, pressed before or not, the mailbox it went to is theirs as well, and the answer goes
    there: whoever asked under somebody's name gets nothing by sending them to their electronic ID. Raises ActionRefused
    when this way is not open, and OidcError when the provider does not answer.
    """
    if reason := WAY.why_not(case) if link else why_not_without_link(case):
        raise ActionRefused(reason)
    now = selectors.standing(case)
    if link is None and now.waiting is None:
        link = now.confirmed  # the second step after a link that was pressed
    leaving = flow.depart(provider())
    attempts.begin(OidcPurpose.EID, leaving, browser, case=case, link=link)
    return leaving.url


def finish(query: Mapping[str, str], browser: str) -> EidOutcome:
    """Take what a browser came back with, and say how it ended. The try is counted before it is compared."""
    row = attempts.find(OidcPurpose.EID, query.get("state", ""), browser)
    if row is None or row.case is None:
        return EidOutcome.FAILED
    with transaction.atomic():
        case = rows.lock_case(row.case.pk)
        if reason := WAY.why_not(case) if row.link else why_not_without_link(case):
            attempts.drop(row)
            return EidOutcome.WORN_OUT if reason.code == "eid_worn_out" else EidOutcome.FAILED
        secrets = attempts.use(row)
    if secrets is None:
        return EidOutcome.FAILED
    try:
        said = without_national_numbers(flow.arrive(provider(), query, nonce=secrets.nonce, verifier=secrets.verifier))
        _check_level(said)
    except OidcError as error:
        attempts.drop(row)
        log.warning("electronic ID came to nothing", code=error.code)
        return EidOutcome.FAILED
    return _compare(row, case, said)


def _check_level(said: Mapping[str, Any]) -> None:
    """Raise OidcError unless the provider says that it did what it was asked for."""
    wanted = settings.EID_ACR.split()
    if wanted and said.get("acr") not in wanted:
        raise OidcError("token_level")


def _compare(row: OidcAttempt, case: Case, said: Mapping[str, Any]) -> EidOutcome:
    name = LegalName(*(_text(said.get(part)) for part in ("name", "given_name", "family_name")))
    try:
        with transaction.atomic():
            case = rows.lock_case(case.pk)
            if any(agree(one, name) for one in _names(case)):
                reference = _reference(said)
                proof.shown(
                    case.pk, Method.EID, Level.L3, actor=PERSON, provider_reference=reference, second_to=row.link
                )  # fmt: skip
                return EidOutcome.CONFIRMED
            audit.record("identity.eid_mismatch", f"case:{case.pk}", PERSON, tries=attempts.used_lately(case))
            return EidOutcome.REVIEW
    except ActionRefused:  # the question was answered or taken back meanwhile
        return EidOutcome.FAILED


def _names(case: Case) -> list[str]:
    """Return the names that an electronic ID may say: an agent is not the person, and a child's parent uses theirs."""
    if case.requester == Requester.SELF:
        names = [case.person_name]
    elif case.requester == Requester.GUARDIAN:
        names = [case.concerned_name, case.person_name]
    else:
        names = [case.concerned_name]
    return [name for name in names if name.strip()]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _reference(said: Mapping[str, Any]) -> str:
    """Return the provider's number of the transaction, or else a pseudonym of the person, bound to the provider."""
    number = _text(said.get("txn"))
    if _TRANSACTION.fullmatch(number):
        return number
    subject = _text(said.get("sub"))
    return _pseudonym(subject) if subject else ""


def _pseudonym(subject: str) -> str:
    """Return what stands for a person at this provider; nobody without our key can make or undo it."""
    keys = ring()
    mac = hmac.new(keys.key("eid-subject"), f"{settings.EID_ISSUER}\n{subject}".encode(), hashlib.sha256)
    return f"pseudonym:{keys.active}:{mac.hexdigest()[:32]}"
