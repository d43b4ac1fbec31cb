"""A database of its own for each test, on SQLite and, where there is a server, on PostgreSQL."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from runtime.store.database import sqlite_url

POSTGRES = os.environ.get("BOOKRELAY_TEST_POSTGRES_URL", "")

needs_postgres = pytest.mark.skipif(not POSTGRES, reason="BOOKRELAY_TEST_POSTGRES_URL is not set")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=needs_postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
    else:
        with _scratch() as made:
            yield made


@contextmanager
def _scratch() -> Iterator[str]:
    """A PostgreSQL database that is gone afterwards."""
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    name = f"bookrelay_test_{secrets.token_hex(6)}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()
