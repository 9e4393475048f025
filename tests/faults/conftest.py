"""What every fault needs: an installation that can be broken, and services of its own that can be taken away."""

from collections.abc import Iterator

import pytest

from tests.faults import house, services
from tests.services.installation import Installation


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
