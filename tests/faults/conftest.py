"""What every fault needs: an installation that can be broken, with one system to search."""

import pytest

from tests.faults import house
from tests.services.installation import Installation


@pytest.fixture
def installation(installation: Installation) -> Installation:
    """A real installation on the stack under test that runs with the settings of the faults."""
    house.lay_website(installation)
    return installation
