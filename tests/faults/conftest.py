"""What every fault needs: an installation that can be broken, and services of its own that can be taken away."""

from collections.abc import Iterator

import pytest

from tests.faults import house, services
from tests.faults.console import Console
from tests.services.installation import Installation
from tests.services.smtp import Script, smtp_server


@pytest.fixture
def installation(installation: Installation) -> Installation:
    """A real installation on the stack under test that runs with the settings of the faults."""
    house.lay_website(installation)
    return installation


@pytest.fixture
def broker(installation: Installation) -> Iterator[services.Broker]:
    """The broker of the installation, used by nobody else."""
    with services.broker_of(installation) as broker:
        yield broker


@pytest.fixture
def database(installation: Installation) -> Iterator[services.Service]:
    """The database of the installation, used by nobody else."""
    with services.database_of(installation) as database:
        yield database


@pytest.fixture
def server() -> Iterator[Script]:
    """A mail server that answers as it is told."""
    with smtp_server() as script:
        yield script


@pytest.fixture
def inside(installation: Installation) -> Iterator[Console]:
    """Calls functions in the installation."""
    console = Console(installation)
    yield console
    console.close()
