"""Several registers: which of them a case is about, and several read as one.

Whoever asks may be a customer whatever else they are, so every case is about the register of the customers. A person
adds others: employees and applicants are not found by a mail address alone. What was added stays, for by then the
systems have been asked.
"""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from exports.domain import register as domain
from exports.domain.events import RegisterAdded
from exports.models import CUSTOMERS, ConcernedRegister, RegisterVersion
from requests_app import audit, outbox
from requests_app.domain.enums import Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case
from requests_app.services import collision
from requests_app.services.rows import lock_open_requests

from . import register

_BEFORE_THE_DRAFT = (Stage.RECEIVED, Stage.TRIAGED, Stage.IN_PROGRESS)


def everything() -> domain.Register:
    """Return all registers of the installation as one, to find what an id means. Raises `register.NoRegister`."""
    return _read(register.all_keys())


def concerning(case: Case) -> domain.Register:
    """Return what the answers to a case are made from. Raises `register.NoRegister`."""
    return _read(keys_of(case))


def keys_of(case: Case) -> list[str]:
    """Return the keys of the registers that a case is about, that of the customers first."""
    return [CUSTOMERS, *case.registers.order_by("id").values_list("register", flat=True)]


def in_force(case: Case) -> list[str]:
    """Return the versions that the answers to a case are made from now, such as `customers:3`."""
    rows = RegisterVersion.objects.filter(register__in=keys_of(case)).values_list("register")
    return [f"{key}:{number}" for key, number in rows.annotate(number=Max("number")).order_by("register")]


def why_not(case: Case) -> Reason | None:
    """Return why no register can be added to a case any more, or None."""
    open_ones = [Stage(dsr.stage) for dsr in case.dsrs.open()]
    if not open_ones:
        return Reason("registers_closed")
    return None if all(stage in _BEFORE_THE_DRAFT for stage in open_ones) else Reason("registers_decided")


def add(case_id: int, key: str, actor: Actor, *, version: int | None = None) -> None:
    """Say that a case is about a further register, so that its systems are searched too. Raises ActionRefused.

    `version` is that of the case. Adding what was added already changes nothing.
    """
    with transaction.atomic():
        dsrs = lock_open_requests(case_id)
        case = dsrs[0].case if dsrs else Case.objects.get(pk=case_id)
        collision.check(case, version)
        if key not in register.all_keys() or actor.user_id is None:
            raise ActionRefused(Reason("registers_unknown"))
        if reason := why_not(case):
            raise ActionRefused(reason)
        if key in keys_of(case):
            return
        ConcernedRegister.objects.create(case=case, register=key, added_by_id=actor.user_id, added_at=timezone.now())
        collision.touch(case.pk)
        audit.record("register.added", f"case:{case.pk}", actor, register=key)
        for dsr in dsrs:
            outbox.publish(RegisterAdded(dsr.pk), key=f"dsr:{dsr.pk}:register:{key}")


def _read(keys: list[str]) -> domain.Register:
    first, *others = [register.current(key)[1] for key in keys or [CUSTOMERS]]
    return domain.merged(first, *others)
