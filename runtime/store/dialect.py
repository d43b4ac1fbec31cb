"""Inserts that meet a row which is there already; SQLite and PostgreSQL spell them alike.

They are made as text, once per table: SQLAlchemy compiles its own form of them anew at each call,
which cost a tenth of the time of an event.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Column, Integer, Table, TextClause, bindparam, text


@cache
def insert_once(table: Table, *, returning: str = "") -> TextClause:
    """INSERT of all columns that does nothing where the row is there already.

    `returning` names a column to return; no row comes back when nothing was inserted.
    """
    tail = f" RETURNING {returning}" if returning else ""
    return _statement(table, f"ON CONFLICT DO NOTHING{tail}")


@cache
def upsert(table: Table, *keys: str) -> TextClause:
    """INSERT of all columns that replaces the others where `keys` are there already."""
    new = ", ".join(f"{_name(c)} = excluded.{_name(c)}" for c in _given(table, keys))
    return _statement(table, f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {new}")


def _statement(table: Table, tail: str) -> TextClause:
    columns = _given(table, ("id",)) if _numbered(table) else list(table.c)
    names = ", ".join(_name(c) for c in columns)
    values = ", ".join(f":{c.name}" for c in columns)
    statement = text(f"INSERT INTO {table.name} ({names}) VALUES ({values}) {tail}")
    return statement.bindparams(*(bindparam(c.name, type_=c.type) for c in columns))


def _given(table: Table, left_out: tuple[str, ...]) -> list[Column[object]]:
    return [c for c in table.c if c.name not in left_out]


def _numbered(table: Table) -> bool:
    """Whether the database gives the rows their ids."""
    return "id" in table.c and isinstance(table.c.id.type, Integer)


def _name(column: Column[object]) -> str:
    return f'"{column.name}"'
