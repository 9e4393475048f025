"""One-time codes: eight digits, 15 minutes, five tries, once; by mail to where an answer was released to, or by SMS.

The code is derived from its row when the mail leaves and when somebody types it in; it stands nowhere.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from identity import selectors
from identity.domain.enums import CodeState
from identity.models import OneTimeCode
from requests_app import audit
from requests_app.domain import tokens
from requests_app.domain.enums import Intent
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON, Reason
from requests_app.keyring import ring
from requests_app.models import Case
from requests_app.services import correspondence, rows

from . import human_review

DERIVATION = "one-time-code"
LIFETIME = timedelta(minutes=15)
TRIES = 5
CODES_BEFORE_PAUSE = 5
PAUSE = timedelta(hours=24)
_CODE = re.compile(rf"[0-9]{{{tokens.CODE_DIGITS}}}")


@dataclass(frozen=True)
class CodeResult:
    """What became of a code, and how many more tries there are with it."""

    state: CodeState
    tries_left: int = 0

    @property
    def ok(self) -> bool:
        """True when the code was right, in time and unused."""
        return self.state is CodeState.OK


def send(case: Case, purpose: str, address: str) -> None:
    """Mail a new code for `purpose` to `address`; codes sent before for it are dead.

    `address` is the one that two persons released the answer to, empty when there is none; nobody alone changes it.
    Raises ActionRefused without one, while a question about identity is open, or after five codes in a day: then
    there is a pause of a day, and the desk sees it. A pause never refuses the right itself.
    """
    with transaction.atomic():
        case = rows.lock_case(case.pk)
        if not address or selectors.standing(case).waiting:
            raise ActionRefused(Reason("code_no_address"))
        row = new(case, purpose, address)
        secret = tokens.Secret("code", DERIVATION, str(row.uuid), 1, row.key_id)
        correspondence.queue(
            case, Intent.ONE_TIME_CODE, "identity/mail/one_time_code", {"minutes": LIFETIME.seconds // 60},
            key=f"code:{row.uuid}", to=address, secrets={"code": secret},
        )  # fmt: skip
        sent(row)


def new(case: Case, purpose: str, address: str) -> OneTimeCode:
    """Write down a new code, of any kind: five of them in a day bring a pause. Needs a transaction that holds the case.

    Whoever has seen to it that it leaves says so by `sent`. Raises ActionRefused during a pause.
    """
    if paused := why_paused(case):
        raise ActionRefused(paused)
    now = timezone.now()
    return OneTimeCode.objects.create(
        case=case, purpose=purpose, key_id=ring().active, sent_to=address, created_at=now, expires_at=now + LIFETIME
    )


def sent(row: OneTimeCode) -> None:
    """A new code is on its way: write it down, and ask for a person if it was the last before a pause."""
    if why_paused(row.case):
        human_review.ask_for(row.case, cause="codes", key=f"code:{row.pk}")
    audit.record("code.sent", f"case:{row.case_id}", PERSON, purpose=row.purpose, code=row.pk)


def reveal(row: OneTimeCode) -> str:
    """Return the digits of a code: they stand nowhere."""
    return tokens.derive_code(ring(), DERIVATION, str(row.uuid), 1, row.key_id)


def check(case: Case, purpose: str, given: str, address: str) -> CodeResult:
    """Compare what somebody typed with the newest code for `purpose`; right once, then never again.

    The try is counted before it is looked at, so parallel guesses get no more than five answers. What cannot be
    a code at all (not eight digits) is wrong without using up a try. A code is dead once the address it went to
    is no longer `address`, the one for the answer.
    """
    row = OneTimeCode.objects.filter(case=case, purpose=purpose).order_by("-created_at", "-id").first()
    if row is None or row.used_at or row.sent_to != address:
        return CodeResult(CodeState.NONE)
    typed = re.sub(r"[\s-]", "", given)
    if not _CODE.fullmatch(typed):
        return _still(row, timezone.now())
    now = timezone.now()
    countable = OneTimeCode.objects.filter(pk=row.pk, used_at__isnull=True, expires_at__gt=now, tries__lt=TRIES)
    if not countable.update(tries=F("tries") + 1):
        row.refresh_from_db()
        return _still(row, now)
    if tokens.same(typed, reveal(row)):
        return _use(row, now)
    row.refresh_from_db()
    with transaction.atomic():
        audit.record("code.wrong", f"case:{case.pk}", PERSON, code=row.pk, tries=row.tries)
    return _still(row, now)


def paused_until(case: Case) -> datetime | None:
    """Return until when no code is sent any more, or None: five codes within a day bring a day's pause."""
    newest = OneTimeCode.objects.filter(case=case).order_by("-created_at", "-id")
    times = list(newest.values_list("created_at", flat=True)[:CODES_BEFORE_PAUSE])
    if len(times) < CODES_BEFORE_PAUSE or times[0] - times[-1] >= PAUSE:
        return None
    until = times[0] + PAUSE
    return until if until > timezone.now() else None


def why_paused(case: Case) -> Reason | None:
    """Return that there is a pause of codes, or None."""
    until = paused_until(case)
    return Reason("code_pause", {"until": until.isoformat()}) if until else None


def _use(row: OneTimeCode, now: datetime) -> CodeResult:
    with transaction.atomic():
        if not OneTimeCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now):
            return CodeResult(CodeState.NONE)
        audit.record("code.accepted", f"case:{row.case_id}", PERSON, purpose=row.purpose, code=row.pk)
        return CodeResult(CodeState.OK)


def _still(row: OneTimeCode, now: datetime) -> CodeResult:
    """Say what a try that was not right leaves behind."""
    if row.used_at:
        return CodeResult(CodeState.NONE)
    if row.expires_at <= now:
        return CodeResult(CodeState.EXPIRED)
    left = max(TRIES - row.tries, 0)
    return CodeResult(CodeState.WRONG, left) if left else CodeResult(CodeState.TOO_MANY)
