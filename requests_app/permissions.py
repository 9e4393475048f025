"""Who may do what on the desk: one table role x action, read by views, API and buttons."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from requests_app.domain.enums import Role, StaffNotice
from requests_app.domain.snapshot import Actor


class Permission(StrEnum):
    """What the pages of the desk ask for; stages have their own table (`domain.lifecycle`)."""

    VIEW_CASES = "view_cases"
    VIEW_MASKED = "view_masked"
    SORT = "sort"
    WRITE = "write"
    ASSIGN = "assign"
    ASK_IDENTITY = "ask_identity"
    KEEP_CLOCK = "keep_clock"
    WORK_TASKS = "work_tasks"
    WORK_OWN_TASKS = "work_own_tasks"
    DECIDE = "decide"
    RELEASE = "release"
    OVERRIDE = "override"
    EXTEND = "extend"
    ADVISE = "advise"
    VIEW_REGISTER = "view_register"
    EDIT_REGISTER = "edit_register"
    EDIT_TEXTS = "edit_texts"
    EDIT_ORGANISATION = "edit_organisation"
    SHIELD = "shield"
    SEE_LOOKS = "see_looks"
    NAME_EMERGENCY = "name_emergency"
    MANAGE_STAFF = "manage_staff"


_HANDLING = {
    Permission.VIEW_CASES,
    Permission.SORT,
    Permission.WRITE,
    Permission.ASSIGN,
    Permission.ASK_IDENTITY,
    Permission.KEEP_CLOCK,
    Permission.WORK_TASKS,
    Permission.DECIDE,
    Permission.ADVISE,
    Permission.VIEW_REGISTER,
    Permission.SHIELD,
}

TABLE: dict[Role, frozenset[Permission]] = {
    Role.INTAKE: frozenset({Permission.VIEW_CASES, Permission.SORT, Permission.WRITE, Permission.ASSIGN}),
    Role.HANDLER: frozenset(_HANDLING),
    Role.APPROVER: frozenset({Permission.VIEW_CASES, Permission.RELEASE, Permission.WRITE, Permission.VIEW_REGISTER}),
    Role.DECISION_MAKER: frozenset(
        _HANDLING
        | {Permission.RELEASE, Permission.OVERRIDE, Permission.EXTEND, Permission.SEE_LOOKS}
        | {Permission.EDIT_REGISTER, Permission.EDIT_TEXTS, Permission.EDIT_ORGANISATION, Permission.NAME_EMERGENCY}
    ),
    Role.DPO: frozenset(
        {Permission.VIEW_CASES, Permission.ADVISE, Permission.VIEW_REGISTER} | {Permission.SHIELD, Permission.SEE_LOOKS}
    ),
    Role.SYSTEM_OWNER: frozenset({Permission.WORK_OWN_TASKS}),
    Role.AUDITOR: frozenset({Permission.VIEW_MASKED, Permission.VIEW_REGISTER}),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_STAFF, Permission.VIEW_REGISTER, Permission.EDIT_ORGANISATION}),
}


class Staff(Protocol):
    """What this app needs to know of an account (`identity.User` fulfils it)."""

    pk: int
    name: str
    email: str
    language: str
    wants_digest: bool
    away_from: date | None
    away_until: date | None
    deputy_id: int | None
    emergency: bool

    @property
    def roles(self) -> frozenset[Role]: ...

    @property
    def deputy(self) -> "Staff | None": ...

    def as_actor(self) -> Actor: ...

    def is_away(self, on: date) -> bool: ...

    def wants_at_once(self, notice: StaffNotice) -> bool: ...


def may(user: Staff, permission: Permission) -> bool:
    """Tell whether one of the roles of `user` allows `permission`."""
    return any(permission in TABLE[role] for role in user.roles)


def staff(request: HttpRequest) -> Staff:
    """Return the account behind a desk page; the middleware has made sure that there is one."""
    return cast(Staff, request.user)


def requires(
    permission: Permission,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a view: 403 without the permission."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or not may(staff(request), permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
