"""What an account can show beside its password: an app, passkeys. Recovery codes stand in for one and are none."""

from django.db import transaction
from django.db.models import F
from django_otp_webauthn.models import WebAuthnCredential, WebAuthnUserHandle

from identity.models import RecoveryCodes, SecondFactor, SingleSignOn, User


def count(user: User) -> int:
    """Return how many factors an account has."""
    keys: int = WebAuthnCredential.objects.filter(user=user, confirmed=True).count()
    return SecondFactor.objects.filter(user=user, confirmed=True).count() + keys


def any_of(user: User) -> bool:
    """Tell whether an account has a factor; recovery codes prove that it had one, and count here."""
    return bool(count(user)) or RecoveryCodes.objects.filter(user=user).exists()


def lock(user: User) -> None:
    """Let the factors of an account be changed by one at a time; call it within a transaction."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))


def forget(user: User) -> None:
    """Remove every factor of an account and end its sessions: the password of one could set up a new factor."""
    with transaction.atomic():
        lock(user)
        User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
        SecondFactor.objects.filter(user=user).delete()
        RecoveryCodes.objects.filter(user=user).delete()
        WebAuthnCredential.objects.filter(user=user).delete()
        WebAuthnUserHandle.objects.filter(user=user).delete()
        SingleSignOn.objects.filter(user=user).delete()
