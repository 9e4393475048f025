"""The processing register in force: loaded once, then filled field by field, every change a new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from django.db import transaction
from django.utils import timezone

from exports.domain import register as domain
from exports.domain.enums import VersionReason
from exports.domain.events import RegisterChanged
from exports.models import RegisterVersion
from requests_app import audit, outbox
from requests_app.domain.errors import ActionRefused
from requests_app.domain.marked_yaml import Json
from requests_app.domain.snapshot import SYSTEM, Actor, Reason


class NoRegister(LookupError):
    """No register was loaded yet."""


@dataclass(frozen=True)
class Loaded:
    """What `load` did: the version in force, whether it is new, and whether the file says something else."""

    version: int
    created: bool
    differs: bool


def current() -> tuple[int, domain.Register]:
    """Return the version in force and its number. Raises NoRegister before the set-up."""
    row = RegisterVersion.objects.order_by("-number").first()
    if row is None:
        raise NoRegister("no register is loaded; `manage.py load_register` does it")
    return row.number, domain.from_json(row.content, name=f"version {row.number}")


def load(path: Path, *, force: bool = False) -> Loaded:
    """Take the register from its file as version 1; afterwards only with `force`, as a new version.

    A file that changed must not silently undo what people filled in on the desk. Raises
    `exports.domain.register.RegisterError` with file, line and key for all that is wrong; nothing is stored then.
    """
    given = domain.load(path)
    with transaction.atomic():
        last = _lock_last()
        if last is None:
            return Loaded(_store(1, given, VersionReason.LOADED, SYSTEM), created=True, differs=False)
        differs = last.content != domain.to_json(given)
        if not differs or not force:
            return Loaded(last.number, created=False, differs=differs)
        return Loaded(_store(last.number + 1, given, VersionReason.LOADED, SYSTEM), created=True, differs=False)


def add_examples(examples_file: Path) -> int:
    """Put a marked example wherever the register is silent (a trial); return the version in force."""
    with transaction.atomic():
        last = _lock_last()
        number, register = current()
        if last is None or domain.has_examples(register):
            return number
        filled = domain.with_examples(register, domain.load_examples(examples_file, register))
        return _store(number + 1, filled, VersionReason.EXAMPLES, SYSTEM)


def fill(
    path: str, value: domain.FillValue, *, expected_version: int, reason: str, actor: Actor, replace: bool = False
) -> int:
    """Fill one field in a new version and return its number; the reason stays beside it.

    Raises `exports.domain.register.FillError` when the value does not fit, ActionRefused when there is no reason or
    somebody else has changed the register since `expected_version` was read.
    """
    if not reason.strip():
        raise ActionRefused(Reason("register_reason_missing"))
    with transaction.atomic():
        last = _lock_last()
        if last is None or last.number != expected_version:
            raise ActionRefused(Reason("register_changed"))
        filled = domain.fill(domain.from_json(last.content), path, value, replace=replace)
        return _store(last.number + 1, filled, reason.strip(), actor, path=path)


def system_name(name: domain.Text | domain.Unknown, system_id: str, language: str) -> str:
    """Return what a system is called in a language; its id when nobody has said."""
    return name.in_language(language) if isinstance(name, domain.Text) else system_id


def _lock_last() -> RegisterVersion | None:
    """Return the last version; whoever holds the lock on the first one is the only one to add another."""
    RegisterVersion.objects.select_for_update().order_by("number").first()
    return RegisterVersion.objects.order_by("-number").first()


def _store(number: int, register: domain.Register, reason: str, actor: Actor, path: str = "") -> int:
    RegisterVersion.objects.create(
        number=number,
        content=cast(Mapping[str, Json], domain.to_json(register)),
        reason=reason[:500],
        created_at=timezone.now(),
        created_by_id=actor.user_id,
    )
    audit.record("register.changed", f"register:{number}", actor, path=path)
    outbox.publish(RegisterChanged(number), key=f"register:{number}")
    return number
