"""Lists and preferences of QuickBooks, kept so that a new process need not read them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from connector.base import Record
from runtime.store import dialect
from runtime.store.schema import lists

_ONE = select(lists.c.records, lists.c.read_at).where(
    lists.c.company == bindparam("realm"), lists.c.query == bindparam("asked")
)


def get(tx: Connection, company: str, query: str) -> tuple[datetime, tuple[Record, ...]] | None:
    """When a list was read, and its records; None where it never was."""
    row = tx.execute(_ONE, {"realm": company, "asked": query}).first()
    return None if row is None else (row.read_at, tuple(row.records))


def keep(
    tx: Connection, company: str, query: str, records: Sequence[Record], now: datetime
) -> None:
    """Keep what was read just now."""
    row = {"company": company, "query": query, "records": list(records), "read_at": now}
    tx.execute(dialect.upsert(lists, "company", "query"), row)


def forget(tx: Connection, company: str) -> None:
    """Drop the lists of a company."""
    tx.execute(delete(lists).where(lists.c.company == company))
