"""Refuses passwords that are guessed first, offline: no password and no part of one leaves the machine.

The words are the 20,000 that turn up most often in passwords that leaked (Django brings them along) and a list of our
own for Norway, looked for inside the password and behind the usual disguises.
"""

from contextlib import suppress
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from identity.domain import guessable, norwegian_passwords
from identity.models import User
from identity.services import leaked_passwords
from requests_app.models import Organisation

PRODUCT = "Datarett"


class GuessablePasswordValidator:
    """A password has to be more than common words, names, years and rows of keys."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password that is easy to foresee."""
        names = _names(user)
        if guessable.points(password, _words(), names) >= guessable.LEAST:
            return
        if guessable.points(password, _words(), ()) >= guessable.LEAST:
            raise ValidationError(
                _(
                    "This password is little more than your name, or the name of the organisation. Whoever guesses "
                    "begins with that. Choose a few words that have nothing to do with you."
                ),
                code="password_of_names",
            )
        raise ValidationError(
            _(
                "This password is little more than a word that many people use, or a row of keys; digits and signs "
                "around it do not help. Choose a few words that have nothing to do with each other."
            ),
            code="password_too_common",
        )

    def get_help_text(self) -> str:
        """Say it before."""
        return _("Your password cannot be a common word or a name with something added.")


class LeakedPasswordValidator:
    """A password must not be on the list of all that leaked, where the operator has it (`leaked_passwords`)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password on the list; `manage.py check` tells of a file that cannot be read."""
        path = settings.LEAKED_PASSWORDS
        with suppress(OSError, leaked_passwords.NotTheList):
            if path and leaked_passwords.holds(path, password):
                raise ValidationError(
                    _(
                        "This password is on a list of passwords that were stolen somewhere else, so it is tried "
                        "first. Choose another one."
                    ),
                    code="password_leaked",
                )

    def get_help_text(self) -> str:
        """Say it before."""
        return _("Your password cannot be one that was stolen somewhere else.")


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    common = CommonPasswordValidator().passwords
    return frozenset(guessable.fold(word) for word in (*common, *norwegian_passwords.WORDS))


def _names(user: User | None) -> frozenset[str]:
    organisation = Organisation.objects.filter(pk=1).first()
    theirs = [user.name, user.email] if user else []
    ours = [organisation.name, *organisation.own_domains] if organisation else []
    return guessable.name_parts(PRODUCT, *theirs, *ours)
