"""Whoever received the data is told what was done with it, so that they do the same (GDPR Art. 19)."""

import hashlib
from collections.abc import Collection, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from exports.domain import register as domain
from exports.domain.bundle import file_slug
from exports.domain.enums import RECIPIENT, TaskAction, TaskMode, TaskState
from exports.models import SystemTask
from requests_app.models import DataSubjectRequest
from requests_app.services import clock

from . import registers, rounds
from .due_days import due_on

TOLD_WITHIN = 5
"""Working days after the act by which a recipient has been told (our own milestone)."""
UNNAMED = f"{RECIPIENT}unnamed"


def plan(dsr: DataSubjectRequest, activities: Collection[str], *, again: bool = False) -> list[SystemTask]:
    """Make a task for each recipient that the register names for these activities, and return all of them.

    Recipients that it does not name ("service providers") become one task that says so. A recipient that has its task
    keeps it, whatever became of it, and is told of further activities; `again`: whoever was told already is told once
    more. Needs a transaction; the requirements are for the caller to review.
    """
    current = registers.everything()
    due = due_on(timezone.now(), clock.calendar(), TOLD_WITHIN)
    tasks = []
    for system, (name, concerned) in _recipients(current, activities, dsr.case.language).items():
        task, created = SystemTask.objects.get_or_create(
            dsr=dsr,
            system=system,
            action=TaskAction.NOTIFY.value,
            defaults={
                "system_name": name[:200],
                "mode": TaskMode.MANUAL.value,
                "activities": concerned,
                "due_on": due,
            },
        )
        missing = [] if created else [one for one in concerned if one not in task.activities]
        if missing:
            task.activities = [*task.activities, *missing]
            task.save(update_fields=["activities"])
        if again and task.state == TaskState.DONE:
            task.due_on = due
            rounds.forget_answer(task)
        tasks.append(task)
    return tasks


def of(activities: Collection[str], language: str) -> list[str]:
    """Return the names of those who received the data of these activities, each once."""
    current = registers.everything()
    return [name for name, _concerned in _recipients(current, activities, language).values()]


def names(current: domain.Register, language: str) -> dict[str, str]:
    """Return what every recipient of a register is called, by the id its tasks have."""
    every = [activity.id for activity in current.activities]
    return {system: name for system, (name, _) in _recipients(current, every, language).items()}


def _recipients(
    current: domain.Register, activities: Collection[str], language: str
) -> dict[str, tuple[str, list[str]]]:
    """Name and activities of each recipient, by id; the unnamed ones come last."""
    found: dict[str, tuple[str, list[str]]] = {}
    for system, name, activity in sorted(_named(current, activities, language), key=lambda one: one[0] == UNNAMED):
        found.setdefault(system, (name, []))[1].append(activity)
    return {system: (name, list(dict.fromkeys(concerned))) for system, (name, concerned) in found.items()}


def _named(current: domain.Register, activities: Collection[str], language: str) -> Iterator[tuple[str, str, str]]:
    with override(language):
        nobody = _("Recipients that the register does not name")
    for activity in current.activities:
        for recipient in activity.recipients if activity.id in activities else ():
            if isinstance(recipient, domain.Text) and not recipient.incomplete:
                yield _id_of(recipient), _named_in(recipient.in_language(language)), activity.id
            else:
                yield UNNAMED, nobody, activity.id


def _named_in(text: str) -> str:
    """The name of a recipient without the terms on which it gets data, which stand before it: "with your consent: X".

    It is one recipient, told once, whatever the terms.
    """
    return text.rpartition(": ")[2].strip() or text


def _id_of(recipient: domain.Text) -> str:
    """The id of a recipient: the same for the same name; a hash tells apart what the short form does not."""
    name = _named_in(recipient.en)
    slug, digest = file_slug(name), hashlib.sha256(name.encode()).hexdigest()[:6]
    plain = slug.replace("-", " ") == name.casefold()
    return f"{RECIPIENT}{slug}" if plain else f"{RECIPIENT}{slug}-{digest}"
