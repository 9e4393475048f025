"""The disk is full: nothing is half done, and everything is done once there is room again.

No file may grow beyond a limit (RLIMIT_FSIZE), which needs no small file system to be mounted: a write fails in the
middle of whatever is being written, with EFBIG where a full disk has ENOSPC.

PostgreSQL takes that in two ways. Without room for a table it refuses the statement and goes on. Without room for its
log (WAL) it breaks off, and ends for good when there is no room to recover either; whoever runs it makes room and
starts it again (https://www.postgresql.org/docs/15/disk-full.html).
"""

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil
import pytest

from tests.faults import house, services
from tests.faults.table import EMBEDDED, fault, stack
from tests.faults.visitor import Visitor
from tests.faults.waiting import eventually
from tests.requests_app.services.post import drop, letter
from tests.services.installation import Installation
from tests.services.postgres import Postgres

ROOM = 100_000  # bytes that the largest file may still grow by
BIG = 1_500_000  # bytes of a mail for which there is no room


@dataclass(frozen=True)
class Writer:
    """A process with all that it has started; `by` stands before a command that is to be run by its user."""

    pid: int
    by: tuple[str, ...] = ()

    def limit(self, size: str) -> None:
        """Let none of its files grow beyond `size` bytes ("unlimited" to lift that)."""
        self._limit(self.pid, size)  # before its children are counted: the next ones inherit it
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.pid).children(recursive=True):
                self._limit(child.pid, size)

    def _limit(self, pid: int, size: str) -> None:
        # Only its own user may do that to a process. One that has just ended needs no limit.
        command = [*self.by, "prlimit", f"--pid={pid}", f"--fsize={size}:"]
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)


@contextmanager
def full(*writers: Writer, at: int) -> Iterator[None]:
    """Let no file of these processes grow beyond `at` bytes."""
    for one in writers:
        one.limit(str(at))
    try:
        yield
    finally:
        for one in writers:
            one.limit("unlimited")


@pytest.fixture
def server(installation: Installation) -> Iterator[Postgres | None]:
    """The server that writes the database; on the embedded stack the processes of the installation write it."""
    if stack() == EMBEDDED:
        yield None
        return
    with services.postgres_of(installation) as running:
        yield running


@fault(
    embedded="the disk of the database is full (RLIMIT_FSIZE) when a mail with a large file comes",
    scaled_out="PostgreSQL has no room for a table (RLIMIT_FSIZE of the server) when a mail with a large file comes",
    then="the same processes go on; the mail is one inquiry once there is room; what was small got through, once",
)
def test_a_database_without_room_takes_the_mail_once_there_is_room(
    installation: Installation, server: Postgres | None
) -> None:
    installation.start_all()
    opened = house.open_cases(installation, 1)
    person = Visitor(installation, 2)
    person.fill()
    house.wait_settled(installation)
    text = base64.encodebytes(os.urandom(BIG)).decode()  # nothing that a database could make smaller
    writers = [_writer(server)] if server else [Writer(process.pid) for process in installation.processes.values()]
    with full(*writers, at=_largest(installation) + ROOM):
        drop(installation.var / "mailbox", "1.eml", letter(text))
        log = installation.log("ingest")
        eventually(lambda: "ingest_waits" in log.read_text(encoding="utf-8"), "the ingest to notice")
    opened[person.send()] = ""
    eventually(lambda: house.inquiries(installation) == 3, "the mail")
    house.wait_settled(installation)
    installation.wait_healthy()
    house.assert_each_once(installation, opened)


@fault(
    scaled_out="PostgreSQL cannot write one byte, not even its log (RLIMIT_FSIZE of the server), and ends itself",
    then="the same processes go on once it is started with room; the form is refused, then a case; the mail an inquiry",
)
def test_a_database_that_ends_for_want_of_room_takes_everything_once_it_is_started_again(
    installation: Installation, server: Postgres
) -> None:
    installation.start_all()
    opened = house.open_cases(installation, 1)
    person = Visitor(installation, 2)
    person.fill()
    house.wait_settled(installation)
    _writer(server).limit("0")
    drop(installation.var / "mailbox", "1.eml", letter())
    eventually(lambda: not server.running, "PostgreSQL to end itself")
    assert person.try_to_send() >= 500
    server.start()
    opened[person.send()] = ""
    eventually(lambda: house.inquiries(installation) == 3, "the mail")
    house.wait_settled(installation)
    installation.wait_healthy()
    house.assert_each_once(installation, opened)


@fault(
    breaks="not one byte can be written by the worker (RLIMIT_FSIZE), not even a log line",
    then="the same worker does everything once there is room: the found data, the mail, each once",
)
def test_a_worker_that_cannot_write_goes_on_when_it_can(installation: Installation) -> None:
    opened = house.open_cases(installation, 1, 2)
    worker = installation.start("worker", **house.ONE_THREAD)
    log = installation.log("worker")
    said = len("{")
    with full(Writer(worker.pid), at=said):
        eventually(lambda: log.stat().st_size == said, "the worker to complain")
    house.wait_settled(installation)
    assert worker.poll() is None
    house.assert_each_once(installation, opened)
    assert len(house.mails(installation)) == len(opened)


def _writer(server: Postgres) -> Writer:
    return Writer(server.pid, tuple(server.as_owner))


def _largest(installation: Installation) -> int:
    """The size of the largest file of the database, in bytes: of a table, or of a segment of its log."""
    if stack() == EMBEDDED:
        return max(path.stat().st_size for path in installation.var.glob("datarett.sqlite3*"))
    tables = "SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relkind IN ('r', 'i', 't')"
    return max(house.number(installation, tables), services.WAL_SEGMENT << 20)
