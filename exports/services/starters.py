"""Registers to start from, delivered with the house: whoever needs one takes it over and fills in what differs."""

from pathlib import Path

from django.conf import settings

from exports.domain.register import RegisterError
from exports.models import RegisterVersion
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason

from . import register

FILES = {"employees": Path(settings.BASE_DIR) / "config" / "registers" / "employer.yaml"}
"""By the key that the register gets."""


def offered() -> list[str]:
    """Return the keys of those that the installation does not have yet."""
    return [key for key in FILES if not RegisterVersion.objects.filter(register=key).exists()]


def begin(key: str, actor: Actor) -> None:
    """Take over a starter register as the first version of its own. Having it already changes nothing.

    Raises ActionRefused when there is none with this key, or when another register has its ids.
    """
    if key not in FILES:
        raise ActionRefused(Reason("registers_unknown"))
    try:
        register.load(FILES[key], key=key, actor=actor)
    except RegisterError as error:
        raise ActionRefused(
            Reason("register_ids_taken", {"ids": ", ".join(one.key for one in error.problems)})
        ) from error
