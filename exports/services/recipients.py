"""Whom the data was given to, and the tasks to tell them what was done with it (GDPR Art. 19)."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from django.utils import timezone
from django.utils.text import slugify

from exports.domain import register as domain
from exports.domain.enums import TaskAction, TaskMode
from exports.models import SystemTask
from requests_app.models import DataSubjectRequest
from requests_app.services import clock

from . import register
from .due_days import due_on

PREFIX = "recipient:"
TOLD_WITHIN = 5
"""Working days after the act (our own rule; the law names none)."""
_LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who received data, by the register: `system` is what the task that tells them is filed under."""

    system: str
    name: str
    activities: tuple[str, ...]


def plan(dsr: DataSubjectRequest, activities: Collection[str]) -> None:
    """Make a task for each recipient of these activities, or add them to the one there is. Needs a transaction.

    Running twice changes nothing. Recipients that nobody has named ("unknown") get none: the register has to be filled.
    """
    due = due_on(timezone.now(), clock.calendar(), TOLD_WITHIN)
    for recipient in of(activities, dsr.case.language):
        task, created = SystemTask.objects.get_or_create(
            dsr=dsr,
            system=recipient.system,
            action=TaskAction.NOTIFY.value,
            defaults={
                "system_name": recipient.name[:200],
                "mode": TaskMode.MANUAL.value,
                "activities": list(recipient.activities),
                "due_on": due,
            },
        )
        missing = [] if created else [one for one in recipient.activities if one not in task.activities]
        if missing:
            task.activities = [*task.activities, *missing]
            task.save(update_fields=["activities"])


def of(activities: Collection[str], language: str) -> list[Recipient]:
    """Return who received the data of these activities, each once, in the order of the register."""
    try:
        _number, current = register.current()
    except register.NoRegister:
        return []
    found: dict[str, Recipient] = {}
    for activity in current.activities:
        for text in activity.recipients if activity.id in activities else ():
            if not isinstance(text, domain.Text):
                continue
            system = _filed_under(text)
            before = found[system].activities if system in found else ()
            found[system] = Recipient(system, text.in_language(language), (*before, activity.id))
    return list(found.values())


def _filed_under(text: domain.Text) -> str:
    """A short name that stays the same whatever language is spoken; long names end in a part of their hash."""
    slug = slugify(text.en) or "x"
    if len(slug) > _LONGEST_SLUG:
        slug = f"{slug[:_LONGEST_SLUG]}-{sha256(text.en.encode()).hexdigest()[:8]}"
    return PREFIX + slug
