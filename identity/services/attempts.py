"""Attempts to log in by a provider: begun by one browser, taken by the same one, once, within ten minutes.

So a code that somebody else got, an attempt that somebody else began (login CSRF), and one that is played back are
worth nothing.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.crypto import get_random_string

from identity.domain import sealed
from identity.domain.enums import OidcPurpose
from identity.models import OidcAttempt, User, Verification
from requests_app.domain import tokens
from requests_app.keyring import ring
from requests_app.models import Case

PURPOSE = "oidc-attempt"
BROWSER = "oidc_browser"
LIFETIME = timedelta(minutes=10)
COUNTED_FOR = timedelta(hours=24)
LONGEST_PAGE = 2000


class Leaving(Protocol):
    """What has to be remembered of a browser that was sent away (`identity.oidc.flow.Departure`)."""

    @property
    def state(self) -> str: ...
    @property
    def nonce(self) -> str: ...
    @property
    def verifier(self) -> str: ...


@dataclass(frozen=True)
class Secrets:
    """What the provider has to be shown, or has to show."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def browser(session: SessionBase) -> str:
    """Return the secret by which we know this browser again, made on the first call."""
    if BROWSER not in session:
        session[BROWSER] = get_random_string(43)
    return str(session[BROWSER])


def browser_of(session: SessionBase) -> str:
    """Return that secret, or one that fits no attempt where there is none yet."""
    return str(session.get(BROWSER, ""))


def begin(
    purpose: OidcPurpose,
    leaving: Leaving,
    browser: str,
    *,
    case: Case | None = None,
    link: Verification | None = None,
    user: User | None = None,
    page: str = "",
) -> OidcAttempt:
    """Remember that a browser was sent away."""
    now, keys = timezone.now(), ring()
    digest = tokens.digest(leaving.state)
    secrets = json.dumps([leaving.nonce, leaving.verifier]).encode()
    return OidcAttempt.objects.create(
        purpose=purpose.value,
        state_digest=digest,
        browser_digest=tokens.digest(browser),
        key_id=keys.active,
        sealed=sealed.seal(keys, PURPOSE, secrets, bound_to=f"{purpose}:{digest}"),
        case=case,
        link=link,
        user=user,
        page=page if len(page) <= LONGEST_PAGE else "",
        created_at=now,
        expires_at=now + LIFETIME,
    )


def find(purpose: OidcPurpose, state: str, browser: str) -> OidcAttempt | None:
    """Return the attempt with which this very browser comes back in time, if it has not been used."""
    return (
        OidcAttempt.objects.select_related("case", "link", "user")
        .filter(
            purpose=purpose.value,
            state_digest=tokens.digest(state),
            browser_digest=tokens.digest(browser),
            expires_at__gt=timezone.now(),
            used_at__isnull=True,
        )
        .first()
    )


def use(row: OidcAttempt) -> Secrets | None:
    """Use an attempt up and return its secrets; None where it was used meanwhile, or cannot be opened any more."""
    unused = OidcAttempt.objects.filter(pk=row.pk, used_at__isnull=True)
    if not unused.update(used_at=timezone.now(), sealed=b""):
        return None
    bound_to = f"{row.purpose}:{row.state_digest}"
    try:
        opened = sealed.unseal(ring(), PURPOSE, bytes(row.sealed), bound_to=bound_to, key_id=row.key_id)
    except sealed.SealBroken:
        return None
    nonce, verifier = json.loads(opened)
    return Secrets(nonce, verifier)


def drop(row: OidcAttempt) -> None:
    """Forget an attempt that came to nothing: it does not count."""
    OidcAttempt.objects.filter(pk=row.pk).delete()


def used_lately(case: Case) -> int:
    """Return how many attempts of a case came back to be compared within a day."""
    return OidcAttempt.objects.filter(case=case, used_at__gt=timezone.now() - COUNTED_FOR).count()


def forget_old() -> int:
    """Delete what neither waits nor counts any more; return how many."""
    now = timezone.now()
    waits = OidcAttempt.objects.filter(used_at__isnull=True, expires_at__lte=now).delete()[0]
    counts = OidcAttempt.objects.filter(used_at__lte=now - COUNTED_FOR).delete()[0]
    return waits + counts
