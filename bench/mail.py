"""How fast mail comes in: captured, read and sorted, beside the least it can cost and beside django-helpdesk.

    .venv/bin/python bench/mail.py [--json] [--mails 1000] [--memory 20000] [--without-helpdesk]

All of them fetch the same mails over TLS from a Dovecot on loopback, each from a folder of its own, on SQLite and on
PostgreSQL. What counts are the ratios, for they were measured in the same run; CPU is that of the program and its
children, not of the servers. `--memory` captures and reads that many mails too and compares the peak of the memory.
Everything is started and ended here; what takes longer than TIME_LIMIT is broken off. The exit code is 0 also where a
target is missed.
"""

import argparse
import json
import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import beside, mails  # noqa: E402 - also where this file is run by its path
from bench.figure import Figure, line  # noqa: E402
from scripts.setup import lay_secrets  # noqa: E402
from scripts.terminal import say, stop  # noqa: E402
from scripts.test import terminated  # noqa: E402
from tests.services.databases import fresh_database  # noqa: E402
from tests.services.dovecot import OWNER, USER, Dovecot, dovecot  # noqa: E402
from tests.services.postgres import postgres_server  # noqa: E402

TIME_LIMIT = 900  # seconds for one contender on one database
WARM_UP = 20  # mails before those that count
CAPTURE_TO_FLOOR, WHOLE_CPU_MS, TIMES_HELPDESK, FLAT = 1.5, 9.0, 3.0, 1.2
PASSWORD = "bench"  # noqa: S105 - of a server that is gone afterwards
# The user of the tests has a password that only careful programs can send.
SIMPLE_LOGIN = f"passdb {{\n  driver = static\n  args = password={PASSWORD}\n}}"


class Bench:
    """The mailbox, the mails that go into it, and whatever is measured on them."""

    def __init__(self, server: Dovecot, folder: Path, count: int) -> None:
        self.server, self.folder, self.count = server, folder, count
        owner = pwd.getpwnam(OWNER) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._owner = (owner.pw_uid, owner.pw_gid)
        self._runs = 0
        self.bytes = mails.lay(folder / "mails", 0, count)
        mails.lay(folder / "warm-up", 10_000_000, WARM_UP)

    def floor(self, database: str) -> dict[str, Any]:
        """Measure the least."""
        name = self._folders()
        options = [f"--database={database}", f"--ca={self.server.certificates.authority}", *self._reach(name)]
        return self._run([sys.executable, "-m", "bench.floor", *options], {})

    def helpdesk(self, database: str) -> dict[str, Any]:
        """Measure django-helpdesk."""
        name = self._folders()
        options = [f"--database={database}", f"--media={self.folder / name}", *self._reach(name)]
        return self._run([str(beside.PYTHON), "-m", "bench.helpdesk", *options], {})

    def ours(self, variables: dict[str, str]) -> dict[str, Any]:
        """Measure us."""
        name = self._folders()
        urls = [self.server.url(f"{part}-{name}", password=PASSWORD) for part in ("Warm", "Mails")]
        return self._run([sys.executable, "-m", "bench.ours"], variables | {"DATARETT_MAILBOX_URLS": " ".join(urls)})

    def _folders(self) -> str:
        """Make two folders that nobody has read yet: Warm-NAME and Mails-NAME."""
        self._runs += 1
        name = f"{self.folder.name}{self._runs}"  # there may be two of us on one server
        for part, source in (("Warm", "warm-up"), ("Mails", "mails")):
            mails.link(self.folder / source, self.server.maildir / f".{part}-{name}", self._owner)
        return name

    def _reach(self, name: str) -> list[str]:
        return [f"--port={self.server.tls_port}", f"--user={USER}", f"--warm-up=Warm-{name}", f"--folder=Mails-{name}"]

    def _run(self, command: list[str], variables: dict[str, str]) -> dict[str, Any]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("DATARETT_")}
        environ = inherited | variables | {"BENCH_PASSWORD": PASSWORD}
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, timeout=TIME_LIMIT, check=False
            )
        except subprocess.TimeoutExpired:
            stop(f"{command[2]}: not done after {TIME_LIMIT} seconds")
        if done.returncode:
            stop(f"{command[2]}: the measurement failed")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        if found["mails"] != self.count:
            stop(f"{command[2]}: {found['mails']} of {self.count} mails")
        return found


def main() -> int:
    """Return the exit code."""
    signal.signal(signal.SIGTERM, terminated)
    options = _options()
    try:
        if not options.without_helpdesk:
            beside.ensure()
        figures, size = measure(options)
    except KeyboardInterrupt:
        say("stopped")
        return 130
    if options.json:
        told = {"mails": options.mails, "bytes": size, "figures": [asdict(figure) for figure in figures]}
        say(json.dumps(told, indent=2))
    else:
        for figure in figures:
            say(line(figure))
    return 0


def measure(options: argparse.Namespace) -> tuple[list[Figure], int]:
    """Return the figures, and the bytes of the mails."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="datarett-bench-mail-")))
        server = stack.enter_context(dovecot(SIMPLE_LOGIN))
        bench = Bench(server, folder / "a", options.mails)
        url = stack.enter_context(postgres_server(durable=True)).url
        figures = []
        for name, database in (("SQLite", ""), ("PostgreSQL", url)):
            figures += contest(name, bench, database, helpdesk=not options.without_helpdesk)
        if options.memory:
            many = Bench(server, folder / "b", options.memory)
            figures.append(memory(bench, many))
        return figures, bench.bytes


def contest(name: str, bench: Bench, server: str, *, helpdesk: bool) -> list[Figure]:
    """Measure everybody on one database server ("": SQLite), one after the other."""
    with place(server) as database:
        floor = bench.floor(database)
    with installation(server) as variables:
        ours = bench.ours(variables)
    capture, whole_cpu = ours["capture"], ours["capture"]["cpu"] + ours["read"]["cpu"]
    whole_rate = bench.count / (capture["wall"] + ours["read"]["wall"])
    above = capture["cpu"] / floor["cpu"]
    whole_ms = whole_cpu / bench.count * 1000
    figures = [
        *_both(f"{name}: floor", bench.count, floor["wall"], floor["cpu"]),
        *_both(f"{name}: captured", bench.count, capture["wall"], capture["cpu"]),
        Figure(f"{name}: CPU of capture to the floor's", above, "times", CAPTURE_TO_FLOOR, above <= CAPTURE_TO_FLOOR),
        Figure(f"{name}: the whole way, {ours['receipts']} receipts queued", whole_rate, "mails/s"),
        Figure(f"{name}: the whole way", whole_ms, "ms CPU", WHOLE_CPU_MS, whole_ms <= WHOLE_CPU_MS),
    ]
    if helpdesk:
        with place(server) as database:
            theirs = bench.helpdesk(database)
        times = whole_rate / (bench.count / theirs["wall"])
        figures += [
            *_both(f"{name}: django-helpdesk", bench.count, theirs["wall"], theirs["cpu"]),
            Figure(f"{name}: mails/s to django-helpdesk's", times, "times", TIMES_HELPDESK, times >= TIMES_HELPDESK),
        ]
    return figures


def memory(few: Bench, many: Bench) -> Figure:
    """Compare the peak of the process that takes few mails with that of one that takes many, on SQLite."""
    peaks = []
    for bench in (few, many):
        with installation("") as variables:
            peaks.append(bench.ours(variables)["peak_mb"])
    ratio = peaks[1] / peaks[0]
    what = f"peak of memory, {many.count} mails ({peaks[1]:.0f} MB) to {few.count} ({peaks[0]:.0f} MB)"
    return Figure(what, ratio, "times", FLAT, ratio <= FLAT)


@contextmanager
def place(server: str) -> Iterator[str]:
    """Yield the path or the URL of an empty database."""
    if server:
        with fresh_database(server) as url:
            yield url
    else:
        with tempfile.TemporaryDirectory(prefix="datarett-bench-") as folder:
            yield f"{folder}/bench.sqlite3"


@contextmanager
def installation(server: str) -> Iterator[dict[str, str]]:
    """Yield the environment of an installation of our own, which is empty."""
    with tempfile.TemporaryDirectory(prefix="datarett-bench-") as folder:
        lay_secrets(Path(folder))
        variables = {"DATARETT_VAR": folder}
        if not server:
            yield variables
            return
        secrets = {"DATARETT_SECRET_KEY_FILE": f"{folder}/secret_key", "DATARETT_KEYS_FILE": f"{folder}/keys"}
        with fresh_database(server) as url:
            yield variables | secrets | {"DATARETT_DATABASE_URL": url}


def _both(what: str, count: int, wall: float, cpu: float) -> list[Figure]:
    return [Figure(what, count / wall, "mails/s"), Figure(what, cpu / count * 1000, "ms CPU")]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--mails", type=int, default=1000, help="how many mails (default: 1000, 19 MB)")
    parser.add_argument("--memory", type=int, default=0, help="compare the memory with that for so many mails, 20000")
    parser.add_argument("--without-helpdesk", action="store_true", help="leave django-helpdesk out")
    options = parser.parse_args()
    if not 10 <= options.mails <= 20_000 or not 0 <= options.memory <= 50_000:
        parser.error("mails: 10 to 20000; memory: up to 50000")
    return options


if __name__ == "__main__":
    sys.exit(main())
