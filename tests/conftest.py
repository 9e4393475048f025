"""Fixtures for every test; what only one folder needs stands in that folder's own conftest."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from redis import Redis

from tests.browser.chromium import launch
from tests.flushing import allow_flush
from tests.services.databases import fresh_database
from tests.services.installation import Installation, stopped_afterwards
from tests.services.postgres import postgres
from tests.services.redis import redis

ROOT = Path(__file__).resolve().parent.parent
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "postgres_url", "redis_url", "installation"}
STACK_FOLDERS = {"flows", "faults"}

# The same examples on every run: a suite that fails by chance teaches people to run it again.
hypothesis_settings.register_profile("datarett", deadline=None, derandomize=True, max_examples=200)
hypothesis_settings.load_profile("datarett")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of what the second stack runs."""
    parser.addoption(
        "--scaled-out", action="store_true", help="only tests that touch the database, the flows and the faults"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect the static files once (templates name them by their manifest, as in production), hash cheaply."""
    from django.conf import settings

    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return  # the controller of pytest-xdist renders no page
    settings.STATIC_ROOT = _collected_static(config)
    settings.PASSWORD_HASHERS = ["tests.hashers.CheapArgon2PasswordHasher"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--scaled-out`, leave out what would do the very same on both stacks."""
    if not config.getoption("--scaled-out"):
        return
    kept = [item for item in items if _touches_the_stack(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _touches_the_stack(item: pytest.Item) -> bool:
    folders = set(item.path.relative_to(ROOT / "tests").parts)
    fixtures = set(getattr(item, "fixturenames", ()))
    if STACK_FOLDERS & folders:
        return True
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & fixtures) and "browser" not in folders


def _collected_static(config: pytest.Config) -> Path:
    """Return a folder of collected static files, made once for a state of `static/` and of the packages."""
    from django.conf import settings
    from django.core.management import call_command

    digest = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        state = path.stat()
        digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    target = ROOT / ".pytest_cache" / "static" / digest.hexdigest()[:16]
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=target.parent))
    settings.STATIC_ROOT = draft
    call_command("collectstatic", interactive=False, verbosity=0)
    try:
        os.rename(draft, target)
    except OSError:  # another worker was first
        shutil.rmtree(draft)
    return target


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL: that of the stack under test, else one of our own."""
    if given := os.environ.get("DATARETT_DATABASE_URL"):
        yield given
        return
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis: that of the stack under test, else one of our own."""
    if given := os.environ.get("DATARETT_BROKER_URL"):
        yield given
        return
    with redis() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for a process: Playwright refuses to be started twice in one thread."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        yield browser


@dataclass(frozen=True)
class Prepared:
    """What an installation is copied from: its `var/`, and the URL of its database (empty: in `var/`)."""

    var: Path
    database_url: str


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """An installation without trial data, migrated once for all tests of this process; it never runs."""
    from django.conf import settings

    server, var = os.environ.get("DATARETT_DATABASE_URL"), tmp_path_factory.mktemp("prepared") / "var"
    with fresh_database(server) if server else nullcontext("") as url:
        broker = os.environ.get("DATARETT_BROKER_URL", "")
        original = Installation(var, Path(settings.STATIC_ROOT), database_url=url, broker_url=broker)
        original.manage("prepare", "--no-trial")
        yield Prepared(var, url)


@pytest.fixture
def installation(tmp_path: Path, prepared: Prepared) -> Iterator[Installation]:
    """A real installation on the stack under test, prepared, without trial data; nothing is started yet."""
    from django.conf import settings

    server, broker = os.environ.get("DATARETT_DATABASE_URL"), _own_redis(os.environ.get("DATARETT_BROKER_URL", ""))
    var, static = tmp_path / "var", Path(settings.STATIC_ROOT)
    with fresh_database(server, like=prepared.database_url) if server else nullcontext("") as url:
        copy = Installation(var, static, database_url=url, broker_url=broker, like=prepared.var)
        with stopped_afterwards(copy):
            yield copy


def _own_redis(url: str) -> str:
    """Return the URL of a Redis database that no other worker of pytest-xdist uses, emptied."""
    if not url:
        return ""
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = f"{url.rpartition('/')[0]}/{number}"
    with Redis.from_url(own) as client:
        client.flushdb()
    return own


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Prepare the test database, and let tests that commit empty it again in spite of the audit's triggers."""
    allow_flush()
