"""Which mails a member of staff may put off until the morning mail."""

from collections.abc import Collection

from requests_app.domain.enums import Role, StaffNotice

CHOOSABLE = (
    StaffNotice.ASSIGNED,
    StaffNotice.REPLIED,
    StaffNotice.DUE_SOON,
    StaffNotice.BOUNCED,
    StaffNotice.HARD_ALARM,
)


def choosable(roles: Collection[Role]) -> tuple[StaffNotice, ...]:
    """Return what somebody with these roles may put off: who decides hears of a hard alarm at once, always."""
    kept = {StaffNotice.HARD_ALARM} if Role.DECISION_MAKER in roles else set()
    return tuple(notice for notice in CHOOSABLE if notice not in kept)


def at_once(notice: StaffNotice, put_off: Collection[str], *, wants_digest: bool, roles: Collection[Role]) -> bool:
    """Tell whether a mail is sent at once. Who gets no morning mail gets every mail at once: none is lost."""
    return not wants_digest or notice not in put_off or notice not in choosable(roles)
