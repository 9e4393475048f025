"""`manage.py deletions`: what was deleted since a day, to be deleted again after a backup of before was restored."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from exports.domain.enums import TaskState
from exports.domain.erasure_order import CHANGES
from exports.models import SystemTask

_HAPPENED = (TaskState.DONE.value, TaskState.ACCEPTED.value)


class Command(BaseCommand):
    """One line of JSON for each change in each system: the case, what was done, to which uses of data, when."""

    help = "List the deletions since DAY (2026-11-30), the replay list after a restore; names nobody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day of the backup."""
        parser.add_argument("since", metavar="DAY", type=date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list, the oldest first."""
        tasks = SystemTask.objects.filter(action__in=[action.value for action in CHANGES], state__in=_HAPPENED)
        for task in tasks.filter(done_at__date__gte=options["since"]).select_related("dsr__case").order_by("done_at"):
            row = {
                "case": task.dsr.case.reference,
                "system": task.system,
                "action": task.action,
                "activities": task.activities,
                "rows": task.rows,
                "done_at": task.done_at.isoformat() if task.done_at else "",
            }
            self.stdout.write(json.dumps(row))
