"""The second factor of the staff."""

import secrets
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django_otp.models import Device

from identity.domain import sealed, totp
from requests_app.keyring import ring

from .user import User

PURPOSE = "second-factor"
SECRET_BYTES = 20  # RFC 4226 section 4 recommends 160 bits


class SecondFactor(Device):  # type: ignore[misc]  # django-otp has no types
    """The authenticator app of one person: its secret is sealed with the key ring, unlike django-otp's own.

    Not `confirmed` until the person has shown one code of it; only then does it let anybody in.
    """

    user: "models.OneToOneField[User, User]" = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="second_factor"
    )
    key_id: "models.CharField[str, str]" = models.CharField(max_length=40)
    sealed_secret: "models.BinaryField[bytes, bytes]" = models.BinaryField()
    last_step: "models.BigIntegerField[int, int]" = models.BigIntegerField(default=-1)
    created_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["SecondFactor"]] = models.Manager()

    def __str__(self) -> str:
        return f"second factor {self.pk}"

    @classmethod
    def fresh(cls, user: User) -> Self:
        """Return an unsaved, unconfirmed factor with a new secret."""
        keys = ring()
        secret = sealed.seal(keys, PURPOSE, secrets.token_bytes(SECRET_BYTES), bound_to=f"user:{user.pk}")
        return cls(user_id=user.pk, name="totp", confirmed=False, key_id=keys.active, sealed_secret=secret)

    @property
    def secret(self) -> bytes:
        """The shared secret. Raises `sealed.SealBroken`."""
        bound_to = f"user:{self.user_id}"
        return sealed.unseal(ring(), PURPOSE, bytes(self.sealed_secret), bound_to=bound_to, key_id=self.key_id)

    def verify_token(self, token: str) -> bool:
        """Tell whether `token` is a code of now; each code is accepted once, whatever runs at the same time."""
        step = self.step_of(token)
        if step is None:
            return False
        unused = SecondFactor.objects.filter(pk=self.pk, last_step__lt=step)
        return bool(unused.update(last_step=step))

    def step_of(self, token: str) -> int | None:
        """Return the time step whose code `token` is, if it is one of now that was not used; nothing is remembered."""
        now_step = totp.step_at(timezone.now().timestamp())
        return totp.matching_step(self.secret, token, now_step=now_step, after=self.last_step)

    def current_code(self) -> str:
        """Return a code that is accepted now: the next one when that of this moment was used already."""
        now_step = totp.step_at(timezone.now().timestamp())
        return totp.code(self.secret, max(now_step, self.last_step + 1))
