"""Which fields of a database a person may have corrected."""

import pytest

from exports.connectors.base import Corrigible
from exports.connectors.sql import SqlConnector

from .foreign import EMAIL, KEY, Foreign, dataset

PEOPLE = dataset(
    {
        "people": {
            "id": KEY,
            "email": EMAIL,
            "name": "data_categories: [user.name]",
            "colour": "",
        }
    }
)


@pytest.fixture
def connector(on_sqlite: Foreign) -> SqlConnector:
    """The connector of a database with a table of people."""
    return on_sqlite.connector(PEOPLE)


def test_keys_and_what_is_nobodys_are_left_out(connector: SqlConnector) -> None:
    assert isinstance(connector, Corrigible)
    assert connector.correctable("people") == {"email", "name"}


def test_a_table_that_the_dataset_lacks_has_nothing_to_correct(connector: SqlConnector) -> None:
    assert connector.correctable("elsewhere") == frozenset()
