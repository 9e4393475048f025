"""Accounts of the staff."""

from datetime import date
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from identity.domain import mails
from requests_app.domain import absence
from requests_app.domain.enums import ActorKind, Role, StaffNotice
from requests_app.domain.snapshot import Actor
from requests_app.models.fields import one_of
from requests_app.services import cover


class UserManager(BaseUserManager["User"]):
    """Finds people by their e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account with this address; raises User.DoesNotExist."""
        return self.get(email=normal_address(username or ""))


def normal_address(text: str) -> str:
    """Return an address as accounts keep it: without surrounding space, in small letters."""
    return text.strip().lower()


class User(AbstractBaseUser):
    """A member of staff; logs in by e-mail, password and second factor.

    Away from `away_from` to `away_until`, both days included, or until further notice; `deputy` then gets the mails.
    `emergency`: the approver outside the team, who has no role at all while two others are there to release.
    `only_in_digest` are the codes of the notices (`StaffNotice`) that wait for the morning mail.
    """

    email = models.EmailField(max_length=320, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    session_generation = models.PositiveIntegerField(default=1)
    date_joined = models.DateTimeField(auto_now_add=True)
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)
    emergency = models.BooleanField(default=False)
    deputy = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in_for")
    wants_digest = models.BooleanField(default=True)
    only_in_digest = models.JSONField(default=list, blank=True)

    objects = UserManager()

    # The second factor that this session has shown; django-otp's middleware fills it in for each page.
    otp_device: "object | None" = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.UniqueConstraint(
                name="user_one_emergency", fields=["emergency"], condition=Q(emergency=True, is_active=True)
            ),
            models.CheckConstraint(name="user_deputy_is_another", condition=Q(deputy=None) | ~Q(deputy=F("id"))),
            models.CheckConstraint(
                name="user_away_ends_after_it_begins",
                condition=Q(away_until=None) | Q(away_from__isnull=False, away_until__gte=F("away_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie sessions to the password and to `session_generation`: raising that number ends all of them."""
        salt = "identity.models.User.session"
        value = f"{self.password}\n{self.session_generation}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles this person holds; none when the account is not active, or the emergency it is for is not there."""
        if not self.is_active or (self.emergency and not cover.is_emergency()):
            return frozenset()
        return frozenset(Role(r.role) for r in self.role_rows.all())

    def is_verified(self) -> bool:
        """Tell whether this session has shown the second factor."""
        return self.otp_device is not None

    def as_actor(self) -> Actor:
        """This person as the domain sees one who acts."""
        return Actor(ActorKind.STAFF, self.pk, self.roles, self.emergency)

    def is_away(self, on: date) -> bool:
        """Tell whether this person is away on a day."""
        return absence.Absence(self.away_from, self.away_until).covers(on)

    def wants_at_once(self, notice: StaffNotice) -> bool:
        """Tell whether a mail of this kind is sent at once, or waits for the morning mail."""
        return mails.at_once(notice, self.only_in_digest, wants_digest=self.wants_digest, roles=self.roles)


class StaffRole(models.Model):
    """One role of one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_rows")
    role = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="role_once", fields=["user", "role"]),
            one_of("staff_role", "role", Role),
        ]

    def __str__(self) -> str:
        return self.role
