"""The few statements that SQLite and PostgreSQL spell in their own dialects."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(tx: Connection, table: Table) -> Any:
    """INSERT that does nothing where the row is there already."""
    return _insert_once(tx.dialect.name, table)


@cache
def _insert_once(dialect: str, table: Table) -> Any:
    return _insert(dialect)(table).on_conflict_do_nothing()


def upsert(tx: Connection, table: Table, *keys: str) -> Any:
    """INSERT that replaces the other columns where `keys` are there already."""
    return _upsert(tx.dialect.name, table, keys)


@cache
def _upsert(dialect: str, table: Table, keys: tuple[str, ...]) -> Any:
    statement = _insert(dialect)(table)
    new = {c.name: statement.excluded[c.name] for c in table.c if c.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=new)


def _insert(dialect: str) -> Any:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert
