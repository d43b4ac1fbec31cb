"""The audit log: each entry carries the hash of the one before, so that none can be changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from runtime.store.schema import audit, dumps

_LAST = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)
_ADD = insert(audit)


def note(tx: Connection, at: datetime, who: str, what: str, detail: Mapping[str, Any]) -> None:
    """Append one entry: `who` (a user, `cli`, `run`) did `what` (a fixed verb)."""
    previous = tx.execute(_LAST).scalar() or ""
    text = dumps(detail)
    row = {"at": at, "who": who, "what": what, "detail": text, "previous": previous}
    row["hash"] = _hash(previous, at, who, what, text)
    tx.execute(_ADD, row)


def broken_at(tx: Connection) -> int | None:
    """The first entry that does not follow from the one before; None when the chain is whole."""
    previous = ""
    for row in tx.execute(select(audit).order_by(audit.c.id)):
        expected = _hash(previous, row.at, row.who, row.what, row.detail)
        if row.previous != previous or row.hash != expected:
            return int(row.id)
        previous = row.hash
    return None


def _hash(previous: str, at: datetime, who: str, what: str, detail: str) -> str:
    parts = (previous, repr(at.timestamp()), who, what, detail)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
