"""What an installation needs and may lose for a while: its broker and its database, on either stack."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from redis import Redis

from tests.services.installation import Installation
from tests.services.postgres import Postgres, postgres_server
from tests.services.redis import RedisServer, redis_server

WAL_SEGMENT = 1  # MB: small, so that a limit to the size of files can meet tables alone


class Service(Protocol):
    """Something that can be taken away and brought back."""

    def stop(self) -> None:
        """Take it away."""

    def start(self) -> None:
        """Bring it back."""


class Broker(Service, Protocol):
    """A service that carries hints."""

    def forget(self) -> None:
        """Lose every hint that was not taken yet."""


class HintsFolder:
    """The broker of the embedded installation; with a file in its place nobody can give or take a hint."""

    def __init__(self, var: Path) -> None:
        self._folder = var / "hints"

    def stop(self) -> None:
        """Put a file in its place."""
        while not self._folder.is_file():
            self.forget()
            try:
                self._folder.touch(exist_ok=False)
            except FileExistsError:
                continue  # a worker was quicker to make the folder again

    def start(self) -> None:
        """Make room for a folder again."""
        self._folder.unlink()

    def forget(self) -> None:
        """Delete it."""
        shutil.rmtree(self._folder, ignore_errors=True)


class OwnRedis:
    """A Redis that nobody else uses."""

    def __init__(self, server: RedisServer) -> None:
        self._server = server

    def stop(self) -> None:
        """Stop the server."""
        self._server.stop()

    def start(self) -> None:
        """Start it, empty."""
        self._server.start()

    def forget(self) -> None:
        """Flush it."""
        with Redis.from_url(self._server.url) as client:
            client.flushdb()


class LockedFile:
    """The database of the embedded installation, away while another program holds the lock of a writer."""

    def __init__(self, var: Path) -> None:
        self._path = var / "datarett.sqlite3"
        self._holder: sqlite3.Connection | None = None

    def stop(self) -> None:
        """Take the lock."""
        self._holder = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        self._holder.execute("BEGIN IMMEDIATE")

    def start(self) -> None:
        """Let go of it."""
        if self._holder is not None:
            self._holder.close()
            self._holder = None


@contextmanager
def broker_of(installation: Installation) -> Iterator[Broker]:
    """Give the installation a broker that nobody else uses, and yield it."""
    if not installation.environ.get("DATARETT_BROKER_URL"):
        yield HintsFolder(installation.var)
        return
    with redis_server() as server:
        installation.environ["DATARETT_BROKER_URL"] = server.url
        yield OwnRedis(server)
        installation.stop()


@contextmanager
def postgres_of(installation: Installation) -> Iterator[Postgres]:
    """Give the installation a PostgreSQL that nobody else uses, prepared, and yield it."""
    with postgres_server(wal_segment=WAL_SEGMENT) as server:
        installation.environ["DATARETT_DATABASE_URL"] = server.url
        installation.manage("prepare", "--no-trial")
        yield server
        installation.stop()


@contextmanager
def database_of(installation: Installation) -> Iterator[Service]:
    """Give the installation a database that can be away, and yield it."""
    if not installation.environ.get("DATARETT_DATABASE_URL"):
        file = LockedFile(installation.var)
        try:
            yield file
        finally:
            file.start()
        return
    with postgres_of(installation) as server:
        yield server
