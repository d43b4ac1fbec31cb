"""Sealed secrets: tokens, signing secrets, client secrets; only ever ciphertext here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from runtime.store import dialect
from runtime.store.schema import secrets


def put(tx: Connection, name: str, sealed: bytes, now: datetime) -> None:
    """Keep a sealed value under `name`, e.g. `company/93414/refresh_token`."""
    row = {"name": name, "sealed": sealed, "changed_at": now}
    tx.execute(dialect.upsert(secrets, "name"), row)


def get(tx: Connection, name: str) -> bytes | None:
    """The sealed value of `name`."""
    return tx.execute(select(secrets.c.sealed).where(secrets.c.name == name)).scalar()


def every(tx: Connection) -> dict[str, bytes]:
    """All sealed values by name."""
    return {row.name: row.sealed for row in tx.execute(select(secrets))}


def drop(tx: Connection, name: str) -> bool:
    """Forget a value."""
    return tx.execute(delete(secrets).where(secrets.c.name == name)).rowcount == 1
