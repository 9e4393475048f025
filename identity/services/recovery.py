"""Recovery codes: ten, shown once, each good for one login; using one is told to the owner of the account."""

import hashlib
import hmac
import re
import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from identity.domain import backoff
from identity.models import RecoveryCode, RecoveryCodes, User
from requests_app import audit
from requests_app.keyring import ring
from requests_app.services import correspondence

from . import factors, throttle
from .second_factor import Check

NUMBER = 10
LENGTH = 12  # letters of 5 bits: 60 bits, out of reach of guessing even where the hashes are known without the key
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing in it is read as something else
PURPOSE = "recovery-code"
TEMPLATE = "identity/mail/recovery_code_used"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def make(user: User) -> list[str]:
    """Give an account new codes and return them; they cannot be shown again, and earlier ones are worthless."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(NUMBER)]
    keys = ring()
    with transaction.atomic():
        factors.lock(user)
        row, _ = RecoveryCodes.objects.get_or_create(user=user, defaults={"name": "recovery"})
        RecoveryCodes.objects.filter(pk=row.pk).update(made_at=timezone.now())
        row.rows.all().delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(codes=row, key_id=keys.active, digest=_digest(user, code, keys.active)) for code in codes
        )
        audit.record("staff.recovery_codes_made", f"user:{user.pk}", user.as_actor())
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def remaining(user: User) -> int:
    """Return how many codes of an account still work."""
    return RecoveryCode.objects.filter(codes__user=user, used_at=None).count()


def check(user: User, given: str, *, action: str, browser: str = "") -> Check:
    """Use up a code. Capitals, spaces and dashes do not matter, nor O for 0, and I or L for 1.

    `action` is what the audit remembers besides the use; the owner of the account gets a mail. A known `browser` has
    a brake of its own, as with the codes of the app.
    """
    brake = throttle.brake(backoff.SECOND_FACTOR, str(user.pk), *filter(None, [browser]))
    if wait := throttle.spend([brake]):
        return Check(wait=wait)
    code = re.sub(r"[\s-]", "", given).upper().translate(_MISREAD)
    with transaction.atomic():
        factors.lock(user)
        unused = RecoveryCode.objects.filter(codes__user=user, used_at=None)
        ids = [key_id for key_id in unused.values_list("key_id", flat=True).distinct() if key_id in ring().keys]
        digests = [_digest(user, code, key_id) for key_id in ids]
        row = unused.filter(digest__in=digests).first()
        if row is None or not unused.filter(pk=row.pk).update(used_at=timezone.now()):
            return Check()
        left = remaining(user)
        correspondence.notify_staff(
            user.email, user.language or settings.LANGUAGE_CODE, TEMPLATE,
            {"at": timezone.now(), "left": left}, key=f"recovery-code:{row.pk}",
        )  # fmt: skip
        audit.record("staff.recovery_code_used", f"user:{user.pk}", user.as_actor(), left=left)
        audit.record(action, f"user:{user.pk}", user.as_actor())
    throttle.forgive([brake])
    return Check(right=True, device=RecoveryCodes.objects.get(user=user))


def _digest(user: User, code: str, key_id: str) -> str:
    return hmac.new(ring().key(PURPOSE, key_id), f"{user.pk}:{code}".encode(), hashlib.sha256).hexdigest()
