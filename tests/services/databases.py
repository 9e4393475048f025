"""A database of its own on a PostgreSQL server."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def fresh_database(server_url: str, *, like: str = "") -> Iterator[str]:
    """Yield the URL of a new database on the server; it is dropped on leaving, whoever is still connected.

    It is empty, or a copy of the one whose URL is `like`, which nobody may be connected to meanwhile.
    """
    name = f"datarett_{uuid.uuid4().hex[:12]}"
    template = urlsplit(like).path.removeprefix("/") or "template1"
    with psycopg.connect(server_url, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
