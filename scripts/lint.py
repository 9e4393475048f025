"""`make lint`: everything that can be said about the code without running the product."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts import setup, translations
from scripts.place import BIN, ROOT, child_environment
from scripts.terminal import heading, say


@dataclass(frozen=True)
class Result:
    """How a check went, and what it said."""

    title: str
    passed: bool
    said: str


def main() -> list[str]:
    """Run every check, two at a time, and print them in order. Return the titles of those that failed."""
    failed = []
    with _throw_away_var(), ThreadPoolExecutor(max_workers=2) as pool:
        # mypy takes longest and begins first; the order of printing is that of the list below.
        running = {title: pool.submit(check) for title, check in CHECKS.items()}
        for title, future in running.items():
            result = future.result()
            heading(title)
            say(result.said.rstrip())
            if not result.passed:
                failed.append(title)
    return failed


def _program(title: str, *command: str, **extra: str) -> Callable[[], Result]:
    def check() -> Result:
        environ = child_environment() | extra
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environ, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        return Result(title, done.returncode == 0, done.stdout)

    return check


def _manage(title: str, *arguments: str, **extra: str) -> Callable[[], Result]:
    return _program(title, "python", "-W", "error::DeprecationWarning:config", "manage.py", *arguments, **extra)


def _production(title: str) -> Callable[[], Result]:
    """Django's deployment check with the settings of a scaled-out installation; every warning counts."""
    key = "k1:" + "A" * 43
    return _manage(
        title, "check", "--deploy", "--fail-level", "WARNING",
        DATARETT_URL="https://rights.example.com",
        DATARETT_DATABASE_URL="postgresql://datarett:nobody@localhost/datarett",
        DATARETT_BROKER_URL="redis://localhost/0",
        DATARETT_SMTP_URL="smtps://mail.example.com:465",
        DATARETT_SECRET_KEY=secrets.token_urlsafe(50),
        DATARETT_KEYS=key,
    )  # fmt: skip


def _catalogue() -> Result:
    found = translations.problems()
    return Result("catalogue", not found, "\n".join(found) or "every text is translated")


CHECKS = {
    "types (mypy)": _program("types (mypy)", "mypy"),
    "lint (ruff check)": _program("lint (ruff check)", "ruff", "check", "."),
    "format (ruff format)": _program("format (ruff format)", "ruff", "format", "--check", "."),
    "imports (lint-imports)": _program("imports (lint-imports)", "lint-imports", "--no-logo"),
    "migrations (makemigrations --check)": _manage("migrations", "makemigrations", "--check", "--dry-run"),
    "production settings (check --deploy)": _production("production"),
    "catalogue (untranslated texts)": _catalogue,
}


@contextmanager
def _throw_away_var() -> Iterator[None]:
    """Give the checks an installation of their own: they read the settings, and those need secrets."""
    before = os.environ.copy()
    for name in [name for name in os.environ if name.startswith("DATARETT_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="datarett-lint-") as folder:
        os.environ["DATARETT_VAR"] = folder
        setup.lay_secrets(Path(folder))
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


if __name__ == "__main__":
    setup.tests()
    broken = main()
    say(f"\nfailed: {', '.join(broken)}" if broken else "\nAll checks passed.")
    sys.exit(1 if broken else 0)
