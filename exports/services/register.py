"""The processing registers in force: each loaded once, then filled field by field, every change a new version."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.db import transaction
from django.utils import timezone

from exports.domain import register as domain
from exports.domain.enums import VersionReason
from exports.domain.events import RegisterChanged
from exports.models import CUSTOMERS, RegisterVersion
from requests_app import audit, outbox
from requests_app.domain.errors import ActionRefused
from requests_app.domain.marked_yaml import Json, Problem
from requests_app.domain.snapshot import SYSTEM, Actor, Reason


class NoRegister(LookupError):
    """No register was loaded yet."""


@dataclass(frozen=True)
class Loaded:
    """What `load` did: the version in force, whether it is new, and whether the file says something else."""

    version: int
    created: bool
    differs: bool


def current(key: str = CUSTOMERS) -> tuple[int, domain.Register]:
    """Return the version of a register in force and its number. Raises NoRegister before the set-up."""
    row = RegisterVersion.objects.filter(register=key).order_by("-number").first()
    if row is None:
        raise NoRegister("no register is loaded; `manage.py load_register` does it")
    return row.number, content(row)


def version(number: int, key: str = CUSTOMERS) -> RegisterVersion:
    """Return one version of a register. Raises NoRegister when there is none with this number."""
    row = RegisterVersion.objects.filter(register=key, number=number).select_related("created_by").first()
    if row is None:
        raise NoRegister(f"there is no version {number} of this register")
    return row


def content(row: RegisterVersion) -> domain.Register:
    """Return what a version says."""
    return _read(json.dumps(row.content), f"version {row.number}")


@lru_cache(maxsize=32)
def _read(text: str, name: str) -> domain.Register:
    """Read a version once: a new one is compared with every open request, and reading it takes longer than that."""
    return domain.from_json(json.loads(text), name=name)


def as_yaml(row: RegisterVersion) -> str:
    """Return a version in the shape of the register file, with a comment that tells which one it is."""
    made = timezone.localtime(row.created_at)
    return domain.to_yaml(
        content(row), heading=[f"Version {row.number} of the register {row.register}, {made:%Y-%m-%d}"]
    )


def load(path: Path, *, force: bool = False, key: str = CUSTOMERS, actor: Actor = SYSTEM) -> Loaded:
    """Take a register from its file as version 1; afterwards only with `force`, as a new version.

    A file that changed must not silently undo what people filled in on the desk. Raises
    `exports.domain.register.RegisterError` with file, line and key for all that is wrong; nothing is stored then.
    """
    given = domain.load(path)
    with transaction.atomic():
        last = lock_last(key)
        refuse_shared_ids(key, given, file=str(path))
        if last is None:
            return Loaded(store(key, 1, given, VersionReason.LOADED, actor), created=True, differs=False)
        differs = last.content != domain.to_json(given)
        if not differs or not force:
            return Loaded(last.number, created=False, differs=differs)
        number = store(key, last.number + 1, given, VersionReason.LOADED, actor)
        return Loaded(number, created=True, differs=False)


def add_examples(examples_file: Path) -> int:
    """Put a marked example wherever the register is silent (a trial); return the version in force."""
    with transaction.atomic():
        lock_last(CUSTOMERS)
        number, register = current()
        if domain.has_examples(register):
            return number
        filled = domain.with_examples(register, domain.load_examples(examples_file, register))
        return store(CUSTOMERS, number + 1, filled, VersionReason.EXAMPLES, SYSTEM)


@dataclass(frozen=True)
class Edit:
    """What every change by a person comes with: who, why, in which register, and which version they had before them."""

    actor: Actor
    reason: str
    expected_version: int
    key: str = CUSTOMERS


def fill(
    path: str, value: domain.FillValue, *, expected_version: int, reason: str, actor: Actor, replace: bool = False,
    key: str = CUSTOMERS,
) -> int:  # fmt: skip
    """Fill one field in a new version and return its number; the reason stays beside it.

    Raises `exports.domain.register.FillError` when the value does not fit, ActionRefused when there is no reason or
    somebody else has changed the register since `expected_version` was read.
    """
    edit = Edit(actor, reason, expected_version, key)
    return change(edit, lambda register: domain.fill(register, path, value, replace=replace), path=path)


def settle(part: str, holds: domain.Text, edit: Edit) -> int:
    """Settle the contradiction of a part (`activities.PA05`) in a new version; raises like `fill`."""
    return change(edit, lambda register: domain.settle(register, part, holds), path=f"{part}.seed_conflict")


def all_keys() -> list[str]:
    """Return the keys of the registers of this installation, that of the customers first."""
    found = RegisterVersion.objects.order_by("register").values_list("register", flat=True).distinct()
    return sorted(found, key=lambda key: (key != CUSTOMERS, key))


def is_printed_from(key: str, path: str) -> bool:
    """Tell whether letters take a field from this register: who answers stands in that of the customers alone."""
    return key == CUSTOMERS or not path.startswith("controller.")


def lacking(key: str, register: domain.Register, *, trial: bool = False) -> list[domain.UnknownField]:
    """Return every field that answers would print as unknown, whomever they are about."""
    every = [activity.id for activity in register.activities]
    unknown = domain.unknowns(register, every, trial=trial)
    return [field for field in unknown if is_printed_from(key, field.path)]


def refuse_shared_ids(key: str, given: domain.Register, *, file: str = "register.yaml") -> None:
    """Refuse a register whose ids stand in another one. Raises `exports.domain.register.RegisterError`.

    An id names one thing in all of them, wherever a task, a line of a plan or a letter mentions it.
    """
    problems = [
        Problem(file, None, path, f"stands in the register {other} already")
        for other in all_keys()
        if other != key
        for path in domain.shared_ids(current(other)[1], given)
    ]
    if problems:
        raise domain.RegisterError(problems)


def take_over(given: domain.Register, edit: Edit) -> int:
    """Put what a file says into force as a whole, in a new version; raises like `change`, or if it says the same."""

    def checked(register: domain.Register) -> domain.Register:
        refuse_shared_ids(edit.key, given)
        if given == register:
            raise ActionRefused(Reason("register_same"))
        return given

    return change(edit, checked)


def change(edit: Edit, make: Callable[[domain.Register], domain.Register], *, path: str = "") -> int:
    """Make a new version of the one in force and return its number.

    Raises ActionRefused without a reason, or when somebody else has changed the register in the meantime.
    """
    if not edit.reason.strip():
        raise ActionRefused(Reason("register_reason_missing"))
    with transaction.atomic():
        last = lock_last(edit.key)
        if last is None or last.number != edit.expected_version:
            raise ActionRefused(Reason("register_changed"))
        return store(edit.key, last.number + 1, make(content(last)), edit.reason.strip(), edit.actor, path=path)


def system_name(name: domain.Text | domain.Unknown, system_id: str, language: str) -> str:
    """Return what a system is called in a language; its id when nobody has said."""
    return name.in_language(language) if isinstance(name, domain.Text) else system_id


def lock_last(key: str) -> RegisterVersion | None:
    """Return the last version; whoever holds the lock on the first row of all is the only one to add another."""
    RegisterVersion.objects.select_for_update().order_by("id").first()
    return RegisterVersion.objects.filter(register=key).order_by("-number").first()


def store(key: str, number: int, register: domain.Register, reason: str, actor: Actor, path: str = "") -> int:
    """Keep a new version with its audit entry and its news, and return its number; the caller holds the lock."""
    RegisterVersion.objects.create(
        register=key,
        number=number,
        content=cast(Mapping[str, Json], domain.to_json(register)),
        reason=reason[:500],
        created_at=timezone.now(),
        created_by_id=actor.user_id,
    )
    subject = f"register:{number}" if key == CUSTOMERS else f"register:{key}:{number}"
    audit.record("register.changed", subject, actor, path=path)
    outbox.publish(RegisterChanged(number), key=subject)
    return number
