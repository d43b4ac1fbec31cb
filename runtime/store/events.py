"""The inbox: every verified happening once, before anything is done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from connector.base import Happening
from runtime.models import Event
from runtime.store import dialect
from runtime.store.schema import events, in_state

_COLUMNS = [c for c in events.c if c.name not in ("body", "headers", "version")]
_NEW = select(*_COLUMNS).where(in_state(events, "new")).order_by(events.c.id).limit(50)
_BY_ID = select(*_COLUMNS).where(events.c.id == bindparam("id"))
_BY_IDENTITY = select(events.c.id, events.c.state).where(
    events.c.connection == bindparam("connection"),
    events.c.trigger == bindparam("trigger"),
    events.c.identity == bindparam("identity"),
)
_TOLD_LIVE = (
    update(events)
    .where(events.c.id == bindparam("event_id"), in_state(events, "backfill"))
    .values(state="new", received_at=bindparam("at"))
)


def add(
    tx: Connection,
    connection: str,
    happening: Happening,
    headers: Mapping[str, str],
    now: datetime,
) -> tuple[int, str]:
    """Store one happening; returns the ledger's id and `stored`, `duplicate` or `ignored`.

    One that only a backfill knew is new here: the recipes that it did not start may want it.
    """
    row = _row(connection, happening, headers, now)
    stored = tx.execute(dialect.insert_once(events, returning="id"), row).scalar()
    if stored is not None:
        return int(stored), "ignored" if happening.ignored else "stored"
    known = tx.execute(_BY_IDENTITY, row).one()
    if known.state == "backfill":
        tx.execute(_TOLD_LIVE, {"event_id": known.id, "at": now})
        return int(known.id), "stored"
    return int(known.id), "duplicate"


def add_past(tx: Connection, connection: str, happening: Happening, now: datetime) -> int:
    """Store one happening that a backfill fetched, for its recipe alone; the ledger's id.

    One that the ledger has stays as it is.
    """
    row = {**_row(connection, happening, {}, now), "state": "backfill"}
    tx.execute(dialect.insert_once(events), row)
    return int(tx.execute(_BY_IDENTITY, row).one().id)


def _row(
    connection: str, happening: Happening, headers: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    return {
        "connection": connection,
        "trigger": happening.trigger,
        "identity": happening.identity,
        "version": "",
        "type": happening.type,
        "received_at": now,
        "happened_at": happening.happened_at,
        "location": happening.location,
        "test": happening.test,
        "contact": happening.contact,
        "state": "ignored" if happening.ignored else "new",
        "note": happening.ignored,
        "headers": dict(headers),
        "body": happening.raw,
        "data": dict(happening.data),
    }


def add_all(
    tx: Connection,
    connection: str,
    happenings: Sequence[Happening],
    headers: Mapping[str, str],
    now: datetime,
) -> list[tuple[int, str]]:
    """Store several happenings together: all of them or none."""
    return [add(tx, connection, happening, headers, now) for happening in happenings]


def unmatched(tx: Connection) -> list[Event]:
    """The oldest events that no worker has matched with recipes yet."""
    return [_event(row) for row in tx.execute(_NEW)]


_MATCHED = (
    update(events)
    .where(events.c.id == bindparam("event_id"), events.c.state == "new")
    .values(state="stored", note=bindparam("event_note"))
)


def matched(tx: Connection, event: int, note: str) -> bool:
    """Mark an event as matched; False when another worker was first."""
    return tx.execute(_MATCHED, {"event_id": event, "event_note": note}).rowcount == 1


def get(tx: Connection, event: int) -> Event | None:
    """One event by the ledger's id."""
    row = tx.execute(_BY_ID, {"id": event}).first()
    return None if row is None else _event(row)


def recent(tx: Connection, *, limit: int = 10_000) -> list[Event]:
    """The newest events, oldest of them first."""
    rows = tx.execute(select(*_COLUMNS).order_by(events.c.id.desc()).limit(limit)).all()
    return [_event(row) for row in reversed(rows)]


def _event(row: Row[tuple[object, ...]]) -> Event:
    return Event(**row._mapping)
