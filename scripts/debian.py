"""Debian packages: what is missing is found by looking for the thing itself, not for its package."""

import ctypes
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.terminal import say, step, stop

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")

# Servers live in /usr/sbin, which an ordinary user's path may lack.
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


@dataclass(frozen=True)
class Need:
    """Something the machine must have: how to see it, and the Debian package that brings it."""

    package: str
    why: str
    present: Callable[[], bool]


def module(name: str) -> Callable[[], bool]:
    """Return a look for a module of this Python."""
    return lambda: importlib.util.find_spec(name) is not None


def program(name: str) -> Callable[[], bool]:
    """Return a look for a program on the path."""
    return lambda: shutil.which(name, path=f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}") is not None


def library(name: str) -> Callable[[], bool]:
    """Return a look for a shared library, by loading it."""

    def present() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return present


def font(pattern: str) -> Callable[[], bool]:
    """Return a look for a font file by its name."""
    return lambda: any(True for folder in FONT_FOLDERS for _ in folder.rglob(pattern))


def path(pattern: str) -> Callable[[], bool]:
    """Return a look for a file below `/`."""
    return lambda: any(True for _ in Path("/").glob(pattern))


RUN = (
    Need("python3-venv", "the virtual environment", module("ensurepip")),
    Need("gettext", "compiles the translations", program("msgfmt")),
    Need("libpango-1.0-0", "sets the text of the PDF", library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "sets the text of the PDF", library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "embeds the fonts of the PDF", library("libharfbuzz-subset.so.0")),
    Need("fonts-inter", "the font of the PDF", font("Inter-*.[ot]tf")),
    Need("fonts-noto-core", "the other alphabets in the PDF", font("NotoSans-Regular.*")),
    Need("fonts-symbola", "emoji and signs in the PDF, without colour as PDF/A wants it", font("Symbola*")),
)

TESTS = (
    *RUN,
    Need("postgresql", "the suite on PostgreSQL", path("usr/lib/postgresql/*/bin/postgres")),
    Need("redis-server", "the suite on Redis", program("redis-server")),
    Need("dovecot-imapd", "the tests of the IMAP mailbox", path("usr/lib/dovecot/imap")),
    Need("chromium", "the browser tests", program("chromium")),
    Need("openjdk-17-jdk-headless", "runs the validator of the PDF", program("javac")),
    Need("libjaxb-java", "a library of that validator", path("usr/share/java/jaxb-runtime.jar")),
)


def ensure(needs: Iterable[Need]) -> None:
    """Install what is missing as root or with sudo; otherwise print the one command and stop."""
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    packages = [need.package for need in missing]
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not program("apt-get")():
        stop(f"this machine lacks what Debian calls: {' '.join(packages)}")
    prefix = _as_root()
    if prefix is None:
        stop(f"Debian packages are missing; run this and try again: sudo {' '.join(command)}")
    for need in missing:
        say(f"  {need.package}: {need.why}")
    with step(f"Installing {len(missing)} Debian packages"):
        _install(prefix, command)
    importlib.invalidate_caches()
    still = [need.package for need in missing if not need.present()]
    if still:
        names = " ".join(still)
        stop(f"installed, but {sys.executable} does not see {names}; try again with PYTHON=/usr/bin/python3")


def _as_root() -> list[str] | None:
    """Return what to put before a command to run it as root, None when that takes a password."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _install(prefix: list[str], command: list[str]) -> None:
    # A fresh machine has no package lists, an old one has stale ones: both are mended by one update.
    if _quiet([*prefix, *command]) is None:
        return
    _quiet([*prefix, "apt-get", "update"])
    trouble = _quiet([*prefix, *command])
    if trouble is not None:
        say(trouble)
        stop(f"apt-get failed; run it by hand to see why: sudo {' '.join(command)}")


def _quiet(command: list[str]) -> str | None:
    """Run apt-get without questions; return None when it went well, else the end of what it said."""
    apt = command.index("apt-get")
    options = ["--quiet", "-o", "DPkg::Lock::Timeout=300"]
    # `env` and not the environment of this process: sudo drops that.
    asked = ["env", "DEBIAN_FRONTEND=noninteractive", *command[apt : apt + 1], *options, *command[apt + 1 :]]
    both = subprocess.STDOUT
    # In a session of its own and always waited for: dpkg cut off half-way leaves the machine half installed.
    with subprocess.Popen(
        [*command[:apt], *asked],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=both,
        text=True,
        start_new_session=True,
    ) as running:
        said = running.communicate()[0]
    return None if running.returncode == 0 else "\n".join(said.splitlines()[-15:])
