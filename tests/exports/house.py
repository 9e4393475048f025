"""What the tests of this app do with the installation of `conftest.house`."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from exports.demo.people import INGRID
from exports.domain.enums import TaskMode, TaskState
from exports.models import SystemTask
from exports.services import collect, plan, tasks
from requests_app import outbox
from requests_app.domain.enums import Role
from requests_app.models import AuditEntry, AuditHead, DataSubjectRequest, OutboxEvent
from tests import factories


def worked(task_id: int) -> None:
    """A worker takes a task; one that comes when it is answered is sent away, and would find nothing to do later."""
    with suppress(outbox.Later):
        collect.run_task(task_id)


@dataclass(frozen=True)
class House:
    """The folder of the installation."""

    folder: Path

    @property
    def database(self) -> Path:
        """The database of the website."""
        return self.folder / "website.sqlite3"

    @property
    def dataset(self) -> Path:
        """Its description."""
        return self.folder / "website.dataset.yaml"

    @property
    def systems(self) -> Path:
        """The systems file."""
        return self.folder / "systems.yaml"

    def connect(self, more: str = "") -> None:
        """Write the systems file; `more` are further lines of the website."""
        self.systems.write_text(
            "schema: datarett-systems/1\n"
            "systems:\n"
            "  website:\n"
            "    connector: sql\n"
            f'    url: "sqlite:///{self.database}"\n'
            f"    dataset: {self.dataset.name}\n{more}",
            encoding="utf-8",
        )

    def take_away(self) -> None:
        """The database of the website is away."""
        self.database.rename(self.folder / "away.sqlite3")

    def bring_back(self) -> None:
        """It is there again."""
        (self.folder / "away.sqlite3").rename(self.database)

    def files(self) -> list[str]:
        """The names of all stored files."""
        root = self.folder / "files"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def planned(email: str = INGRID.email) -> DataSubjectRequest:
    """Return an access request whose tasks are made."""
    dsr = factories.case(email=email).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    dsr.refresh_from_db()
    return dsr


def task_of(dsr: DataSubjectRequest, system: str = "website") -> SystemTask:
    """Return the task of a request in one system, as it stands now."""
    return dsr.tasks.get(system=system)


def answer_the_rest(dsr: DataSubjectRequest) -> None:
    """Say of every manual task that nothing was found."""
    actor = factories.staff(Role.HANDLER).as_actor()
    for task in dsr.tasks.filter(mode=TaskMode.MANUAL.value, state=TaskState.OPEN.value):
        tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="", actor=actor)


def owed(name: str) -> int:
    """Return how many effects of an event are still owed."""
    return OutboxEvent.objects.filter(name=name, done_at__isnull=True).count()


def everything_logged() -> str:
    """Return all that audit and outbox hold, as one text."""
    audit = AuditEntry.objects.values_list("actor", "action", "subject", "details")
    return f"{list(audit)} {list(OutboxEvent.objects.values_list('key', 'payload', 'error'))}"


class PowerCut:
    """While inside, every transaction that tells of a fact fails at its last step and is rolled back."""

    def __enter__(self) -> None:
        self.head = AuditHead.objects.get(pk=1)
        AuditHead.objects.all().delete()

    def __exit__(self, *_: object) -> None:
        self.head.save(force_insert=True)
