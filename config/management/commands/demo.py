"""`manage.py demo`: fill a trial with everything there is to see."""

import shlex
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from config.demo import accounts, cases, house, mails
from config.demo.doing import Team
from config.demo.past import effects
from identity.models import User
from requests_app import selectors
from requests_app.domain.enums import Right, Stage, Verdict
from requests_app.models import DataSubjectRequest, Inquiry

DONE = "demo-is-laid"


class Command(BaseCommand):
    """Lays accounts, cases and mails once, then says what there is. Only in a trial."""

    help = "Fill a trial with accounts, cases of every right in every stage, and mail to be sorted."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, count, name the logins. Raises CommandError outside a trial and where people have worked already."""
        if not (settings.EMBEDDED and selectors.organisation().trial):
            raise CommandError("the demo is for a trial only: an embedded installation with invented data")
        done = settings.VAR / DONE
        if not done.exists():
            if DataSubjectRequest.objects.exists() or User.objects.filter(email=accounts.HANDLER.email).exists():
                raise CommandError(
                    "this trial holds cases already, or a demo that was cut off; begin with an empty folder"
                    " (DATARETT_VAR)"
                )
            self._fill()
            done.touch(mode=0o600)
        self._count()
        self._logins()

    def _fill(self) -> None:
        people = {part: accounts.make(part) for part in accounts.EVERY}
        team = Team(
            handler=people[accounts.HANDLER], away=people[accounts.AWAY], approver=people[accounts.APPROVER],
            decision_maker=people[accounts.DECISION_MAKER], system_owner=people[accounts.SYSTEM_OWNER],
        )  # fmt: skip
        house.open_registers(team)
        house.name_owner(team)
        cases.lay(team)
        folder = settings.VAR / "mailbox"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mails.drop(folder)
        call_command("ingest", once=True, stdout=self.stdout, verbosity=0)
        effects()
        cases.sort_two_wishes(team)

    def _count(self) -> None:
        counted = Counter(DataSubjectRequest.objects.values_list("right", "stage"))
        stages = [stage for stage in Stage if any(counted[right, stage.value] for right in (*Right, ""))]
        self.stdout.write(f"  {'requests':<22}" + "".join(f"{stage.value:>16}" for stage in stages))
        for right in (*(right.value for right in Right), ""):
            row = [counted[right, stage.value] for stage in stages]
            if any(row):
                self.stdout.write(f"  {right or 'not sorted yet':<22}" + "".join(f"{n or '·':>16}" for n in row))
        waiting = Inquiry.objects.filter(verdict=Verdict.UNSORTED.value).count()
        self.stdout.write(f"  {DataSubjectRequest.objects.count()} requests; {waiting} mails wait to be sorted")

    def _logins(self) -> None:
        self.stdout.write("\n  Logins (for the code of the second factor, paste this with the address)")
        self.stdout.write(f"  {_command('totp', accounts.HANDLER.email)}")
        for part in accounts.EVERY:
            roles = ", ".join(role.value for role in part.roles)
            self.stdout.write(f"  {part.email:<32}{accounts.password(part):<24}{roles}")


def _command(*words: str) -> str:
    """A command of this installation as one can paste it into a shell, in the folder of the checkout."""
    python = Path(sys.executable)
    if python.is_relative_to(settings.BASE_DIR):
        python = python.relative_to(settings.BASE_DIR)
    elsewhere = [] if settings.VAR == settings.BASE_DIR / "var" else [f"DATARETT_VAR={shlex.quote(str(settings.VAR))}"]
    return " ".join([*elsewhere, shlex.join([str(python), "manage.py", *words])])
