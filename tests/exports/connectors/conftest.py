"""The foreign database, once on SQLite and once on PostgreSQL."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from .foreign import Foreign


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Foreign:
    """A SQLite file that does not exist yet."""
    return Foreign(f"sqlite:///{tmp_path / 'shop.sqlite3'}", tmp_path, is_postgresql=False)


@pytest.fixture
def on_postgresql(tmp_path: Path, postgres_url: str) -> Iterator[Foreign]:
    """A schema of our own in the PostgreSQL of the tests, gone afterwards."""
    server = sa.make_url(postgres_url).set(drivername="postgresql+psycopg")
    schema = f"foreign_{secrets.token_hex(6)}"
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    url = server.update_query_dict({"options": f"-csearch_path={schema}"})
    yield Foreign(url.render_as_string(hide_password=False), tmp_path, is_postgresql=True)
    with engine.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))


@pytest.fixture(params=["on_sqlite", pytest.param("on_postgresql", marks=pytest.mark.services)])
def foreign(request: pytest.FixtureRequest) -> Foreign:
    """An empty foreign database."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Foreign)
    return found
