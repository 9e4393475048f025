"""What the uses of data are called: the activities of the register, and the duties to keep data in spite of a wish."""

from datetime import date, datetime, timedelta

from requests_app.services import clock

from . import register, registers


def names(language: str) -> dict[str, str]:
    """Return what each use is called in a language, by id; empty without a register."""
    try:
        current = registers.everything()
    except register.NoRegister:
        return {}
    found = {activity.id: activity.name for activity in current.activities}
    found |= {duty.id: duty.name for duty in current.retention_duties}
    return {use: register.system_name(name, use, language) for use, name in found.items()}


def why_of_duty(use: str, language: str) -> str:
    """Return what a duty rests on in a language; nothing for a use that is no duty."""
    try:
        current = registers.everything()
    except register.NoRegister:
        return ""
    found = next((duty for duty in current.retention_duties if duty.id == use), None)
    return register.system_name(found.why, "", language) if found else ""


def backups_gone_on(deleted_at: datetime) -> date | None:
    """Return the day by which the last backup with data that was deleted then is gone, None if nobody has said."""
    try:
        _number, current = register.current()
    except register.NoRegister:
        return None
    if current.backup_days is None:
        return None
    return clock.calendar().local_date(deleted_at) + timedelta(days=current.backup_days)
